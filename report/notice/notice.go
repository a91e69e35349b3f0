// Package notice is the takedown notice before it leaves: what it is made of,
// what its signatory vouches for, which states its items pass through and what
// is still missing or wrong in it.
//
// It is pure: values in, values out. It reads no disk, no clock and no network,
// and knows nothing of how a notice is printed or sent.
package notice

import (
	"errors"
	"fmt"
	"time"

	"touchstone/store/evidence"
)

// Dossier is a notice together with everything it refers to: all that a packet
// or a submission is made from.
type Dossier struct {
	Notice    evidence.Notice
	Exhibits  []Exhibit
	Brand     evidence.Brand
	Right     evidence.Right
	Signatory evidence.Signatory
	Case      *evidence.Case // nil for a notice outside a case
	Channel   Channel
	Documents []evidence.Attachment      // certificates of the right, authorisations to act for its owner
	MaxAge    time.Duration              // of captures, beyond which the check warns; 0 for MaxEvidenceAge
	Standing  *evidence.StandingApproval // that the notice's approval rests on; nil where the signatory approved this one
}

// Channel is what the channel of a notice asks of the right.
type Channel struct {
	Title       string
	Territory   evidence.Territory // in which the right must be valid; empty where the channel does not say
	Territories []string           // one of which the right must be valid in, ISO 3166 or EU; empty for any
	Sure        bool               // a source confirms what is said of territories
}

// Exhibit is one target of the notice and the evidence for it.
type Exhibit struct {
	Item       evidence.NoticeItem
	Listing    evidence.Listing
	Capture    evidence.Capture
	Manifest   evidence.Manifest
	Assessment *evidence.Assessment  // nil while nobody has judged the listing
	Redactions []evidence.Redaction  // of the capture's pictures, the newest of each
	Markups    []evidence.Attachment // of the capture's screenshots, the newest of each
	Stamps     []evidence.Stamp      // time stamps that cover the capture's seal
	Damage     string                // why its evidence does not verify, in a sentence; empty where it does
	Elsewhere  []Complaint           // of other notices, about the same target
	Genuine    *Genuine              // what is imitated; nil where the assessment names no product

	Purchase *evidence.TestPurchase // of these goods; nil where there was none
	Photos   []evidence.Attachment  // of the purchase, that may leave
}

// Genuine is a product of the brand, with a photo of it where there is one.
type Genuine struct {
	evidence.Product
	Picture *evidence.Artifact
}

// Complaint is an item of another notice.
type Complaint struct {
	Item    evidence.NoticeItem
	Channel string
	Right   evidence.ID
}

// Title is the listing's title, or its URL where the page gave none.
func (e *Exhibit) Title() string {
	if e.Listing.Title != "" {
		return e.Listing.Title
	}
	return e.Capture.Title()
}

// ErrNotSignatory means that someone other than the notice's signatory approved it.
var ErrNotSignatory = errors.New("only the signatory of the notice can approve its statements")

// Draft completes a notice that is begun: an ID and a creation date where it
// has none, English where it names no language, and the newest statements of
// its legal basis.
func Draft(n evidence.Notice, at time.Time) (evidence.Notice, error) {
	if n.ID == "" {
		n.ID = evidence.NewID(evidence.KindNotice, at)
	}
	if n.CreatedAt.IsZero() {
		n.CreatedAt = at.UTC()
	}
	if n.Language == "" {
		n.Language = "en"
	}
	statements, err := Statements(n.LegalBasis, n.Language)
	if err != nil {
		return evidence.Notice{}, fmt.Errorf("draft notice: %w", err)
	}
	n.Statements = statements
	return n, nil
}

// Approve records that the signatory vouches for the notice's statements as
// they stand.
func Approve(n evidence.Notice, signatory evidence.ID, at time.Time) (evidence.Notice, error) {
	if signatory == "" || signatory != n.Signatory {
		return evidence.Notice{}, fmt.Errorf("approve %s: %w", n.ID, ErrNotSignatory)
	}
	n.Approval = &evidence.Approval{Signatory: signatory, At: at.UTC(), Statement: HashStatements(n.Statements)}
	return n, nil
}
