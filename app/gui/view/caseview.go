//go:build !headless

package view

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// caseScreen is one case: its listings in a table, and a place to add more.
type caseScreen struct {
	m *model.Main

	name    *widget.Label
	about   *widget.Label
	summary *widget.Label
	filter  *widget.Entry
	facet   *picker
	export  *widget.Button
	toggle  *widget.Button
	form    *linkForm
	adding  fyne.CanvasObject
	marked  *markedBar
	table   *own.Table
	empty   *widget.Label
	content fyne.CanvasObject
	shown   string // the ID of the case shown
}

func newCaseScreen(m *model.Main, win fyne.Window) *caseScreen {
	s := &caseScreen{m: m, name: heading(theme.SizeNameHeadingText), about: muted(""), summary: muted(""), empty: emptyLabel()}
	s.form = newLinkForm(m, win)
	s.form.after = func() { s.showForm(false) }
	s.adding = card(s.form.content)
	s.toggle = primary(tr("Add listings"), theme.ContentAddIcon(), func() { s.showForm(!s.adding.Visible()) })
	s.export = widget.NewButtonWithIcon(tr("Export…"), theme.DocumentSaveIcon(), func() { exportDialog(m, win) })
	s.filter = widget.NewEntry()
	s.filter.PlaceHolder = tr("Filter: title, seller, outcome…")
	s.filter.Icon = theme.SearchIcon()
	s.filter.OnChanged = m.Table.Filter
	s.facet = newPicker(func(key string) {
		for _, f := range model.Facets {
			if f.Text() == key && f != m.Table.Facet() {
				m.Table.Narrow(f)
			}
		}
	})
	s.makeTable()
	s.marked = newMarkedBar(m, win)
	columns := quiet("", theme.GridIcon(), func() { columnsDialog(s.table, win, s.remember) })

	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(s.export, s.toggle)), tight(s.name, s.about))
	bar := container.NewBorder(nil, nil, nil, container.NewHBox(fixedWidth(190, s.facet), fixedWidth(250, s.filter), columns), s.summary)
	top := container.NewVBox(head, s.adding, bar, s.marked.content)
	body := framed(s.table, s.empty)
	s.content = inset(10, 14, container.NewBorder(top, nil, nil, nil, body))
	return s
}

// caseColumn is a column of the table of listings.
type caseColumn struct {
	own.Column
	sorts model.Column
	fill  func(model.Line) own.Cell
}

// caseColumns are the columns in their order. Marketplace and review status
// stand in the second lines of others, and in columns of their own where there
// is room and somebody wants them.
func (s *caseScreen) caseColumns() []caseColumn {
	text := func(of func(model.Line) string) func(model.Line) own.Cell {
		return func(l model.Line) own.Cell { return own.Cell{Text: of(l)} }
	}
	return []caseColumn{
		{Column: own.Column{Width: 20, Marks: true}},
		{Column: own.Column{Width: 58}, fill: func(l model.Line) own.Cell { return own.Cell{Framed: true, Picture: s.m.Thumbs.Get(l.Picture)} }},
		{Column: own.Column{Title: tr("Listing"), Sortable: true}, sorts: model.ColumnTitle,
			fill: func(l model.Line) own.Cell {
				return own.Cell{Text: l.Title, Detail: l.Address, Strong: true, Wrap: !l.Untitled}
			}},
		{Column: own.Column{Title: tr("Marketplace"), Width: 110, Sortable: true, Hidden: true}, sorts: model.ColumnMarketplace,
			fill: text(func(l model.Line) string { return l.Marketplace })},
		{Column: own.Column{Title: tr("Seller"), Width: 116, Sortable: true}, sorts: model.ColumnSeller,
			fill: func(l model.Line) own.Cell { return own.Cell{Text: cmp.Or(l.Seller, "–"), Detail: l.Marketplace} }},
		{Column: own.Column{Title: tr("Price"), Width: 92, Sortable: true, Right: true}, sorts: model.ColumnPrice,
			fill: func(l model.Line) own.Cell { return priceCell(l.Price) }},
		{Column: own.Column{Title: tr("Outcome"), Width: 124, Sortable: true}, sorts: model.ColumnOutcome,
			fill: func(l model.Line) own.Cell { return markCell(l.Outcome) }},
		{Column: own.Column{Title: tr("Review"), Width: 110, Sortable: true, Hidden: true}, sorts: model.ColumnReview,
			fill: text(func(l model.Line) string { return l.Review })},
		{Column: own.Column{Title: tr("Assessment"), Width: 128, Sortable: true}, sorts: model.ColumnAssessment,
			fill: func(l model.Line) own.Cell {
				c := markCell(l.Assessment)
				c.Detail = cmp.Or(c.Detail, l.Review)
				return c
			}},
		{Column: own.Column{Title: tr("Notice"), Width: 132, Sortable: true}, sorts: model.ColumnNotice,
			fill: func(l model.Line) own.Cell { return markCell(l.Notice) }},
		{Column: own.Column{Title: tr("Captured (UTC)"), Width: 96, Sortable: true}, sorts: model.ColumnCaptured,
			fill: func(l model.Line) own.Cell {
				day, hour, _ := strings.Cut(l.Captured, " ")
				return own.Cell{Text: day, Detail: hour}
			}},
	}
}

func (s *caseScreen) makeTable() {
	t := s.m.Table
	columns := s.caseColumns()
	plain := make([]own.Column, len(columns))
	for i, c := range columns {
		plain[i] = c.Column
	}
	s.table = own.NewTable(plain, t.Len, func(row int, cells []own.Cell) {
		if row >= t.Len() { // Fyne asks once more after the table has shrunk
			return
		}
		l := t.Line(row)
		for i, c := range columns {
			if c.Marks {
				cells[i].Marked = t.Marked(row)
			} else {
				cells[i] = c.fill(l)
			}
		}
	})
	restoreColumns(s.table)
	s.table.OnOpen = func(row int) { s.m.Listing.Open(t.Row(row)) }
	s.table.OnSort = func(c int) { t.SortBy(columns[c].sorts) }
	s.table.OnMark = func(row int, extend bool) {
		if extend {
			t.MarkTo(row)
		} else {
			t.Toggle(row)
		}
	}
	s.table.OnMarkAll = t.MarkAll
	s.table.Sorted = func() (int, bool) {
		by, descending := t.Sorting()
		for i, c := range columns {
			if c.sorts == by && by != model.ColumnAdded {
				return i, descending
			}
		}
		return -1, false
	}
}

// showThumb shows a picture that has come in the rows that wait for it.
func (s *caseScreen) showThumb(h evidence.Hash) {
	t := s.m.Table
	s.table.UpdateWhere(func(row int) bool { return row < t.Len() && t.Line(row).Picture == h })
}

// priceCell is a price; the upper end of a range, which has no room beside the
// lower, stands below it.
func priceCell(price string) own.Cell {
	least, most, isRange := strings.Cut(price, "–")
	if !isRange {
		return own.Cell{Text: price}
	}
	return own.Cell{Text: least + " –", Detail: most}
}

func markCell(m model.Mark) own.Cell {
	return own.Cell{Icon: symbol(m), Text: m.Text, Detail: m.Detail, Colour: toneColour(m.Tone)}
}

// refresh shows the model's state.
func (s *caseScreen) refresh() {
	c, ok := s.m.Case()
	if !ok {
		return
	}
	t := s.m.Table
	if s.shown != string(c.ID) {
		s.shown = string(c.ID)
		s.recall()
		s.filter.SetText(t.Query())
		s.showForm(false)
		s.table.ScrollToTop()
	}
	s.facet.offer(choicesOf(model.Facets, func(f model.Facet) choice { return choice{f.Text(), f.Text()} }), t.Facet().Text())
	s.name.SetText(c.Name)
	s.about.SetText(strings.Join(filled(c.Client, c.Matter, c.Territory, tr("opened %s", model.DayText(c.CreatedAt))), "  ·  "))
	s.summary.SetText(t.Summary())
	s.form.count()
	s.sayEmpty()
	enable(s.export, t.Total() > 0 && !s.m.Task.Running())
	if s.marked.refresh() {
		s.content.Refresh()
	}
	s.table.SetAllMarked(t.Len() > 0 && t.MarkedCount() >= t.Len())
	s.table.Update()
	s.remember()
}

// sayEmpty says why there is nothing in the table.
func (s *caseScreen) sayEmpty() {
	t := s.m.Table
	switch {
	case t.Loading() && t.Total() == 0:
		s.empty.SetText(tr("Loading…"))
	case t.Total() == 0 && !s.m.Batch.Running():
		s.empty.SetText(tr("No listing yet. Add the first one above."))
		s.showForm(true)
	case t.Total() == 0:
		s.empty.SetText(tr("The first capture is under way."))
		s.showForm(s.form.entry.Text != "")
	case t.Len() == 0:
		s.empty.SetText(tr("No listing matches the filter."))
	default:
		s.empty.SetText("")
	}
}

// showForm opens or closes the place to add listings.
func (s *caseScreen) showForm(open bool) {
	if open == s.adding.Visible() {
		return
	}
	show(s.adding, open)
	s.content.Refresh()
}

// filled is the parts that are not empty.
func filled(parts ...string) []string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return some
}
