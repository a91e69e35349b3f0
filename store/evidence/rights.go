package evidence

import "time"

// Organisation is a company or person that takes part in a matter.
type Organisation struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"` // lines separated by "\n"
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
}

// Product is one model the brand makes.
type Product struct {
	Model    string `json:"model"`
	Name     string `json:"name"`
	Price    string `json:"price,omitempty"` // usual retail price, decimal
	Currency string `json:"currency,omitempty"`
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
}

// Signatory is the person who signs notices for the owner of a brand.
type Signatory struct {
	ID    ID     `json:"id"`
	Brand ID     `json:"brand"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Email string `json:"email"`
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
	Statement Hash      `json:"statement"` // of the statements' text approved
}
