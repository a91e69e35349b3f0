//go:build !headless

package view

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// markupBar is the tools to draw on the screenshot with.
type markupBar struct {
	markup *model.Markup
	viewer *own.Viewer
	win    fyne.Window

	begin   *widget.Button
	tools   []*widget.Button
	text    *widget.Entry
	back    *widget.Button
	save    *widget.Button
	content fyne.CanvasObject
}

func newMarkupBar(k *model.Markup, v *own.Viewer, win fyne.Window) *markupBar {
	b := &markupBar{markup: k, viewer: v, win: win}
	b.begin = quiet(tr("Mark up"), theme.DocumentCreateIcon(), k.Begin)
	icons := []fyne.Resource{theme.CheckButtonIcon(), theme.NavigateNextIcon(), theme.DocumentIcon(), theme.VisibilityOffIcon()}
	line := container.NewHBox()
	for i, tool := range model.Tools {
		button := widget.NewButtonWithIcon(tool.Text(), icons[i], func() { k.Pick(tool) })
		b.tools = append(b.tools, button)
		line.Add(button)
	}
	b.text = widget.NewEntry()
	b.text.SetPlaceHolder(tr("Text of the next mark"))
	b.back = quiet("", theme.ContentUndoIcon(), k.TakeBack)
	cancel := widget.NewButton(tr("Cancel"), k.Cancel)
	b.save = primary(tr("Save"), theme.DocumentSaveIcon(), b.keep)
	hint := muted(tr("Drag on the picture. With the keyboard: arrows move the cross, Enter begins and ends. The original stays as it is."))
	hint.Truncation = fyne.TextTruncateOff
	hint.Wrapping = fyne.TextWrapWord
	hint.SizeName = theme.SizeNameCaptionText
	b.content = own.NewSurface(colourNote, 4, container.NewVBox(line,
		container.NewBorder(nil, nil, nil, container.NewHBox(b.back, cancel, b.save), b.text), hint)).Outlined(theme.ColorNamePrimary)
	b.content.Hide()
	return b
}

// drawnAs is the tools as the viewer draws them.
var drawnAs = map[model.Tool]own.Figure{model.ToolBox: own.FigureBox, model.ToolArrow: own.FigureArrow, model.ToolNote: own.FigureText, model.ToolRedact: own.FigureBlack}

// refresh shows the model's state.
func (b *markupBar) refresh() {
	k := b.markup
	show(b.content, k.Active())
	enable(b.begin, !k.Active() && len(b.viewer.Pieces()) > 0)
	for i, tool := range model.Tools {
		b.tools[i].Importance = widget.LowImportance
		if tool == k.Tool() {
			b.tools[i].Importance = widget.HighImportance
		}
		b.tools[i].Refresh()
	}
	enable(b.back, len(k.Shapes()) > 0)
	enable(b.save, len(k.Shapes()) > 0)
	if k.Active() {
		b.viewer.Draw(drawnAs[k.Tool()], b.drawn)
	} else {
		b.viewer.Draw(own.FigureBox, nil)
	}
	b.lay()
}

// lay shows what is drawn on the picture.
func (b *markupBar) lay() {
	pieces := b.viewer.Pieces()
	var drawings []own.Drawing
	for _, d := range b.markup.Shapes() {
		if d.Tile+1 >= len(pieces) {
			continue
		}
		top := pieces[d.Tile]
		figure := map[evidence.ShapeKind]own.Figure{evidence.ShapeBox: own.FigureBox, evidence.ShapeArrow: own.FigureArrow, evidence.ShapeNote: own.FigureText}[d.Kind]
		if d.Redacts {
			figure = own.FigureBlack
		}
		drawings = append(drawings, own.Drawing{Figure: figure, From: image.Pt(d.X, d.Y+top), To: image.Pt(d.ToX, d.ToY+top), Text: d.Text})
	}
	b.viewer.SetDrawings(drawings)
}

// drawn takes what was drawn between two places of the picture.
func (b *markupBar) drawn(from, to image.Point) {
	pieces := b.viewer.Pieces()
	tile := 0
	for tile+2 < len(pieces) && from.Y >= pieces[tile+1] {
		tile++
	}
	top := pieces[tile]
	bottom := pieces[tile+1] - top
	if b.markup.Add(tile, from.X, from.Y-top, to.X, max(0, min(to.Y-top, bottom)), b.text.Text) {
		b.text.SetText("")
	}
}

// keep saves; of what is to be blacked out it asks for the reason first.
func (b *markupBar) keep() {
	if !b.markup.Redacts() {
		b.markup.Save("")
		return
	}
	reasonDialog(b.win, tr("Why is it blacked out?"), tr("As in: a customer's telephone number"), tr("Save"), b.markup.Save)
}

// start begins to draw and gives the picture the keyboard.
func (b *markupBar) start() {
	if !b.begin.Disabled() {
		b.markup.Begin()
		b.win.Canvas().Focus(b.viewer.Focusable())
	}
}
