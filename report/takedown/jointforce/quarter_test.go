package jointforce_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// member is a brand at work over a line that fails: it asks again until it has an
// answer, with the same key, and keeps books of its own.
type member struct {
	t      *testing.T
	b      *bench
	truths map[string]practice.Truth // by item number
	known  map[string]bool           // offers that were reported

	sent     map[string]string // references of notices by the marketplace's number
	answered map[string]bool   // inquiries
	told     map[int]jointforce.Event
	after    string
	tries    int
}

// insist asks until there is an answer or a refusal.
func insist[T any](m *member, ask func() (T, error)) (T, error) {
	for again := 0; ; again++ {
		if again == 50 {
			m.t.Fatal("fifty times no answer")
		}
		m.tries++
		v, err := ask()
		if !errors.Is(err, takedown.ErrUnknownOutcome) && !errors.Is(err, takedown.ErrUnreachable) && !errors.Is(err, takedown.ErrBusy) {
			return v, err
		}
	}
}

func (m *member) work() {
	m.learn()
	m.follow()
	m.answerInquiries()
	m.report()
	m.answerCounters()
}

// learn looks at what is on offer, as a brand does by searching.
func (m *member) learn() {
	for _, o := range m.b.server.Catalogue() {
		m.truths[o.ItemID] = o.Truth
	}
}

// follow reads the feed of events.
func (m *member) follow() {
	for {
		page, err := insist(m, func() (jointforce.Events, error) { return m.b.client.Events(m.t.Context(), m.after, 0) })
		if err != nil {
			m.t.Fatal(err)
		}
		for _, e := range page.Events {
			m.told[e.Seq] = e
		}
		if m.after == page.Next {
			return
		}
		m.after = page.Next
	}
}

func (m *member) answerInquiries() {
	for after := ""; ; {
		page, err := insist(m, func() (jointforce.Inquiries, error) {
			return m.b.client.Inquiries(m.t.Context(), jointforce.InquiryOpen, after)
		})
		if err != nil {
			m.t.Fatal(err)
		}
		for _, q := range page.Inquiries {
			m.answer(q)
		}
		if after = page.Next; after == "" {
			return
		}
	}
}

func (m *member) answer(q jointforce.Inquiry) {
	r := jointforce.AnswerRequest{Reference: "asm_" + q.ID, Verdict: evidence.Authentic, ExaminedBy: "Chiara Esempio"}
	if m.truths[q.Listing.ItemID] == practice.Counterfeit {
		n := noticeRequest(m.t, m.b, practice.Offer{URL: q.Listing.URL})
		n.Reference = "ntc_" + q.ID
		r.Verdict, r.Notice = evidence.Counterfeit, &n
		m.known[q.Listing.ItemID] = true
	}
	a, err := insist(m, func() (jointforce.Answer, error) {
		a, _, err := m.b.client.Answer(m.t.Context(), q.ID, r, "answer-"+q.ID)
		return a, err
	})
	switch {
	case problemIs(err, jointforce.ProblemInquiryClosed): // recalled meanwhile
		return
	case err != nil:
		m.t.Fatalf("%s: %v", q.ID, err)
	}
	m.answered[q.ID] = true
	if a.Notice != nil {
		m.sent[a.Notice.ID] = r.Notice.Reference
	}
}

// report files a notice about each counterfeit that nobody asked about, and, once
// in a while, about a genuine article in error.
func (m *member) report() {
	for _, o := range m.b.server.Catalogue() {
		fake := o.Truth == practice.Counterfeit
		if m.known[o.ItemID] || o.Behind != "" || !fake && (o.Truth != practice.Genuine || len(m.known)%100 != 7) {
			continue
		}
		m.known[o.ItemID] = true
		filing := m.b.filing(m.t, o)
		parcel, err := m.b.client.Compose(filing)
		if err != nil {
			m.t.Fatal(err)
		}
		a, err := insist(m, func() (takedown.Answer, error) { return m.b.client.Submit(m.t.Context(), parcel) })
		if err != nil {
			m.t.Fatal(err)
		}
		m.sent[a.External] = string(filing.Notice.ID)
	}
}

func (m *member) answerCounters() {
	page, err := insist(m, func() (jointforce.CounterNotices, error) {
		return m.b.client.CounterNotices(m.t.Context(), jointforce.CounterOpen, "")
	})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, c := range page.CounterNotices {
		r := jointforce.CounterAnswerRequest{Reference: "ca_" + c.ID, Position: jointforce.RejectCounter, Reason: "documents_do_not_match", AnsweredBy: "x"}
		if m.truths[c.ItemID] != practice.Counterfeit {
			r.Position, r.Reason = jointforce.AcceptCounter, ""
		}
		if _, err := insist(m, func() (jointforce.CounterAnswer, error) {
			a, _, err := m.b.client.AnswerCounter(m.t.Context(), c.ID, r, "counter-"+c.ID)
			return a, err
		}); err != nil {
			m.t.Fatalf("%s: %v", c.ID, err)
		}
	}
}

// TestAfterAQuarterOverALineThatFailsBothBooksAgree lets a brand and a lively
// marketplace work together while requests fail in every way and events come twice
// and out of their order.
func TestAfterAQuarterOverALineThatFailsBothBooksAgree(t *testing.T) {
	days, life := 9, practice.Life{Inquiries: 8, Listings: 8, Genuine: 0.3, Unrelated: 0.05, Duplicates: 0.03, Relists: 0.5, Moves: 0.4, Objections: 0.1}
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		days, life.Inquiries, life.Listings = 90, 2000.0/90, 1100.0/90
	}
	began := time.Now()
	b := newBenchOf(t, practice.Config{Seed: 11, Life: life, Faults: practice.Faults{
		Slow: 0.01, Error: 0.03, Lost: 0.03, Busy: 0.03, Drop: 0.03, Duplicate: 0.2, Reorder: 0.3, Slowness: time.Millisecond,
	}})
	m := &member{t: t, b: b, truths: map[string]practice.Truth{}, known: map[string]bool{}, sent: map[string]string{}, answered: map[string]bool{}, told: map[int]jointforce.Event{}}
	for range days * 2 {
		b.clock.Forward(12 * time.Hour)
		m.work()
	}
	b.server.SetFaults(practice.Faults{})
	m.follow()
	l := b.server.Ledger()
	m.compare(l)
	m.compareStanding(l)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	t.Logf("%d days: %d inquiries, %d notices, %d counter-notices, %d relisted, %d events; %d requests, faults %v, %d repeated with their key; heap %d MiB; %v",
		days, len(l.Inquiries), len(l.Notices), len(l.CounterNotices), len(l.Relisted), len(m.told), m.tries, l.Struck, l.Replays, memory.HeapAlloc>>20, time.Since(began).Round(time.Second))
}

// compare holds the two books against each other.
func (m *member) compare(l practice.Ledger) {
	references := map[string]bool{}
	for _, n := range l.Notices {
		if references[n.Reference] {
			m.t.Errorf("%s is there twice", n.Reference)
		}
		references[n.Reference] = true
		if m.sent[n.ID] != n.Reference {
			m.t.Errorf("the marketplace has %s as %s, the brand as %q", n.Reference, n.ID, m.sent[n.ID])
		}
	}
	if len(l.Notices) != len(m.sent) {
		m.t.Errorf("the marketplace has %d notices, the brand %d", len(l.Notices), len(m.sent))
	}
	for _, q := range l.Inquiries {
		if (q.State == jointforce.InquiryAnswered) != m.answered[q.ID] {
			m.t.Errorf("%s is %s, and answered by the brand: %v", q.ID, q.State, m.answered[q.ID])
		}
	}
	items, states := map[string]string{}, map[string]string{}
	for seq := 1; seq <= len(m.told); seq++ {
		if e, ok := m.told[seq]; !ok {
			m.t.Fatalf("event %d of %d was never told", seq, len(m.told))
		} else if e.Type == jointforce.EventNoticeItem {
			items[e.Item] = e.State
		}
	}
	for _, n := range l.Notices {
		for _, i := range n.Items {
			states[i.ID] = string(i.State)
			if items[i.ID] != string(i.State) {
				m.t.Errorf("by the events %s is %s, by the books %s", i.ID, items[i.ID], i.State)
			}
		}
	}
	if len(items) != len(states) {
		m.t.Errorf("events tell of %d items, the books have %d", len(items), len(states))
	}
}

// compareStanding counts the window by the document's rules.
func (m *member) compareStanding(l practice.Ledger) {
	account, err := m.b.client.Account(context.WithoutCancel(m.t.Context()))
	if err != nil {
		m.t.Fatal(err)
	}
	s := account.Standing
	if want := account.Now.Add(-time.Duration(account.Thresholds.WindowDays) * 24 * time.Hour); !s.From.Equal(want) {
		m.t.Errorf("the window begins %s, want %s", s.From, want)
	}
	var removed, rejected, reinstated, pending int
	for _, n := range l.Notices {
		if n.ReceivedAt.Before(s.From) {
			continue
		}
		for _, i := range n.Items {
			switch i.State {
			case evidence.ItemRemoved, evidence.ItemCounterReceived, evidence.ItemEscalatedLegal:
				removed++
			case evidence.ItemReinstated:
				removed, reinstated = removed+1, reinstated+1
			case evidence.ItemUnderReview:
				pending++
			case evidence.ItemRejected:
				if !slices.Contains([]string{"already_down", "no_such_listing", "not_on_this_marketplace"}, i.Reason.Code) {
					rejected++
				}
			}
		}
	}
	got := fmt.Sprint(s.Overall.Removed, s.Overall.Rejected, s.Overall.Reinstated, s.Overall.Pending, *s.Overall.TakedownRate, *s.Overall.CounterRate)
	share := func(part, whole int) float64 { return math.Round(float64(part)/float64(whole)*1e6) / 1e6 }
	if want := fmt.Sprint(removed, rejected, reinstated, pending, share(removed, removed+rejected), share(reinstated, removed)); got != want {
		m.t.Errorf("the standing is %s, counted by the document %s", got, want)
	}
}
