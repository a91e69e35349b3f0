package practice

import (
	"time"

	"touchstone/app/practice/api"
	"touchstone/app/practice/market"
	"touchstone/report/takedown/jointforce"
)

// Life is what happens in the marketplace by itself.
type Life = market.Life

// Faults are the shares of the API's requests that fail.
type Faults = api.Faults

// Objection is what a seller says against a removal.
type Objection = market.Objection

// Document is a file that a seller hands in.
type Document = market.Document

// Object files a seller's counter-notice against the removal of the offer, and is
// its number. The offer must be down for a notice.
func (s *Server) Object(itemID string, o Objection) (string, error) {
	return s.market.Object(itemID, o)
}

// Feed is what the brand has published about its goods.
func (s *Server) Feed() jointforce.PublishedFeed { return s.market.Feed() }

// Fault is a way for the API to fail.
type Fault = api.Fault

// The faults.
const (
	FaultSlow      = api.FaultSlow
	FaultError     = api.FaultError
	FaultLost      = api.FaultLost
	FaultBusy      = api.FaultBusy
	FaultDrop      = api.FaultDrop
	FaultDuplicate = api.FaultDuplicate
	FaultReorder   = api.FaultReorder
)

// FaultNames lists the faults that have a share.
func FaultNames() []Fault { return api.FaultNames() }

// Inject makes the next n requests to the API fail in the given way. Requests
// for a token are spared.
func (s *Server) Inject(f Fault, n int) { s.api.Inject(f, n) }

// SetFaults changes the shares of requests that fail.
func (s *Server) SetFaults(f Faults) { s.api.SetFaults(f) }

// Now is the marketplace's time.
func (s *Server) Now() time.Time { return s.clock.Now() }

// Ledger is the marketplace's own books, to be held against a brand's: what it
// asked and was told, and the truth about it.
type Ledger struct {
	market.Ledger
	Struck  map[Fault]int `json:"struck"`  // faults that there were
	Replays int           `json:"replays"` // requests that were answered as before, by their key
}

// Ledger is the books as they stand.
func (s *Server) Ledger() Ledger {
	return Ledger{Ledger: s.market.Ledger(), Struck: s.api.Struck(), Replays: s.api.Replays()}
}
