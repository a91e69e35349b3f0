//go:build !headless

package view

import (
	"encoding/json"
	"slices"

	"fyne.io/fyne/v2"

	"touchstone/app/gui/model"
)

// prefLooks is what a case's table looked like, by the case's ID.
const prefLooks = "table."

// looks is how a case's table was left: what is shown, in which order.
type looks struct {
	Query      string       `json:"query,omitempty"`
	Facet      model.Facet  `json:"facet,omitempty"`
	Column     model.Column `json:"column,omitempty"`
	Descending bool         `json:"descending,omitempty"`
	Columns    string       `json:"columns,omitempty"` // a + or - for each
}

// remember keeps how the case's table looks.
func (s *caseScreen) remember() {
	if s.shown == "" {
		return
	}
	t := s.m.Table
	l := looks{Query: t.Query(), Facet: t.Facet(), Columns: columnStates(s.table)}
	l.Column, l.Descending = t.Sorting()
	text, err := json.Marshal(l)
	if err != nil {
		return // a struct of texts and numbers always encodes
	}
	if p := fyne.CurrentApp().Preferences(); p.String(prefLooks+s.shown) != string(text) {
		p.SetString(prefLooks+s.shown, string(text))
	}
}

// recall has the case's table look as it was left, or as a new one does.
func (s *caseScreen) recall() {
	var l looks
	// What cannot be read is of another version, and of no weight.
	_ = json.Unmarshal([]byte(fyne.CurrentApp().Preferences().String(prefLooks+s.shown)), &l)
	if !slices.Contains(model.Facets, l.Facet) {
		l.Facet = model.FacetAll
	}
	if l.Columns != "" {
		showColumns(s.table, l.Columns)
		s.table.Refresh()
	}
	s.m.Table.Arrange(l.Query, l.Facet, l.Column, l.Descending)
}
