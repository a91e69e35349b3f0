package packet

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	_ "image/png" // pictures of the genuine article
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"touchstone/report/notice"
	"touchstone/report/packet/strip"
	"touchstone/store/evidence"
)

// chart is one row of a claim chart: a part of the screenshot and a picture of
// the genuine article, each empty where there is none.
type chart struct {
	suspect, genuine spooled
	problem          string // why the genuine one is not shown, as a sentence
}

// cuts collects the marked parts of a screenshot while it is read.
type cuts struct {
	marks  []evidence.Mark
	images []*image.RGBA // nil for a mark outside of all that was read so far
	charts []chart
}

const maxCut = 2000 // pixels of a marked part, across or down

func newCuts(e *notice.Exhibit) *cuts {
	c := &cuts{}
	if e.Assessment != nil {
		c.marks = compared(e)
		c.images, c.charts = make([]*image.RGBA, len(c.marks)), make([]chart, len(c.marks))
	}
	return c
}

// compared are the rows of an exhibit's claim chart: the listing as it first shows
// beside the product it imitates, where that is known, and the assessment's marks.
func compared(e *notice.Exhibit) []evidence.Mark {
	marks := e.Assessment.Marks
	if e.Genuine == nil {
		return marks
	}
	view := e.Manifest.Settings
	first := evidence.Mark{Box: evidence.Box{Width: cmp.Or(view.ViewportWidth, 1280), Height: cmp.Or(view.ViewportHeight, 900)},
		Suspect: e.Title(), Genuine: strings.TrimSpace(e.Genuine.Name + "\n" + e.Genuine.Model), Picture: e.Genuine.Picture}
	if f := e.Capture.Facts; f != nil && price(f.Price) != "" {
		first.Suspect = clip(first.Suspect, 300) + "\nOffered at " + price(f.Price)
	}
	if e.Genuine.Price != "" {
		first.Genuine += "\nUsual price " + e.Genuine.Price + " " + e.Genuine.Currency
	}
	return append([]evidence.Mark{first}, marks...)
}

// take copies what a piece of the screenshot shows of the marked parts.
func (c *cuts) take(tile int, piece strip.Piece) {
	for i, m := range c.marks {
		box := image.Rect(m.Box.X, m.Box.Y, m.Box.X+min(m.Box.Width, maxCut), m.Box.Y+min(m.Box.Height, maxCut))
		rows := piece.Image.Rect.Add(image.Pt(0, piece.Top))
		if part := box.Intersect(rows); m.Tile == tile && !part.Empty() {
			if c.images[i] == nil {
				c.images[i] = image.NewRGBA(image.Rect(0, 0, min(box.Max.X, rows.Max.X)-max(box.Min.X, 0), box.Dy()))
				draw.Draw(c.images[i], c.images[i].Rect, image.White, image.Point{}, draw.Src)
			}
			draw.Draw(c.images[i], part.Sub(box.Min), piece.Image, image.Pt(part.Min.X, part.Min.Y-piece.Top), draw.Src)
		}
	}
}

// finish keeps the marked parts, and the pictures they are compared with.
func (d *developer) finish(c *cuts) error {
	for i := range c.charts {
		var err error
		if c.images[i] != nil {
			if c.charts[i].suspect, err = d.encode(c.images[i]); err != nil {
				return err
			}
		}
		if p := c.marks[i].Picture; p != nil {
			c.charts[i].genuine, err = d.whole(*p)
			if errors.Is(err, errSpool) {
				return err
			}
			if err != nil {
				c.charts[i].problem = fmt.Sprintf("The picture of the genuine article (SHA-256 %s) is not shown: %v.", p.SHA256, err)
			}
		}
	}
	return nil
}

// maxDecoded is how many pixels a picture may have that is not read row by row.
const maxDecoded = 60_000_000

// whole keeps a PNG or JPEG that is shown in one piece.
func (d *developer) whole(a evidence.Artifact) (spooled, error) {
	content, err := d.read(a.SHA256)
	if err != nil {
		return spooled{}, err
	}
	img, err := decode(content)
	if err != nil {
		return spooled{}, err
	}
	return d.encode(img)
}

// claimChart sets what the marks show, suspect beside genuine.
func (m *maker) claimChart(e *notice.Exhibit, shot picture) {
	s, a := m.sheet, e.Assessment
	if a == nil || len(compared(e)) == 0 {
		return
	}
	const (
		most = 60.0 // millimetres of a picture's height
		half = (textWidth - gap) / 2
	)
	s.section("Claim chart: this listing beside the genuine article")
	numbered := len(compared(e)) - len(a.Marks) // the first row that is a mark
	for i, mark := range compared(e) {
		var row chart
		if i < len(shot.charts) {
			row = shot.charts[i]
		}
		if row.problem != "" {
			m.problem(e.Capture.ID, row.problem)
		}
		texts := [2][]line{s.wrap(styleCell, clip(mark.Suspect, 600), half), s.wrap(styleCell, clip(cmp.Or(mark.Genuine, "nothing recorded"), 600), half)}
		pictures := [2]spooled{row.suspect, row.genuine}
		var sizes [2][2]float64
		height := 0.0
		for k, p := range pictures {
			if p.width > 0 {
				scale := min(half/float64(p.width), most/float64(p.height), 2*maxScale)
				sizes[k] = [2]float64{float64(p.width) * scale, float64(p.height) * scale}
				height = max(height, sizes[k][1])
			}
		}
		body := float64(max(len(texts[0]), len(texts[1]))) * styleCell.lead
		s.need(styleHead.lead + height + body + 5)
		heads := [2]string{"As offered", "Genuine"}
		if i >= numbered {
			heads[0] = "Mark " + strconv.Itoa(i-numbered+1) + ", as offered"
		}
		for k, head := range heads {
			x, y := left+float64(k)*(half+gap), s.y
			y = s.lines(x, y, styleHead, []line{s.one(styleHead, head, half)}) + 1
			if p := pictures[k]; p.width > 0 {
				s.place(p, x, y, sizes[k][0], sizes[k][1])
				s.stroke(rule, 0.2)
				s.pdf.Rect(x, y, sizes[k][0], sizes[k][1], "D")
			}
			s.lines(x, y+height+1, styleCell, texts[k])
		}
		s.y += styleHead.lead + 1 + height + 1 + body + 1.2
		s.hairline(left, s.y, textWidth)
		s.y += 2
	}
}

// marks draws the assessment's marks on a part of the screenshot that stands at
// x and y.
func (m *maker) marks(e *notice.Exhibit, p part, x, y float64) {
	if e.Assessment == nil {
		return
	}
	s := m.sheet
	rows := image.Rect(0, p.from, p.across, p.from+p.bottom-p.top)
	for i, mark := range e.Assessment.Marks {
		box := image.Rect(mark.Box.X, mark.Box.Y, mark.Box.X+mark.Box.Width, mark.Box.Y+mark.Box.Height).Intersect(rows)
		if mark.Tile != p.tile || box.Empty() {
			continue
		}
		bx, by := x+float64(box.Min.X)*p.scale, y+float64(box.Min.Y-p.from)*p.scale
		s.stroke(red, 0.6)
		s.pdf.Rect(bx, by, float64(box.Dx())*p.scale, float64(box.Dy())*p.scale, "D")
		const side = 4.6
		label := styleStrong
		label.colour = white
		l := s.one(label, strconv.Itoa(i+1), side)
		s.fill(red, bx, by, side, side)
		s.draw(bx+(side-l.width)/2, by+baseline(label)-0.1, label, l)
	}
}
