//go:build !headless

package widget_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"touchstone/app/gui/widget"
)

// shelf is what a table shows, drawn by lot.
type shelf struct {
	seed   uint64
	rows   int
	hidden [4]bool
	offset float32
	width  float32
}

var (
	shelfIcons    = []fyne.Resource{nil, theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameError), theme.ConfirmIcon()}
	shelfPictures = []image.Image{nil, filledPicture(color.RGBA{200, 30, 30, 255}), filledPicture(color.RGBA{30, 30, 200, 255})}
)

func filledPicture(c color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
	return img
}

// table shows the shelf in a window of its own.
func (s *shelf) table(t *testing.T) (*widget.Table, fyne.Window) {
	table := widget.NewTable([]widget.Column{{Width: 20, Marks: true}, {Width: 58}, {Title: "Name"}, {Title: "State", Width: 100, Right: true}},
		func() int { return s.rows }, func(row int, cells []widget.Cell) {
			r := rand.New(rand.NewPCG(s.seed, uint64(row)))
			cells[0].Marked = r.IntN(3) == 0
			if r.IntN(4) > 0 {
				cells[1] = widget.Cell{Framed: true, Picture: shelfPictures[r.IntN(3)]}
			}
			cells[2] = widget.Cell{Text: fmt.Sprintf("a bag, the %dth of many that look alike", r.IntN(4)), Strong: r.IntN(2) == 0, Wrap: r.IntN(2) == 0}
			cells[3] = widget.Cell{Icon: shelfIcons[r.IntN(3)], Text: []string{"", "Online", "Removed"}[r.IntN(3)], Detail: []string{"", "once"}[r.IntN(2)]}
		})
	w := test.NewTempWindow(t, table)
	w.SetPadded(false)
	s.show(table, w)
	return table, w
}

// show brings a table of the shelf up to date.
func (s *shelf) show(table *widget.Table, w fyne.Window) {
	w.Resize(fyne.NewSize(s.width, 300))
	for i := range table.Columns {
		table.Columns[i].Hidden = s.hidden[i]
	}
	table.Update()
	table.Focusable().(interface{ ScrollToOffset(float32) }).ScrollToOffset(s.offset)
}

func TestATableWhoseRowsWereUsedForOthersLooksLikeANewOne(t *testing.T) {
	test.NewTempApp(t)
	s := &shelf{rows: 50, width: 500}
	table, w := s.table(t)
	r := rand.New(rand.NewPCG(20261129, 0))
	for step := range 60 {
		change := []string{"contents", "scrolled", "scrolled by a row", "a column", "the length", "the width", "nothing"}[r.IntN(7)]
		switch change {
		case "contents":
			s.seed++
		case "scrolled":
			s.offset = float32(r.IntN(1500))
		case "scrolled by a row":
			s.offset += 52
		case "a column":
			i := 1 + r.IntN(3) // the boxes always stay
			s.hidden[i] = !s.hidden[i]
		case "the length":
			s.rows = r.IntN(60)
		case "the width":
			s.width = float32(360 + r.IntN(300))
		}
		s.show(table, w)
		_, fresh := s.table(t)
		if !bytes.Equal(pixels(w), pixels(fresh)) {
			t.Fatalf("after step %d (%s) the table differs from a new one", step, change)
		}
	}
}

func TestATableTakesTheColoursOfANewTheme(t *testing.T) {
	test.NewTempApp(t)
	s := &shelf{rows: 50, width: 500}
	_, w := s.table(t)
	test.ApplyTheme(t, test.NewTheme()) // ugly on purpose
	_, fresh := s.table(t)
	if !bytes.Equal(pixels(w), pixels(fresh)) {
		t.Error("the table differs from a new one")
	}
}

func pixels(w fyne.Window) []byte { return w.Canvas().Capture().(*image.NRGBA).Pix }
