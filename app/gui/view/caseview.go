//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// caseScreen is one case: its listings in a table, and a place to add more.
type caseScreen struct {
	m *model.Main

	name    *widget.Label
	about   *widget.Label
	summary *widget.Label
	filter  *widget.Entry
	export  *widget.Button
	toggle  *widget.Button
	form    *linkForm
	adding  fyne.CanvasObject
	table   *own.Table
	empty   *widget.Label
	content fyne.CanvasObject
	shown   string // the ID of the case shown
}

// columns of the table and what each sorts by.
var columnOrder = [...]model.Column{model.ColumnAdded, model.ColumnTitle, model.ColumnMarketplace, model.ColumnSeller, model.ColumnPrice,
	model.ColumnOutcome, model.ColumnAssessment, model.ColumnNotice, model.ColumnCaptured}

func newCaseScreen(m *model.Main, win fyne.Window) *caseScreen {
	s := &caseScreen{m: m, name: heading(theme.SizeNameHeadingText), about: muted(""), summary: muted("")}
	s.form = newLinkForm(m, win)
	s.form.after = func() { s.showForm(false) }
	s.adding = card(s.form.content)
	s.toggle = primary("Add listings", theme.ContentAddIcon(), func() { s.showForm(!s.adding.Visible()) })
	s.export = widget.NewButtonWithIcon("Export packet…", theme.DocumentSaveIcon(), func() { exportDialog(m, win) })
	s.filter = widget.NewEntry()
	s.filter.PlaceHolder = "Filter: title, seller, outcome…"
	s.filter.Icon = theme.SearchIcon()
	s.filter.OnChanged = m.Table.Filter
	s.makeTable()
	s.empty = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	s.empty.Importance = widget.LowImportance

	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(s.export, s.toggle)), tight(s.name, s.about))
	bar := container.NewBorder(nil, nil, nil, fixedWidth(300, s.filter), s.summary)
	top := container.NewVBox(head, s.adding, bar)
	body := own.NewSurface(colourPanel, 1, container.NewStack(s.table, container.NewCenter(s.empty))).Outlined(theme.ColorNameSeparator)
	s.content = inset(10, 14, container.NewBorder(top, nil, nil, nil, body))
	return s
}

func (s *caseScreen) makeTable() {
	t := s.m.Table
	s.table = own.NewTable([]own.Column{
		{Width: 58},
		{Title: "Listing", Sortable: true},
		{Title: "Marketplace", Width: 96, Sortable: true},
		{Title: "Seller", Width: 94, Sortable: true},
		{Title: "Price", Width: 84, Sortable: true, Right: true},
		{Title: "Outcome", Width: 102, Sortable: true},
		{Title: "Assessment", Width: 112, Sortable: true},
		{Title: "Notice", Width: 98, Sortable: true},
		{Title: "Captured (UTC)", Width: 84, Sortable: true},
	}, t.Len, s.fill)
	s.table.OnOpen = func(row int) { s.m.Listing.Open(t.Row(row)) }
	s.table.OnSort = func(c int) { t.SortBy(columnOrder[c]) }
	s.table.Sorted = func() (int, bool) {
		by, descending := t.Sorting()
		for i, c := range columnOrder {
			if c == by && by != model.ColumnAdded {
				return i, descending
			}
		}
		return -1, false
	}
}

// fill sets the cells of a row.
func (s *caseScreen) fill(row int, cells []own.Cell) {
	if row >= s.m.Table.Len() { // Fyne asks once more after the table has shrunk
		return
	}
	l := s.m.Table.Line(row)
	cells[0] = own.Cell{Framed: true, Picture: s.m.Thumbs.Get(l.Picture)}
	cells[1] = own.Cell{Text: l.Title, Detail: l.Address, Strong: true}
	cells[2] = own.Cell{Text: l.Marketplace}
	cells[3] = own.Cell{Text: l.Seller}
	cells[4] = own.Cell{Text: l.Price}
	cells[5] = markCell(l.Outcome)
	cells[6] = markCell(l.Assessment)
	cells[7] = markCell(l.Notice)
	day, hour, _ := strings.Cut(l.Captured, " ")
	cells[8] = own.Cell{Text: day, Detail: hour}
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
		s.filter.SetText(t.Query())
		s.showForm(false)
		s.table.ScrollToTop()
	}
	s.name.SetText(c.Name)
	s.about.SetText(strings.Join(filled(c.Client, c.Matter, c.Territory, "opened "+c.CreatedAt.Format("2 January 2006")), "  ·  "))
	s.summary.SetText(t.Summary())
	s.form.count()
	switch {
	case t.Loading() && t.Total() == 0:
		s.empty.SetText("Loading…")
	case t.Total() == 0 && !s.m.Batch.Running():
		s.empty.SetText("No listing yet. Add the first one above.")
		s.showForm(true)
	case t.Total() == 0:
		s.empty.SetText("The first capture is under way.")
		s.showForm(s.form.entry.Text != "")
	case t.Len() == 0:
		s.empty.SetText("No listing matches the filter.")
	default:
		s.empty.SetText("")
	}
	if t.Total() == 0 || s.m.Task.Running() {
		s.export.Disable()
	} else {
		s.export.Enable()
	}
	s.table.Update()
}

// showForm opens or closes the place to add listings.
func (s *caseScreen) showForm(open bool) {
	if open == s.adding.Visible() {
		return
	}
	if open {
		s.adding.Show()
	} else {
		s.adding.Hide()
	}
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
