package store

import (
	"cmp"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// State is how one capture or attachment was found.
type State string

// The states, from best to worst.
const (
	StateIntact    State = "intact"
	StateUnstamped State = "unstamped" // intact, and no authority has stamped it yet
	StateDeleted   State = "deleted"   // a tombstone stands for it
	StateMissing   State = "missing"   // something it names is not there
	StateAltered   State = "altered"   // something of it is not as it was sealed
)

// Status is how one capture or attachment was found, and what is wrong with it.
type Status struct {
	ID    evidence.ID `json:"id"`
	State State       `json:"state"`
	What  []string    `json:"what,omitempty"` // what is altered or missing, in a sentence each
	// Stamps are the time stamps that hold and cover its seal, the earliest by each
	// authority.
	Stamps []SealStamp `json:"stamps,omitempty"`
}

// SealStamp is what a time stamp says of a seal: that it was there at the time.
type SealStamp struct {
	Authority string            `json:"authority"` // its name in the settings
	Signer    string            `json:"signer"`    // its certificate's subject
	Time      time.Time         `json:"time"`      // by its clock
	Strength  evidence.Strength `json:"strength"`
}

// statuses joins what was looked at with what was found about it.
func (v *verifier) statuses() []Status {
	found := map[evidence.ID][]Finding{}
	for _, f := range v.report.Findings {
		if f.ID != "" {
			found[f.ID] = append(found[f.ID], f)
		}
	}
	for i := range v.looked {
		s := &v.looked[i]
		if s.Stamps = v.stamped[s.ID]; s.State == StateIntact && len(s.Stamps) == 0 {
			s.State = StateUnstamped
		}
		for _, f := range found[s.ID] {
			s.What = append(s.What, f.What)
			if f.Problem != Missing {
				s.State = StateAltered
			} else if s.State != StateAltered {
				s.State = StateMissing
			}
		}
		delete(found, s.ID)
	}
	// A capture whose record does not read, or is gone, was not looked at.
	for id, all := range found {
		if id.Kind() != evidence.KindCapture && id.Kind() != evidence.KindAttachment {
			continue
		}
		s := Status{ID: id, State: StateMissing}
		for _, f := range all {
			s.What = append(s.What, f.What)
			if f.Problem != Missing {
				s.State = StateAltered
			}
		}
		v.looked = append(v.looked, s)
	}
	slices.SortFunc(v.looked, func(a, b Status) int { return cmp.Compare(a.ID, b.ID) })
	return v.looked
}

// look takes note that a capture or attachment is being looked at.
func (v *verifier) look(id evidence.ID, s State) {
	if v.options.Captures == nil || slices.Contains(v.options.Captures, id) {
		v.looked = append(v.looked, Status{ID: id, State: s})
	}
}
