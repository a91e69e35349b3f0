package model

import (
	"context"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Inbox is what is asked of us, and the question that is open.
type Inbox struct {
	OnChange func()
	OnMoved  func(listings []evidence.ID) // something about them was answered, or waits no more

	b        *Background
	book     InboxBook
	problems *Problems
	task     *Task
	undo     *Undo
	capture  func() // captures what is asked about
	now      func() time.Time
	lists    latest
	files    latest
	sending  chan struct{} // holds a token while an answer is being sent

	list    []Asked
	loaded  bool
	settled bool // the list is of what waits no more
	open    evidence.ID
	inquiry *InquiryFile
	counter *CounterFile
	drafts  map[evidence.ID]*Verdict // what is filled in, kept while going to and fro
	replies map[evidence.ID]*CounterReply
	basis   evidence.Basis                // of the verdict before
	reasons map[evidence.Verdict][]string // given in this session, the newest first
	given   *Given                        // the newest answer
	held    map[evidence.ID]bool          // what is answered and has not been recorded yet
}

// reasonsKept is how many reasons for a verdict are offered again.
const reasonsKept = 8

func newInbox(b *Background, book InboxBook, now func() time.Time) *Inbox {
	return &Inbox{b: b, book: book, now: now, sending: make(chan struct{}, 1), basis: evidence.BasisPicture, drafts: map[evidence.ID]*Verdict{},
		replies: map[evidence.ID]*CounterReply{}, reasons: map[evidence.Verdict][]string{}, held: map[evidence.ID]bool{}}
}

// Load reads the list, and what is open.
func (x *Inbox) Load() {
	read := x.book.Asked
	if x.settled {
		read = x.book.Settled
	}
	x.lists.run(x.b, func(ctx context.Context) func() {
		list, err := read(ctx)
		return func() {
			if err != nil {
				x.problems.report(T("The inbox could not be read."), T("Nothing was changed."), err)
				return
			}
			x.list, x.loaded = list, true
			changed(x.OnChange)
		}
	})
	if x.open != "" {
		x.read()
	}
}

// Loaded reports whether the list has been read.
func (x *Inbox) Loaded() bool { return x.loaded }

// List is what waits, the most pressing first, or what is settled. It must not be
// changed.
func (x *Inbox) List() []Asked { return x.list }

// Settled reports whether the list is of what waits no more.
func (x *Inbox) Settled() bool { return x.settled }

// ShowSettled lists what waits no more, or what waits.
func (x *Inbox) ShowSettled(settled bool) {
	if settled != x.settled {
		x.settled, x.loaded, x.list = settled, false, nil
		x.Load()
		changed(x.OnChange)
	}
}

// Due says how long there is to answer.
func (x *Inbox) Due(a Asked) Mark { return DueMark(a.DueAt(), x.now()) }

// Mark is the state of what is asked, as it stands in this window.
func (x *Inbox) Mark(a Asked) Mark {
	if x.held[a.ID()] {
		return Mark{Symbol: "busy", Tone: Busy, Text: T("Leaving")}
	}
	return a.Mark()
}

// Open opens an inquiry or a counter-notice.
func (x *Inbox) Open(id evidence.ID) {
	if id != x.open {
		x.open, x.inquiry, x.counter = id, nil, nil
	}
	x.read()
	changed(x.OnChange)
}

// Close goes back to the list.
func (x *Inbox) Close() {
	x.files.drop()
	x.open, x.inquiry, x.counter = "", nil, nil
	x.Load()
	changed(x.OnChange)
}

// Opened is what is open, or is being read, if anything.
func (x *Inbox) Opened() (evidence.ID, bool) { return x.open, x.open != "" }

// Inquiry is the inquiry that is open; nil while it is being read, and where a
// counter-notice is open.
func (x *Inbox) Inquiry() *InquiryFile { return x.inquiry }

// Counter is the counter-notice that is open, likewise.
func (x *Inbox) Counter() *CounterFile { return x.counter }

// read reads what is open.
func (x *Inbox) read() {
	id := x.open
	x.files.run(x.b, func(ctx context.Context) func() {
		var err error
		var inquiry *InquiryFile
		var counter *CounterFile
		if id.Kind() == evidence.KindCounter {
			var f CounterFile
			f, err = x.book.CounterFile(ctx, id)
			counter = &f
		} else {
			var f InquiryFile
			f, err = x.book.InquiryFile(ctx, id)
			inquiry = &f
		}
		return func() {
			if err != nil {
				x.problems.report(T("What is asked could not be read."), T("Nothing was changed."), err)
				return
			}
			x.inquiry, x.counter = inquiry, counter
			changed(x.OnChange)
		}
	})
}

func (x *Inbox) moved(listings []evidence.ID) {
	if x.OnMoved != nil {
		x.OnMoved(listings)
	}
}

// Position is where what is open stands in the list, from 1, and how many there
// are.
func (x *Inbox) Position() (at, of int) {
	return slices.IndexFunc(x.list, func(a Asked) bool { return a.ID() == x.open }) + 1, len(x.list)
}

// Step opens what stands n places below.
func (x *Inbox) Step(n int) {
	if at, of := x.Position(); at > 0 && at-1+n >= 0 && at-1+n < of {
		x.Open(x.list[at-1+n].ID())
	}
}

// next opens what waits for a verdict after what is open, going round; without
// any it goes back to the list.
func (x *Inbox) next() {
	at, of := x.Position()
	for i := range of {
		a := x.list[(at+i)%of]
		if a.ID() != x.open && a.waits() && !x.held[a.ID()] {
			x.Open(a.ID())
			return
		}
	}
	x.Close()
}

// Draft is what is filled in for the open inquiry. It must not be changed.
func (x *Inbox) Draft() Verdict {
	if d, ok := x.drafts[x.open]; ok {
		return *d
	}
	return Verdict{Basis: x.basis}
}

// Edit changes what is filled in for the open inquiry.
func (x *Inbox) Edit(change func(*Verdict)) {
	if x.open == "" {
		return
	}
	d := x.Draft()
	change(&d)
	x.drafts[x.open] = &d
}

// Reasons are those given before for the verdict that is chosen, the newest first.
func (x *Inbox) Reasons() []string { return x.reasons[x.Draft().Verdict] }

// CanJudge reports whether a verdict on the open inquiry can be given.
func (x *Inbox) CanJudge() bool {
	return x.inquiry != nil && !x.held[x.open] && x.inquiry.judgeable()
}

// Lacks is what the verdict that is filled in wants before it can be given.
func (x *Inbox) Lacks() Lack {
	d := x.Draft()
	if x.inquiry == nil {
		return LacksVerdict
	}
	return x.inquiry.lack(&d)
}

// Judge chooses a verdict and gives it, if nothing else is wanted.
func (x *Inbox) Judge(v evidence.Verdict) {
	if x.CanJudge() {
		x.Edit(func(d *Verdict) { d.Verdict = v })
		x.Answer()
	}
}

// Answer gives the verdict that is filled in, if nothing else is wanted, and goes
// on to the next question. The answer leaves after a moment in which it can be
// taken back.
func (x *Inbox) Answer() {
	if !x.CanJudge() || x.Lacks() != LacksNothing {
		changed(x.OnChange)
		return
	}
	id, v := x.open, x.Draft()
	v.Reason = strings.TrimSpace(v.Reason)
	x.basis = v.Basis
	if v.Reason != "" {
		before := slices.DeleteFunc(slices.Clone(x.reasons[v.Verdict]), func(r string) bool { return r == v.Reason })
		x.reasons[v.Verdict] = append([]string{v.Reason}, before[:min(len(before), reasonsKept-1)]...)
	}
	g := &Given{ID: id, Title: x.inquiry.Title(), Said: VerdictText(v.Verdict), listings: x.inquiry.listings(), hold: newHold()}
	x.give(g, func(ctx context.Context, p evidence.Progress) (Answered, error) {
		return x.book.AnswerInquiry(ctx, id, v, p)
	})
}

// Approve gives the second person's word for the open inquiry's verdict.
func (x *Inbox) Approve() {
	if x.inquiry == nil || x.inquiry.Waits() != WaitsForSecondPerson {
		return
	}
	id := x.open
	g := &Given{ID: id, Title: x.inquiry.Title(), Said: VerdictText(x.inquiry.Answer().Verdict), listings: x.inquiry.listings(), hold: newHold()}
	x.give(g, func(ctx context.Context, p evidence.Progress) (Answered, error) {
		return x.book.ApproveVerdict(ctx, id, p)
	})
}

// Reply is what is filled in for the open counter-notice. It must not be changed.
func (x *Inbox) Reply() CounterReply {
	if r, ok := x.replies[x.open]; ok {
		return *r
	}
	return CounterReply{}
}

// EditReply changes what is filled in for the open counter-notice.
func (x *Inbox) EditReply(change func(*CounterReply)) {
	if x.open == "" {
		return
	}
	r := x.Reply()
	change(&r)
	x.replies[x.open] = &r
	changed(x.OnChange)
}

// CanReply reports whether the open counter-notice can be answered as it is filled
// in.
func (x *Inbox) CanReply() bool {
	r := x.Reply()
	return x.counter != nil && x.counter.Counter.State == evidence.CounterOpen && !x.held[x.open] && r.ready()
}

// SendReply answers the open counter-notice and goes on to the next question.
func (x *Inbox) SendReply() {
	if !x.CanReply() {
		return
	}
	id, r := x.open, x.Reply()
	g := &Given{ID: id, Title: x.counter.Title(), Said: DecisionText(r.Decision), hold: newHold()}
	x.give(g, func(ctx context.Context, p evidence.Progress) (Answered, error) {
		return x.book.AnswerCounter(ctx, id, r, p)
	})
}

// act does something short with what is open and reads it again.
func (x *Inbox) act(failed, done string, do func(ctx context.Context, id evidence.ID) error) {
	id := x.open
	if id == "" {
		return
	}
	x.problems.Dismiss()
	x.b.Run(func(ctx context.Context) func() {
		err := do(ctx, id)
		return func() {
			switch {
			case err != nil:
				x.problems.report(failed, T("It is as it was before."), err)
			case done != "":
				x.problems.Tell(done)
			}
			x.Load()
			x.moved(nil)
		}
	})
}
