package capture

import (
	"context"
	"image"
	"math"

	"touchstone/capture/eye"
	"touchstone/capture/listing"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// tile is a screenshot, or a part of one.
type tile struct {
	evidence.Artifact
	body traffic.Body
}

// found is a text that prints a fact, and its place on a tile.
type found struct {
	fact  string
	print listing.Print
	box   image.Rectangle
}

// takePlaces notes where on the full-page screenshot the facts are printed. What
// the page's layout says is held against the picture: where nothing is drawn,
// nothing is printed. A tile that does not read, as when the disk was full, leaves
// its facts without a place.
func (a *attempt) takePlaces(ctx context.Context, facts *evidence.Facts, doc *listing.Page, seen eye.Page) {
	prints := map[string][]listing.Print{}
	places := map[string][]evidence.Place{}
	texts := doc.Printed(*facts, seen.Texts)
	for _, t := range a.tiles {
		if ctx.Err() != nil {
			return
		}
		for _, f := range t.drawn(texts, seen.Width) {
			prints[f.fact] = append(prints[f.fact], f.print)
			places[f.fact] = append(places[f.fact], evidence.Place{Tile: t.Index,
				Box: evidence.Box{X: f.box.Min.X, Y: f.box.Min.Y, Width: f.box.Dx(), Height: f.box.Dy()}})
		}
	}
	var title *listing.Print
	if i := listing.Source(prints["title"], nil); i >= 0 {
		title = &prints["title"][i]
	}
	for fact, list := range prints {
		anchor := title
		if fact == "title" {
			anchor = nil
		}
		if i := listing.Source(list, anchor); i >= 0 {
			if facts.Places == nil {
				facts.Places = map[string]evidence.Place{}
			}
			facts.Places[fact] = places[fact][i]
		}
	}
}

// drawn are the texts whose middle lies on the tile and that are to be seen there.
// The page's width is in CSS pixels.
func (t tile) drawn(texts map[string][]listing.Print, width float64) (list []found) {
	size, err := eye.Size(t.body.Open())
	if err != nil || width <= 0 {
		return nil
	}
	scale, whole := float64(size.X)/width, image.Rectangle{Max: size}
	var boxes []image.Rectangle
	for fact, prints := range texts {
		for _, p := range prints {
			at := func(x, y float64) image.Point {
				return image.Pt(int(math.Round(x*scale)), int(math.Round((y-float64(t.OffsetY))*scale)))
			}
			b := p.Box
			if at(b.X+b.Width/2, b.Y+b.Height/2).In(whole) {
				box := image.Rectangle{at(b.X, b.Y), at(b.X+b.Width, b.Y+b.Height)}.Intersect(whole)
				list, boxes = append(list, found{fact, p, box}), append(boxes, box)
			}
		}
	}
	if len(boxes) == 0 {
		return nil
	}
	drawn, err := eye.Drawn(t.body.Open(), boxes)
	if err != nil {
		return nil
	}
	kept := list[:0]
	for i, f := range list {
		if drawn[i] {
			kept = append(kept, f)
		}
	}
	return kept
}
