package evidence

import "time"

// Snapshot is what one visit to a page found and how it was made. It is made
// for every attempt: an attempt that failed is a Snapshot whose Outcome and
// Reason say so.
type Snapshot struct {
	URL        string     `json:"url"` // as asked for
	FinalURL   string     `json:"final_url,omitempty"`
	Outcome    Outcome    `json:"outcome"`
	Reason     string     `json:"reason,omitempty"` // why it is not online, in a sentence
	Cause      Cause      `json:"cause,omitempty"`
	HTTPStatus int        `json:"http_status,omitempty"`
	RetryAfter time.Time  `json:"retry_after,omitzero"` // when the server asked us to come back, by our clock
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt time.Time  `json:"finished_at"`
	Artifacts  []Artifact `json:"artifacts"`
	Missing    []Missing  `json:"missing"`
	Facts      *Facts     `json:"facts,omitempty"`

	Redirects     []Redirect   `json:"redirects,omitempty"`
	ServerAddress string       `json:"server_address,omitempty"` // IP and port of the connection that brought the page
	DNS           []DNSAnswer  `json:"dns,omitempty"`
	TLS           *TLS         `json:"tls,omitempty"`
	Clock         *ClockCheck  `json:"clock,omitempty"`
	Browser       Browser      `json:"browser"`
	Settings      Settings     `json:"settings"`
	Alterations   []Alteration `json:"alterations"`
	Attended      *Attendance  `json:"attended,omitempty"` // a person was at the window
}

// Complete reports whether every artifact was obtained.
func (s *Snapshot) Complete() bool { return len(s.Missing) == 0 }

// Artifact is the first artifact with the role.
func (s *Snapshot) Artifact(role Role) (Artifact, bool) { return findArtifact(s.Artifacts, role) }

func findArtifact(artifacts []Artifact, role Role) (Artifact, bool) {
	for _, a := range artifacts {
		if a.Role == role {
			return a, true
		}
	}
	return Artifact{}, false
}

// Redirect is one hop on the way to the page.
type Redirect struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Status int    `json:"status,omitempty"` // 0 for a redirect made by the page itself
}

// DNSAnswer is what a resolver said about a host during the capture.
type DNSAnswer struct {
	Host      string    `json:"host"`
	Addresses []string  `json:"addresses"`
	Resolver  string    `json:"resolver"` // "system" or an address
	At        time.Time `json:"at"`
	Error     string    `json:"error,omitempty"`
}

// TLS is the secure connection that brought the page, as the browser judged it.
type TLS struct {
	Protocol  string    `json:"protocol"`
	Cipher    string    `json:"cipher,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Issuer    string    `json:"issuer,omitempty"`
	SANs      []string  `json:"sans,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	Valid     bool      `json:"valid"`
	Error     string    `json:"error,omitempty"` // Chrome's net::ERR_ name when not valid
}

// ClockCheck compares our clock with the Date header of the server's answer.
type ClockCheck struct {
	ServerDate time.Time `json:"server_date"`
	LocalTime  time.Time `json:"local_time"`
	// OffsetSeconds is server minus local; the header is exact to one second.
	OffsetSeconds float64 `json:"offset_seconds"`
}

// Browser is the program that loaded the page.
type Browser struct {
	Product      string `json:"product"` // as in "Chrome/156.0.8078.79"
	UserAgent    string `json:"user_agent,omitempty"`
	Executable   Hash   `json:"executable_sha256,omitempty"` // of the running process's own binary
	Headless     bool   `json:"headless"`
	Sandboxed    bool   `json:"sandboxed"`
	NetworkGuard string `json:"network_guard"` // proxy, or none when a remote Chrome reached the network by itself
	Remote       string `json:"remote,omitempty"`
}

// Settings is how the browser was told to present itself.
type Settings struct {
	ViewportWidth  int    `json:"viewport_width"`
	ViewportHeight int    `json:"viewport_height"`
	Locale         string `json:"locale,omitempty"`
	TimeZone       string `json:"time_zone,omitempty"`
	Geolocation    string `json:"geolocation,omitempty"`
	Proxy          string `json:"proxy,omitempty"`           // host and port, never a password
	Profile        string `json:"profile,omitempty"`         // "fresh", or the name of the profile a copy was made of
	DismissConsent bool   `json:"dismiss_consent,omitempty"` // answer consent dialogs with no, where they are known
	AllowPrivate   bool   `json:"allow_private,omitempty"`
	IgnoreTLS      bool   `json:"ignore_tls_errors,omitempty"`
}

// Alteration is something the tool did to the page, or kept it from doing.
type Alteration struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // scrolled, dialog_dismissed, script_stopped, download_refused, popup_closed, ...
	Note string    `json:"note,omitempty"`
}
