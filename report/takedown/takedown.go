// Package takedown is the way out: how a notice reaches a marketplace and what
// comes back. It defines what every channel can do, [Connector], and what a
// channel must tell its caller when something goes wrong. Each marketplace has a
// folder of its own below this one; package takedowntest holds the suite that
// every one of them passes.
//
// It knows the words of package evidence and nothing else: not where records
// are kept, nor who approved what. It holds no state, so that what was sent and
// what came back are the caller's to keep.
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

	// Compose is the body that Submit sends for the filing: the same bytes every
	// time, so that a submission can be stored before it leaves.
	Compose(Filing) ([]byte, error)

	// Submit files the notice. The error is nil when the channel has it;
	// ErrUnknownOutcome when it may have it.
	Submit(context.Context, Filing) (Answer, error)

	// Status asks how the notice stands that the channel calls external.
	Status(ctx context.Context, external string) (Answer, error)
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

// Item is one target of a filing with the capture that shows it.
type Item struct {
	Item       evidence.NoticeItem
	Listing    evidence.Listing
	Capture    evidence.Capture
	Assessment *evidence.Assessment // nil where none is linked
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
	Item     evidence.ID // ours, where the channel repeats it
	External string      // the channel's number for the item
	URL      string
	State    evidence.ItemState
	Reason   string // the channel's, for a rejection
}

// Descriptor says what a channel takes and how it behaves.
type Descriptor struct {
	Name      string
	Title     string // for people
	Transport Transport
	MaxItems  int // in one filing
	Reconcile Reconcile
	GoodFaith bool // offers good-faith takedown
	Inquiries bool // asks about listings
	Practice  bool // a practice marketplace: nothing it does has effect
	Spec      string
}

// Transport is how a channel takes notices.
type Transport string

// The transports.
const (
	TransportREST   Transport = "rest"
	TransportMail   Transport = "mail"
	TransportPortal Transport = "portal_assist" // a person pastes what we prepared
	TransportSheet  Transport = "xlsx"
)

// Reconcile is how to find out what became of a submission whose answer was lost.
type Reconcile string

// The ways to reconcile.
const (
	ReconcileNone   Reconcile = "none"   // only a person can tell
	ReconcileKey    Reconcile = "key"    // submit again with the same IdempotencyKey: the channel acts once
	ReconcileSearch Reconcile = "search" // look among the channel's notices for ours
)
