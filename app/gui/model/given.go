package model

import (
	"context"

	"touchstone/store/evidence"
)

// Phase is how far an answer of this window has got.
type Phase int

// The phases.
const (
	PhaseHeld Phase = iota // it can be taken back
	PhaseSending
	PhaseDone
	PhaseFailed
	PhaseTakenBack
)

// Given is an answer that was given in this window, and what became of it.
type Given struct {
	ID       evidence.ID // of what was answered
	Title    string
	Said     string // the verdict or decision, in words
	Phase    Phase
	Answered Answered

	listings []evidence.ID // that it is about
	hold     *hold
}

// Mark says what became of the answer.
func (g *Given) Mark() Mark {
	about := g.Said + "  ·  " + g.Title
	switch g.Phase {
	case PhaseHeld:
		return Mark{Symbol: "busy", Tone: Busy, Text: T("This answer leaves in a moment."), Detail: about}
	case PhaseSending:
		return Mark{Symbol: "busy", Tone: Busy, Text: T("The answer is being sent."), Detail: about}
	case PhaseFailed:
		return Mark{Symbol: "rejected", Tone: Bad, Text: T("The answer was not recorded."), Detail: about}
	case PhaseTakenBack:
		return Mark{Symbol: "stopped", Text: T("The answer was taken back."), Detail: about}
	}
	m := Mark{Symbol: "authentic", Tone: Good, Text: T("The answer was sent."), Detail: about}
	switch {
	case g.Answered.Waits == WaitsForSecondPerson:
		m = Mark{Symbol: "blocked", Tone: Caution, Text: T("The answer waits for a second person."), Detail: about}
	case g.Answered.Waits == WaitsForSignatory:
		m = Mark{Symbol: "blocked", Tone: Caution, Text: T("The answer leaves with its notice, which waits for its signatory."), Detail: about}
	case g.Answered.Waits == WaitsForPerson:
		m = Mark{Symbol: "blocked", Tone: Caution, Text: T("The answer is recorded. You send it yourself."), Detail: about}
	case g.Answered.Queued:
		m = Mark{Symbol: "queued", Tone: Caution, Text: T("The answer waits in the outbox."), Detail: about}
	}
	if g.Answered.Remark != "" {
		m.Text += " " + sentence(g.Answered.Remark)
	}
	return m
}

// Given is the newest answer of this window; nil where there is none to tell of.
func (x *Inbox) Given() *Given { return x.given }

// Hurry sends the answer that is held now.
func (x *Inbox) Hurry() {
	if g := x.given; g != nil && g.Phase == PhaseHeld {
		g.hold.hurry()
	}
}

// Forget takes away what is told of the newest answer.
func (x *Inbox) Forget() {
	if g := x.given; g != nil && g.Phase != PhaseHeld && g.Phase != PhaseSending {
		x.given = nil
		changed(x.OnChange)
	}
}

// give has an answer leave after a moment and goes on to the next question.
func (x *Inbox) give(g *Given, send func(context.Context, evidence.Progress) (Answered, error)) {
	x.problems.Dismiss()
	x.given = g
	x.held[g.ID] = true
	x.undo.push(T("%s answered: %s", g.Title, g.Said), g.listings, func(ctx context.Context) error { return x.takeBack(ctx, g) })
	x.b.Run(func(ctx context.Context) func() {
		if !g.hold.wait(ctx) {
			return func() { x.ended(g, PhaseTakenBack) }
		}
		x.b.Post(func() {
			g.Phase = PhaseSending
			changed(x.OnChange)
		})
		lasting, cancel := x.b.lasting()
		defer cancel()
		answered, err := x.inTurn(lasting, send)
		return func() {
			if err != nil {
				x.problems.reportOf(Key("The answer to %s was not recorded."), g.Title, T("What you filled in is still there."), err)
				x.ended(g, PhaseFailed)
				return
			}
			g.Answered = answered
			delete(x.drafts, g.ID)
			delete(x.replies, g.ID)
			x.ended(g, PhaseDone)
		}
	})
	x.next()
}

// inTurn sends one answer at a time.
func (x *Inbox) inTurn(ctx context.Context, send func(context.Context, evidence.Progress) (Answered, error)) (Answered, error) {
	select {
	case x.sending <- struct{}{}:
		defer func() { <-x.sending }()
	case <-ctx.Done():
		return Answered{}, ctx.Err()
	}
	return send(ctx, evidence.Quiet)
}

// ended tells what became of an answer.
func (x *Inbox) ended(g *Given, p Phase) {
	g.Phase = p
	delete(x.held, g.ID)
	if p == PhaseTakenBack {
		x.Open(g.ID)
	}
	x.Load()
	x.moved(g.listings)
	changed(x.OnChange)
}

// takeBack takes an answer back while it is held, and afterwards where it has not
// left. Errors: ErrLeft.
func (x *Inbox) takeBack(ctx context.Context, g *Given) error {
	if g.hold.takeBack() {
		return nil
	}
	// An answer that is being sent has its turn first.
	select {
	case x.sending <- struct{}{}:
		defer func() { <-x.sending }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if g.ID.Kind() == evidence.KindCounter {
		return ErrLeft
	}
	if err := x.book.ReturnVerdict(ctx, g.ID, T("taken back")); err != nil {
		return err
	}
	x.b.Post(func() { x.ended(g, PhaseTakenBack) })
	return nil
}
