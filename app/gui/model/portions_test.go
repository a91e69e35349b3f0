package model_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// inPortions gives a case's rows two at a time, and each of them once for each time
// that it was asked.
type inPortions struct {
	*sampledesk.Desk
	without string // a listing's URL that it leaves out
	asked   int
}

// Rows implements model.CaseBook.
func (p *inPortions) Rows(ctx context.Context, id evidence.ID, take func([]model.Row)) error {
	p.asked++
	return p.Desk.Rows(ctx, id, func(rows []model.Row) {
		rows = slices.DeleteFunc(rows, func(r model.Row) bool { return r.Listing.URL == p.without })
		for portion := range slices.Chunk(rows, 2) {
			take(portion)
		}
	})
}

func TestATableReadInPortionsShowsWhatTheCaseHolds(t *testing.T) {
	d := &inPortions{Desk: sampledesk.Filled()}
	q := newQueue()
	m := model.NewMain(t.Context(), model.Services{Desk: d}, q)
	defer m.Close()
	m.Load("")
	q.until(t, "the cases are read", m.Loaded)
	c, _ := m.Case()
	for _, step := range []struct {
		name    string
		without string
	}{
		{"at first", ""}, {"one is gone", "https://market.example/item/4410990"}, {"it is back", ""}, {"the last is gone", "https://market.example/item/4411044"},
	} {
		d.without = step.without
		m.Go(model.PlaceCase)
		q.until(t, "it is read again", func() bool { return !m.Table.Loading() })
		var want []model.Line
		if err := d.Rows(t.Context(), c.ID, func(rows []model.Row) {
			for _, r := range rows {
				want = append(want, model.LineOf(r))
			}
		}); err != nil {
			t.Fatal(err)
		}
		var got []model.Line
		for i := range m.Table.Len() {
			got = append(got, m.Table.Line(i))
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(model.Line{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestACaseThatChangesWhileItIsReadIsReadOnceMore(t *testing.T) {
	d := &inPortions{Desk: sampledesk.Filled()}
	q := newQueue()
	m := model.NewMain(t.Context(), model.Services{Desk: d}, q)
	defer m.Close()
	m.Load("")
	q.until(t, "the cases are read", m.Loaded)
	for range 5 {
		m.Go(model.PlaceCase)
	}
	q.until(t, "it is read", func() bool { return !m.Table.Loading() })
	if d.asked != 2 {
		t.Errorf("read %d times, want 2: what was under way, and once after the changes", d.asked)
	}
}
