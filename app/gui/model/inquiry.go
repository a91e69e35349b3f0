package model

import (
	"slices"

	"touchstone/store/evidence"
)

// InquiryFile is all that is shown of an inquiry.
type InquiryFile struct {
	Asked
	Address  string // of the offer
	Seller   string
	Price    string
	Capture  *evidence.Capture
	Shot     []evidence.Hash // pieces of the screenshot, from top to bottom
	Pictures []evidence.Hash // of the offer

	Brand    string
	Markers  []string // of the genuine article
	Features []string // of counterfeits
	Photos   []Photo  // of the genuine article and of counterfeits; those of the product that the offer names come first
	Hints    []Hint   // none is a verdict

	Answers   []evidence.Answer // oldest first
	Documents []Document
	Wants     []string // what the marketplace can be asked for
	ByHand    bool     // a person sends the answer
}

// Photo is a picture that the brand has.
type Photo struct {
	Label   string
	Picture evidence.Hash
	Fake    bool // it shows a feature of counterfeits
}

// Hint is something to weigh, and what it rests on.
type Hint struct {
	Topic string
	Says  string
	Why   string
}

// Document is a file that belongs to an inquiry or a counter-notice.
type Document struct {
	ID        evidence.ID
	Name      string
	File      evidence.Hash
	MediaType string
	Size      int64
	Ours      bool // attached here, not received
}

// Verdict is what a person says to an inquiry.
type Verdict struct {
	Verdict evidence.Verdict
	Basis   evidence.Basis
	Ground  evidence.Infringement // of the notice; "" for the one that fits the verdict
	Reason  string
	Alone   bool // without a notice
}

// Infringing reports whether the verdict calls for a notice.
func (v *Verdict) Infringing() bool {
	return v.Verdict == evidence.Counterfeit || v.Verdict == evidence.OtherInfringement
}

// Wait is what an answer waits for.
type Wait int

// What an answer can wait for.
const (
	WaitsForNothing      Wait = iota // it has left, or leaves as soon as there is a network
	WaitsForSecondPerson             // four eyes
	WaitsForSignatory                // of the notice that goes with it
	WaitsForPerson                   // who sends it by hand
)

// Answered is what became of an answer.
type Answered struct {
	Waits  Wait
	Notice evidence.ID // that goes with it
	Queued bool        // it waits in the outbox
	Remark string      // what is wrong with the sending, ""
}

// Lack is what a verdict wants before it can be given.
type Lack int

// What can be wanting.
const (
	LacksNothing Lack = iota
	LacksVerdict
	LacksReason  // it goes into the notice
	LacksCapture // of an offer that is online, to complain with
)

// lack is what a verdict on an inquiry wants.
func (f *InquiryFile) lack(v *Verdict) Lack {
	switch {
	case v.Verdict == "":
		return LacksVerdict
	case v.Infringing() && !v.Alone && !f.canComplain():
		return LacksCapture
	case v.Infringing() && !v.Alone && v.Reason == "":
		return LacksReason
	}
	return LacksNothing
}

// canComplain reports whether a notice can go with an answer.
func (f *InquiryFile) canComplain() bool {
	return f.ByHand || f.Capture != nil && f.Capture.Outcome == evidence.Online
}

// judgeable reports whether a verdict can be given, or given anew.
func (f *InquiryFile) judgeable() bool {
	return f.waits() || slices.Contains([]evidence.InquiryState{evidence.InquiryVerdictDraft, evidence.InquiryVerdictApproved, evidence.InquiryAnswered,
		evidence.InquiryAcknowledged, evidence.InquiryClosed}, f.Inquiry.State)
}

// listings is the one that the inquiry is about, if it is known.
func (f *InquiryFile) listings() []evidence.ID {
	if f.Inquiry.Listing == "" {
		return nil
	}
	return []evidence.ID{f.Inquiry.Listing}
}

// Answer is the newest answer, nil while there is none.
func (f *InquiryFile) Answer() *evidence.Answer {
	if len(f.Answers) == 0 || f.Inquiry.Answer == "" {
		return nil
	}
	return &f.Answers[len(f.Answers)-1]
}

// Waits is what the answer waits for.
func (f *InquiryFile) Waits() Wait {
	a := f.Answer()
	switch {
	case a == nil:
	case f.Inquiry.State == evidence.InquiryVerdictDraft:
		return WaitsForSecondPerson
	case f.Inquiry.State == evidence.InquiryVerdictApproved && f.ByHand:
		return WaitsForPerson
	case f.Inquiry.State == evidence.InquiryVerdictApproved && a.Notice != "":
		return WaitsForSignatory
	}
	return WaitsForNothing
}
