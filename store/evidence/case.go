package evidence

import "time"

// Case is one matter.
type Case struct {
	ID         ID        `json:"id"`
	Name       string    `json:"name"` // unique in the workspace
	Client     string    `json:"client,omitempty"`
	Matter     string    `json:"matter,omitempty"` // the client's or court's number for it
	Counsel    string    `json:"counsel,omitempty"`
	Territory  string    `json:"territory,omitempty"`   // ISO 3166 country code
	KnownSince string    `json:"known_since,omitempty"` // day, as in 2026-11-23: urgency is lost with time
	Costs      []Cost    `json:"costs,omitempty"`       // of the matter itself; those of its test purchases are with these
	CreatedAt  time.Time `json:"created_at"`
	Retain     Period    `json:"retain,omitempty"` // how long evidence is kept, from when it was obtained
	Hold       *Hold     `json:"hold,omitempty"`   // nothing may be deleted
}

// TargetKind is what is complained of.
type TargetKind string

// The kinds of target. An offer is also called a listing.
const (
	TargetOffer      TargetKind = "offer"
	TargetStorefront TargetKind = "storefront"
	TargetAccount    TargetKind = "account"
	TargetPost       TargetKind = "post"
	TargetAd         TargetKind = "ad"
	TargetVideo      TargetKind = "video"
	TargetLivestream TargetKind = "livestream"
	TargetDomain     TargetKind = "domain"
)

// TargetKinds lists every kind of target.
var TargetKinds = []TargetKind{TargetOffer, TargetStorefront, TargetAccount, TargetPost, TargetAd, TargetVideo, TargetLivestream, TargetDomain}

// Review is how far the judging of a listing has come.
type Review string

// The states of a review.
const (
	ReviewNew            Review = "new"
	ReviewAwaitingClient Review = "awaiting_client"
	ReviewValidated      Review = "validated"
	ReviewOnHold         Review = "on_hold"
	ReviewNoAction       Review = "no_action"
)

// Reviews lists every state of a review.
var Reviews = []Review{ReviewNew, ReviewAwaitingClient, ReviewValidated, ReviewOnHold, ReviewNoAction}

// Listing is a target that a case is about: the same one however often it is
// captured, and by whatever URL it was reached.
type Listing struct {
	ID           ID         `json:"id"`
	Case         ID         `json:"case,omitempty"`
	Target       TargetKind `json:"target"`
	URL          string     `json:"url"` // as first reported
	CanonicalURL string     `json:"canonical_url,omitempty"`
	Marketplace  string     `json:"marketplace,omitempty"`
	ItemID       string     `json:"item_id,omitempty"`
	Title        string     `json:"title,omitempty"`
	Seller       ID         `json:"seller,omitempty"`
	Review       Review     `json:"review"`
	Stated       *Stated    `json:"stated,omitempty"` // by the list it came with
	FirstSeen    time.Time  `json:"first_seen"`
	LastCapture  ID         `json:"last_capture,omitempty"`
}

// Stated is what a list from outside says about a listing. Nobody has checked it.
type Stated struct {
	From   string `json:"from"` // file and row
	Seller string `json:"seller,omitempty"`
	Price  string `json:"price,omitempty"` // as written there
	Note   string `json:"note,omitempty"`
}

// Seller is who offers listings on one marketplace.
type Seller struct {
	ID          ID          `json:"id"`
	Marketplace string      `json:"marketplace"`
	Facts       SellerFacts `json:"facts"` // as last seen, with every contact that was ever seen
}

// Verdict is what a listing's goods are.
type Verdict string

// The verdicts.
const (
	Authentic           Verdict = "authentic"
	Counterfeit         Verdict = "counterfeit"
	OtherInfringement   Verdict = "other_infringement"
	GenuineUnauthorised Verdict = "genuine_unauthorised"
	Undetermined        Verdict = "undetermined"
	NotOurBrand         Verdict = "not_our_brand"
)

// Verdicts lists every verdict.
var Verdicts = []Verdict{Authentic, Counterfeit, OtherInfringement, GenuineUnauthorised, Undetermined, NotOurBrand}

// Basis is what a verdict rests on.
type Basis string

// The bases of a verdict.
const (
	BasisExaminedPurchase Basis = "examined_purchase"
	BasisAdmission        Basis = "admission" // the page says replica, or the like
	BasisNonexistentModel Basis = "nonexistent_model"
	BasisPrice            Basis = "price"
	BasisPicture          Basis = "picture"
	BasisClient           Basis = "client_confirmation" // the brand's own people looked at it
)

// Bases lists every basis.
var Bases = []Basis{BasisExaminedPurchase, BasisAdmission, BasisNonexistentModel, BasisPrice, BasisPicture, BasisClient}

// Assessment is the investigator's judgement of a listing, made on one capture.
// A later one supersedes it; none is changed.
type Assessment struct {
	ID      ID        `json:"id"`
	Listing ID        `json:"listing"`
	Capture ID        `json:"capture"`
	Verdict Verdict   `json:"verdict"`
	Basis   Basis     `json:"basis"`
	Reason  string    `json:"reason,omitempty"`  // in the investigator's words
	Product string    `json:"product,omitempty"` // model of the brand's product that is imitated
	Marks   []Mark    `json:"marks,omitempty"`   // on the capture's screenshot
	By      string    `json:"by"`                // who examined
	At      time.Time `json:"at"`
	// Purchase is the test purchase that was examined, where the basis is one.
	Purchase ID `json:"purchase,omitempty"`
}

// Mark points at a part of a screenshot and says what it shows, beside what the
// genuine article has there: a row of a claim chart.
type Mark struct {
	Box     Box       `json:"box"`
	Tile    int       `json:"tile,omitempty"` // of a screenshot in tiles
	Suspect string    `json:"suspect"`
	Genuine string    `json:"genuine,omitempty"`
	Picture *Artifact `json:"picture,omitempty"` // of the genuine article
}
