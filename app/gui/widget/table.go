//go:build !headless

package widget

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	rowHeight  = 48
	headHeight = 30
	cellGap    = 12 // between columns
	iconSide   = 16
	flexWidth  = 160 // the least a column without a width of its own takes
	narrowed   = 80  // columns of this width can do with less; narrower ones hold marks and pictures
)

// Column is a column of a Table.
type Column struct {
	Title    string
	Width    float32 // 0: it takes what the others leave
	Sortable bool
	Right    bool // numbers stand at the right
	Marks    bool // it has the boxes that mark rows
	Hidden   bool
}

// Cell is what a Table shows in one place. All of it may be empty. A cell is drawn
// anew when it differs from the one before, by == of icon and picture, too.
type Cell struct {
	Icon    fyne.Resource
	Text    string
	Detail  string              // a second line, smaller
	Colour  fyne.ThemeColorName // of the text; "" is the usual one
	Strong  bool
	Picture image.Image // instead of text, in a frame that stays when it is nil
	Framed  bool        // the cell holds a picture
	Marked  bool        // in a column of Marks: the box is ticked
	Wrap    bool        // Text that is too long goes on in the second line, instead of Detail
}

// Table shows rows of cells. Rows are made as they come into view, so that
// their number does not matter. A click, Space or Enter opens a row.
type Table struct {
	widget.BaseWidget

	Columns []Column
	Length  func() int
	// Fill sets the cells of a row, one for each column. It is called whenever
	// the row is drawn, so it must be quick.
	Fill   func(row int, cells []Cell)
	OnOpen func(row int)
	OnSort func(column int)
	// OnMark is called when a row's box is clicked, or Space pressed on it; extend
	// asks to mark the rows from the one marked before.
	OnMark func(row int, extend bool)
	// OnMarkAll is called when the box above the others is clicked.
	OnMarkAll func(on bool)
	// Sorted names the column that rows are sorted by, or -1.
	Sorted func() (column int, descending bool)

	list *rowList
	head *tableHead
}

// NewTable makes a table of the columns.
func NewTable(columns []Column, length func() int, fill func(int, []Cell)) *Table {
	t := &Table{Columns: columns, Length: length, Fill: fill}
	t.Sorted = func() (int, bool) { return -1, false }
	t.head = newTableHead(t)
	t.list = newRowList(t)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(t.head, nil, nil, nil, t.list))
}

// Update shows the rows anew, as after sorting.
func (t *Table) Update() {
	t.head.Refresh()
	t.list.Refresh()
}

// UpdateWhere shows those of the rows in view anew for which is holds.
func (t *Table) UpdateWhere(is func(row int) bool) {
	each := rowHeight + theme.SizeForWidget(theme.SizeNamePadding, t)
	from := int(t.list.GetScrollOffset() / each)
	for row := from; row <= min(from+int(t.list.Size().Height/each)+1, t.Length()-1); row++ {
		if is(row) {
			t.list.RefreshItem(row)
		}
	}
}

// SetAllMarked ticks the box above the others, or not.
func (t *Table) SetAllMarked(on bool) { t.head.all.set(on) }

// ScrollTo brings a row into view and lets the keyboard go on from it.
func (t *Table) ScrollTo(row int) {
	if row >= 0 && row < t.Length() {
		t.list.Highlight(row)
	}
}

// ScrollToTop shows the first row.
func (t *Table) ScrollToTop() { t.list.ScrollToOffset(0) }

// Focusable is what takes the keyboard for the table.
func (t *Table) Focusable() fyne.Focusable { return t.list }

// spans gives each column its place in a row of the width; a hidden one has none.
// Where there is not room enough for all, those of a width of their own are narrowed.
func (t *Table) spans(width float32) []span {
	var fixed, wide float32
	flexible := 0
	for _, c := range t.Columns {
		switch {
		case c.Hidden:
			continue
		case c.Width == 0:
			flexible++
		case c.Width >= narrowed:
			wide += c.Width
		}
		fixed += cellGap + c.Width
	}
	left := width - fixed - cellGap // for those without a width
	share, scale := float32(flexWidth), float32(1)
	if flexible > 0 {
		share = max(share, left/float32(flexible))
	}
	if over := float32(flexible)*flexWidth - left; over > 0 && wide > 0 {
		scale = max(0.5, (wide-over)/wide)
	}
	spans := make([]span, len(t.Columns))
	x := float32(cellGap)
	for i, c := range t.Columns {
		if c.Hidden {
			continue
		}
		w := c.Width
		switch {
		case w == 0:
			w = share
		case w >= narrowed:
			w *= scale
		}
		spans[i] = span{x, w}
		x += w + cellGap
	}
	return spans
}

type span struct{ x, width float32 }

// rowList is Fyne's list, opening a row also by Enter.
type rowList struct {
	widget.List
	t     *Table
	under int // the row that the keyboard is on
}

func newRowList(t *Table) *rowList {
	l := &rowList{t: t}
	l.Length = func() int { return t.Length() }
	l.CreateItem = func() fyne.CanvasObject { return newTableRow(t) }
	l.UpdateItem = func(i int, o fyne.CanvasObject) { o.(*tableRow).show(i) }
	l.OnHighlighted = func(i int) { l.under = i }
	l.OnSelected = func(i int) {
		l.UnselectAll()
		l.open(i)
	}
	l.HideSeparators = false
	l.ExtendBaseWidget(l)
	return l
}

func (l *rowList) open(i int) {
	if l.t.OnOpen != nil && i >= 0 && i < l.t.Length() {
		l.t.OnOpen(i)
	}
}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		l.open(l.under)
		return
	case e.Name == fyne.KeySpace && l.t.OnMark != nil && l.under < l.t.Length():
		l.t.OnMark(l.under, false)
		return
	}
	l.List.TypedKey(e)
}

// tableHead is the row of titles.
type tableHead struct {
	widget.BaseWidget
	t       *Table
	back    *canvas.Rectangle
	line    *canvas.Rectangle
	titles  []*title
	all     *check
	objects []fyne.CanvasObject
}

func newTableHead(t *Table) *tableHead {
	h := &tableHead{t: t, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	h.objects = []fyne.CanvasObject{h.back, h.line}
	for i := range t.Columns {
		n := newTitle(t, i)
		h.titles = append(h.titles, n)
		h.objects = append(h.objects, n)
	}
	h.all = newCheck(func(bool) {
		if h.all.on = !h.all.on; t.OnMarkAll != nil {
			t.OnMarkAll(h.all.on)
		}
	})
	h.objects = append(h.objects, h.all)
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer implements fyne.Widget.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer { return &headRenderer{h} }

type headRenderer struct{ h *tableHead }

func (r *headRenderer) Layout(fyne.Size) { r.Refresh() }

func (r *headRenderer) MinSize() fyne.Size { return fyne.NewSize(flexWidth, headHeight) }

// Refresh also places the titles: a column may have been hidden.
func (r *headRenderer) Refresh() {
	size := r.h.Size()
	r.h.back.Resize(size)
	r.h.line.Move(fyne.NewPos(0, size.Height-1))
	r.h.line.Resize(fyne.NewSize(size.Width, 1))
	r.h.all.Hidden = true
	for i, s := range r.h.t.spans(size.Width) {
		r.h.titles[i].Hidden = r.h.t.Columns[i].Hidden
		if r.h.t.Columns[i].Marks {
			r.h.all.Hidden = false
			r.h.all.Move(fyne.NewPos(s.x, 0))
			r.h.all.Resize(fyne.NewSize(s.width, size.Height))
		}
		r.h.titles[i].Move(fyne.NewPos(s.x-cellGap/2, 0))
		r.h.titles[i].Resize(fyne.NewSize(s.width+cellGap, size.Height))
	}
	r.h.back.FillColor = theme.ColorForWidget(theme.ColorNameHeaderBackground, r.h)
	r.h.line.FillColor = theme.ColorForWidget(theme.ColorNameSeparator, r.h)
	for _, o := range r.h.objects {
		o.Refresh()
	}
}

func (r *headRenderer) Objects() []fyne.CanvasObject { return r.h.objects }
func (r *headRenderer) Destroy()                     {}

// title is one title; tapped, it sorts.
type title struct {
	widget.BaseWidget
	t       *Table
	column  int
	text    *canvas.Text
	arrow   *canvas.Image
	back    *canvas.Rectangle
	hovered bool
}

var (
	_ fyne.Tappable     = (*title)(nil)
	_ desktop.Hoverable = (*title)(nil)
)

func newTitle(t *Table, column int) *title {
	n := &title{t: t, column: column, text: canvas.NewText("", nil), arrow: &canvas.Image{}, back: canvas.NewRectangle(nil)}
	n.text.TextStyle.Bold = true
	n.ExtendBaseWidget(n)
	return n
}

// Tapped sorts by the column.
func (n *title) Tapped(*fyne.PointEvent) {
	if n.t.OnSort != nil && n.t.Columns[n.column].Sortable {
		n.t.OnSort(n.column)
	}
}

// MouseIn implements desktop.Hoverable.
func (n *title) MouseIn(*desktop.MouseEvent) {
	n.hovered = n.t.Columns[n.column].Sortable
	n.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (n *title) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (n *title) MouseOut() { n.hovered = false; n.Refresh() }

// CreateRenderer implements fyne.Widget.
func (n *title) CreateRenderer() fyne.WidgetRenderer { return &titleRenderer{n} }

type titleRenderer struct{ n *title }

func (r *titleRenderer) Layout(size fyne.Size) {
	n := r.n
	n.back.Resize(size)
	wide := size.Width - cellGap
	sorted, _ := n.t.Sorted()
	if sorted == n.column {
		wide -= iconSide
	}
	n.text.Text = shorten(n.t.Columns[n.column].Title, wide, n.text.TextSize, n.text.TextStyle)
	fit := n.text.MinSize()
	x := float32(cellGap) / 2
	if n.t.Columns[n.column].Right {
		x = size.Width - cellGap/2 - fit.Width
		if sorted == n.column {
			x -= iconSide
		}
	}
	n.text.Move(fyne.NewPos(x, (size.Height-fit.Height)/2))
	n.arrow.Resize(fyne.NewSquareSize(iconSide))
	n.arrow.Move(fyne.NewPos(x+fit.Width, (size.Height-iconSide)/2))
}

func (r *titleRenderer) MinSize() fyne.Size { return fyne.NewSize(cellGap, headHeight) }

func (r *titleRenderer) Refresh() {
	n := r.n
	n.text.Color = theme.ColorForWidget(theme.ColorNamePlaceHolder, n)
	n.text.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, n)
	n.back.FillColor = theme.ColorForWidget(theme.ColorNameHover, n)
	n.back.Hidden = !n.hovered
	column, descending := n.t.Sorted()
	n.arrow.Hidden = column != n.column
	if descending {
		n.arrow.Resource = theme.MenuDropDownIcon()
	} else {
		n.arrow.Resource = theme.MenuDropUpIcon()
	}
	r.Layout(n.Size())
	for _, o := range r.Objects() {
		if o.Visible() {
			o.Refresh()
		}
	}
}

func (r *titleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.n.back, r.n.text, r.n.arrow}
}
func (r *titleRenderer) Destroy() {}
