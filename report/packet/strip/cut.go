package strip

import (
	"errors"
	"image"
	"io"
	"iter"
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
			if top+have < p.Height {
				cut = quietest(img, have-have/5, have)
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

// quietest is the row between from and to to cut above: in the last even
// stretch that is long enough, where even means with the fewest changes of
// colour along its rows.
func quietest(img *image.RGBA, from, to int) int {
	const enough, margin = 10, 12 // rows: of a stretch, and to leave of it under the cut
	type stretch struct{ first, length, changes int }
	var stretches []stretch
	for y := from; y < to; y++ {
		n := changes(img.Pix[y*img.Stride:][:img.Stride])
		if k := len(stretches) - 1; k >= 0 && stretches[k].changes == n {
			stretches[k].length++
		} else {
			stretches = append(stretches, stretch{y, 1, n})
		}
	}
	if len(stretches) == 0 {
		return max(to, 1)
	}
	best := stretches[0]
	for _, s := range stretches[1:] {
		if s.changes < best.changes || s.changes == best.changes && s.length >= min(best.length, enough) {
			best = s
		}
	}
	return max(best.first+best.length-min((best.length+1)/2, margin), 1)
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
