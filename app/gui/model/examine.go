package model

import (
	"context"

	"touchstone/store/evidence"
)

// Examiner tells what stands behind a capture, and compares it with others.
type Examiner interface {
	// Seal tells how a capture is sealed and what was done with it.
	Seal(ctx context.Context, capture evidence.ID) (Seal, error)
	// VerifyCapture checks one capture again.
	VerifyCapture(ctx context.Context, capture evidence.ID, p evidence.Progress) (Verified, error)
	// Changes lists what a capture's page says otherwise than the one before.
	Changes(ctx context.Context, capture evidence.ID) ([]Change, error)
	// Differences lists what the page says otherwise than at an earlier capture.
	Differences(ctx context.Context, before, after evidence.ID) ([]Change, error)
	// Ties lists the other listings that a capture's seller or pictures lead to.
	Ties(ctx context.Context, capture evidence.ID) ([]Tie, error)
	// Pictures lists the offer's own pictures that a capture's page loaded. Archive
	// opens them.
	Pictures(ctx context.Context, capture evidence.ID) ([]OfferPicture, error)
	// Redact makes a picture of a capture's screenshot in which parts are blacked
	// out, beside the original; of a screenshot in tiles, that of one of them.
	Redact(ctx context.Context, capture evidence.ID, tile int, boxes []evidence.Box, reason string) error
	// MarkUp draws on a capture's screenshot, or one of its tiles, in a picture
	// beside the original.
	MarkUp(ctx context.Context, capture evidence.ID, tile int, shapes []evidence.Shape) error
	// Markups lists what was drawn last on each of a capture's screenshots.
	Markups(ctx context.Context, capture evidence.ID) ([]evidence.Attachment, error)
	// Redactions lists those pictures.
	Redactions(ctx context.Context, capture evidence.ID) ([]evidence.Redaction, error)
}

// Seal is what makes a capture evidence.
type Seal struct {
	Manifest evidence.Hash
	Stamps   []string // a line each: by whom, when, how strong
	Entries  []Happening
}

// Change is a fact that differs between two captures.
type Change struct {
	Fact string
	From string
	To   string
}

// Tie is another listing, and why it has to do with the one that is open.
type Tie struct {
	Title   string
	Seller  string
	Address string
	Reason  string
	Picture evidence.Hash // of its page; empty where there is none
	Target  Target
}

// OfferPicture is one of an offer's own pictures.
type OfferPicture struct {
	Picture evidence.Hash
	Also    []Tie  // the other listings that show it
	Genuine *Photo // that of genuine goods that it is closest to; nil for none
	Same    bool   // it is the same photograph as that one
}

// Examination is what was found out about the capture that is looked at. It is
// read when it is first asked for.
type Examination struct {
	OnChange func()

	b        *Background
	examiner Examiner
	problems *Problems
	task     *Task
	markup   *Markup
	loads    latest
	searches latest
	looks    latest

	capture    evidence.ID
	seal       *Seal
	changes    []Change
	ties       []Tie
	redactions []evidence.Redaction
	read       bool
	searched   bool // for ties
	pictures   []OfferPicture
	looked     bool   // at the pictures
	verified   string // of this capture, "" while it was not checked
	holds      bool
}

// Of turns to another capture.
func (e *Examination) Of(capture evidence.ID) {
	if capture == e.capture {
		return
	}
	e.forget()
	e.capture = capture
	e.markup.of(capture, nil)
	if capture != "" {
		e.Load()
	}
}

func (e *Examination) forget() {
	e.loads.drop()
	e.searches.drop()
	e.looks.drop()
	e.seal, e.changes, e.ties, e.redactions, e.pictures = nil, nil, nil, nil, nil
	e.read, e.searched, e.looked, e.verified = false, false, false, ""
}

// Load reads what is known of the capture.
func (e *Examination) Load() {
	id := e.capture
	e.loads.run(e.b, func(ctx context.Context) func() {
		seal, err := e.examiner.Seal(ctx, id)
		var changes []Change
		var redactions []evidence.Redaction
		var drawn []evidence.Attachment
		if err == nil {
			drawn, err = e.examiner.Markups(ctx, id)
		}
		if err == nil {
			changes, err = e.examiner.Changes(ctx, id)
		}
		if err == nil {
			redactions, err = e.examiner.Redactions(ctx, id)
		}
		return func() {
			if err != nil {
				e.problems.report(T("What stands behind this capture could not be read."), T("The capture is shown as it is."), err)
				return
			}
			e.seal, e.changes, e.redactions, e.read = &seal, changes, redactions, true
			e.markup.of(id, drawn)
			changed(e.OnChange)
		}
	})
}

// Search looks for listings that have to do with this one, once. It goes through
// the pictures of all captures, so it waits until somebody asks.
func (e *Examination) Search() {
	id := e.capture
	if id == "" || e.searched {
		return
	}
	e.searched = true
	e.searches.run(e.b, func(ctx context.Context) func() {
		ties, err := e.examiner.Ties(ctx, id)
		return func() {
			if err != nil {
				e.searched = false
				e.problems.report(T("Linked listings could not be looked for."), T("The capture is shown as it is."), err)
				return
			}
			e.ties = ties
			if e.ties == nil {
				e.ties = []Tie{}
			}
			changed(e.OnChange)
		}
	})
}

// Look reads the offer's pictures and what is known of them, once. It goes through
// the pictures of all captures, so it waits until somebody asks.
func (e *Examination) Look() {
	id := e.capture
	if id == "" || e.looked {
		return
	}
	e.looked = true
	e.looks.run(e.b, func(ctx context.Context) func() {
		pictures, err := e.examiner.Pictures(ctx, id)
		return func() {
			if err != nil {
				e.looked = false
				e.problems.report(T("The offer's pictures could not be read."), T("The capture is shown as it is."), err)
				return
			}
			e.pictures = pictures
			if e.pictures == nil {
				e.pictures = []OfferPicture{}
			}
			changed(e.OnChange)
		}
	})
}

// Read reports whether what is known has been read.
func (e *Examination) Read() bool { return e.read }

// Seal is how the capture is sealed; nil while it is being read.
func (e *Examination) Seal() *Seal { return e.seal }

// Changes is what the page says otherwise than the capture before.
func (e *Examination) Changes() []Change { return e.changes }

// Ties is the listings that have to do with this one; nil while they are looked
// for.
func (e *Examination) Ties() []Tie { return e.ties }

// Pictures is the offer's own pictures; nil while they are read.
func (e *Examination) Pictures() []OfferPicture { return e.pictures }

// Redactions is the pictures in which parts are blacked out.
func (e *Examination) Redactions() []evidence.Redaction { return e.redactions }

// Verdict says how checking the capture came out, and whether it holds; "" while
// it was not checked.
func (e *Examination) Verdict() (text string, holds bool) { return e.verified, e.holds }

// Verify checks the capture again.
func (e *Examination) Verify() {
	id := e.capture
	if id == "" {
		return
	}
	e.task.start(T("Verifying the capture"), func(ctx context.Context, p evidence.Progress) func() {
		v, err := e.examiner.VerifyCapture(ctx, id, p)
		return func() {
			if err != nil {
				e.problems.report(T("The capture could not be verified."), T("Nothing was changed."), err)
				return
			}
			if id != e.capture {
				return
			}
			e.holds = len(v.Faults) == 0
			e.verified = T("Every file is as it was sealed.")
			if !e.holds {
				e.verified = v.Faults[0].Text()
			}
			changed(e.OnChange)
		}
	})
}

// Redact blacks out parts of the screenshot in a picture beside it.
func (e *Examination) Redact(tile int, boxes []evidence.Box, reason string) {
	id := e.capture
	e.task.start(T("Making the redacted picture"), func(ctx context.Context, _ evidence.Progress) func() {
		err := e.examiner.Redact(ctx, id, tile, boxes, reason)
		return func() {
			if err != nil {
				e.problems.report(T("The redacted picture was not made."), T("The original is untouched."), err)
				return
			}
			e.problems.Tell(T("The redacted picture is kept beside the original. Packets use it."))
			if id == e.capture {
				e.Load()
			}
		}
	})
}
