package model

import "touchstone/store/evidence"

// CounterFile is all that is shown of a counter-notice.
type CounterFile struct {
	Asked
	Listing   Row
	Shot      []evidence.Hash // pieces of the screenshot that the notice rests on
	Documents []Document
	Reasons   []evidence.CounterOption // why it can be rejected; without a title where the code says it
}

// CounterReply is what a person says to a counter-notice.
type CounterReply struct {
	Decision   evidence.CounterDecision
	ReasonCode string // where it is rejected
	Comment    string
	Court      evidence.Court // where a court decides
	Documents  []evidence.ID  // of ours, to hand in
}

// ready reports whether the reply says enough.
func (r *CounterReply) ready() bool {
	switch r.Decision {
	case evidence.AcceptCounter:
		return true
	case evidence.RejectCounter:
		return r.ReasonCode != ""
	case evidence.EscalateCounter:
		return r.Court.Name != "" && r.Court.Docket != "" && r.Court.FiledOn != ""
	}
	return false
}

// DecisionText is a decision in words.
func DecisionText(d evidence.CounterDecision) string {
	switch d {
	case evidence.AcceptCounter:
		return T("The seller is right")
	case evidence.RejectCounter:
		return T("We object")
	case evidence.EscalateCounter:
		return T("A court decides")
	}
	return words(string(d))
}
