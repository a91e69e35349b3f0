package evidence

// Role is what an artifact shows.
type Role string

// The roles of artifacts.
const (
	RoleScreenshot   Role = "screenshot" // the full page; tiles have an Index and OffsetY
	RoleViewport     Role = "viewport"   // what was in view before anything was scrolled
	RoleHTML         Role = "html"       // DOM as rendered
	RoleMHTML        Role = "mhtml"
	RoleWARC         Role = "warc"
	RoleHAR          Role = "har"
	RoleCertificates Role = "certificates" // PEM chain as the browser saw it
	RoleConsole      Role = "console"
	RoleCookies      Role = "cookies"
	RoleFacts        Role = "facts"
	RoleManifest     Role = "manifest"
	RolePDF          Role = "pdf"
	RoleVideo        Role = "video"
	RoleConfidential Role = "confidential" // who captured, by what proxy and profile
)

// Artifact is one file of evidence, named by its SHA-256.
type Artifact struct {
	Role      Role   `json:"role"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    Hash   `json:"sha256"`
	Index     int    `json:"index,omitempty"`    // of a tile, from 0
	OffsetY   int    `json:"offset_y,omitempty"` // of a tile, in CSS pixels from the page's top
}

// Missing is an artifact, or a part of one, that a capture could not obtain.
type Missing struct {
	Role   Role   `json:"role"`
	Reason string `json:"reason"`
}
