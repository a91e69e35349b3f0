package model_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// queue is the goroutine that draws, as tests have it: what is posted waits
// until the test runs it.
type queue struct {
	mu    sync.Mutex
	posts []func()
	some  chan struct{}
}

func newQueue() *queue { return &queue{some: make(chan struct{}, 1)} }

// Post implements model.Dispatcher.
func (q *queue) Post(f func()) {
	q.mu.Lock()
	q.posts = append(q.posts, f)
	q.mu.Unlock()
	select {
	case q.some <- struct{}{}:
	default:
	}
}

func (q *queue) take() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	posts := q.posts
	q.posts = nil
	return posts
}

// until runs what is posted until ok holds.
func (q *queue) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		for _, f := range q.take() {
			f()
		}
		if ok() {
			return
		}
		select {
		case <-q.some:
		case <-limit:
			t.Fatalf("this did not come about: %s", what)
		}
	}
}

// start is a window's state over a desk, with its cases read.
func start(t *testing.T, d model.Desk) (*model.Main, *queue) {
	t.Helper()
	q := newQueue()
	m := model.NewMain(t.Context(), model.Services{Desk: d, Workspace: "/w"}, q)
	t.Cleanup(m.Close)
	m.Load("")
	q.until(t, "the cases are read", func() bool { return m.Loaded() && m.Today.Loaded() })
	if len(m.Cases()) > 0 {
		m.Go(model.PlaceCase)
		q.until(t, "the case is read", func() bool { return !m.Table.Loading() })
	}
	return m, q
}

func titles(t *model.Table) []string {
	var all []string
	for i := range t.Len() {
		title, _, _ := strings.Cut(t.Line(i).Title, ",")
		all = append(all, title)
	}
	return all
}

func TestTheNewestCaseOpensWithItsListings(t *testing.T) {
	m, _ := start(t, sampledesk.Filled())
	c, ok := m.Case()
	if !ok || c.Name != "Autumn sweep, handbags" {
		t.Fatalf("case %q is open", c.Name)
	}
	if got, want := m.Table.Summary(), "7 listings  ·  3 counterfeit  ·  1 down  ·  2 not reached  ·  3 to assess"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}

func TestTheLastCaseOpensWhereItStillExists(t *testing.T) {
	d := sampledesk.Filled()
	cases, _ := d.Cases(t.Context())
	q := newQueue()
	m := model.NewMain(t.Context(), model.Services{Desk: d}, q)
	defer m.Close()
	m.Load(cases[1].ID)
	q.until(t, "the cases are read", m.Loaded)
	if c, _ := m.Case(); c.ID != cases[1].ID {
		t.Errorf("case %q is open, want %q", c.Name, cases[1].Name)
	}
}

func TestTableSortsAndFilters(t *testing.T) {
	m, _ := start(t, sampledesk.Filled())
	m.Table.SortBy(model.ColumnPrice)
	m.Table.SortBy(model.ColumnPrice)
	if got := m.Table.Line(0).Price; got != "7,990.00 RUB" {
		t.Errorf("dearest is %q", got)
	}
	if c, down := m.Table.Sorting(); c != model.ColumnPrice || !down {
		t.Errorf("sorted by %v, downwards %v", c, down)
	}
	m.Table.Filter("practice SOLEIL")
	if got, want := titles(m.Table), []string{"Сумка Aurel Soleil", "Aurel Soleil bag", "Aurel Soleil bag — mirror quality"}; !cmp.Equal(got, want) {
		t.Errorf("filtered: %v", cmp.Diff(want, got))
	}
	m.Table.Filter("counterfeit 广州")
	if m.Table.Len() != 1 {
		t.Errorf("%d listings for a Chinese seller, want 1", m.Table.Len())
	}
	m.Table.Filter("")
	if m.Table.Len() != 7 {
		t.Errorf("%d listings without a filter", m.Table.Len())
	}
}

// slow answers for the case named only when released.
type slow struct {
	*sampledesk.Desk
	id      evidence.ID
	release chan struct{}
}

// Rows implements model.CaseBook. Like a desk that has read everything when it
// is told to stop, it ignores its context.
func (s *slow) Rows(ctx context.Context, id evidence.ID, take func([]model.Row)) error {
	if id == s.id {
		<-s.release
	}
	return s.Desk.Rows(ctx, id, take)
}

func TestAnOlderAnswerNeverReplacesANewerOne(t *testing.T) {
	d := sampledesk.Filled()
	cases, _ := d.Cases(t.Context())
	s := &slow{Desk: d, id: cases[0].ID, release: make(chan struct{})}
	q := newQueue()
	m := model.NewMain(t.Context(), model.Services{Desk: s}, q)
	defer m.Close()
	m.Load("")
	q.until(t, "the cases are read", m.Loaded)
	m.Choose(cases[0].ID)
	m.Choose(cases[1].ID)
	q.until(t, "the other case is read", func() bool { return !m.Table.Loading() })
	close(s.release)
	ended := false
	m.Stop(func() { ended = true })
	q.until(t, "the first answer has come", func() bool { return ended })
	if m.Table.Total() != 0 {
		t.Errorf("%d listings of the case left behind are shown", m.Table.Total())
	}
}

func TestAListingShowsWhatItsCaptureHolds(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Listing.Open(m.Table.Row(0))
	q.until(t, "its captures are read", func() bool { return len(m.Listing.Captures()) == 2 })
	if at, of := m.Position(); at != 1 || of != 7 {
		t.Errorf("position %d of %d", at, of)
	}
	if got := m.Listing.Screenshot(); len(got) != 1 {
		t.Errorf("screenshot in %d pieces, want 1", len(got))
	}
	files := m.Listing.Artifacts()
	if last := files[len(files)-1].Role; last != evidence.RoleManifest {
		t.Errorf("the last artifact is the %s, want the manifest", last)
	}
	var price model.Fact
	for _, f := range m.Listing.Facts() {
		if f.Label == "Price" {
			price = f
		}
	}
	if want := (model.Fact{Name: "price", Label: "Price", Value: "89.00 EUR", Source: "JSON-LD", Printed: true}); price != want {
		t.Errorf("price %+v, want %+v", price, want)
	}
	m.Step(1)
	if got := m.Listing.Row().Listing.URL; got != "https://market.example/zh/item/4410983" {
		t.Errorf("next is %s", got)
	}
	m.Step(-1)
	m.Step(-1)
	if at, _ := m.Position(); at != 1 {
		t.Errorf("position %d after stepping up from the first", at)
	}
}

func TestTilesOfAScreenshotAreShownFromTheTop(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	r := m.Table.Row(0)
	c := *r.Capture
	c.Artifacts = []evidence.Artifact{
		{Role: evidence.RoleScreenshot, SHA256: "b", Index: 1, OffsetY: 16000},
		{Role: evidence.RoleViewport, SHA256: "v"},
		{Role: evidence.RoleScreenshot, SHA256: "a"},
	}
	r.Capture, r.Listing.ID = &c, ""
	m.Listing.Open(r)
	q.until(t, "it is open", m.Listing.IsOpen)
	if got, want := m.Listing.Screenshot(), []evidence.Hash{"a", "b"}; !cmp.Equal(got, want) {
		t.Errorf("pieces %v, want %v", got, want)
	}
}

func TestAnAssessmentShowsInTheListingAndInTheTable(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	i := m.Table.Len() - 1
	m.Listing.Open(m.Table.Row(i))
	m.Listing.Assess(evidence.Counterfeit, evidence.BasisPrice, "  a tenth of the price ")
	if m.Listing.CanAssess() {
		t.Error("a second assessment can be made while the first is being recorded")
	}
	q.until(t, "the table shows it", func() bool { return m.Table.Line(i).Assessment.Text == "Counterfeit" })
	a := m.Listing.Row().Assessment
	if a == nil || a.Reason != "a tenth of the price" || a.By == "" {
		t.Errorf("assessment %+v", a)
	}
	if !m.Listing.CanAssess() {
		t.Error("no further assessment can be made")
	}
}

func TestARecaptureComesIntoTheOpenListing(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Listing.Open(m.Table.Row(2))
	m.Recapture()
	q.until(t, "it is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == 8 })
	if got, want := m.Batch.Steps()[0].URL, "https://market.example/item/4410990"; got != want {
		t.Errorf("captured %s, want %s", got, want)
	}
}

func TestWhatFailsIsToldWithWhatIsKeptAndWhatToDo(t *testing.T) {
	for name, act := range map[string]func(*model.Main){
		"the cases cannot be read":    func(m *model.Main) { m.Load("") },
		"the listings cannot be read": func(m *model.Main) { c, _ := m.Case(); m.Table.Load(c.ID, false) },
		"a case cannot be made":       func(m *model.Main) { m.NewCase(evidence.Case{Name: "X"}, nil) },
		"a capture stops early":       func(m *model.Main) { m.Capture("https://market.example/x", "") },
		"an assessment is refused": func(m *model.Main) {
			m.Listing.Open(m.Table.Row(0))
			m.Listing.Assess(evidence.Authentic, evidence.BasisPicture, "")
		},
		"a packet cannot be written": func(m *model.Main) { m.ExportPacket("/no/where.pdf") },
		"verifying fails":            func(m *model.Main) { m.Verify() },
		"a list cannot be read":      func(m *model.Main) { m.ReadList("list.csv", func([]string) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			d := sampledesk.Filled()
			m, q := start(t, d)
			d.Fail = fs.ErrPermission
			act(m)
			q.until(t, "a problem is shown", func() bool { return m.Problems.Current() != nil })
			p := m.Problems.Current()
			if p.What == "" || p.Kept == "" || !strings.Contains(p.Advice, "may not write") || p.Detail != fs.ErrPermission.Error() {
				t.Errorf("problem %+v", p)
			}
		})
	}
}

// advised is an error that knows what to do.
type advised struct{ error }

func (advised) Advice() string { return "Install Chromium." }

func TestAnErrorsOwnAdviceIsShown(t *testing.T) {
	d := sampledesk.Filled()
	m, q := start(t, d)
	d.Fail = advised{errors.New("no Chrome was found")}
	m.Capture("https://market.example/x", "")
	q.until(t, "a problem is shown", func() bool { return m.Problems.Current() != nil })
	if got, want := m.Problems.Current().Advice, "Install Chromium."; got != want {
		t.Errorf("advice %q, want %q", got, want)
	}
}

// faulty is a desk whose evidence does not hold.
type faulty struct{ *sampledesk.Desk }

func (faulty) Verify(context.Context, evidence.Progress) (model.Verified, error) {
	return model.Verified{Captures: 2, Files: 9, Bytes: 1e6, Faults: []model.Fault{{What: "Blob ab12 was changed."}}}, nil
}

func TestVerifyTellsFaultsAsAProblemAndTheirAbsenceAsNews(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Verify()
	q.until(t, "the result is told", func() bool { return m.Problems.Note() != "" })
	if got := m.Problems.Note(); !strings.HasPrefix(got, "Everything verifies") || !strings.Contains(got, "No outside anchor") {
		t.Errorf("note %q", got)
	}
	m, q = start(t, faulty{sampledesk.Filled()})
	m.Verify()
	q.until(t, "the fault is told", func() bool { return m.Problems.Current() != nil })
	if got, want := m.Problems.Current().What, "1 fault found in 2 captures and 9 files (1.0 MB). Blob ab12 was changed."; got != want {
		t.Errorf("problem %q, want %q", got, want)
	}
}

func TestWhatWasDoneInPartIsToldAsThat(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(*model.Main)
		want string
	}{
		"a packet that lacks a picture": {func(m *model.Main) { m.ExportPacket("/tmp/p.pdf") }, "The packet was written, with something missing: A screenshot cannot be read."},
		"a list with a bad line":        {func(m *model.Main) { m.ReadList("/tmp/l.csv", func([]string) {}) }, "l.csv was read in part. Line 3 holds no link."},
	} {
		t.Run(name, func(t *testing.T) {
			d := sampledesk.Filled()
			d.Remarks, d.BadLines = []string{"a screenshot cannot be read"}, errors.New("line 3 holds no link")
			m, q := start(t, d)
			c.act(m)
			q.until(t, "it is told", func() bool { return m.Problems.Current() != nil })
			if got := m.Problems.Current().What; got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

func TestStopEndsTheWorkAndThenSaysSo(t *testing.T) {
	d := sampledesk.Filled()
	d.Gate = make(chan struct{})
	m, q := start(t, d)
	m.Capture("https://market.example/a", "")
	ended := false
	m.Stop(func() { ended = true })
	q.until(t, "all has ended", func() bool { return ended })
}

// opening counts what is opened.
type opening struct {
	*sampledesk.Desk
	n atomic.Int32
}

func (o *opening) Open(ctx context.Context, h evidence.Hash) (io.ReadSeekCloser, error) {
	o.n.Add(1)
	return o.Desk.Open(ctx, h)
}

func TestThumbnailsAreMadeOnceAndAMissingPictureIsNoError(t *testing.T) {
	d := &opening{Desk: sampledesk.Filled()}
	m, q := start(t, d)
	picture := m.Table.Line(0).Picture
	for range 5 {
		m.Thumbs.Get(picture)
	}
	made := 0
	m.Thumbs.OnReady = func(evidence.Hash) { made++ }
	q.until(t, "it is made", func() bool { return m.Thumbs.Get(picture) != nil })
	if b := m.Thumbs.Get(picture).Bounds(); b.Dx() != 144 || b.Dy() != 88 {
		t.Errorf("thumbnail of %v", b)
	}
	missing := evidence.HashOf([]byte("never stored"))
	for range 5 {
		m.Thumbs.Get(missing)
	}
	ended := false
	m.Stop(func() { ended = true })
	q.until(t, "the missing one is given up", func() bool { return ended })
	if m.Thumbs.Get(missing) != nil {
		t.Error("there is a thumbnail of a picture that is not there")
	}
	if opened := d.n.Load(); opened != 2 || made != 1 {
		t.Errorf("two pictures were opened %d times, and the one that is there made %d times", opened, made)
	}
}
