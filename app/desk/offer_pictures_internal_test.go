package desk

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"touchstone/capture/listing/picture"
	"touchstone/store"
	"touchstone/store/evidence"
)

// checkered draws something to recognise; each seed something else.
func checkered(t *testing.T, seed, side int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			u, v := x*8/side, y*8/side
			img.Set(x, y, color.Gray{uint8((u*seed*37 + v*v*seed*11 + u*v*29) % 256)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func imageOf(t *testing.T, url string, content []byte) evidence.Image {
	t.Helper()
	p, err := picture.Of(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return evidence.Image{URL: url, SHA256: evidence.HashOf(content), Print: string(text)}
}

func TestAnOffersPicturesAreHeldAgainstGenuineOnes(t *testing.T) {
	d := newDesk(t)
	brand := evidence.Brand{ID: evidence.NewID(evidence.KindBrand, time.Now()), Name: "Aurel", Products: []evidence.Product{
		{Model: "SOL-22", Name: "Soleil bag", Pictures: []string{"soleil.png"}}, {Model: "LUN-7", Name: "Luna wallet", Pictures: []string{"luna.png"}}},
		CounterfeitFeatures: []string{"crooked seam"}, Illustrations: []evidence.Illustration{{Shows: "crooked seam", Picture: "seam.png"}}}
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, brand.ID, brand) }); err != nil {
		t.Fatal(err)
	}
	for name, seed := range map[string]int{"soleil.png": 3, "luna.png": 5, "seam.png": 9} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, checkered(t, seed, 400), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Attach(t.Context(), Attaching{File: path, To: brand.ID, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(time.Now()), ObtainedBy: "M. Weber"}, evidence.Quiet); err != nil {
			t.Fatal(err)
		}
	}
	stolen, own := imageOf(t, "https://a.example/stolen.png", checkered(t, 5, 320)), imageOf(t, "https://a.example/own.png", checkered(t, 9, 320))
	offer := put(t, d, 0, evidence.NewID(evidence.KindListing, time.Now()), evidence.Online, &evidence.Facts{Title: "AUREL soleil bag, as new",
		Images: []evidence.Image{stolen, own, own, {URL: "https://a.example/never-loaded.png"}}})
	for range 2 { // the second time from memory
		got, err := d.OfferPictures(t.Context(), offer)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 {
			t.Fatalf("%d pictures, want the two that were loaded", len(got))
		}
		if g := got[0].Genuine; g == nil || !g.Same || g.Product != "Luna wallet LUN-7" || g.Brand != "Aurel" {
			t.Errorf("the stolen picture is closest to %+v, want the photo of the wallet, as the same photograph", g)
		}
		if g := got[1].Genuine; g == nil || g.Same || g.Product != "Soleil bag SOL-22" {
			t.Errorf("the seller's own picture is closest to %+v, want that of the product in the title, as another photograph", g)
		}
	}
	other := put(t, d, 1, evidence.NewID(evidence.KindListing, time.Now()), evidence.Online, &evidence.Facts{Title: "A lamp", Images: []evidence.Image{own}})
	if got, err := d.OfferPictures(t.Context(), other); err != nil || len(got) != 1 || got[0].Genuine != nil || len(got[0].Seen) != 1 {
		t.Errorf("of a lamp: %+v, %v; want no genuine photo, and the offer that shows the same picture", got, err)
	}
}
