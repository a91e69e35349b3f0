//go:build !headless

package gui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	marketplace "touchstone/app/practice"
	"touchstone/store/evidence"
)

// clock is the computer's, set forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// bureau is a desk that is signed in to a practice marketplace, both with one clock.
type bureau struct {
	market *marketplace.Server
	desk   *desk.Desk
	clock  *clock
	q      posts
}

func openBureau(t *testing.T) *bureau {
	t.Helper()
	b := &bureau{clock: &clock{}, q: make(posts, 1024)}
	var err error
	if b.market, err = marketplace.Start(context.Background(), marketplace.Config{Now: b.clock.now, PictureSide: 80}); err != nil {
		t.Fatal(err)
	}
	b.desk, err = desk.Open(desk.Config{
		Dir: filepath.Join(t.TempDir(), "workspace"), StateDir: t.TempDir(), Private: true, WorkFactor: 4, Now: b.clock.now,
		Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.desk.Close(); err != nil {
			t.Error(err)
		}
		if err := b.market.Close(); err != nil {
			t.Error(err)
		}
	})
	b.desk.Allow(b.market.Addr())
	account := b.market.Credentials()
	if err := b.desk.SignIn(desk.JointForce{BaseURL: account.BaseURL, ClientID: account.ClientID, ClientSecret: account.ClientSecret, Practice: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.ImportBrand(t.Context(), "brand.json", bytes.NewReader(b.market.BrandFile())); err != nil {
		t.Fatal(err)
	}
	return b
}

// window is what a window on the desk shows, until it is closed.
func (b *bureau) window(t *testing.T) *model.Main {
	t.Helper()
	s := Office(b.desk, nil, "test")
	s.Now = b.clock.now
	m := model.NewMain(t.Context(), s, b.q)
	t.Cleanup(m.Close)
	m.Load("")
	b.q.until(t, "what waits is read", func() bool { return m.Loaded() && m.Today.Loaded() })
	return m
}

// ask asks the channels, and waits until the inbox has n questions and what they ask
// about is captured.
func (b *bureau) ask(t *testing.T, m *model.Main, n int) {
	t.Helper()
	m.Notices.Sync()
	b.q.until(t, "the channels have answered", func() bool { return !m.Task.Running() })
	if p := m.Problems.Current(); p != nil {
		t.Fatalf("asking the channels: %+v", p)
	}
	b.q.until(t, "the questions are there and captured", func() bool { return len(m.Inbox.List()) == n && m.Inbox.Uncaptured() == 0 && !m.Batch.Running() })
}

// open opens what is asked, and waits until the file is so.
func (b *bureau) open(t *testing.T, m *model.Main, id evidence.ID, what string, ok func(model.InquiryFile) bool) model.InquiryFile {
	t.Helper()
	m.Inbox.Open(id)
	b.q.until(t, what, func() bool { return m.Inbox.Inquiry() != nil && ok(*m.Inbox.Inquiry()) })
	return *m.Inbox.Inquiry()
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// answered waits until the newest answer was given, and has left if it can.
func (b *bureau) answered(t *testing.T, m *model.Main) model.Answered {
	t.Helper()
	m.Inbox.Hurry()
	b.q.until(t, "the answer is recorded", func() bool { return m.Inbox.Given().Phase == model.PhaseDone })
	if r := m.Inbox.Given().Answered.Remark; r != "" {
		t.Fatalf("the answer was not sent: %s", r)
	}
	return m.Inbox.Given().Answered
}

func (b *bureau) verifies(t *testing.T) {
	t.Helper()
	report, err := b.desk.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !report.OK() {
		t.Errorf("verify: %+v, %v", report.Findings, err)
	}
}

// The inbox works on a real desk, marketplace and Chrome here.
func TestAQuestionIsAskedBackAboutAndItsFilesComeAndGo(t *testing.T) {
	b := openBureau(t)
	m := b.window(t)
	m.Go(model.PlaceInbox)
	b.ask(t, m, 2)
	id := m.Inbox.List()[0].ID()
	due := m.Inbox.List()[0].DueAt()
	b.open(t, m, id, "the offer is captured", func(f model.InquiryFile) bool { return f.Inquiry.State == evidence.InquiryCaptured && len(f.Shot) > 0 })

	m.Inbox.AskInformation([]string{"more_pictures"}, "Which lining has it? Ours is red.")
	b.q.until(t, "the question is asked", func() bool { return m.Problems.Note() != "" })
	b.open(t, m, id, "the deadline has moved", func(f model.InquiryFile) bool {
		return f.Inquiry.State == evidence.InquiryInfoRequested && f.DueAt().After(due)
	})
	b.clock.forward(13 * time.Hour)
	b.ask(t, m, 2)
	f := b.open(t, m, id, "the marketplace's pictures are there", func(f model.InquiryFile) bool { return len(f.Documents) > 0 })

	received := f.Documents[0]
	out := filepath.Join(t.TempDir(), "copy")
	m.Inbox.CopyOut(received, out)
	b.q.until(t, "it is copied", func() bool { return m.Problems.Note() != "" })
	content, err := os.ReadFile(out)
	if err != nil || evidence.HashOf(content) != received.File || received.Ours {
		t.Errorf("%s was copied as %s (%v), ours: %v", received.File, evidence.HashOf(content), err, received.Ours)
	}
	m.Inbox.CopyOut(f.Documents[0], out)
	b.q.until(t, "a file is not replaced", func() bool { return m.Problems.Current() != nil })
	m.Problems.Dismiss()

	ours := write(t, "examiner.txt", "The lining is black.")
	m.Inbox.Attach(ours)
	f = b.open(t, m, id, "our file is sealed", func(f model.InquiryFile) bool {
		return slices.ContainsFunc(f.Documents, func(d model.Document) bool { return d.Ours })
	})
	i := slices.IndexFunc(f.Documents, func(d model.Document) bool { return d.Ours })
	if i < 0 || f.Documents[i].Name != "examiner.txt" || f.Documents[i].File != evidence.HashOf([]byte("The lining is black.")) {
		t.Errorf("documents %+v", f.Documents)
	}
	m.Inbox.Attach(filepath.Join(t.TempDir(), "gone.txt"))
	b.q.until(t, "that it is not there is told", func() bool { return m.Problems.Current() != nil })
	b.verifies(t)
}

func TestAQuestionThatCameByHandIsAnsweredByALetterOrClosed(t *testing.T) {
	b := openBureau(t)
	m := b.window(t)
	m.Go(model.PlaceInbox)
	customs := evidence.Inquiry{Asker: evidence.AskerCustoms, From: "Zollamt Emmerich", External: "DE-4417/26", Question: "40 handbags marked AURELIA, in transit"}
	m.Inbox.Add(customs, "tomorrow, perhaps")
	b.q.until(t, "a deadline that is none is told", func() bool { return m.Problems.Current() != nil })
	m.Inbox.Add(customs, b.clock.now().AddDate(0, 0, 9).Format(time.DateOnly))
	b.q.until(t, "it is taken in and open", func() bool {
		return m.Inbox.Inquiry() != nil && m.Inbox.Inquiry().ByHand && !m.Inbox.Inquiry().DueAt().IsZero()
	})
	asked := m.Inbox.Inquiry().Inquiry
	m.Inbox.Take(write(t, "asked.csv", "reference,question\nDE-4418/26,\"The same, once more\"\n"))
	b.q.until(t, "the file is taken in", func() bool { return len(m.Inbox.List()) == 2 && !m.Task.Running() })
	again := m.Inbox.List()[1].Inquiry
	if again.ID == asked.ID {
		again = m.Inbox.List()[0].Inquiry
	}
	m.Inbox.Edit(func(v *model.Verdict) { v.Reason = "The plates carry our serial numbers." })
	m.Inbox.Judge(evidence.Authentic)
	if got := b.answered(t, m); got.Waits != model.WaitsForPerson {
		t.Errorf("answered %+v, want one that a person sends", got)
	}
	b.open(t, m, asked.ID, "the answer waits for us", func(f model.InquiryFile) bool { return f.Waits() == model.WaitsForPerson })
	letter := ""
	m.Inbox.Letter(func(text string) { letter = text })
	b.q.until(t, "the letter is written", func() bool { return letter != "" })
	for _, want := range []string{"DE-4417/26", "The plates carry our serial numbers."} {
		if !strings.Contains(letter, want) {
			t.Errorf("the letter lacks %q:\n%s", want, letter)
		}
	}
	m.Inbox.Sent()
	b.open(t, m, asked.ID, "it is recorded as sent", func(f model.InquiryFile) bool {
		return f.Inquiry.State == evidence.InquiryAnswered || f.Inquiry.State == evidence.InquiryAcknowledged
	})

	b.open(t, m, again.ID, "the other is read", func(f model.InquiryFile) bool { return f.ByHand })
	m.Inbox.Finish("it repeats DE-4417/26")
	b.open(t, m, again.ID, "it is closed", func(f model.InquiryFile) bool { return f.Inquiry.State == evidence.InquiryClosed })
	m.Inbox.Close()
	m.Inbox.ShowSettled(true)
	b.q.until(t, "both are among what is settled", func() bool { return len(m.Inbox.List()) == 2 })
	b.verifies(t)
}

// judged has counterfeits captured and judged; it gives their case, and their numbers
// at the marketplace.
func (b *bureau) judged(t *testing.T, n int) (c evidence.Case, items []string) {
	t.Helper()
	c, err := b.desk.EnsureCase(t.Context(), "Handbags")
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, o := range b.market.Catalogue() {
		if o.Truth == marketplace.Counterfeit && o.Behind == "" && len(items) < n {
			urls, items = append(urls, o.URL), append(items, o.ItemID)
		}
	}
	var listings []evidence.ID
	if err := b.desk.Capture(t.Context(), desk.Order{Case: c.ID, Links: urls}, evidence.Quiet, func(c evidence.Capture) { listings = append(listings, c.Listing) }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.AssessAll(t.Context(), listings, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	return c, items
}

const explained = "The goods bear our registered mark and were neither made nor licensed by us: the stitching and the plate are not those of the genuine article."

// takenDown has counterfeits complained of and removed; it gives their numbers.
func (b *bureau) takenDown(t *testing.T, n int) []string {
	t.Helper()
	ctx := t.Context()
	brand, err := b.desk.BrandNamed(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.GrantStanding(ctx, desk.StandingOrder{Signatory: brand.Signatories[0].Email, Channels: []string{desk.JointForceChannel},
		LegalBasis: evidence.BasisPlatformPolicy, Infringements: []evidence.Infringement{evidence.InfringesCounterfeit}, Until: b.clock.now().AddDate(0, 1, 0), Note: "letter"}); err != nil {
		t.Fatal(err)
	}
	c, items := b.judged(t, n)
	notice, _, err := b.desk.NewNotice(ctx, desk.NoticeOrder{Case: c.ID, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit,
		Locus: evidence.LocusProduct, GoodFaith: true, Explanation: explained})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Submit(ctx, notice.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	return items
}

func TestSellersObjectionsAreAnsweredInEachOfTheThreeWays(t *testing.T) {
	b := openBureau(t)
	decisions := []evidence.CounterDecision{evidence.RejectCounter, evidence.EscalateCounter, evidence.AcceptCounter}
	paper := marketplace.Document{Name: "invoice.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4 an invoice")}
	for i, item := range b.takenDown(t, len(decisions)) {
		if _, err := b.market.Object(item, marketplace.Objection{Grounds: "genuine_goods", Statement: "We bought these from the brand: " + string(decisions[i]), Documents: []marketplace.Document{paper}}); err != nil {
			t.Fatal(err)
		}
	}
	m := b.window(t)
	m.Go(model.PlaceInbox)
	b.ask(t, m, 2+len(decisions))
	objections := map[evidence.CounterDecision]evidence.ID{}
	for _, a := range m.Inbox.List() {
		if a.Counter != nil {
			_, which, _ := strings.Cut(a.Counter.Statement, ": ")
			objections[evidence.CounterDecision(which)] = a.ID()
		}
	}
	read := func(id evidence.ID, what string, ok func(model.CounterFile) bool) {
		t.Helper()
		m.Inbox.Open(id)
		b.q.until(t, what, func() bool { return m.Inbox.Counter() != nil && m.Inbox.Counter().ID() == id && ok(*m.Inbox.Counter()) })
	}
	for _, d := range decisions {
		id := objections[d]
		read(id, "the seller's invoice is there", func(f model.CounterFile) bool {
			return len(f.Documents) == 1 && f.Documents[0].Name == "invoice.pdf" && len(f.Shot) > 0
		})
		m.Inbox.EditReply(func(r *model.CounterReply) { r.Decision, r.Comment = d, "See the comparison." })
		switch d {
		case evidence.RejectCounter:
			m.Inbox.Attach(write(t, "comparison.png", "\x89PNG\r\n\x1a\n a comparison"))
			read(id, "our comparison is sealed", func(f model.CounterFile) bool {
				return !m.Task.Running() && slices.ContainsFunc(f.Documents, func(d model.Document) bool { return d.Ours })
			})
			for _, doc := range m.Inbox.Counter().Documents {
				if doc.Ours {
					m.Inbox.EditReply(func(r *model.CounterReply) { r.Documents = []evidence.ID{doc.ID} })
				}
			}
			m.Inbox.EditReply(func(r *model.CounterReply) { r.ReasonCode = m.Inbox.Counter().Reasons[0].Code })
		case evidence.EscalateCounter:
			m.Inbox.EditReply(func(r *model.CounterReply) {
				r.Court = evidence.Court{Name: "LG Hamburg", Docket: "327 O 12/26", FiledOn: b.clock.now().Format(time.DateOnly)}
			})
		}
		if !m.Inbox.CanReply() {
			t.Fatalf("%s cannot be answered: %+v", d, m.Inbox.Reply())
		}
		m.Inbox.SendReply()
		b.answered(t, m)
		c, err := desk.Get[evidence.CounterNotice](t.Context(), b.desk, id)
		if err != nil || c.Answer == nil || c.Answer.Decision != d || c.Answer.Comment != "See the comparison." || (len(c.Answer.Attachments) == 1) != (d == evidence.RejectCounter) {
			t.Errorf("%s: recorded as %+v (%v)", d, c.Answer, err)
		}
	}
	states := map[evidence.CounterDecision]evidence.CounterState{}
	b.ask(t, m, 2)
	for d, id := range objections {
		c, err := desk.Get[evidence.CounterNotice](t.Context(), b.desk, id)
		if err != nil {
			t.Fatal(err)
		}
		states[d] = c.State
	}
	want := map[evidence.CounterDecision]evidence.CounterState{evidence.RejectCounter: evidence.CounterAnswered, evidence.EscalateCounter: evidence.CounterEscalated, evidence.AcceptCounter: evidence.CounterGranted}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	b.verifies(t)
}

func TestADeadlineIsToldOnceWhenItComesNearAndOnceWhenItHasPassed(t *testing.T) {
	b := openBureau(t)
	if _, err := b.desk.Sync(t.Context(), evidence.Quiet); err != nil { // two questions, to be answered within 72 hours
		t.Fatal(err)
	}
	var kept []string
	var told []model.Notification
	open := func() *model.Main {
		t.Helper()
		m := b.window(t)
		m.Alerts.OnNotify = func(n model.Notification) { told = append(told, n) }
		m.Alerts.OnTold = func(list []string) { kept = list }
		m.Alerts.Recall(kept)
		return m
	}
	// look has what waits read, and tells what the desktop was told since.
	look := func(m *model.Main, when string, want ...model.Notification) {
		t.Helper()
		read := false
		m.Today.OnChange = func() { read = true }
		m.Today.Load()
		b.q.until(t, "what waits is read", func() bool { return read })
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		told = nil
	}
	m := open()
	look(m, "three days before the deadline")
	b.clock.forward(49 * time.Hour)
	look(m, "within a day of it", model.Notification{Title: "A deadline is near", Text: "2 questions have to be answered within a day."})
	look(m, "within a day of it, once more")
	m.Close()
	m = open()
	look(m, "after the window was opened anew")
	b.clock.forward(24 * time.Hour)
	look(m, "when it has passed", model.Notification{Title: "A deadline has passed", Text: "2 questions were not answered in time."})
	m.Close()
	look(open(), "after the window was opened anew, overdue")
}
