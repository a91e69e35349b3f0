package desk

import (
	"cmp"
	"context"

	"touchstone/capture/listing/picture"
	"touchstone/store/evidence"
)

// Reused is a picture of a capture, and where else it was seen.
type Reused struct {
	URL    string        `json:"url"`
	SHA256 evidence.Hash `json:"sha256,omitempty"`
	Seen   []Sighting    `json:"seen"` // the most alike first
}

// Sighting is a picture of another listing that shows the same photograph.
type Sighting struct {
	Capture  evidence.ID   `json:"capture"` // the newest of its listing
	Listing  evidence.ID   `json:"listing,omitempty"`
	Seller   string        `json:"seller,omitempty"`
	URL      string        `json:"url"`
	SHA256   evidence.Hash `json:"sha256,omitempty"`
	Distance int           `json:"distance"` // differing bits of 64; 0 also of scaled or recompressed copies
}

// ReusedPictures finds, for each picture of a capture, the pictures of other
// listings in the workspace that show the same photograph. Pictures that were
// not loaded, or have nothing to recognise, are left out.
func (d *Desk) ReusedPictures(ctx context.Context, id evidence.ID) ([]Reused, error) {
	c, err := Get[evidence.Capture](ctx, d, id)
	if err != nil || c.Facts == nil {
		return nil, err
	}
	index, err := d.pictures(ctx, c)
	if err != nil {
		return nil, err
	}
	out := []Reused{}
	for _, img := range c.Facts.Images {
		p, ok := printOf(img)
		if !ok {
			continue
		}
		r := Reused{URL: img.URL, SHA256: img.SHA256, Seen: []Sighting{}}
		for _, m := range index.Like(p) {
			s := *m.ID
			s.Distance = m.Distance
			r.Seen = append(r.Seen, s)
		}
		out = append(out, r)
	}
	return out, nil
}

// pictures indexes the pictures of all listings but the capture's own, each by
// its newest capture that has any.
func (d *Desk) pictures(ctx context.Context, but evidence.Capture) (*picture.Index[*Sighting], error) {
	captures, err := All[evidence.Capture](ctx, d, evidence.KindCapture)
	if err != nil {
		return nil, err
	}
	index := &picture.Index[*Sighting]{}
	done := map[evidence.ID]bool{but.Listing: true}
	for i := len(captures) - 1; i >= 0; i-- {
		c := captures[i]
		if c.ID == but.ID || c.Listing != "" && done[c.Listing] || c.Facts == nil || len(c.Facts.Images) == 0 {
			continue
		}
		done[c.Listing] = true
		for _, img := range c.Facts.Images {
			p, ok := printOf(img)
			if !ok {
				continue
			}
			s := &Sighting{Capture: c.ID, Listing: c.Listing, URL: img.URL, SHA256: img.SHA256}
			if c.Facts.Seller != nil {
				s.Seller = cmp.Or(c.Facts.Seller.Name, c.Facts.Seller.ID)
			}
			index.Add(s, p)
		}
	}
	return index, nil
}

// printOf is what a picture is recognised by, if it is.
func printOf(img evidence.Image) (picture.Print, bool) {
	var p picture.Print
	err := p.UnmarshalText([]byte(img.Print))
	return p, err == nil && img.Print != ""
}
