//go:build !headless

package view

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/assets"
)

const sidebarWidth = 208

// sidebar is the way around: the cases, and what concerns the workspace.
type sidebar struct {
	m       *model.Main
	list    *widget.List
	content fyne.CanvasObject
}

func newSidebar(m *model.Main, win fyne.Window) *sidebar {
	s := &sidebar{m: m}
	mark := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	mark.SetMinSize(fyne.NewSquareSize(30))
	mark.FillMode = canvas.ImageFillContain
	name := heading(theme.SizeNameSubHeadingText)
	name.SetText("Touchstone")
	brand := container.NewBorder(nil, nil, mark, nil, name)

	add := quiet("", theme.ContentAddIcon(), func() { newCaseDialog(m, win) })
	title := muted("CASES")
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
	verify := quiet("Verify workspace", theme.ConfirmIcon(), m.Verify)
	verify.Alignment = widget.ButtonAlignLeading
	folder := muted(filepath.Base(m.Workspace()))
	folder.SizeName = theme.SizeNameCaptionText
	foot := tight(verify, container.NewBorder(nil, nil, inset(0, 4, widget.NewIcon(theme.NewColoredResource(theme.FolderIcon(), theme.ColorNamePlaceHolder))), nil, folder))

	body := container.NewBorder(
		container.NewVBox(inset(6, 4, brand), container.NewBorder(nil, nil, nil, add, title)),
		foot, nil, nil, s.list)
	dark := theme.VariantDark
	s.content = container.NewThemeOverride(
		fixedWidth(sidebarWidth, own.NewSurface(colourSidebar, 8, body)), &Theme{Variant: &dark})
	return s
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
	label.TextStyle.Bold = cases[i].ID == current.ID
	label.SetText(cases[i].Name)
	if cases[i].ID == current.ID {
		row.SetEdge(colourGold)
		row.SetFill(colourChosen)
	} else {
		row.SetEdge("")
		row.SetFill(colourSidebar)
	}
}

func (s *sidebar) refresh() { s.list.Refresh() }
