//go:build !headless

package view

import (
	"path/filepath"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/assets"
)

const sidebarWidth = 188

// sidebar is the way around: the screens, the cases, and what concerns the
// workspace.
type sidebar struct {
	m       *model.Main
	places  []*placeRow
	list    *widget.List
	content fyne.CanvasObject
}

// placeRow leads to a screen.
type placeRow struct {
	place model.Place
	name  *widget.Label
	count *widget.Label
	row   *own.Surface
}

func newSidebar(m *model.Main, win fyne.Window) *sidebar {
	s := &sidebar{m: m}
	mark := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	mark.SetMinSize(fyne.NewSquareSize(26))
	mark.FillMode = canvas.ImageFillContain
	name := heading(theme.SizeNameSubHeadingText)
	name.SetText("Touchstone")
	brand := container.NewBorder(nil, nil, mark, nil, name)

	ways := tight()
	for _, p := range []struct {
		place model.Place
		name  string
		icon  fyne.Resource
	}{
		{model.PlaceToday, tr("Today"), theme.HomeIcon()},
		{model.PlaceInbox, tr("Inbox"), theme.QuestionIcon()},
		{model.PlaceNotices, tr("Notices"), theme.MailSendIcon()},
		{model.PlaceSellers, tr("Sellers"), theme.AccountIcon()},
		{model.PlaceScorecard, tr("Scorecard"), theme.ListIcon()},
		{model.PlaceRights, tr("Rights"), theme.DocumentIcon()},
		{model.PlaceSettings, tr("Settings"), theme.SettingsIcon()},
	} {
		ways.Add(s.way(p.place, p.name, p.icon))
	}

	add := quiet("", theme.ContentAddIcon(), func() { newCaseDialog(m, win) })
	title := muted(tr("Cases"))
	title.SizeName = theme.SizeNameCaptionText
	title.TextStyle.Bold = true
	s.list = widget.NewList(func() int { return len(m.Cases()) }, newCaseRow, s.fill)
	s.list.HideSeparators = true
	s.list.OnSelected = func(i int) {
		s.list.UnselectAll()
		if i < len(m.Cases()) {
			m.Choose(m.Cases()[i].ID)
		}
	}
	verify := quiet(tr("Verify workspace"), theme.ConfirmIcon(), m.Verify)
	verify.Alignment = widget.ButtonAlignLeading
	folder := muted(filepath.Base(m.Workspace()))
	folder.SizeName = theme.SizeNameCaptionText
	foot := tight(verify, container.NewBorder(nil, nil, inset(0, 4, widget.NewIcon(theme.NewColoredResource(theme.FolderIcon(), theme.ColorNamePlaceHolder))), nil, folder))

	body := container.NewBorder(
		container.NewVBox(inset(6, 4, brand), ways, container.NewBorder(nil, nil, nil, add, title)),
		foot, nil, nil, s.list)
	dark := theme.VariantDark
	s.content = container.NewThemeOverride(
		fixedWidth(sidebarWidth, own.NewSurface(colourSidebar, 8, body)), &Theme{Variant: &dark})
	return s
}

// way is the row that leads to a screen.
func (s *sidebar) way(place model.Place, name string, icon fyne.Resource) fyne.CanvasObject {
	p := &placeRow{place: place, name: widget.NewLabel(name), count: muted("")}
	p.name.Truncation = fyne.TextTruncateEllipsis
	p.count.Truncation = fyne.TextTruncateOff
	line := container.NewBorder(nil, nil, inset(0, 2, widget.NewIcon(theme.NewColoredResource(icon, theme.ColorNamePlaceHolder))), p.count, p.name)
	p.row = own.NewSurface(colourSidebar, 1, own.NewTap(inset(0, 6, line), func() { s.m.Go(place) }))
	s.places = append(s.places, p)
	return p.row
}

// newCaseRow is a case's name, with the streak of gold when it is open.
func newCaseRow() fyne.CanvasObject {
	name := widget.NewLabel("")
	name.Truncation = fyne.TextTruncateEllipsis
	return own.NewSurface(colourSidebar, 2, inset(0, 6, name))
}

func (s *sidebar) fill(i int, o fyne.CanvasObject) {
	cases := s.m.Cases()
	if i >= len(cases) {
		return
	}
	row := o.(*own.Surface)
	current, _ := s.m.Case()
	label := row.Content.(*fyne.Container).Objects[0].(*widget.Label)
	open := cases[i].ID == current.ID && s.m.Place() == model.PlaceCase
	label.TextStyle.Bold = open
	label.SetText(cases[i].Name)
	choose(row, open)
}

// choose shows whether a row of the sidebar is the one that is open.
func choose(row *own.Surface, open bool) {
	if open {
		row.SetEdge(colourGold)
		row.SetFill(colourChosen)
	} else {
		row.SetEdge("")
		row.SetFill(colourSidebar)
	}
}

func (s *sidebar) refresh() {
	for _, p := range s.places {
		open := p.place == s.m.Place()
		p.name.TextStyle.Bold = open
		p.name.Refresh()
		choose(p.row, open)
		waits := map[model.Place]int{model.PlaceToday: s.m.Today.Count(), model.PlaceInbox: s.m.Today.AskedCount()}[p.place]
		text := ""
		if waits > 0 {
			text = strconv.Itoa(waits)
		}
		p.count.SetText(text)
	}
	s.list.Refresh()
}
