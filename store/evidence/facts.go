package evidence

// PageKind is what sort of page was captured.
type PageKind string

// The kinds of page.
const (
	PageListing  PageKind = "listing"
	PageSearch   PageKind = "search"
	PageSeller   PageKind = "seller"
	PageCategory PageKind = "category"
	PageHome     PageKind = "home"
	PageBlocked  PageKind = "blocked"
	PageLogin    PageKind = "login"
	PageRemoved  PageKind = "removed"
	PageOther    PageKind = "other"
)

// Source is where on the page a fact was read.
type Source string

// The sources of facts.
const (
	FromJSONLD        Source = "json_ld"
	FromMicrodata     Source = "microdata"
	FromRDFa          Source = "rdfa"
	FromOpenGraph     Source = "open_graph"
	FromEmbeddedState Source = "embedded_state"
	FromVisibleText   Source = "visible_text"
	FromURL           Source = "url"
)

// Availability says whether the offer can be bought.
type Availability string

// The availabilities.
const (
	InStock             Availability = "in_stock"
	OutOfStock          Availability = "out_of_stock"
	UnknownAvailability Availability = "unknown"
)

// Facts is what a page says about an offer. A fact the page does not state is
// absent, never guessed. Sources names, by the fact's JSON name, where it was
// read.
type Facts struct {
	PageKind     PageKind     `json:"page_kind,omitempty"`
	Marketplace  string       `json:"marketplace,omitempty"`
	Site         string       `json:"site,omitempty"` // the marketplace's country site, as in "de" for ebay.de
	CanonicalURL string       `json:"canonical_url,omitempty"`
	ItemID       string       `json:"item_id,omitempty"`
	SKU          string       `json:"sku,omitempty"`
	Variant      string       `json:"variant,omitempty"`
	Title        string       `json:"title,omitempty"`
	Price        *Price       `json:"price,omitempty"`
	Availability Availability `json:"availability,omitempty"`
	Seller       *SellerFacts `json:"seller,omitempty"`
	Brand        string       `json:"brand,omitempty"`
	Images       []Image      `json:"images,omitempty"`
	Location     string       `json:"location,omitempty"`
	Stock        string       `json:"stock,omitempty"`
	MinOrder     string       `json:"min_order,omitempty"`
	Sold         *Sold        `json:"sold,omitempty"`

	Sources map[string]Source `json:"sources,omitempty"`
	// Places tells where on the full-page screenshot a fact is printed, by the
	// names that differences between captures have, as in price or seller.name. A
	// fact whose place is not certain has none, and so have those of captures made
	// before places were noted.
	Places map[string]Place `json:"places,omitempty"`
}

// Place is a part of a capture's full-page screenshot: of the tile with the
// index, or else of the whole.
type Place struct {
	Tile int `json:"tile,omitempty"`
	Box
}

// Price is what the offer costs. Amounts are decimal strings such as "1299.00".
type Price struct {
	Min      string `json:"min"`
	Max      string `json:"max,omitempty"`
	Currency string `json:"currency,omitempty"` // ISO 4217
	Tiers    []Tier `json:"tiers,omitempty"`
}

// Tier is the price of one piece from a quantity on.
type Tier struct {
	From  int    `json:"from"`
	Price string `json:"price"`
}

// SellerFacts is what a page says about who offers the goods.
type SellerFacts struct {
	ID       string    `json:"id,omitempty"`
	Name     string    `json:"name,omitempty"`
	URL      string    `json:"url,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
}

// Contact is one way to reach a seller, as the page shows it and normalised.
type Contact struct {
	Type  string `json:"type"` // phone, email, wechat, whatsapp, address
	Shown string `json:"shown"`
	Value string `json:"value"`
}

// Image is one picture of the listing, largest version. SHA256 and Print are set
// when the page loaded it.
type Image struct {
	URL    string `json:"url"`
	SHA256 Hash   `json:"sha256,omitempty"`
	Print  string `json:"print,omitempty"` // perceptual hashes in hex, by which a copy is known; empty of a picture that has nothing to recognise
}

// Sold is how many pieces the page says were sold: its words, and the number
// these guarantee ("1,000+ sold" guarantees 1000).
type Sold struct {
	Text    string `json:"text"`
	AtLeast int    `json:"at_least"`
}
