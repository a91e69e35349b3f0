package market

import (
	"time"

	"touchstone/app/practice/picture"
	"touchstone/store/evidence"
)

// Truth is what an offer really is: what only an examiner could know outside.
type Truth string

// The truths about offers.
const (
	Counterfeit Truth = "counterfeit"
	Genuine     Truth = "genuine"
	Removed     Truth = "removed"   // a counterfeit, taken down before the marketplace starts
	Unrelated   Truth = "unrelated" // another brand's goods
)

// Markup is how an offer's page states its facts to machines.
type Markup string

// The markups.
const (
	JSONLD    Markup = "json_ld"
	Microdata Markup = "microdata"
	OpenGraph Markup = "open_graph"
	State     Markup = "embedded_state" // window.__INITIAL_STATE__, drawn by script
	TextOnly  Markup = "visible_text"
	Fetched   Markup = "fetched" // nothing in the page: script fetches the facts and draws them
)

// Style is which of the marketplace's sites an offer is on.
type Style string

// The styles.
const (
	Retail    Style = "retail"    // pieces for buyers at home
	Wholesale Style = "wholesale" // quantity tiers, minimum order, supplier facts
)

// Gate is what stands before an offer's page.
type Gate string

// The gates.
const (
	NoGate    Gate = ""
	RobotGate Gate = "robot" // a robot check, until it is passed
	LoginGate Gate = "login" // members only
)

// Offer is one listing. It never changes; whether it is up is the market's to say.
type Offer struct {
	ItemID   string
	Title    string
	Language string // en or zh-CN
	Truth    Truth
	Demo     bool
	Brand    string
	Model    string
	Category string // slug
	Seller   *Seller

	Price    evidence.Price
	Shown    string // the price as the page writes it
	Was      string // the crossed-out price; empty where there is none
	TierText []string

	Stock    int
	MinOrder int
	Sold     string // as shown
	Rating   float64
	Location string

	Specs    [][2]string
	Story    []string // the description's paragraphs
	Pictures []Picture
	Details  []Picture // shown in the description
	Reviews  []Review

	Style  Style
	Markup Markup
	Gate   Gate
	Lazy   bool
	ended  bool // ended by its seller before the marketplace starts

	generation int // how often the goods were listed again
}

// Picture is one product picture, by the name it is served under.
type Picture struct {
	Name string
	Spec picture.Spec
}

// Seller is who offers goods.
type Seller struct {
	ID         string
	Name       string
	Language   string
	Location   string
	Since      int // year
	Feedback   string
	Followers  string
	About      string
	Contacts   []Contact
	Authorised bool // by the brand
}

// Contact is one way to reach a seller, as the seller's page shows it.
type Contact struct {
	Type  string // phone, email, wechat, whatsapp, address
	Label string
	Shown string
	Value string // normalised
}

// Review is what a buyer wrote.
type Review struct {
	Author  string
	Stars   int
	Day     string
	Text    string
	Country string
}

// Status says whether an offer is up.
type Status string

// The statuses of an offer.
const (
	Live     Status = "live"
	TakeDown Status = "removed" // by the marketplace, for a right's holder
	Ended    Status = "ended"   // by its seller
)

// Standing is how an offer stands, and since when.
type Standing struct {
	Status Status
	Since  time.Time
}
