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
	search string
	folded [2]string // title and seller as they are sorted
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
	l.search = strings.ToLower(strings.Join([]string{l.Title, l.Address, l.Marketplace, l.Seller, l.Price,
		l.Outcome.Text, l.Review, l.Assessment.Text, l.Notice.Text, string(l.Key)}, "\n"))
	l.folded = [2]string{strings.ToLower(l.Title), strings.ToLower(l.Seller)}
	return l
}

func (l *Line) fromCapture(c *evidence.Capture) {
	l.Address = cmp.Or(l.Address, c.URL)
	l.at = c.StartedAt
	l.Captured = c.StartedAt.UTC().Format("2006-01-02 15:04")
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
	onLoaded func()

	rows    []Row
	lines   []Line
	shown   []int // of lines, as filtered and sorted
	loading bool
	order   arrangement
	orders  latest
	marked  map[evidence.ID]bool
	last    evidence.ID // marked last, from which Shift marks on
}

// arrangement is how the table is filtered and sorted.
type arrangement struct {
	query      string
	facet      Facet
	column     Column
	descending bool
}

// Load reads the listings of a case. What is shown stays until they are there,
// unless it is of another case.
func (t *Table) Load(caseID evidence.ID, fresh bool) {
	if fresh {
		t.rows, t.lines, t.shown, t.marked = nil, nil, nil, nil
	}
	t.loading = true
	changed(t.OnChange)
	book := t.book
	t.loads.run(t.b, func(ctx context.Context) func() {
		rows, err := book.Rows(ctx, caseID)
		lines := make([]Line, len(rows))
		for i, r := range rows {
			lines[i] = LineOf(r)
		}
		return func() {
			t.loading = false
			if err != nil {
				t.problems.report(T("The listings of this case could not be read."), T("Nothing was changed."), err)
			} else {
				t.rows, t.lines = rows, lines
			}
			t.arrange()
			changed(t.onLoaded)
		}
	})
}

// Clear shows no listings.
func (t *Table) Clear() {
	t.loads.drop()
	t.rows, t.lines, t.loading = nil, nil, false
	t.arrange()
}

// Loading reports whether listings are being read.
func (t *Table) Loading() bool { return t.loading }

// Len is the number of listings that pass the filter; Total that of all.
func (t *Table) Len() int { return len(t.shown) }

// Total is the number of listings in the case.
func (t *Table) Total() int { return len(t.rows) }

// Line is the i-th listing shown.
func (t *Table) Line(i int) Line { return t.lines[t.shown[i]] }

// Row is the i-th listing shown.
func (t *Table) Row(i int) Row { return t.rows[t.shown[i]] }

// Index is where the row with the key is shown, or -1.
func (t *Table) Index(key evidence.ID) int {
	return slices.IndexFunc(t.shown, func(n int) bool { return t.lines[n].Key == key })
}

// find is the row with the key, shown or not.
func (t *Table) find(key evidence.ID) (Row, bool) {
	i := slices.IndexFunc(t.lines, func(l Line) bool { return l.Key == key })
	if i < 0 {
		return Row{}, false
	}
	return t.rows[i], true
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
	var fakes, open, down, failed int
	for _, r := range t.rows {
		switch {
		case r.Assessment == nil:
			open++
		case r.Assessment.Verdict == evidence.Counterfeit:
			fakes++
		}
		if r.Capture != nil {
			switch {
			case r.Capture.Outcome == evidence.Removed || r.Capture.Outcome == evidence.NotFound:
				down++
			case !r.Capture.Outcome.Reached():
				failed++
			}
		}
	}
	parts := []string{N("%d listing", "%d listings", len(t.rows))}
	for _, p := range []struct {
		n    int
		text string
	}{{fakes, key("%d counterfeit")}, {down, key("%d down")}, {failed, key("%d not reached")}, {open, key("%d to assess")}} {
		if p.n > 0 {
			parts = append(parts, T(p.text, p.n))
		}
	}
	return strings.Join(parts, "  ·  ")
}

// Known picks out of urls those that the case already has.
func (t *Table) Known(urls []string) []string {
	have := map[string]bool{}
	for _, r := range t.rows {
		have[r.Listing.URL], have[r.Listing.CanonicalURL] = true, true
		if r.Capture != nil {
			have[r.Capture.URL], have[r.Capture.FinalURL] = true, true
		}
	}
	var known []string
	for _, u := range urls {
		if have[u] {
			known = append(known, u)
		}
	}
	return known
}

// manyRows is how many listings are arranged on another goroutine, because
// sorting them would be felt.
const manyRows = 4000

// arrange filters and sorts.
func (t *Table) arrange() {
	lines, rows, how := t.lines, t.rows, t.order
	if len(lines) < manyRows {
		t.orders.drop()
		t.shown = arranged(lines, rows, how)
		changed(t.OnChange)
		return
	}
	if len(t.shown) == 0 || slices.Max(t.shown) >= len(lines) {
		t.shown = arranged(lines, rows, arrangement{}) // something to show meanwhile
	}
	t.orders.run(t.b, func(context.Context) func() {
		shown := arranged(lines, rows, how)
		return func() {
			t.shown = shown
			changed(t.OnChange)
		}
	})
	changed(t.OnChange)
}

// arranged is the indices of the lines that pass the filter, in order.
func arranged(lines []Line, rows []Row, how arrangement) []int {
	asked := strings.Fields(strings.ToLower(how.query))
	shown := make([]int, 0, len(lines))
	for i := range lines {
		if how.facet.holds(&rows[i]) && !slices.ContainsFunc(asked, func(word string) bool { return !strings.Contains(lines[i].search, word) }) {
			shown = append(shown, i)
		}
	}
	if how.column != ColumnAdded {
		slices.SortStableFunc(shown, func(a, b int) int {
			order := compare(how.column, &lines[a], &lines[b])
			if how.descending {
				return -order
			}
			return order
		})
	}
	return shown
}

func compare(c Column, a, b *Line) int {
	switch c {
	case ColumnTitle:
		return cmp.Compare(a.folded[0], b.folded[0])
	case ColumnMarketplace:
		return cmp.Compare(a.Marketplace, b.Marketplace)
	case ColumnSeller:
		return cmp.Compare(a.folded[1], b.folded[1])
	case ColumnPrice:
		return cmp.Compare(a.amount, b.amount)
	case ColumnOutcome:
		return cmp.Compare(a.Outcome.Text, b.Outcome.Text)
	case ColumnReview:
		return cmp.Compare(a.Review, b.Review)
	case ColumnAssessment:
		return cmp.Compare(a.Assessment.Text, b.Assessment.Text)
	case ColumnNotice:
		return cmp.Compare(a.Notice.Text, b.Notice.Text)
	case ColumnCaptured:
		return a.at.Compare(b.at)
	}
	return 0
}
