package strip

import (
	"errors"
	"image"
	"io"
	"iter"
	"slices"
)

// Piece is a part of a picture, over its whole width.
type Piece struct {
	Top, Bottom int         // rows of the picture: from Top up to, but without, Bottom
	Image       *image.RGBA // valid until the next piece is asked for
}

// Cut yields the picture in pieces of at most rows rows. It cuts where a row is
// of one colour, or as nearly so as can be, if that is found in the last fifth
// of a piece: so text lines stay whole. It holds one piece at a time and ends
// with the first error.
func (p *Picture) Cut(rows int) iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		rows = max(1, min(rows, p.Height))
		img := image.NewRGBA(image.Rect(0, 0, p.Width, rows))
		top, have := 0, 0
		for {
			for ; have < rows; have++ {
				err := p.Row(img.Pix[have*img.Stride:][:img.Stride])
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					yield(Piece{}, err)
					return
				}
			}
			if have == 0 {
				return
			}
			cut := have
			if left := p.Height - top; left > have {
				from, to := have-have/5, have
				if left < have+have/5 {
					// Two pieces of a fair size rather than one and a sliver.
					from, to = left/2, min(have, left/2+have/5)
				}
				cut = quietest(img, from, to)
			}
			piece := img.SubImage(image.Rect(0, 0, p.Width, cut)).(*image.RGBA)
			if !yield(Piece{top, top + cut, piece}, nil) {
				return
			}
			copy(img.Pix, img.Pix[cut*img.Stride:have*img.Stride])
			top, have = top+cut, have-cut
		}
	}
}

// quietest is the row between from and to to cut above: in the last stretch
// that is even enough and long enough, where even means that the colour hardly
// changes along its rows.
func quietest(img *image.RGBA, from, to int) int {
	const (
		slack  = 8  // changes more than in the evenest row: a border here and there
		enough = 10 // rows of a stretch
		margin = 12 // rows of a long stretch to leave under the cut
	)
	counts := make([]int, 0, to-from)
	for y := from; y < to; y++ {
		counts = append(counts, changes(img.Pix[y*img.Stride:][:img.Stride]))
	}
	if len(counts) == 0 {
		return max(to, 1)
	}
	even := slices.Min(counts) + slack
	end, length, run := 0, 0, 0 // of the best stretch, and of the one being looked at
	for i, n := range counts {
		if n > even {
			run = 0
			continue
		}
		run++
		if run >= min(length, enough) {
			end, length = i+1, run
		}
	}
	return max(from+end-min((length+1)/2, margin), 1)
}

// changes counts the places in a row where the colour jumps.
func changes(row []byte) int {
	const jump = 16 // of 255: above the noise of a photograph's flat parts
	n := 0
	for i := 4; i < len(row); i += 4 {
		if distance(int(row[i]), int(row[i-4])) > jump || distance(int(row[i+1]), int(row[i-3])) > jump ||
			distance(int(row[i+2]), int(row[i-2])) > jump {
			n++
		}
	}
	return n
}
