package model

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// arrangement is how the table is filtered and sorted.
type arrangement struct {
	query      string
	facet      Facet
	column     Column
	descending bool
}

// manyRows is how many listings are arranged on another goroutine, because
// sorting them would be felt.
const manyRows = 4000

// arrange filters and sorts.
func (t *Table) arrange() {
	rows, how := t.rows, t.order
	if len(rows) < manyRows {
		t.orders.drop()
		t.shown = arranged(t.b.ctx, rows, how)
		changed(t.OnChange)
		return
	}
	if len(t.shown) == 0 || slices.Max(t.shown) >= len(rows) {
		t.shown = arranged(t.b.ctx, rows, arrangement{}) // something to show meanwhile
	}
	t.orders.run(t.b, func(ctx context.Context) func() {
		shown := arranged(ctx, rows, how)
		return func() {
			t.shown = shown
			changed(t.OnChange)
		}
	})
	changed(t.OnChange)
}

// arranged is the indices of the rows that pass the filter, in order. When ctx is
// done nobody wants it any more, and it is cut short.
func arranged(ctx context.Context, rows []*kept, how arrangement) []int {
	asked := strings.Fields(strings.ToLower(how.query))
	shown := make([]int, 0, len(rows))
	for i, k := range rows {
		if i%manyRows == 0 && ctx.Err() != nil {
			return nil
		}
		if how.facet == FacetAll && len(asked) == 0 {
			shown = append(shown, i)
			continue
		}
		if r := k.row(); how.facet.holds(&r) && holdsAll(LineOf(r), asked) {
			shown = append(shown, i)
		}
	}
	if how.column == ColumnAdded {
		return shown
	}
	keys := make([]sortKey, len(rows))
	for _, i := range shown {
		keys[i] = keyOf(how.column, LineOf(rows[i].row()))
	}
	slices.SortStableFunc(shown, func(a, b int) int {
		order := keys[a].compare(keys[b])
		if how.descending {
			return -order
		}
		return order
	})
	return shown
}

// holdsAll reports whether a line holds every one of the words, which are in
// small letters.
func holdsAll(l Line, words []string) bool {
	text := strings.ToLower(strings.Join([]string{l.Title, l.Address, l.Marketplace, l.Seller, l.Price,
		l.Outcome.Text, l.Review, l.Assessment.Text, l.Notice.Text, string(l.Key)}, "\n"))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// sortKey is what a row is sorted by.
type sortKey struct {
	text   string
	amount float64
	at     time.Time
}

func (k sortKey) compare(o sortKey) int {
	return cmp.Or(cmp.Compare(k.amount, o.amount), k.at.Compare(o.at), cmp.Compare(k.text, o.text))
}

func keyOf(c Column, l Line) sortKey {
	switch c {
	case ColumnTitle:
		return sortKey{text: strings.ToLower(l.Title)}
	case ColumnMarketplace:
		return sortKey{text: l.Marketplace}
	case ColumnSeller:
		return sortKey{text: strings.ToLower(l.Seller)}
	case ColumnPrice:
		return sortKey{amount: l.amount}
	case ColumnOutcome:
		return sortKey{text: l.Outcome.Text}
	case ColumnReview:
		return sortKey{text: l.Review}
	case ColumnAssessment:
		return sortKey{text: l.Assessment.Text}
	case ColumnNotice:
		return sortKey{text: l.Notice.Text}
	case ColumnCaptured:
		return sortKey{at: l.at}
	}
	return sortKey{}
}
