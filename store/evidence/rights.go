package evidence

import (
	"strings"
	"time"
)

// Organisation is a company or person that takes part in a matter.
type Organisation struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"` // lines separated by "\n"
	City    string `json:"city,omitempty"`
	Region  string `json:"region,omitempty"`  // state or province
	Country string `json:"country,omitempty"` // ISO 3166
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	URL     string `json:"url,omitempty"`
}

// Brand is what is counterfeited, and how the genuine article is told.
type Brand struct {
	ID                  ID           `json:"id"`
	Name                string       `json:"name"`
	Owner               Organisation `json:"owner"`
	Site                string       `json:"site,omitempty"`
	Products            []Product    `json:"products,omitempty"`
	GenuineMarkers      []string     `json:"genuine_markers,omitempty"`
	CounterfeitFeatures []string     `json:"counterfeit_features,omitempty"`
	AuthorisedSellers   []string     `json:"authorised_sellers,omitempty"`

	Illustrations  []Illustration  `json:"illustrations,omitempty"`
	Authorisations []Authorisation `json:"authorisations,omitempty"`
}

// Illustration is a photo of what tells the genuine article from counterfeits.
type Illustration struct {
	Picture string `json:"picture"` // as in Product.Pictures
	Shows   string `json:"shows"`   // one of the brand's genuine markers or counterfeit features, word for word
}

// Authorisation is the owner's word that somebody may act for it. An empty list
// sets no limit: all rights, all platforms, all territories.
type Authorisation struct {
	Agent       string   `json:"agent"`                 // the firm or person who may act
	Rights      []string `json:"rights,omitempty"`      // as Right.Register gives them
	Platforms   []string `json:"platforms,omitempty"`   // marketplaces or channels by name
	Territories []string `json:"territories,omitempty"` // jurisdictions of the rights
	From        string   `json:"from,omitempty"`        // day
	To          string   `json:"to,omitempty"`          // day, the last one
}

// Product is one model the brand makes.
type Product struct {
	Model    string `json:"model"`
	Name     string `json:"name"`
	Price    string `json:"price,omitempty"` // usual retail price, decimal
	Currency string `json:"currency,omitempty"`
	// Pictures are the names of photos of it: of files beside the brand file while
	// that is read, of photos attached to the brand from then on.
	Pictures []string `json:"pictures,omitempty"`
}

// RightType is the kind of an intellectual property right.
type RightType string

// The types of right.
const (
	Trademark RightType = "trademark"
	Copyright RightType = "copyright"
	Design    RightType = "design"
	Patent    RightType = "patent"
)

// RightTypes lists every type of right.
var RightTypes = []RightType{Trademark, Copyright, Design, Patent}

// Right is one entry on a register.
type Right struct {
	ID           ID           `json:"id"`
	Brand        ID           `json:"brand"`
	Type         RightType    `json:"type"`
	Name         string       `json:"name"` // the mark's words, the work's or the design's title
	Number       string       `json:"number"`
	Office       string       `json:"office"`       // as in EUIPO
	Jurisdiction string       `json:"jurisdiction"` // ISO 3166 or EU
	Classes      []int        `json:"classes,omitempty"`
	ValidFrom    string       `json:"valid_from,omitempty"` // day
	Expires      string       `json:"expires,omitempty"`    // day
	Owner        Organisation `json:"owner"`

	Registrations []Registration `json:"registrations,omitempty"`
}

// Register names the right by office and number, as in "EUIPO 018000142".
func (r Right) Register() string { return strings.TrimSpace(r.Office + " " + r.Number) }

// Registration is how far a platform's own brand registry has come with a right.
type Registration struct {
	Platform string            `json:"platform"`
	External string            `json:"external_id,omitempty"` // the platform's number for it
	State    RegistrationState `json:"state"`
}

// RegistrationState is the platform's decision on a right.
type RegistrationState string

// The states of a registration.
const (
	RegistrationPending  RegistrationState = "pending"
	RegistrationApproved RegistrationState = "approved"
	RegistrationRejected RegistrationState = "rejected"
	RegistrationExpired  RegistrationState = "expired"
)

// RegistrationStates lists every state of a registration.
var RegistrationStates = []RegistrationState{RegistrationPending, RegistrationApproved, RegistrationRejected, RegistrationExpired}

// Signatory is the person who signs notices for the owner of a brand.
type Signatory struct {
	ID    ID     `json:"id"`
	Brand ID     `json:"brand"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Email string `json:"email"`
	Agent string `json:"agent,omitempty"` // the firm that the person signs for, where it is not the owner's own
}

// BrandFile is the form in which a brand is imported: the brand, what it owns and
// who signs for it. IDs may be empty; the import gives new ones.
type BrandFile struct {
	Brand       Brand       `json:"brand"`
	Rights      []Right     `json:"rights"`
	Signatories []Signatory `json:"signatories"`
}

// Approval is a signatory's word that a statement may leave in this version.
type Approval struct {
	Signatory ID        `json:"signatory"`
	At        time.Time `json:"at"`
	Statement Hash      `json:"statement"`          // of the statements' text approved
	Standing  ID        `json:"standing,omitempty"` // the standing approval that it rests on
}
