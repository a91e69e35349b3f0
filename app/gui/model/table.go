package model

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Column is a column of the table of listings.
type Column int

// The columns. ColumnAdded is the order in which listings were added; it has
// no place in the table.
const (
	ColumnAdded Column = iota
	ColumnTitle
	ColumnMarketplace
	ColumnSeller
	ColumnPrice
	ColumnOutcome
	ColumnReview
	ColumnAssessment
	ColumnNotice
	ColumnCaptured
)

// Line is a Row as the table shows it.
type Line struct {
	Key         evidence.ID
	Title       string
	Untitled    bool // the title is the address
	Address     string
	Marketplace string
	Seller      string
	Price       string
	Outcome     Mark
	Review      string
	Assessment  Mark
	Notice      Mark
	Captured    string
	Picture     evidence.Hash // an artifact to make the thumbnail of, or ""

	amount float64
	at     time.Time
}

// LineOf is how the table shows r.
func LineOf(r Row) Line {
	l := Line{
		Key:         r.Key(),
		Title:       r.Listing.Title,
		Address:     cmp.Or(r.Listing.CanonicalURL, r.Listing.URL),
		Marketplace: r.Listing.Marketplace,
		Outcome:     OutcomeMark(r.Capture),
		Review:      ReviewText(r.Listing.Review),
		Assessment:  AssessmentMark(r.Assessment),
		Notice:      NoticeMark(r.Item),
	}
	if r.Seller != nil {
		l.Seller = cmp.Or(r.Seller.Facts.Name, r.Seller.Facts.ID)
	}
	if c := r.Capture; c != nil {
		l.fromCapture(c)
	}
	if r.Deleted {
		l.Outcome = Mark{Symbol: "deleted", Text: T("Deleted"), Detail: T("evidence was deleted")}
	}
	l.Untitled = l.Title == ""
	l.Title = cmp.Or(l.Title, l.Address)
	l.Marketplace = cmp.Or(l.Marketplace, hostOf(l.Address))
	l.Address = strings.TrimPrefix(strings.TrimPrefix(l.Address, "https://"), "http://")
	return l
}

func (l *Line) fromCapture(c *evidence.Capture) {
	l.Address = cmp.Or(l.Address, c.URL)
	l.at = c.StartedAt
	l.Captured = DayText(c.StartedAt) + " " + c.StartedAt.UTC().Format("15:04")
	if view, ok := c.Artifact(evidence.RoleViewport); ok {
		l.Picture = view.SHA256
	}
	f := c.Facts
	if f == nil {
		return
	}
	l.Title = cmp.Or(l.Title, f.Title)
	l.Marketplace = cmp.Or(l.Marketplace, f.Marketplace)
	l.Price = PriceText(f.Price)
	if f.Price != nil {
		l.amount, _ = strconv.ParseFloat(f.Price.Min, 64)
	}
	if f.Seller != nil {
		l.Seller = cmp.Or(f.Seller.Name, f.Seller.ID, l.Seller)
	}
}

// Table is the listings of the current case, sorted and filtered.
type Table struct {
	OnChange func()

	b        *Background
	book     CaseBook
	problems *Problems
	loads    latest
	renewals latest
	overdue  []evidence.ID // to be read again: a renewal takes over those of one before it
	onLoaded func()

	caseID  evidence.ID
	rows    []*kept // a new slice after each change, since others may read the one before
	shown   []int   // of rows, as filtered and sorted
	summary string  // of rows; "" while nobody has asked
	loading bool
	again   bool // load once more when what is under way has ended
	order   arrangement
	orders  latest
	marked  map[evidence.ID]bool
	last    evidence.ID // marked last, from which Shift marks on
}

// Load reads the listings of a case. What is shown stays until they are there,
// unless it is of another case: then they are shown as they come.
func (t *Table) Load(caseID evidence.ID, fresh bool) {
	if fresh {
		t.rows, t.shown, t.marked = nil, nil, nil
	}
	if t.loading && !fresh && caseID == t.caseID {
		t.again = true // what is under way may have read already what has changed
		return
	}
	t.caseID, t.loading, t.again, t.summary = caseID, true, false, ""
	t.renewals.drop()
	t.overdue = nil
	changed(t.OnChange)
	book, read := t.book, 0
	t.loads.follow(t.b, func(ctx context.Context, tell func(func())) func() {
		err := book.Rows(ctx, caseID, func(rows []Row) {
			portion := make([]*kept, len(rows))
			for i := range rows {
				portion[i] = keep(&rows[i])
			}
			tell(func() {
				t.rows, read = spliced(t.rows, read, portion), read+len(portion)
				t.took()
			})
		})
		return func() {
			t.loading = false
			if err != nil {
				t.problems.report(T("The listings of this case could not be read."), T("Nothing was changed."), err)
			} else {
				t.rows = t.rows[:read:read]
			}
			t.took()
			if t.again {
				t.Load(caseID, false)
			}
		}
	})
}

// spliced is rows with a portion in the place of those from the index at on
// whose keys are not beyond the portion's.
func spliced(rows []*kept, at int, portion []*kept) []*kept {
	if len(portion) == 0 {
		return rows
	}
	to, last := at, portion[len(portion)-1].key()
	for to < len(rows) && rows[to].key() <= last {
		to++
	}
	return slices.Concat(rows[:at], portion, rows[to:])
}

// took shows rows that were read.
func (t *Table) took() {
	t.summary = ""
	t.arrange()
	changed(t.onLoaded)
}

// Renew reads some listings again, which is soon done in a large case, too.
func (t *Table) Renew(listings []evidence.ID) {
	t.again = t.loading
	t.overdue = append(t.overdue, listings...)
	book, caseID, overdue := t.book, t.caseID, slices.Clone(t.overdue)
	t.renewals.run(t.b, func(ctx context.Context) func() {
		rows, err := book.RowsWith(ctx, caseID, overdue)
		return func() {
			t.overdue = nil
			if err != nil {
				t.problems.report(T("The listings of this case could not be read."), T("Nothing was changed."), err)
				return
			}
			byKey := map[evidence.ID]*kept{}
			for i := range rows {
				byKey[rows[i].Key()] = keep(&rows[i])
			}
			t.rows = slices.Clone(t.rows)
			for i, r := range t.rows {
				t.rows[i] = cmp.Or(byKey[r.key()], r)
			}
			t.took()
		}
	})
}

// Clear shows no listings.
func (t *Table) Clear() {
	t.loads.drop()
	t.renewals.drop()
	t.overdue = nil
	t.rows, t.loading, t.summary = nil, false, ""
	t.arrange()
}

// Loading reports whether listings are being read.
func (t *Table) Loading() bool { return t.loading }

// Len is the number of listings that pass the filter; Total that of all.
func (t *Table) Len() int { return len(t.shown) }

// Total is the number of listings in the case.
func (t *Table) Total() int { return len(t.rows) }

// Line is the i-th listing shown.
func (t *Table) Line(i int) Line { return LineOf(t.Row(i)) }

// Row is the i-th listing shown.
func (t *Table) Row(i int) Row { return t.rows[t.shown[i]].row() }

// key is that of the i-th listing shown.
func (t *Table) key(i int) evidence.ID { return t.rows[t.shown[i]].key() }

// Index is where the row with the key is shown, or -1.
func (t *Table) Index(key evidence.ID) int {
	return slices.IndexFunc(t.shown, func(n int) bool { return t.rows[n].key() == key })
}

// find is the row with the key, shown or not.
func (t *Table) find(key evidence.ID) (Row, bool) {
	i := slices.IndexFunc(t.rows, func(k *kept) bool { return k.key() == key })
	if i < 0 {
		return Row{}, false
	}
	return t.rows[i].row(), true
}

// SortBy sorts by a column; the same column again turns the order round.
func (t *Table) SortBy(c Column) {
	t.order.descending = t.order.column == c && !t.order.descending
	t.order.column = c
	t.arrange()
}

// Sorting is the column sorted by and whether it runs downwards.
func (t *Table) Sorting() (Column, bool) { return t.order.column, t.order.descending }

// Filter shows only listings that hold every word of query.
func (t *Table) Filter(query string) {
	t.order.query = query
	t.arrange()
}

// Query is the filter in force.
func (t *Table) Query() string { return t.order.query }

// Summary counts what the case holds, as in "6 listings · 3 counterfeit".
func (t *Table) Summary() string {
	if t.loading && len(t.rows) == 0 {
		return T("Loading…")
	}
	if t.summary == "" {
		t.summary = t.count()
	}
	return t.summary
}

func (t *Table) count() string {
	var fakes, open, down, failed int
	for _, k := range t.rows {
		switch {
		case k.assessment == nil:
			open++
		case k.assessment.Verdict == evidence.Counterfeit:
			fakes++
		}
		if k.captured {
			switch outcome := k.common.Value().outcome; {
			case outcome == evidence.Removed || outcome == evidence.NotFound:
				down++
			case !outcome.Reached():
				failed++
			}
		}
	}
	parts := []string{N("%d listing", "%d listings", len(t.rows))}
	for _, p := range []struct {
		n    int
		text string
	}{{fakes, Key("%d counterfeit")}, {down, Key("%d down")}, {failed, Key("%d not reached")}, {open, Key("%d to assess")}} {
		if p.n > 0 {
			parts = append(parts, T(p.text, p.n))
		}
	}
	return strings.Join(parts, "  ·  ")
}

// Known picks out of urls those that the case already has.
func (t *Table) Known(urls []string) []string {
	if len(urls) == 0 {
		return nil
	}
	asked, have := map[string]bool{}, map[string]bool{}
	for _, u := range urls {
		asked[u] = true
	}
	has := func(url string) {
		if asked[url] {
			have[url] = true
		}
	}
	for _, k := range t.rows {
		for _, i := range addresses {
			has(k.own(i))
		}
	}
	return slices.DeleteFunc(slices.Clone(urls), func(u string) bool { return !have[u] })
}
