package evidence

import "time"

// LegalBasis is the law or policy a notice invokes.
type LegalBasis string

// The legal bases.
const (
	BasisDSA            LegalBasis = "dsa_art_16"       // Regulation (EU) 2022/2065, Art. 16
	BasisDMCA           LegalBasis = "dmca_512c3"       // 17 USC 512(c)(3)
	BasisECommerceLaw   LegalBasis = "cn_ecommerce_law" // PRC E-Commerce Law, Art. 42
	BasisPlatformPolicy LegalBasis = "platform_policy"
)

// LegalBases lists every legal basis.
var LegalBases = []LegalBasis{BasisDSA, BasisDMCA, BasisECommerceLaw, BasisPlatformPolicy}

// Infringement is what a notice says is wrong.
type Infringement string

// The types of infringement.
const (
	InfringesCounterfeit    Infringement = "counterfeit"
	InfringesTrademark      Infringement = "trademark_misuse"
	InfringesLogo           Infringement = "logo"
	InfringesImage          Infringement = "image_copyright"
	InfringesDesign         Infringement = "design"
	InfringesPatent         Infringement = "patent"
	InfringesParallelImport Infringement = "parallel_import"
	InfringesImpersonation  Infringement = "impersonation"
	InfringesOther          Infringement = "other"
)

// Infringements lists every type of infringement.
var Infringements = []Infringement{InfringesCounterfeit, InfringesTrademark, InfringesLogo, InfringesImage, InfringesDesign,
	InfringesPatent, InfringesParallelImport, InfringesImpersonation, InfringesOther}

// Locus is where on the offer the infringement lies.
type Locus string

// The loci.
const (
	LocusProduct   Locus = "product"
	LocusPackaging Locus = "packaging"
	LocusImage     Locus = "image"
	LocusText      Locus = "text"
)

// Loci lists every locus.
var Loci = []Locus{LocusProduct, LocusPackaging, LocusImage, LocusText}

// Statement is a sentence the signatory vouches for, in one version and
// language.
type Statement struct {
	Kind     string `json:"kind"` // good_faith, accuracy, authority
	Version  string `json:"version"`
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Notice is a takedown request. Its items carry the status.
type Notice struct {
	ID           ID           `json:"id"`
	Case         ID           `json:"case,omitempty"`
	Brand        ID           `json:"brand"`
	Right        ID           `json:"right"`
	Channel      string       `json:"channel"` // name of the connector
	LegalBasis   LegalBasis   `json:"legal_basis"`
	Infringement Infringement `json:"infringement"`
	Locus        Locus        `json:"locus"`
	ReasonCode   string       `json:"reason_code,omitempty"` // the channel's own
	Explanation  string       `json:"explanation"`
	Message      string       `json:"message_to_seller,omitempty"`
	Details      string       `json:"details,omitempty"`   // for the channel alone, where a reason asks for them
	Recipient    string       `json:"recipient,omitempty"` // e-mail of who gets it, where the channel leaves that open
	Pictures     []string     `json:"pictures,omitempty"`  // addresses of the listings' pictures that it is about
	Countries    []string     `json:"countries,omitempty"` // ISO 3166: to which the goods must not be shipped
	Language     string       `json:"language"`
	Statements   []Statement  `json:"statements"`
	Signatory    ID           `json:"signatory"`
	Approval     *Approval    `json:"approval,omitempty"`
	FairUse      string       `json:"fair_use,omitempty"` // how it was considered, where the law asks that it be
	Accepted     []Acceptance `json:"accepted,omitempty"` // warnings that it may leave with
	GoodFaith    bool         `json:"good_faith"`         // asks for a good-faith takedown
	Inquiry      ID           `json:"inquiry,omitempty"`  // it answers
	Practice     bool         `json:"practice,omitempty"`
	Elsewhere    *Elsewhere   `json:"elsewhere,omitempty"` // it was made without Touchstone, which has but what a list says of it
	CreatedAt    time.Time    `json:"created_at"`
}

// Elsewhere is what a list from outside says about a notice that was made
// before, or by others. Nothing of it can be checked here.
type Elsewhere struct {
	From      string `json:"from"`           // file and row
	Date      string `json:"date,omitempty"` // day of the notice
	To        string `json:"to,omitempty"`   // as the list has it
	Reference string `json:"reference,omitempty"`
	Outcome   string `json:"outcome,omitempty"` // in the list's words
}

// Acceptance is a person's word that a notice may leave with a warning.
type Acceptance struct {
	Code    string    `json:"code"` // of the rule that warns
	Subject ID        `json:"subject"`
	At      time.Time `json:"at"`
}

// Territory is whose law decides whether a right counts at a channel.
type Territory string

// The territories.
const (
	TerritorySite   Territory = "site"    // the country that the marketplace's site serves
	TerritoryShipTo Territory = "ship_to" // the countries that the goods are shipped to
	TerritoryOrigin Territory = "origin"  // the country that the goods are offered from
)

// ItemState is the status of one target of a notice.
type ItemState string

// The states of a notice item, in the order in which they usually come.
const (
	ItemDraft                 ItemState = "draft"
	ItemComplete              ItemState = "complete"
	ItemApproved              ItemState = "approved"
	ItemQueued                ItemState = "queued"
	ItemSubmitted             ItemState = "submitted"
	ItemAcknowledged          ItemState = "acknowledged"
	ItemUnderReview           ItemState = "under_review"
	ItemClarificationRequired ItemState = "clarification_required"
	ItemPausedPendingSeller   ItemState = "paused_pending_seller"
	ItemCounterReceived       ItemState = "counter_received"
	ItemCounterAccepted       ItemState = "counter_accepted"
	ItemCounterRejected       ItemState = "counter_rejected"
	ItemCounterMissed         ItemState = "counter_missed"
	ItemEscalatedLegal        ItemState = "escalated_legal"
	ItemRemoved               ItemState = "removed" // by the marketplace's word
	ItemReinstated            ItemState = "reinstated"
	ItemRejected              ItemState = "rejected"
	ItemSubmissionFailed      ItemState = "submission_failed"
	ItemUnknownOutcome        ItemState = "unknown_outcome" // sent, answer lost: never sent again blindly
	ItemWithdrawn             ItemState = "withdrawn"
	ItemVerifiedDown          ItemState = "verified_down" // by our own recapture
	ItemMonitored             ItemState = "monitored"
	ItemClosed                ItemState = "closed"
	ItemReappeared            ItemState = "reappeared"
)

// NoticeItem is one target of a notice, with the capture that shows it.
type NoticeItem struct {
	ID         ID        `json:"id"`
	Notice     ID        `json:"notice"`
	Listing    ID        `json:"listing"`
	Capture    ID        `json:"capture"`
	Assessment ID        `json:"assessment,omitempty"`
	State      ItemState `json:"state"`
	Reason     string    `json:"reason,omitempty"` // the channel's, for a rejection
	External   string    `json:"external,omitempty"`
	Word       string    `json:"word,omitempty"`             // the channel's own for the state
	Proof      ID        `json:"proof,omitempty"`            // the recapture that shows it down
	DueAt      time.Time `json:"due_at,omitzero"`            // by when we have to act at the channel, while it waits for us
	StayedDown int       `json:"stayed_down_days,omitempty"` // the longest of the rechecks (1, 7 and 30 days) that found it down
	Again      ID        `json:"again,omitempty"`            // the listing under which it reappeared
	UpdatedAt  time.Time `json:"updated_at"`

	Milestones Milestones `json:"milestones,omitzero"`
}
