package model

import "touchstone/store/evidence"

// Facet narrows the table to listings of one kind.
type Facet int

// The facets.
const (
	FacetAll Facet = iota
	FacetToAssess
	FacetInfringing
	FacetOnline
	FacetDown
	FacetNotReached
	FacetNoNotice // infringing and in no notice
)

// Facets lists every facet in the order of the menu.
var Facets = []Facet{FacetAll, FacetToAssess, FacetInfringing, FacetNoNotice, FacetOnline, FacetDown, FacetNotReached}

// Text is the facet in words.
func (f Facet) Text() string {
	switch f {
	case FacetToAssess:
		return T("To assess")
	case FacetInfringing:
		return T("Infringing")
	case FacetNoNotice:
		return T("Infringing, in no notice")
	case FacetOnline:
		return T("Online")
	case FacetDown:
		return T("Down")
	case FacetNotReached:
		return T("Not reached")
	}
	return T("All listings")
}

// holds reports whether a listing is of the kind.
func (f Facet) holds(r *Row) bool {
	fake := r.Assessment != nil && (r.Assessment.Verdict == evidence.Counterfeit || r.Assessment.Verdict == evidence.OtherInfringement)
	switch f {
	case FacetToAssess:
		return r.Assessment == nil
	case FacetInfringing:
		return fake
	case FacetNoNotice:
		return fake && r.Item == nil
	case FacetOnline:
		return r.Capture != nil && r.Capture.Outcome == evidence.Online
	case FacetDown:
		return r.Capture != nil && (r.Capture.Outcome == evidence.Removed || r.Capture.Outcome == evidence.NotFound)
	case FacetNotReached:
		return r.Capture != nil && !r.Capture.Outcome.Reached()
	}
	return true
}

// Narrow shows only listings of a kind.
func (t *Table) Narrow(f Facet) {
	t.order.facet = f
	t.arrange()
}

// Arrange filters and sorts in one go, as when a case is shown as it was left.
func (t *Table) Arrange(query string, f Facet, c Column, descending bool) {
	t.order = arrangement{query: query, facet: f, column: c, descending: descending}
	t.arrange()
}

// Facet is the kind of listings shown.
func (t *Table) Facet() Facet { return t.order.facet }

// MarkTo marks the listings from the one marked last to the i-th shown.
func (t *Table) MarkTo(i int) {
	from := i
	if at := t.Index(t.last); at >= 0 {
		from = at
	}
	for n := min(from, i); n <= max(from, i); n++ {
		t.mark(t.key(n), true)
	}
	t.last = t.key(i)
	changed(t.OnChange)
}

// Toggle marks the i-th listing shown, or takes its mark away.
func (t *Table) Toggle(i int) {
	key := t.key(i)
	t.mark(key, !t.marked[key])
	t.last = key
	changed(t.OnChange)
}

func (t *Table) mark(key evidence.ID, on bool) {
	if t.marked == nil {
		t.marked = map[evidence.ID]bool{}
	}
	if on {
		t.marked[key] = true
	} else {
		delete(t.marked, key)
	}
}

// MarkAll marks every listing shown, or takes all marks away.
func (t *Table) MarkAll(on bool) {
	t.marked, t.last = nil, ""
	if on {
		for _, n := range t.shown {
			t.mark(t.rows[n].key(), true)
		}
	}
	changed(t.OnChange)
}

// unmark takes the marks of some listings away.
func (t *Table) unmark(rows []Row) {
	for i := range rows {
		t.mark(rows[i].Key(), false)
	}
	changed(t.OnChange)
}

// Marked reports whether the i-th listing shown is marked.
func (t *Table) Marked(i int) bool { return t.marked[t.key(i)] }

// MarkedCount is how many listings are marked, shown or not.
func (t *Table) MarkedCount() int { return len(t.marked) }

// MarkedRows is the marked listings, in the order in which they were added.
func (t *Table) MarkedRows() []Row {
	var rows []Row
	for _, k := range t.rows {
		if t.marked[k.key()] {
			rows = append(rows, k.row())
		}
	}
	return rows
}
