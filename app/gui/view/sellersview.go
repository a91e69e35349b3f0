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

// sellersScreen is who offers what, in all cases.
type sellersScreen struct {
	m *model.Main

	about   *widget.Label
	list    *widget.List
	filter  *widget.Entry
	name    *widget.Label
	facts   *widget.Label
	rows    *own.Table
	linked  *fyne.Container
	links   fyne.CanvasObject
	empty   *widget.Label
	content fyne.CanvasObject
}

func newSellersScreen(m *model.Main) *sellersScreen {
	s := &sellersScreen{m: m, about: muted(""), name: heading(theme.SizeNameSubHeadingText), facts: paragraph(""), linked: container.NewVBox(), empty: emptyLabel()}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Sellers"))
	s.filter = widget.NewEntry()
	s.filter.SetPlaceHolder(tr("Filter: name, number, marketplace…"))
	s.filter.Icon = theme.SearchIcon()
	s.filter.OnChanged = m.Sellers.Filter
	s.list = widget.NewList(m.Sellers.Len,
		func() fyne.CanvasObject { return tight(heading(theme.SizeNameText), muted("")) }, s.fill)
	s.list.OnSelected = func(i int) {
		if i < m.Sellers.Len() && m.Sellers.Line(i).Seller.ID != m.Sellers.Opened() {
			m.Sellers.Open(m.Sellers.Line(i).Seller.ID)
		}
	}
	s.rows = own.NewTable([]own.Column{
		{Width: 58},
		{Title: tr("Listing")},
		{Title: tr("Price"), Width: 90, Right: true},
		{Title: tr("Outcome"), Width: 110},
		{Title: tr("Assessment"), Width: 130},
		{Title: tr("Notice"), Width: 110},
	}, s.length, s.fillRow)
	s.rows.OnOpen = func(i int) {
		l := m.Sellers.File().Rows[i].Listing
		m.Follow(model.Target{Place: model.PlaceCase, Case: l.Case, Listing: l.ID})
	}
	head := tight(title, s.about)
	left := own.NewSurface(colourPanel, 4, container.NewBorder(s.filter, nil, nil, nil, s.list)).Outlined(theme.ColorNameSeparator)
	s.links = card(s.linked)
	s.facts.Selectable = true
	right := container.NewBorder(tight(s.name, s.facts), s.links, nil, nil,
		framed(s.rows, s.empty))
	split := container.NewHSplit(left, inset(0, 6, right))
	split.SetOffset(0.26)
	s.content = inset(10, 14, container.NewBorder(head, nil, nil, nil, split))
	return s
}

func (s *sellersScreen) length() int {
	if f := s.m.Sellers.File(); f != nil {
		return len(f.Rows)
	}
	return 0
}

func (s *sellersScreen) fill(i int, o fyne.CanvasObject) {
	if i >= s.m.Sellers.Len() {
		return
	}
	l := s.m.Sellers.Line(i)
	row := o.(*fyne.Container).Objects
	row[0].(*widget.Label).SetText(l.Name())
	row[1].(*widget.Label).SetText(strings.Join(filled(l.Seller.Marketplace, model.N("%d listing", "%d listings", l.Listings)), "  ·  "))
}

func (s *sellersScreen) fillRow(i int, cells []own.Cell) {
	f := s.m.Sellers.File()
	if f == nil || i >= len(f.Rows) {
		return
	}
	l := model.LineOf(f.Rows[i])
	cells[0] = own.Cell{Framed: true, Picture: s.m.Thumbs.Get(l.Picture)}
	cells[1] = own.Cell{Text: l.Title, Detail: l.Address, Strong: true, Wrap: !l.Untitled}
	cells[2] = priceCell(l.Price)
	cells[3], cells[4], cells[5] = markCell(l.Outcome), markCell(l.Assessment), markCell(l.Notice)
}

func (s *sellersScreen) refresh() {
	m := s.m.Sellers
	s.about.SetText(model.N("%d seller", "%d sellers", m.Total()))
	s.list.Refresh()
	s.linked.RemoveAll()
	f := m.File()
	s.rows.Update()
	if f == nil {
		s.name.SetText("")
		s.facts.SetText("")
		s.empty.SetText("")
		if m.Loaded() && m.Total() == 0 {
			s.empty.SetText(tr("Sellers are recognised as listings are captured."))
		}
		return
	}
	s.empty.SetText("")
	s.name.SetText(f.Name())
	facts := []string{f.Seller.Marketplace, f.Seller.Facts.ID, f.Seller.Facts.URL}
	for _, c := range f.Seller.Facts.Contacts {
		facts = append(facts, c.Value)
	}
	s.facts.SetText(strings.Join(filled(facts...), "  ·  "))
	if len(f.Linked) > 0 {
		title := heading(theme.SizeNameText)
		title.SetText(tr("Linked sellers"))
		s.linked.Add(title)
	}
	for _, l := range f.Linked {
		line := widget.NewLabel(strings.Join(filled(model.SellerLine{Seller: l.Seller}.Name(), strings.Join(l.Reasons, ", ")), "  ·  "))
		line.Truncation = fyne.TextTruncateEllipsis
		s.linked.Add(own.NewTap(line, func() { m.Open(l.Seller.ID) }))
	}
	show(s.links, len(f.Linked) > 0)
	s.content.Refresh()
}
