package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/report/takedown"
	"touchstone/report/takedown/outbox"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestWhatComesAfterAnAttempt(t *testing.T) {
	const queued, failed, unknown, submitted = evidence.SubmissionQueued, evidence.SubmissionFailed, evidence.SubmissionUnknown, evidence.SubmissionSubmitted
	refused := &takedown.RefusedError{Title: "no"}
	for name, c := range map[string]struct {
		unsure bool
		mode   takedown.Reconcile
		err    error
		want   evidence.SubmissionState
		still  bool // unsure after it
		wait   time.Duration
	}{
		"an answer":                                     {want: submitted},
		"a refusal":                                     {err: refused, want: failed},
		"nothing left: it can be sent again":            {err: takedown.ErrUnreachable, want: queued, wait: 2 * time.Second},
		"busy: as long as the channel asks":             {err: &takedown.BusyError{RetryAfter: time.Minute}, want: queued, wait: time.Minute},
		"credentials: it waits for a person":            {err: takedown.ErrUnauthorised, want: queued},
		"a lost answer":                                 {err: takedown.ErrUnknownOutcome, want: unknown, still: true, wait: 2 * time.Second},
		"an error that nobody knows is a lost answer":   {err: errors.New("?"), want: unknown, still: true},
		"asked by key, busy: still unknown":             {unsure: true, mode: takedown.ReconcileKey, err: &takedown.BusyError{}, want: unknown, still: true, wait: 2 * time.Second},
		"asked by key, no network: still unknown":       {unsure: true, mode: takedown.ReconcileKey, err: takedown.ErrUnreachable, want: unknown, still: true, wait: 2 * time.Second},
		"asked by key, wrong credentials: still so":     {unsure: true, mode: takedown.ReconcileKey, err: takedown.ErrUnauthorised, want: unknown, still: true},
		"asked by key, refused: the first had not come": {unsure: true, mode: takedown.ReconcileKey, err: refused, want: failed},
		"asked by key, answered":                        {unsure: true, mode: takedown.ReconcileKey, want: submitted},
	} {
		t.Run(name, func(t *testing.T) {
			s := evidence.Submission{State: evidence.SubmissionSending, Attempts: 1, Unsure: c.unsure}
			got := outbox.After(s, c.mode, c.err, "N-1", 1, noon)
			if got.State != c.want || got.Unsure != c.still {
				t.Errorf("%s, unsure %v; want %s, %v", got.State, got.Unsure, c.want, c.still)
			}
			wait := time.Duration(0)
			if !got.NextAt.IsZero() {
				wait = got.NextAt.Sub(noon)
			}
			if wait != c.wait {
				t.Errorf("the next attempt is in %v, want %v", wait, c.wait)
			}
			if (got.External == "N-1") != (c.want == submitted) {
				t.Errorf("the channel's number is %q", got.External)
			}
		})
	}
}

func TestASearchDecidesOnlyOnceItCannotLag(t *testing.T) {
	for name, c := range map[string]struct {
		ago    time.Duration // since the sending
		err    error
		want   evidence.SubmissionState
		person bool
	}{
		"found":                        {time.Second, nil, evidence.SubmissionSubmitted, false},
		"not found yet":                {time.Minute, takedown.ErrNotFound, evidence.SubmissionUnknown, false},
		"not found, and it cannot lag": {time.Hour, takedown.ErrNotFound, evidence.SubmissionQueued, false},
		"found something like it":      {time.Hour, takedown.ErrAmbiguous, evidence.SubmissionUnknown, true},
		"no network":                   {time.Hour, takedown.ErrUnreachable, evidence.SubmissionUnknown, false},
		"the search is refused":        {time.Hour, takedown.ErrRefused, evidence.SubmissionUnknown, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := evidence.Submission{State: evidence.SubmissionUnknown, Unsure: true, SentAt: noon.Add(-c.ago), Attempts: 1}
			got := outbox.AfterSearch(s, 15*time.Minute, c.err, "", noon)
			if got.State != c.want || got.Person != c.person || got.Unsure != (c.want == evidence.SubmissionUnknown) {
				t.Errorf("%+v; want %s, for a person %v", got, c.want, c.person)
			}
		})
	}
}

// memory is a journal in memory that checks the order of what it is told.
type memory struct {
	t    *testing.T
	mu   sync.Mutex
	list []evidence.Submission
	gone map[evidence.ID]bool
}

func (m *memory) Open(context.Context) ([]evidence.Submission, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var open []evidence.Submission
	for _, s := range m.list {
		if s.State == evidence.SubmissionQueued || s.State == evidence.SubmissionSending || s.State == evidence.SubmissionUnknown {
			open = append(open, s)
		}
	}
	return open, nil
}

func (m *memory) Begin(_ context.Context, from, to evidence.Submission) (takedown.Parcel, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone[from.ID] {
		m.put(evidence.Submission{ID: from.ID, Channel: from.Channel, State: evidence.SubmissionWithdrawn})
		return takedown.Parcel{}, outbox.ErrGone
	}
	m.put(to)
	return takedown.Parcel{Key: string(from.ID), Body: []byte(from.ID)}, nil
}

func (m *memory) Settle(_ context.Context, s evidence.Submission, _ takedown.Answer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(s)
	return nil
}

func (m *memory) put(s evidence.Submission) {
	at := slices.IndexFunc(m.list, func(have evidence.Submission) bool { return have.ID == s.ID })
	m.list[at] = s
}

func (m *memory) states() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var states []string
	for _, s := range m.list {
		states = append(states, string(s.State))
	}
	return states
}

// script is a channel that answers as it is told, in turn; then it accepts.
type script struct {
	*takedowntest.Teller
	about takedown.Descriptor
	mu    sync.Mutex
	errs  []error
	sent  []string
	at    []time.Time
	now   func() time.Time
}

func (s *script) Descriptor() takedown.Descriptor { return s.about }

func (s *script) Submit(_ context.Context, p takedown.Parcel) (takedown.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent, s.at = append(s.sent, string(p.Body)), append(s.at, s.now())
	var err error
	if len(s.errs) > 0 {
		err, s.errs = s.errs[0], s.errs[1:]
	}
	return takedown.Answer{External: "N"}, err
}

// bench runs the outbox on n queued submissions by a clock of its own, which
// waiting turns forward.
func bench(t *testing.T, n int, about takedown.Descriptor, errs ...error) (*memory, *script, func(patience time.Duration)) {
	t.Helper()
	var mu sync.Mutex
	clock := noon
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	m := &memory{t: t, gone: map[evidence.ID]bool{}}
	for i := range n {
		m.list = append(m.list, evidence.Submission{ID: evidence.ID(fmt.Sprint(i)), Channel: "c", State: evidence.SubmissionQueued})
	}
	s := &script{about: about, errs: errs, now: now}
	return m, s, func(patience time.Duration) {
		t.Helper()
		err := outbox.Run(t.Context(), m, outbox.Config{
			Channel: func(context.Context, string) (takedown.Connector, error) { return s, nil }, Now: now, Patience: patience,
			Pause: func(ctx context.Context, d time.Duration) error {
				mu.Lock()
				defer mu.Unlock()
				clock = clock.Add(d)
				return ctx.Err()
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestRun(t *testing.T) {
	busy := &takedown.BusyError{RetryAfter: 10 * time.Second}
	for name, c := range map[string]struct {
		mode     takedown.Reconcile
		errs     []error
		patience time.Duration
		sent     []string
		states   []string
	}{
		"in order":                                  {sent: []string{"0", "1", "2"}, states: []string{"submitted", "submitted", "submitted"}},
		"a busy channel holds all back":             {errs: []error{busy}, patience: time.Second, sent: []string{"0"}, states: []string{"queued", "queued", "queued"}},
		"a busy channel is waited for":              {errs: []error{busy}, patience: time.Minute, sent: []string{"0", "0", "1", "2"}, states: []string{"submitted", "submitted", "submitted"}},
		"patience is for all waits together":        {errs: []error{busy, busy, busy}, patience: 25 * time.Second, sent: []string{"0", "0", "0"}, states: []string{"queued", "queued", "queued"}},
		"without credentials nothing more is sent":  {errs: []error{takedown.ErrUnauthorised}, patience: time.Minute, sent: []string{"0"}, states: []string{"queued", "queued", "queued"}},
		"a refusal holds up nobody":                 {errs: []error{takedown.ErrRefused}, sent: []string{"0", "1", "2"}, states: []string{"submission_failed", "submitted", "submitted"}},
		"a lost answer is never sent again":         {errs: []error{takedown.ErrUnknownOutcome}, mode: takedown.ReconcileNone, patience: time.Hour, sent: []string{"0", "1", "2"}, states: []string{"unknown_outcome", "submitted", "submitted"}},
		"a lost answer is asked for again by key":   {errs: []error{takedown.ErrUnknownOutcome}, mode: takedown.ReconcileKey, patience: time.Hour, sent: []string{"0", "1", "2", "0"}, states: []string{"submitted", "submitted", "submitted"}},
		"a lost answer by key, later than we wait":  {errs: []error{takedown.ErrUnknownOutcome}, mode: takedown.ReconcileKey, sent: []string{"0", "1", "2"}, states: []string{"unknown_outcome", "submitted", "submitted"}},
		"a bug is not answered by sending it again": {errs: []error{errors.New("?")}, mode: takedown.ReconcileKey, patience: time.Hour, sent: []string{"0", "1", "2"}, states: []string{"unknown_outcome", "submitted", "submitted"}},
	} {
		t.Run(name, func(t *testing.T) {
			m, s, run := bench(t, 3, takedown.Descriptor{Reconcile: c.mode}, c.errs...)
			run(c.patience)
			if diff := cmp.Diff(c.sent, s.sent); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.states, m.states()); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChannelsDoNotWaitForEachOther(t *testing.T) {
	m, s, _ := bench(t, 8, takedown.Descriptor{})
	for i := range m.list {
		m.list[i].Channel = fmt.Sprint("c", i)
	}
	err := outbox.Run(t.Context(), m, outbox.Config{Channel: func(_ context.Context, name string) (takedown.Connector, error) {
		if name == "c0" {
			return nil, errors.New("not signed in")
		}
		return s, nil
	}})
	if err != nil || len(s.sent) != 7 {
		t.Errorf("%v, %d sent, want 7", err, len(s.sent))
	}
}

func TestThePaceOfTheChannelIsKept(t *testing.T) {
	_, s, run := bench(t, 4, takedown.Descriptor{PerMinute: 30})
	run(0)
	for i := 1; i < len(s.at); i++ {
		if gap := s.at[i].Sub(s.at[i-1]); gap < 2*time.Second {
			t.Errorf("sending %d came %v after the one before, want 2 s", i, gap)
		}
	}
	if len(s.at) != 4 {
		t.Errorf("%d were sent", len(s.at))
	}
}

func TestWhatWasWithdrawnMeanwhileDoesNotLeave(t *testing.T) {
	m, s, run := bench(t, 2, takedown.Descriptor{})
	m.gone["0"] = true
	run(0)
	if diff := cmp.Diff([]string{"1"}, s.sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestWhatAKilledProcessWasSendingIsUnknown(t *testing.T) {
	m, s, run := bench(t, 1, takedown.Descriptor{Reconcile: takedown.ReconcileNone})
	m.list[0].State = evidence.SubmissionSending
	run(time.Hour)
	if len(s.sent) != 0 || m.list[0].State != evidence.SubmissionUnknown {
		t.Errorf("sent %v, state %s; want nothing and unknown_outcome", s.sent, m.list[0].State)
	}
}

func TestAClockThatWasWrongDoesNotHoldANoticeBackForEver(t *testing.T) {
	m, s, run := bench(t, 1, takedown.Descriptor{})
	m.list[0].NextAt = noon.AddDate(10, 0, 0)
	run(0)
	if len(s.sent) != 1 {
		t.Error("it was not sent")
	}
}

func TestWithoutAChannelNothingIsTouched(t *testing.T) {
	m, _, _ := bench(t, 1, takedown.Descriptor{})
	err := outbox.Run(t.Context(), m, outbox.Config{Channel: func(context.Context, string) (takedown.Connector, error) { return nil, errors.New("not signed in") }})
	if err != nil || m.list[0].State != evidence.SubmissionQueued {
		t.Errorf("%v, state %s", err, m.list[0].State)
	}
}
