package desk

import (
	"context"
	"slices"
	"strings"
	"sync"

	"touchstone/capture/listing/picture"
	"touchstone/store/evidence"
)

// OfferPicture is one of the pictures of a capture's offer, with what is known of
// it here.
type OfferPicture struct {
	Reused
	Genuine *Genuine `json:"genuine,omitempty"` // the photo of genuine goods that it is closest to
}

// Genuine is a photo of genuine goods beside a picture of an offer: the same
// photograph, or else one of the product that the offer's title names.
type Genuine struct {
	Attachment evidence.ID   `json:"attachment"`
	Brand      string        `json:"brand"`
	Product    string        `json:"product,omitempty"`
	SHA256     evidence.Hash `json:"sha256"`
	Same       bool          `json:"same"`
	Distance   int           `json:"distance"` // differing bits of 64; see Same
}

// OfferPictures lists the pictures of a capture's offer that its page loaded, in
// their order, each once, with each other listing once that shows it.
func (d *Desk) OfferPictures(ctx context.Context, id evidence.ID) ([]OfferPicture, error) {
	c, err := Get[evidence.Capture](ctx, d, id)
	if err != nil || c.Facts == nil {
		return nil, err
	}
	reused, err := d.ReusedPictures(ctx, id)
	if err != nil {
		return nil, err
	}
	photos, err := d.genuinePhotos(ctx)
	if err != nil {
		return nil, err
	}
	var out []OfferPicture
	for _, img := range c.Facts.Images {
		if img.SHA256 == "" || slices.ContainsFunc(out, func(p OfferPicture) bool { return p.SHA256 == img.SHA256 }) {
			continue
		}
		p := OfferPicture{Reused: Reused{URL: img.URL, SHA256: img.SHA256, Seen: []Sighting{}}}
		if i := slices.IndexFunc(reused, func(r Reused) bool { return r.SHA256 == img.SHA256 }); i >= 0 {
			p.Seen = eachListing(reused[i].Seen)
		}
		if print, ok := printOf(img); ok {
			p.Genuine = closestGenuine(print, photos, c.Facts.Title)
		}
		out = append(out, p)
	}
	return out, nil
}

// eachListing is the most alike sighting in each listing.
func eachListing(seen []Sighting) []Sighting {
	once := []Sighting{}
	for _, s := range seen {
		if s.Listing == "" || !slices.ContainsFunc(once, func(o Sighting) bool { return o.Listing == s.Listing }) {
			once = append(once, s)
		}
	}
	return once
}

// closestGenuine is the photo that a picture is the same photograph as, or else the
// least unlike one of the product that the title names; nil where there is neither.
func closestGenuine(p picture.Print, photos []genuinePhoto, title string) *Genuine {
	var best *Genuine
	for _, photo := range photos {
		g := photo.Genuine
		g.Distance, g.Same = picture.Distance(p, photo.print)
		if !g.Same && (photo.product == nil || !NamedIn(*photo.product, title)) {
			continue
		}
		if best == nil || g.Same && !best.Same || g.Same == best.Same && g.Distance < best.Distance {
			best = &g
		}
	}
	return best
}

// NamedIn reports whether a title names a product, by its model or its name.
func NamedIn(p evidence.Product, title string) bool {
	title = strings.ToLower(title)
	return p.Model != "" && strings.Contains(title, strings.ToLower(p.Model)) || p.Name != "" && strings.Contains(title, strings.ToLower(p.Name))
}

// genuinePhoto is a photo that came with a brand.
type genuinePhoto struct {
	Genuine
	product *evidence.Product // nil where the brand does not say of which it is
	print   picture.Print
}

// genuinePhotos are the photos of all brands that have something to recognise.
func (d *Desk) genuinePhotos(ctx context.Context) ([]genuinePhoto, error) {
	brands, err := All[evidence.Brand](ctx, d, evidence.KindBrand)
	if err != nil {
		return nil, err
	}
	var photos []genuinePhoto
	for _, b := range brands {
		attached, err := d.AttachedTo(ctx, b.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range attached {
			file, ok := a.Artifact(evidence.RoleAttachment)
			if !ok || a.Kind != evidence.AttachedPhoto || showsCounterfeit(b, a.Name) {
				continue
			}
			print, ok, err := d.prints.of(ctx, d, file.SHA256)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			photo := genuinePhoto{Genuine: Genuine{Attachment: a.ID, Brand: b.Name, SHA256: file.SHA256}, print: print}
			if i := slices.IndexFunc(b.Products, func(p evidence.Product) bool { return slices.Contains(p.Pictures, a.Name) }); i >= 0 {
				photo.product, photo.Product = &b.Products[i], strings.TrimSpace(b.Products[i].Name+" "+b.Products[i].Model)
			}
			photos = append(photos, photo)
		}
	}
	return photos, nil
}

// showsCounterfeit reports whether a brand's photo is of what gives counterfeits
// away.
func showsCounterfeit(b evidence.Brand, photo string) bool {
	return slices.ContainsFunc(b.Illustrations, func(i evidence.Illustration) bool {
		return i.Picture == photo && slices.Contains(b.CounterfeitFeatures, i.Shows)
	})
}

// mostPrints is of how many files prints are remembered, at some 100 bytes each.
const mostPrints = 10_000

// prints remembers by what files are recognised: to decode a photo takes some 20 ms.
// A file never changes, so neither does its print.
type prints struct {
	mu    sync.Mutex
	known map[evidence.Hash]*picture.Print // nil of a file that has nothing to recognise
}

// of is the print of a sealed file; false where it has none, as of one that is no
// picture or that is gone.
func (p *prints) of(ctx context.Context, d *Desk, h evidence.Hash) (picture.Print, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	print, ok := p.known[h]
	if ok && print != nil {
		return *print, true, nil
	}
	if ok {
		return picture.Print{}, false, nil
	}
	f, err := d.OpenArtifact(ctx, h)
	if err != nil {
		return picture.Print{}, false, ctx.Err() // what is amiss with a file, verify tells
	}
	defer f.Close()
	if len(p.known) >= mostPrints || p.known == nil {
		p.known = map[evidence.Hash]*picture.Print{}
	}
	taken, err := picture.Of(f)
	if err != nil {
		p.known[h] = nil
		return picture.Print{}, false, nil
	}
	p.known[h] = &taken
	return taken, true, nil
}
