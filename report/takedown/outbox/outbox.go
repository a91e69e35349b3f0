// Package outbox sends what was stored for sending: once, in order, by one
// sender a channel, at the pace that the channel asks for, and again only where
// nothing can have arrived. What left without an answer it has reconciled: by
// the idempotency key or a search, where the channel offers one, else by a
// person.
//
// The rule that keeps a notice from being sent twice or lost: a [Journal] writes
// down that an attempt begins before a byte leaves, and what came of it after. A
// process that is killed in between leaves a submission that is being sent by
// nobody. The next one counts it as one whose outcome is unknown.
//
// It knows no store and no channel: a Journal keeps the submissions, a
// takedown.Connector sends them.
package outbox

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Journal is where submissions are kept.
type Journal interface {
	// Open lists the submissions that are queued, being sent, or of unknown
	// outcome, oldest first.
	Open(context.Context) ([]evidence.Submission, error)
	// Begin writes down that an attempt begins, before a byte leaves: the
	// submission goes from how Open gave it to how it is now. It gives what is to be
	// sent. The error is ErrGone when the submission was changed meanwhile, or must
	// not leave any more.
	Begin(ctx context.Context, from, to evidence.Submission) (takedown.Parcel, error)
	// Settle writes down what came of an attempt: the submission as it stands now
	// and the channel's answer.
	Settle(context.Context, evidence.Submission, takedown.Answer) error
}

// ErrGone means that a submission was withdrawn, or must not leave any more.
var ErrGone = errors.New("the submission is not to be sent any more")

// Config says how to send.
type Config struct {
	// Channel is the connector of a channel; an error where we are not signed in.
	Channel func(ctx context.Context, name string) (takedown.Connector, error)
	Now     func() time.Time // default time.Now
	// Patience is how long Run waits in all for a channel that asks to come back or
	// cannot be reached. What takes longer stays for another Run.
	Patience time.Duration
	Pause    func(context.Context, time.Duration) error // default Pause
	Progress evidence.Progress                          // default evidence.Quiet
}

// Pause waits, or until the context is done.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run sends what is due, all channels at once and each in order, and what the
// journal gets meanwhile. It returns when nothing is left that could be done
// now. The caller sees to it that no other process runs on the same journal.
//
// The error is the journal's, or the context's. That a channel refuses, or cannot
// be reached, is written down with the submission.
func Run(ctx context.Context, j Journal, c Config) error {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pause == nil {
		c.Pause = Pause
	}
	if c.Progress == nil {
		c.Progress = evidence.Quiet
	}
	lanes := map[string]*lane{}
	for {
		again, err := pass(ctx, j, c, lanes)
		if err != nil || !again {
			return err
		}
	}
}

// pass goes once through all that is open. again means that there may be more.
func pass(ctx context.Context, j Journal, c Config, lanes map[string]*lane) (again bool, err error) {
	open, err := j.Open(ctx)
	if err != nil {
		return false, err
	}
	work := map[string][]evidence.Submission{}
	for _, s := range open {
		work[s.Channel] = append(work[s.Channel], s)
	}
	var wg sync.WaitGroup
	errs := make(chan error, len(work))
	for name, list := range work {
		if lanes[name] == nil {
			lanes[name] = &lane{name: name, journal: j, config: c}
		}
		l := lanes[name]
		wg.Go(func() { errs <- l.run(ctx, list) })
	}
	wg.Wait()
	close(errs)
	for laneErr := range errs {
		err = errors.Join(err, laneErr)
	}
	for name := range work {
		again = again || lanes[name].again
	}
	return again, err
}

// lane is the one sender of a channel.
type lane struct {
	name      string
	journal   Journal
	config    Config
	connector takedown.Connector // nil until something is to be sent
	about     takedown.Descriptor
	last      time.Time     // when the last request began
	waited    time.Duration // for the channel to come back
	blocked   bool          // what is queued has to wait
	stopped   bool          // the channel does not know us
	again     bool          // something was settled
}

func (l *lane) run(ctx context.Context, list []evidence.Submission) error {
	l.again = false
	if err := l.open(ctx); err != nil {
		l.tell(list[0], err.Error())
		return ctx.Err()
	}
	soonest := longestWait
	for n, s := range list {
		if l.stopped || l.blocked && s.State == evidence.SubmissionQueued || !open(s, l.about.Reconcile) {
			continue
		}
		// What is to be reconciled later holds nothing up.
		if wait := due(s, l.config.Now()); s.State == evidence.SubmissionUnknown && wait > 0 {
			soonest = min(soonest, wait)
			continue
		}
		l.config.Progress.Report(evidence.Event{Stage: "send", Subject: string(s.ID), Note: string(s.State), Done: int64(n), Total: int64(len(list))})
		if err := l.see(ctx, s); err != nil {
			return err
		}
	}
	if l.again || l.stopped || l.waited+soonest > l.config.Patience {
		return nil
	}
	l.waited += soonest
	l.again = true
	return l.config.Pause(ctx, soonest)
}

func (l *lane) open(ctx context.Context) (err error) {
	if l.connector != nil {
		return nil
	}
	if l.connector, err = l.config.Channel(ctx, l.name); err == nil {
		l.about = l.connector.Descriptor()
	}
	return err
}

func (l *lane) tell(s evidence.Submission, note string) {
	l.config.Progress.Report(evidence.Event{Stage: "send", Subject: string(s.ID), Note: note})
}

// see takes one submission as far as it goes now. The channel takes what is
// queued in order: while the first has to wait, so do those behind it.
func (l *lane) see(ctx context.Context, s evidence.Submission) error {
	for first := true; first || s.State == evidence.SubmissionQueued; first = false {
		wait := due(s, l.config.Now())
		if l.waited+wait > l.config.Patience {
			l.blocked = true
			return nil
		}
		l.waited += wait
		if err := l.pace(ctx, wait); err != nil {
			return err
		}
		next, err := l.step(ctx, s)
		if err != nil && !errors.Is(err, ErrGone) {
			return err
		}
		l.again = true
		if err != nil || l.stopped {
			return nil
		}
		l.tell(next, note(next))
		s = next
	}
	return nil
}

func note(s evidence.Submission) string {
	if s.Error != "" {
		return string(s.State) + ": " + s.Error
	}
	return string(s.State)
}

// open reports whether anything is left for us to do about a submission.
func open(s evidence.Submission, mode takedown.Reconcile) bool {
	switch s.State {
	case evidence.SubmissionQueued, evidence.SubmissionSending:
		return true
	case evidence.SubmissionUnknown:
		return !s.Person && mode != takedown.ReconcileNone
	}
	return false
}

// longestWait is the longest wait that is believed: after a clock was wrong, one
// may be dated far in the future.
const longestWait = 24 * time.Hour

// due is how long a submission has to wait yet.
func due(s evidence.Submission, now time.Time) time.Duration {
	if wait := s.NextAt.Sub(now); wait > 0 && wait <= longestWait {
		return wait
	}
	return 0
}

// pace waits for the submission's time and the channel's pace.
func (l *lane) pace(ctx context.Context, wait time.Duration) error {
	if !l.last.IsZero() {
		wait = max(wait, l.about.Gap()-l.config.Now().Sub(l.last))
	}
	if wait <= 0 {
		return ctx.Err()
	}
	return l.config.Pause(ctx, wait)
}

// step makes one attempt: a sending, or a search for one whose answer was lost.
func (l *lane) step(ctx context.Context, s evidence.Submission) (next evidence.Submission, err error) {
	if s.State == evidence.SubmissionSending {
		// We are the one sender, so whoever was sending this has ended.
		next = After(s, l.about.Reconcile, takedown.ErrUnknownOutcome, "", 0, l.config.Now())
		next.Error = "the program ended while this was being sent"
		return next, l.journal.Settle(ctx, next, takedown.Answer{})
	}
	searching := s.State == evidence.SubmissionUnknown && l.about.Reconcile == takedown.ReconcileSearch
	begun := s
	begun.Attempts++
	if !searching {
		begun.State = evidence.SubmissionSending
	}
	if !s.Unsure {
		begun.SentAt = l.config.Now().UTC()
	}
	parcel, err := l.journal.Begin(ctx, s, begun)
	if err != nil {
		return s, err
	}
	l.last = l.config.Now()
	var answer takedown.Answer
	var sendErr error
	if searching {
		answer, sendErr = l.find(ctx, parcel, begun.SentAt)
		next = AfterSearch(begun, l.about.Settle(), sendErr, answer.External, l.config.Now())
	} else {
		answer, sendErr = l.connector.Submit(ctx, parcel)
		next = After(begun, l.about.Reconcile, sendErr, answer.External, jitter(), l.config.Now())
	}
	l.stopped = l.stopped || errors.Is(sendErr, takedown.ErrUnauthorised)
	// What was begun is settled also when we are told to stop meanwhile.
	return next, l.journal.Settle(context.WithoutCancel(ctx), next, answer)
}

func (l *lane) find(ctx context.Context, p takedown.Parcel, sent time.Time) (takedown.Answer, error) {
	finder, ok := l.connector.(takedown.Finder)
	if !ok {
		return takedown.Answer{}, takedown.ErrAmbiguous
	}
	return finder.Find(ctx, p, sent)
}

// jitter spreads the attempts of many processes: between half and all of a wait.
func jitter() float64 { return 0.5 + rand.Float64()/2 }
