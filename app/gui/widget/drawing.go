//go:build !headless

package widget

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Figure is what a Drawing shows.
type Figure int

// The figures.
const (
	FigureBox   Figure = iota
	FigureArrow        // to its second place
	FigureText         // at its first place
	FigureBlack        // a box filled with black
)

// Drawing is a figure that lies on the picture of a Viewer, in its pixels.
type Drawing struct {
	Figure   Figure
	From, To image.Point
	Text     string
}

// Colours of drawings, whatever the theme: they lie on pages, which are light mostly.
var (
	drawingInk   = color.NRGBA{200, 30, 30, 255}
	drawingPaper = color.NRGBA{255, 243, 205, 255}
	drawingText  = color.NRGBA{40, 20, 20, 255}
	frameInk     = color.NRGBA{227, 120, 0, 255}
	frameRim     = color.NRGBA{255, 255, 255, 200}
)

const (
	drawingWidth = 3
	drawingHead  = 14
	frameWidth   = 3
	frameClear   = 3  // between a frame and what it is around
	crossStep    = 16 // pixels of the picture that an arrow key moves the cross
)

// SetDrawings lays drawings on the picture in place of those before.
func (v *Viewer) SetDrawings(drawings []Drawing) {
	v.drawings = drawings
	v.sheet.Refresh()
}

// Highlight draws a frame around a part of the picture, and goes there if it is
// another than before. An empty one takes the frame away.
func (v *Viewer) Highlight(part image.Rectangle) {
	other := part != v.highlight
	v.highlight = part
	if other && !part.Empty() && v.picture != nil {
		v.reveal(part)
	}
	v.sheet.Refresh()
}

// reveal scrolls so that a part of the picture is in view, in the middle of its
// height.
func (v *Viewer) reveal(part image.Rectangle) {
	spare := v.sheet.spare()
	from, to := v.sheet.onSheet(part.Min, spare), v.sheet.onSheet(part.Max, spare)
	offset, view := v.scroll.Offset, v.scroll.Size()
	if from.X < offset.X || to.X > offset.X+view.Width {
		offset.X = max(0, min(from.X-drawingHead, to.X+drawingHead-view.Width))
	}
	offset.Y = max(0, (from.Y+to.Y-view.Height)/2)
	v.goTo(offset)
}

// frame is the lines around what is highlighted, clear of it, with a pale rim that
// sets them off from a dark page.
func (s *sheet) frame(spare int) []fyne.CanvasObject {
	from, to := s.onSheet(s.v.highlight.Min, spare), s.onSheet(s.v.highlight.Max, spare)
	var objects []fyne.CanvasObject
	for _, line := range []struct {
		clear, width float32
		colour       color.Color
	}{{frameClear + frameWidth, frameWidth + 2, frameRim}, {frameClear + frameWidth - 1, frameWidth, frameInk}} {
		r := canvas.NewRectangle(color.Transparent)
		r.StrokeColor, r.StrokeWidth, r.CornerRadius = line.colour, line.width, 4
		r.Move(from.SubtractXY(line.clear, line.clear))
		r.Resize(fyne.NewSize(to.X-from.X+2*line.clear, to.Y-from.Y+2*line.clear))
		objects = append(objects, r)
	}
	return objects
}

// Draw has the user draw instead of pan: drawn is called with the two places that a
// drag, or two presses of Enter, went between, both the same after a click. nil ends
// it. tool is what is shown meanwhile.
func (v *Viewer) Draw(tool Figure, drawn func(from, to image.Point)) {
	v.onDraw, v.tool = drawn, tool
	if drawn == nil {
		v.sheet.begun = nil
	}
	v.sheet.Refresh()
}

// Pieces is the heights at which the picture's pieces begin, and where it ends.
func (v *Viewer) Pieces() []int {
	if v.picture == nil {
		return nil
	}
	return v.picture.Pieces()
}

// overlay is the objects of all drawings.
func (s *sheet) overlay(spare int) []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, d := range s.v.drawings {
		objects = append(objects, s.drawing(d, spare)...)
	}
	if !s.v.highlight.Empty() && s.v.hasPicture() {
		objects = append(objects, s.frame(spare)...)
	}
	if s.v.onDraw == nil || !s.v.hasPicture() {
		return objects
	}
	if s.begun != nil {
		objects = append(objects, s.drawing(Drawing{Figure: s.v.tool, From: *s.begun, To: s.cross}, spare)...)
	}
	if s.focused {
		at := s.onSheet(s.cross, spare)
		for _, line := range [][2]fyne.Position{{at.AddXY(-12, 0), at.AddXY(12, 0)}, {at.AddXY(0, -12), at.AddXY(0, 12)}} {
			objects = append(objects, stroke(line[0], line[1], theme.Color(theme.ColorNamePrimary)))
		}
	}
	return objects
}

// onSheet is where a pixel of the picture lies on the sheet.
func (s *sheet) onSheet(p image.Point, spare int) fyne.Position {
	scale := scaleAt(s.v)
	at := s.onScreen(image.Rectangle{Max: p}).Max
	return fyne.NewPos(float32(at.X+max(0, spare))/scale, float32(at.Y)/scale)
}

// pixelAt is the pixel of the picture at a place of the sheet.
func (s *sheet) pixelAt(p fyne.Position) image.Point {
	scale := scaleAt(s.v) / s.v.zoom
	left := float32(max(0, s.spare())) / scaleAt(s.v)
	size := s.v.picture.Size()
	return image.Pt(max(0, min(int((p.X-left)*scale), size.X)), max(0, min(int(p.Y*scale), size.Y)))
}

func stroke(from, to fyne.Position, c color.Color) *canvas.Line {
	l := canvas.NewLine(c)
	l.StrokeWidth = drawingWidth
	l.Position1, l.Position2 = from, to
	return l
}

func (s *sheet) drawing(d Drawing, spare int) []fyne.CanvasObject {
	from, to := s.onSheet(d.From, spare), s.onSheet(d.To, spare)
	var objects []fyne.CanvasObject
	switch d.Figure {
	case FigureBox, FigureBlack:
		r := canvas.NewRectangle(color.Transparent)
		if d.Figure == FigureBlack {
			r.FillColor = color.Black
		} else {
			r.StrokeColor, r.StrokeWidth = drawingInk, drawingWidth
		}
		r.Move(fyne.NewPos(min(from.X, to.X), min(from.Y, to.Y)))
		r.Resize(fyne.NewSize(float32(math.Abs(float64(to.X-from.X))), float32(math.Abs(float64(to.Y-from.Y)))))
		objects = append(objects, r)
	case FigureArrow:
		objects = append(objects, arrow(from, to)...)
	}
	if d.Text == "" {
		return objects
	}
	return append(objects, s.slip(d, from)...)
}

func arrow(from, to fyne.Position) []fyne.CanvasObject {
	angle := math.Atan2(float64(to.Y-from.Y), float64(to.X-from.X))
	barb := func(by float64) fyne.Position {
		return to.AddXY(float32(-drawingHead*math.Cos(angle+by)), float32(-drawingHead*math.Sin(angle+by)))
	}
	return []fyne.CanvasObject{stroke(from, to, drawingInk), stroke(to, barb(0.45), drawingInk), stroke(to, barb(-0.45), drawingInk)}
}

// slip is a drawing's text on a slip of paper: above a box, else at its place. It
// keeps its size whatever the zoom, so that it can be read.
func (s *sheet) slip(d Drawing, at fyne.Position) []fyne.CanvasObject {
	const pad, widest = 5, 320
	size := theme.Size(theme.SizeNameText)
	var lines []*canvas.Text
	width := float32(0)
	for rest := d.Text; rest != ""; {
		var line string
		line, rest = wrapped(rest, widest, size, fyne.TextStyle{})
		t := canvas.NewText(line, drawingText)
		t.TextSize = size
		lines, width = append(lines, t), max(width, t.MinSize().Width)
	}
	lead := lines[0].MinSize().Height
	paper := canvas.NewRectangle(drawingPaper)
	paper.StrokeColor, paper.StrokeWidth, paper.CornerRadius = drawingInk, 1, 3
	paper.Resize(fyne.NewSize(width+2*pad, lead*float32(len(lines))+2*pad))
	if d.Figure == FigureBox {
		at.Y -= paper.Size().Height + 3
	}
	at = fyne.NewPos(max(0, min(at.X, s.Size().Width-paper.Size().Width)), max(0, at.Y))
	paper.Move(at)
	objects := []fyne.CanvasObject{paper}
	for i, l := range lines {
		l.Move(at.AddXY(pad, pad+float32(i)*lead))
		objects = append(objects, l)
	}
	return objects
}

// drag goes on with what is being drawn.
func (s *sheet) drag(e *fyne.DragEvent) {
	if s.begun == nil {
		from := s.pixelAt(e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY))
		s.begun = &from
	}
	s.cross = s.pixelAt(e.Position)
	s.Refresh()
}

// finish gives up what is being drawn to whom it is drawn for.
func (s *sheet) finish() {
	from := *s.begun
	s.begun = nil
	s.v.onDraw(from, s.cross)
	s.Refresh()
}

// drawKey moves the cross and draws with the keyboard; it reports whether the key
// was one for that.
func (s *sheet) drawKey(name fyne.KeyName) bool {
	by := image.Point{}
	switch name {
	case fyne.KeyUp:
		by.Y = -crossStep
	case fyne.KeyDown:
		by.Y = crossStep
	case fyne.KeyLeft:
		by.X = -crossStep
	case fyne.KeyRight:
		by.X = crossStep
	case fyne.KeyReturn, fyne.KeyEnter:
		if s.begun != nil || s.v.tool == FigureText {
			if s.begun == nil {
				s.begun = &s.cross
			}
			s.finish()
			return true
		}
		from := s.cross
		s.begun = &from
	default:
		return false
	}
	size := s.v.picture.Size()
	s.cross = s.cross.Add(by)
	s.cross = image.Pt(max(0, min(s.cross.X, size.X)), max(0, min(s.cross.Y, size.Y)))
	s.follow()
	s.Refresh()
	return true
}

// follow scrolls to where the cross is.
func (s *sheet) follow() {
	at, offset, view := s.onSheet(s.cross, s.spare()), s.v.scroll.Offset, s.v.scroll.Size()
	x := min(max(offset.X, at.X+40-view.Width), max(0, at.X-40))
	y := min(max(offset.Y, at.Y+40-view.Height), max(0, at.Y-40))
	if x != offset.X || y != offset.Y {
		s.v.goTo(fyne.NewPos(x, y))
	}
}
