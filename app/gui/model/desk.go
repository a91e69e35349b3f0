package model

import (
	"context"
	"io"
	"time"

	"touchstone/store/evidence"
)

// Desk is what the window asks of the use cases. Its methods are called from
// many goroutines at once, never from the one that draws; each honours its
// context.
type Desk interface {
	CaseBook
	Capturer
	Attendant
	Archive
	Judge
	Exporter
	ListingExporter
	Verifier
	Agenda
	NoticeBook
	Prover
	InboxBook
	Keeper
	CardBook
	Reviewer
	RightsBook
	SellerBook
	Chooser
	Watcher
	Examiner
	Supporter
}

// CaseBook knows the cases and what is in them.
type CaseBook interface {
	// Cases lists the cases, newest first.
	Cases(ctx context.Context) ([]evidence.Case, error)
	// NewCase records a case and gives it back with its ID and date.
	NewCase(ctx context.Context, c evidence.Case) (evidence.Case, error)
	// Rows lists the listings of a case in the order in which they were added,
	// which is that of their keys. take is given them in portions as they are
	// read, the first one soon. A URL that no listing could be made of has a row
	// with an empty Listing ID and its capture.
	Rows(ctx context.Context, caseID evidence.ID, take func([]Row)) error
	// RowsWith is the rows of some listings of a case.
	RowsWith(ctx context.Context, caseID evidence.ID, listings []evidence.ID) ([]Row, error)
}

// Capturer snapshots listings.
type Capturer interface {
	// Capture snapshots the URLs for the case and returns when every one has
	// been tried, or ctx is done. It reports, with the URL exactly as given for
	// Subject, what happens to each; the event whose Note is an
	// evidence.Outcome is the URL's last. A URL that fails is no error.
	Capture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error
	// Unfinished tells what captures were ordered and neither ended nor are being
	// worked on: they were stopped, or the machine failed. The offers that are asked
	// about are not among them.
	Unfinished(ctx context.Context) (Unfinished, error)
	// Recapture is Capture of listings that were captured before: it also judges
	// whether the offer is still up.
	Recapture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error
	// Resume goes on with what is unfinished, of all cases, as Capture does.
	Resume(ctx context.Context, p evidence.Progress) error
	// WaitingAsked lists the offers that are asked about, wait to be captured, and
	// nobody captures.
	WaitingAsked(ctx context.Context) ([]string, error)
	// CaptureAsked captures them, as Capture does.
	CaptureAsked(ctx context.Context, p evidence.Progress) error
	// Discard gives up the jobs. What was sealed of them stays.
	Discard(ctx context.Context, jobs []evidence.ID) error
	// Links reads the URLs out of a list: a .txt, .csv or .xlsx file. Where
	// some lines hold none, it gives the others and an error that says so.
	Links(ctx context.Context, path string) ([]string, error)
}

// Unfinished is what captures were left.
type Unfinished struct {
	Jobs  []evidence.ID
	URLs  []string  // one for each job
	Since time.Time // when the first of them was ordered
}

// Attendant lets a person capture pages by hand that show a program a robot
// check or a sign-in only.
type Attendant interface {
	// Attend opens the URL in a Chrome that the person can see and work in. p is
	// told of what the person does there, in Note. The context limits the opening
	// only.
	Attend(ctx context.Context, caseID evidence.ID, url string, p evidence.Progress) (Sitting, error)
}

// Sitting is a window that a person works in. It is safe for concurrent use.
type Sitting interface {
	// Capture seals the page in front as it stands.
	Capture(ctx context.Context, p evidence.Progress) (evidence.Capture, error)
	// Closed is closed when the person has closed the window.
	Closed() <-chan struct{}
	// Close closes the window.
	Close() error
}

// Archive gives back what captures found.
type Archive interface {
	// Captures lists the captures of a listing, newest first.
	Captures(ctx context.Context, listing evidence.ID) ([]evidence.Capture, error)
	// Open opens an artifact's bytes.
	Open(ctx context.Context, hash evidence.Hash) (io.ReadSeekCloser, error)
}

// Judge records what the investigator thinks of a listing.
type Judge interface {
	// Assess records a; Listing, Capture, Verdict, Basis and Reason are set,
	// the rest is for the desk to fill in.
	Assess(ctx context.Context, a evidence.Assessment) (evidence.Assessment, error)
}

// Exporter makes what leaves the laptop.
type Exporter interface {
	// Packet writes the case's takedown packet to path: a .pdf, or a .zip with
	// the evidence beside it. The remarks say what the packet that was written
	// lacks, a sentence each.
	Packet(ctx context.Context, caseID evidence.ID, path string, p evidence.Progress) (remarks []string, err error)
}

// ListingExporter writes listings of a case to a file.
type ListingExporter interface {
	// ExportListings writes them to path: a table (.csv, .xlsx), or the packet
	// (.pdf, .zip) of a draft about them. The remarks say what that lacks.
	ExportListings(ctx context.Context, caseID evidence.ID, listings []evidence.ID, path string, p evidence.Progress) (remarks []string, err error)
}

// Verifier checks the workspace.
type Verifier interface {
	// Verify checks everything that is stored. Evidence that does not hold is
	// told in Verified, not as an error.
	Verify(ctx context.Context, p evidence.Progress) (Verified, error)
}

// Watcher notices that another process has changed the workspace.
type Watcher interface {
	// Revision is another text after each change of the records.
	Revision() (string, error)
}

// Practice is the practice marketplace, for a first try without the open web.
type Practice interface {
	// Open starts the marketplace, if it is not running, and returns the URLs
	// of listings worth capturing there.
	Open(ctx context.Context) ([]string, error)
}

// Row is one listing of a case with the newest of what is known about it.
type Row struct {
	Listing    evidence.Listing
	Capture    *evidence.Capture    // the newest, nil while none has ended
	Assessment *evidence.Assessment // the one that stands
	Item       *evidence.NoticeItem // of the newest notice it is in
	Seller     *evidence.Seller
	Captures   int
	Deleted    bool // its captures were deleted
}

// Key tells the row from others: its listing's ID, else its capture's.
func (r Row) Key() evidence.ID {
	if r.Listing.ID == "" && r.Capture != nil {
		return r.Capture.ID
	}
	return r.Listing.ID
}

// Verified is the result of checking a workspace.
type Verified struct {
	Captures int
	Files    int
	Bytes    int64
	Faults   []Fault // what does not verify
	Notes    []Fault // what is worth knowing though nothing is wrong
}

// Services is what a window needs from outside.
type Services struct {
	Desk      Desk
	Now       func() time.Time // nil: the computer's clock
	Practice  Practice         // nil: the practice marketplace is not offered
	Workspace string           // the workspace's folder, shown to the user
	Version   string
	// Explain says in the user's language what an error of the desk means and what to do;
	// nothing where it does not know. nil knows none.
	Explain func(error) (what, advice string)
}
