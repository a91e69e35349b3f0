//go:build !headless

package widget

import (
	"slices"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tableRow shows one row; Fyne's list uses it again for others.
type tableRow struct {
	widget.BaseWidget
	t     *Table
	row   int // that is shown
	cells []Cell
	asked []Cell // what cells are to become
	spans []span // that cells were drawn in
	drawn []drawnCell
	mark  *check // nil where rows cannot be marked
}

// drawnCell is the objects that make up a cell.
type drawnCell struct {
	frame   *canvas.Rectangle
	picture *canvas.Image
	icon    *canvas.Image
	text    *canvas.Text
	detail  *canvas.Text
}

func newTableRow(t *Table) *tableRow {
	n := len(t.Columns)
	r := &tableRow{t: t, cells: make([]Cell, n), asked: make([]Cell, n), drawn: make([]drawnCell, n)}
	for i := range r.drawn {
		d := &r.drawn[i]
		d.frame, d.picture, d.icon = canvas.NewRectangle(nil), &canvas.Image{}, &canvas.Image{}
		d.picture.ScaleMode = canvas.ImageScaleFastest
		d.text, d.detail = canvas.NewText("", nil), canvas.NewText("", nil)
	}
	if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Marks }) {
		r.mark = newCheck(func(extend bool) { t.OnMark(r.row, extend) })
	}
	r.ExtendBaseWidget(r)
	return r
}

// show fills the row anew and draws the cells that differ: drawing an icon means to
// parse it.
func (r *tableRow) show(row int) {
	r.row = row
	clear(r.asked)
	r.t.Fill(row, r.asked)
	for i, c := range r.t.Columns {
		if c.Hidden {
			r.asked[i] = Cell{}
		}
	}
	if !slices.Equal(r.spans, r.t.spans(r.Size().Width)) {
		copy(r.cells, r.asked)
		r.Refresh()
		return
	}
	for i, c := range r.asked {
		if c != r.cells[i] {
			r.cells[i] = c
			r.draw(i)
		}
	}
}

// draw shows a cell.
func (r *tableRow) draw(i int) {
	r.paint(i)
	r.place(i, r.spans[i])
	d := &r.drawn[i]
	for _, o := range []fyne.CanvasObject{d.frame, d.picture, d.icon, d.text, d.detail} {
		if o.Visible() {
			o.Refresh()
		}
	}
	if r.t.Columns[i].Marks {
		r.mark.set(r.cells[i].Marked)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	w := &rowRenderer{r: r}
	for _, d := range r.drawn {
		w.objects = append(w.objects, d.frame, d.picture, d.icon, d.text, d.detail)
	}
	if r.mark != nil {
		w.objects = append(w.objects, r.mark)
	}
	return w
}

type rowRenderer struct {
	r       *tableRow
	objects []fyne.CanvasObject
}

func (w *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(flexWidth, rowHeight) }

func (w *rowRenderer) Layout(size fyne.Size) {
	for i, s := range w.r.t.spans(size.Width) {
		w.r.place(i, s)
	}
}

func (w *rowRenderer) Refresh() {
	w.r.spans = w.r.t.spans(w.r.Size().Width)
	for i := range w.r.cells {
		w.r.draw(i)
	}
}

func (w *rowRenderer) Objects() []fyne.CanvasObject { return w.objects }
func (w *rowRenderer) Destroy()                     {}

// paint gives a cell's objects their looks.
func (r *tableRow) paint(i int) {
	c, d := &r.cells[i], &r.drawn[i]
	colour := c.Colour
	if colour == "" {
		colour = theme.ColorNameForeground
	}
	d.frame.Hidden, d.picture.Hidden = !c.Framed, c.Picture == nil
	d.frame.FillColor = theme.ColorForWidget(theme.ColorNameSeparator, r)
	d.frame.CornerRadius = 3
	d.picture.Image = c.Picture
	d.icon.Hidden, d.icon.Resource = c.Icon == nil, c.Icon
	d.text.Color = theme.ColorForWidget(colour, r)
	d.text.TextSize = theme.SizeForWidget(theme.SizeNameText, r)
	d.text.TextStyle.Bold = c.Strong
	d.detail.Color = theme.ColorForWidget(theme.ColorNamePlaceHolder, r)
	d.detail.TextSize, d.detail.TextStyle = theme.SizeForWidget(theme.SizeNameCaptionText, r), fyne.TextStyle{}
}

// place puts a cell's objects into its span and shortens what is too long.
func (r *tableRow) place(i int, s span) {
	c, d, height := &r.cells[i], &r.drawn[i], r.Size().Height
	if r.t.Columns[i].Marks {
		r.mark.Move(fyne.NewPos(s.x-4, 0))
		r.mark.Resize(fyne.NewSize(s.width+8, height))
	}
	if c.Framed {
		box := fyne.NewSize(s.width, height-8)
		d.frame.Move(fyne.NewPos(s.x, 4))
		d.frame.Resize(box)
		d.picture.Move(fyne.NewPos(s.x, 4))
		d.picture.Resize(box)
	}
	x, width := s.x, s.width
	if c.Icon != nil {
		d.icon.Resize(fyne.NewSquareSize(iconSide))
		x, width = x+iconSide+4, width-iconSide-4
	}
	first, second := c.Text, c.Detail
	if c.Wrap {
		var rest string
		if first, rest = wrapped(c.Text, width, d.text.TextSize, d.text.TextStyle); rest != "" {
			second = rest
			d.detail.TextSize, d.detail.TextStyle, d.detail.Color = d.text.TextSize, d.text.TextStyle, d.text.Color
		}
	}
	d.text.Text = shorten(first, width, d.text.TextSize, d.text.TextStyle)
	d.detail.Text = shorten(second, width, d.detail.TextSize, d.detail.TextStyle)
	d.detail.Hidden = second == ""
	text, detail := d.text.MinSize(), d.detail.MinSize()
	top := (height - text.Height) / 2
	if second != "" {
		top = (height - text.Height - detail.Height) / 2
	}
	below := x
	if r.t.Columns[i].Right {
		x, below = s.x+s.width-text.Width, s.x+s.width-detail.Width
	}
	d.icon.Move(fyne.NewPos(s.x, top+(text.Height-iconSide)/2))
	d.text.Move(fyne.NewPos(x, top))
	d.detail.Move(fyne.NewPos(below, top+text.Height))
}

// shorten cuts text so that it fits, with an ellipsis.
func shorten(text string, width, size float32, style fyne.TextStyle) string {
	if text == "" || fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	// No letter is narrower than a fifth of its height: longer text need not be measured.
	runes = runes[:min(len(runes), max(1, int(width/size*5)))]
	fits := sort.Search(len(runes), func(n int) bool {
		return fyne.MeasureText(string(runes[:n+1])+"…", size, style).Width > width
	})
	return string(runes[:fits]) + "…"
}

// wrapped is the text that fits on a first line, and what goes on in the second:
// cut between words where there are any.
func wrapped(text string, width, size float32, style fyne.TextStyle) (first, rest string) {
	short := shorten(text, width, size, style)
	if short == text {
		return text, ""
	}
	fits := strings.TrimSuffix(short, "…")
	if at := strings.LastIndexByte(fits, ' '); at > len(fits)/2 && text[len(fits)] != ' ' {
		fits = fits[:at]
	}
	return strings.TrimRight(fits, " "), strings.TrimSpace(text[len(fits):])
}
