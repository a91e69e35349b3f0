// Package takedown is the way out: how a notice reaches a marketplace and what
// comes back. It defines what every channel can do, [Connector], and what a
// channel must tell its caller when something goes wrong. Each marketplace has a
// folder of its own below this one; package takedowntest holds the suite that
// every one of them passes.
//
// It knows the words of package evidence, and as data what channels take: not where
// records are kept, nor who approved what. It holds no state, so that what was sent
// and what came back are the caller's to keep.
package takedown

import (
	"context"
	"time"

	"touchstone/store/evidence"
)

// Connector is a channel to one marketplace, signed in as one account. It is
// safe for concurrent use.
//
// Submit and Status make one attempt and return. The Answer holds what went
// over the wire also when the error is not nil, so that a refusal becomes
// evidence too.
type Connector interface {
	// Name is the channel's name, as in "jointforce". It is the Channel of its
	// notices and submissions.
	Name() string

	// Descriptor says what the channel takes.
	Descriptor() Descriptor

	// Compose makes up the filing for sending: the same parcel every time, so that
	// it can be stored before it leaves. The error is ErrUnfit where the channel
	// has no place for the filing. Filings larger than the Descriptor allows are
	// to be split first: see Split.
	Compose(Filing) (Parcel, error)

	// Submit sends the parcel. The error is nil when the channel has it;
	// ErrUnknownOutcome when it may have it.
	Submit(context.Context, Parcel) (Answer, error)

	// Status asks how the items of a parcel stand that the channel calls external.
	Status(ctx context.Context, external string, items []evidence.SubmittedItem) (Answer, error)
}

// Finder is a Connector whose channel can be searched for what was sent to it
// (Descriptor.Reconcile is ReconcileSearch).
type Finder interface {
	// Find looks for a parcel that left at the time sent, or soon after. Errors:
	// ErrNotFound, ErrAmbiguous, and those of Connector.Status.
	Find(ctx context.Context, p Parcel, sent time.Time) (Answer, error)
}

// Objector is a Connector whose channel lets a seller object to an item, and waits
// for what we say to that.
type Objector interface {
	// Objection is what the seller says against the item that the channel calls
	// external. Errors: those of Connector.Status.
	Objection(ctx context.Context, external string) (Objection, Answer, error)

	// Reply makes up what we say to it, for Submit to send. The error is ErrUnfit
	// where the channel has no place for it.
	Reply(external string, r Reply, key string) (Parcel, error)
}

// Objection is a seller's objection to an item.
type Objection struct {
	Open      bool // waits for our reply
	Statement string
	Seller    string
	Documents []Document
	FiledAt   time.Time // zero where the channel does not say
	DueAt     time.Time // by when to reply; zero where the channel does not say
	Options   []Reason  // why it may be rejected
}

// Document is a file that a seller hands in.
type Document struct {
	Name string
	URL  string // where the channel keeps it
}

// Reply is what we say to an objection.
type Reply struct {
	Accept  bool   // the seller is right
	Option  string // why not: one of the Objection's Options
	Comment string
}

// Filing is everything about a notice that a channel may have to state.
type Filing struct {
	Notice    evidence.Notice
	Brand     evidence.Brand
	Right     evidence.Right
	Signatory evidence.Signatory
	Items     []Item
	// IdempotencyKey marks all sendings of this filing as one. It is chosen once
	// and stored before the first sending.
	IdempotencyKey string
}

// Parcel is a filing as it is sent: the same bytes, however often and by
// whichever process.
type Parcel struct {
	Key       string // the filing's IdempotencyKey
	To        string // where at the channel, in the channel's terms
	MediaType string
	Body      []byte
	Items     []evidence.SubmittedItem // in the order of the filing
}

// Item is one target of a filing with the capture that shows it.
type Item struct {
	Item       evidence.NoticeItem
	Listing    evidence.Listing
	Capture    evidence.Capture
	Assessment *evidence.Assessment   // nil where none is linked
	Purchase   *evidence.TestPurchase // nil where nothing was bought to be examined
	// Files are what is shown of the capture, as the Descriptor's Attachments ask;
	// only channels that send files get them.
	Files []File
}

// File is a file that goes with a target.
type File struct {
	Name      string
	MediaType string
	About     string // what it shows, in a sentence
	Content   []byte
}

// Answer is what came back from a channel.
type Answer struct {
	External string // the channel's number for the notice
	Items    []ItemStatus

	// Request and Response are the messages as they went over the wire, with
	// the credentials taken out. Response is empty when none arrived.
	Request, Response []byte
	HTTPStatus        int // 0 where the channel does not speak HTTP or gave no answer
	At                time.Time
}

// ItemStatus is how one target of a notice stands with the channel.
type ItemStatus struct {
	Item     evidence.ID        // ours, where the channel repeats it
	External string             // the channel's number for the item
	State    evidence.ItemState // "" where the channel says what we have no word for
	Word     string             // the channel's own for the state
	Reason   string             // the channel's, for a rejection
	DueAt    time.Time          // by when we have to act, where the channel waits for us
}
