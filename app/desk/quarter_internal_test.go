package desk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/practice"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/evidence"
)

// quarter is how much happens in a simulation. The notices are those beside the
// ones that answers carry.
type quarter struct {
	days               int
	inquiries, notices int
}

// rest is how many days there are at the end for what is open to run out.
const rest = 6

// A brand works on its inbox through a quarter at a marketplace whose sellers list
// again, move and object, and whose interface fails in every way. At the end both
// sides' books agree to the item. A plain request stands in for Chrome's captures.
// The ordinary run is a small slice; the whole is behind TOUCHSTONE_LONG=1.
func TestBothSidesBooksAgreeAfterASimulatedQuarter(t *testing.T) {
	q := quarter{days: 3, inquiries: 30, notices: 15}
	if os.Getenv("TOUCHSTONE_LONG") == "1" {
		q = quarter{days: 90, inquiries: 2010, notices: 2100}
	}
	s := newSimulation(t, q)
	started := time.Now()
	for day := range q.days {
		for range 4 {
			s.work(t)
			s.clock.Forward(6 * time.Hour)
		}
		if (day+1)%max(1, q.days/9) == 0 {
			t.Logf("day %d: %d inquiries, %d notices, heap %.1f MiB with the marketplace's, %s", day+1, s.asked, s.filed, mebibytes(heap()), time.Since(started).Round(time.Second))
		}
	}
	// The marketplace stops failing, and what is open runs out.
	s.market.SetFaults(practice.Faults{})
	s.idle = true
	for range 2 * rest {
		s.clock.Forward(12 * time.Hour)
		s.last = s.clock.Now()
		s.work(t)
	}
	s.compare(t)
	verify(t, s.desk)
	both := heap()
	s.close(t)
	s.desk = nil
	held := mebibytes(both) - mebibytes(heap())
	if held > mostHeld {
		t.Errorf("the desk holds %.1f MiB, want at most %d", held, mostHeld)
	}
	t.Logf("%d days in %s: %s; the desk holds %.1f MiB at the end", q.days, time.Since(started).Round(time.Millisecond), s.tally, held)
}

// mostHeld is how much memory a desk may hold after a quarter, in MiB: what the
// marketplace holds, which lives in the same process and keeps all, is not the desk's.
const mostHeld = 8

func mebibytes(n uint64) float64 { return float64(n) / (1 << 20) }

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// simulation is the brand's side.
type simulation struct {
	*house
	desk   *Desk
	dice   *rand.Rand
	caseID evidence.ID
	most   int // notices of the brand's own

	idle  bool      // nothing new is begun, and nothing more overlooked
	last  time.Time // when the last visit began: what is asked later waits for the next
	asked int
	filed int
	slept map[evidence.ID]bool // inquiries and counter-notices that the examiner overlooks
	known map[string]bool      // offers that the brand complained of, or was asked about
	tally string
}

func newSimulation(t *testing.T, q quarter) *simulation {
	t.Helper()
	s := &simulation{
		house: &house{clock: takedowntest.NewClock(time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC))}, dice: rand.New(rand.NewPCG(7, 7)),
		most: q.notices, slept: map[evidence.ID]bool{}, known: map[string]bool{},
	}
	daily := float64(q.inquiries-2) / float64(q.days+rest) // two are open from the start
	var err error
	s.market, err = practice.Start(t.Context(), practice.Config{
		Now: s.clock.Now, Seed: 7, PictureSide: 16,
		Life: practice.Life{
			Inquiries: daily, Listings: float64(q.notices) / float64(q.days), Genuine: 0.3, Unrelated: 0.05, Duplicates: 0.05,
			Relists: 0.2, Moves: 0.3, Objections: 0.1,
		},
		Faults: practice.Faults{Error: 0.02, Lost: 0.02, Busy: 0.02, Drop: 0.02, Duplicate: 0.1, Reorder: 0.1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.market.Close(); err != nil {
			t.Error(err)
		}
	})
	s.desk = s.openAt(t, filepath.Join(t.TempDir(), "workspace"), t.TempDir(), "Ada Examiner")
	// Waiting for a marketplace that is busy turns the clock, and takes no time.
	s.desk.pause = func(ctx context.Context, d time.Duration) error { s.clock.Forward(d); return ctx.Err() }
	mandate(t, s.desk, s.clock.Now().AddDate(0, 11, 0))
	c, err := s.desk.EnsureCase(t.Context(), "Sweep")
	if err != nil {
		t.Fatal(err)
	}
	s.caseID = c.ID
	return s
}

// work is what a brand does on a visit to its inbox.
func (s *simulation) work(t *testing.T) {
	t.Helper()
	report, err := s.desk.Sync(t.Context(), evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	s.asked += len(report.News.Inquiries)
	s.visit(t, s.desk)
	b, err := s.desk.Inbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range b.Inquiries {
		s.answer(t, q)
	}
	for _, c := range b.Counters {
		s.reply(t, c)
	}
	s.sweep(t)
}

// answer answers an inquiry as an examiner does who is right, most of the time, and
// overlooks one in eight.
func (s *simulation) answer(t *testing.T, q evidence.Inquiry) {
	t.Helper()
	s.known[q.Offer.ItemID] = true
	if q.State != evidence.InquiryCaptured && q.State != evidence.InquiryCaptureFailed || s.overlooks(q.ID) {
		return
	}
	v := Verdict{Verdict: evidence.Authentic, Basis: evidence.BasisPicture, Reason: "Model, markers and price are right."}
	c, err := Get[evidence.Capture](t.Context(), s.desk, q.Capture)
	if err != nil {
		t.Fatal(err)
	}
	switch truth := s.truth(q); {
	case truth == practice.Unrelated:
		v.Verdict = evidence.NotOurBrand
	case truth != practice.Genuine || s.dice.IntN(100) == 0:
		v = fake
		v.WithoutNotice = c.Outcome != evidence.Online
	}
	if _, err := s.desk.AnswerInquiry(t.Context(), q.ID, v, evidence.Quiet); err != nil && !errors.Is(err, ErrNotOpen) {
		t.Fatalf("answer %s: %v", q.ID, err)
	}
}

func (s *simulation) overlooks(id evidence.ID) bool {
	if _, ok := s.slept[id]; !ok {
		s.slept[id] = len(s.slept)%8 == 3 && !s.idle
	}
	return s.slept[id]
}

func (s *simulation) reply(t *testing.T, c evidence.CounterNotice) {
	t.Helper()
	if c.State != evidence.CounterOpen || s.overlooks(c.ID) {
		return
	}
	r := CounterReply{Decision: evidence.RejectCounter, ReasonCode: "documents_do_not_match", Comment: "They name other goods."}
	if s.dice.IntN(4) == 0 {
		r = CounterReply{Decision: evidence.AcceptCounter}
	}
	if _, err := s.desk.AnswerCounter(t.Context(), c.ID, r, evidence.Quiet); err != nil && !errors.Is(err, ErrNotOpen) {
		t.Logf("answer %s: %v", c.ID, err) // refused: the next sync tells how it stands
	}
}

// sweep complains of counterfeits that nobody has asked about, each in a notice of
// its own.
func (s *simulation) sweep(t *testing.T) {
	t.Helper()
	if s.idle {
		return
	}
	begun := 0
	for _, o := range s.market.Catalogue() {
		if s.filed == s.most || begun == 60 {
			return
		}
		if o.Truth != practice.Counterfeit || s.known[o.ItemID] || o.Behind != "" {
			continue
		}
		s.known[o.ItemID] = true
		s.complain(t, o)
		begun++
	}
}

func (s *simulation) complain(t *testing.T, o practice.Offer) {
	t.Helper()
	jobs, err := s.desk.enqueue(t.Context(), Order{Case: s.caseID, Links: []string{o.URL}})
	if err != nil {
		t.Fatal(err)
	}
	s.seal(t, s.desk, jobs[0])
	last, err := s.desk.lastCapture(t.Context(), jobs[0].Listing)
	if err != nil {
		t.Fatal(err)
	}
	if last.Outcome != evidence.Online {
		return
	}
	if _, err := s.desk.Assess(t.Context(), jobs[0].Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
		t.Fatal(err)
	}
	n, _, err := s.desk.NewNotice(t.Context(), NoticeOrder{
		Case: s.caseID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit,
		Locus: evidence.LocusProduct, GoodFaith: true, Explanation: fake.Reason, Listings: []evidence.ID{jobs[0].Listing},
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.filed == 0 {
		s.market.Inject(practice.FaultLost, 1) // whatever the dice say
	}
	if _, err := s.desk.Submit(t.Context(), n.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	s.filed++
}

// compare holds the marketplace's books against the brand's.
func (s *simulation) compare(t *testing.T) {
	t.Helper()
	books := s.market.Ledger()
	answered, missed, recalled := s.compareInquiries(t, books)
	removed, reinstated, rejected := s.compareNotices(t, books)
	won, lost, overlooked := s.compareCounters(t, books)
	s.compareTally(t)
	if answered == 0 || missed == 0 || removed == 0 || won+lost+overlooked == 0 || books.Replays == 0 {
		t.Error("too little happened for the books to mean anything")
	}
	report, err := s.desk.Sync(t.Context(), evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range report.News.Standing {
		if len(st.Differences) > 0 {
			t.Errorf("the standing differs: %q", st.Differences)
		}
	}
	s.tally = fmt.Sprintf("%d inquiries (%d answered, %d missed, %d recalled), %d notices (%d items removed, %d of them reinstated, %d rejected), %d counter-notices (%d won, %d lost, %d missed), %d listings came back, faults struck %v, %d requests answered as before",
		len(books.Inquiries), answered, missed, recalled, len(books.Notices), removed, reinstated, rejected, len(books.CounterNotices), won, lost, overlooked, len(books.Relisted), books.Struck, books.Replays)
}

// compareTally holds what the desk has kept up with against the records.
func (s *simulation) compareTally(t *testing.T) {
	t.Helper()
	if err := s.desk.eachSent(t.Context(), s.desk.tally.since, func(*sentItem) {}); err != nil {
		t.Fatal(err)
	}
	var fresh tally
	if err := s.desk.ws.View(t.Context(), func(tx *store.Tx) error { return fresh.read(tx, s.desk.tally.since) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh.items, s.desk.tally.items, cmp.AllowUnexported(sentItem{})); diff != "" || len(fresh.items) == 0 {
		t.Errorf("the %d items that were sent are not those that were kept up with: %s", len(fresh.items), diff)
	}
}

func (s *simulation) compareInquiries(t *testing.T, books practice.Ledger) (answered, missed, recalled int) {
	t.Helper()
	ours, err := All[evidence.Inquiry](t.Context(), s.desk, evidence.KindInquiry)
	if err != nil {
		t.Fatal(err)
	}
	// A visit takes time, in which the marketplace goes on asking.
	asked := 0
	ours = slices.DeleteFunc(ours, func(q evidence.Inquiry) bool { return q.AskedAt.After(s.last) })
	byNumber := map[string]evidence.Inquiry{}
	for _, q := range ours {
		byNumber[q.External] = q
	}
	for _, theirs := range books.Inquiries {
		if theirs.AskedAt.After(s.last) {
			continue
		}
		asked++
		q := byNumber[theirs.ID]
		switch theirs.State {
		case jointforce.InquiryAnswered:
			answered++
			a, err := Get[evidence.Answer](t.Context(), s.desk, q.Answer)
			if err != nil || string(a.ID) != theirs.Answer.Reference || a.Verdict != theirs.Answer.Verdict || q.State != evidence.InquiryAcknowledged || !q.MissedAt.IsZero() {
				t.Errorf("%s is answered there by %s %s; here it is %+v with %+v, %v", theirs.ID, theirs.Answer.Reference, theirs.Answer.Verdict, q, a, err)
			}
		case jointforce.InquiryExpired:
			missed++
			if q.State != evidence.InquiryExpired || q.MissedAt.IsZero() {
				t.Errorf("%s expired there; here it is %s", theirs.ID, q.State)
			}
		case jointforce.InquiryRecalled:
			recalled++
			if q.State != evidence.InquiryRecalled {
				t.Errorf("%s was recalled there; here it is %s: %s", theirs.ID, q.State, q.Reason)
			}
		default:
			t.Errorf("%s is %s at the end", theirs.ID, theirs.State)
		}
	}
	if len(ours) != asked || len(byNumber) != asked {
		t.Errorf("we have %d inquiries (%d numbers), the marketplace %d", len(ours), len(byNumber), asked)
	}
	return answered, missed, recalled
}

func (s *simulation) compareNotices(t *testing.T, books practice.Ledger) (removed, reinstated, rejected int) {
	t.Helper()
	sent, err := AllBy[evidence.Submission](t.Context(), s.desk, store.SubmissionsByState, string(evidence.SubmissionSubmitted))
	if err != nil {
		t.Fatal(err)
	}
	sent = slices.DeleteFunc(sent, func(s evidence.Submission) bool { return s.Notice == "" })
	there := map[string]bool{}
	for _, n := range books.Notices {
		if there[n.Reference] {
			t.Errorf("%s was filed twice", n.Reference)
		}
		there[n.Reference] = true
		for _, i := range n.Items {
			item, err := Get[evidence.NoticeItem](t.Context(), s.desk, evidence.ID(i.Reference))
			if err != nil || item.External != i.ID || item.State != i.State {
				t.Errorf("item %s is %s there; here it is %+v, %v", i.ID, i.State, item, err)
			}
			switch i.State {
			case evidence.ItemRemoved, evidence.ItemCounterReceived:
				removed++
			case evidence.ItemReinstated:
				removed++
				reinstated++
			case evidence.ItemRejected:
				rejected++
			}
		}
	}
	for _, n := range sent {
		if !there[string(n.Notice)] {
			t.Errorf("%s was sent and is lost", n.Notice)
		}
	}
	if len(sent) != len(books.Notices) {
		t.Errorf("we sent %d notices, the marketplace has %d", len(sent), len(books.Notices))
	}
	open, err := outboxJournal{s.desk}.Open(t.Context())
	if err != nil || len(open) > 0 {
		t.Errorf("%d submissions are open at the end: %v", len(open), err)
	}
	return removed, reinstated, rejected
}

func (s *simulation) compareCounters(t *testing.T, books practice.Ledger) (won, lost, missed int) {
	t.Helper()
	for _, theirs := range books.CounterNotices {
		list, err := AllBy[evidence.CounterNotice](t.Context(), s.desk, store.CountersByExternal, store.ExternalKey(JointForceChannel, theirs.ID))
		if err != nil || len(list) != 1 || list[0].State != counterStates[theirs.State] {
			t.Errorf("counter-notice %s is %s there; here it is %+v, %v", theirs.ID, theirs.State, list, err)
		}
		switch theirs.State {
		case jointforce.CounterRejected:
			won++
		case jointforce.CounterAccepted:
			lost++
		case jointforce.CounterMissed:
			missed++
		}
	}
	return won, lost, missed
}
