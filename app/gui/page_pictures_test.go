//go:build !headless

package gui

import (
	"bytes"
	"context"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	marketplace "touchstone/app/practice"
	"touchstone/store/evidence"
)

func TestAnOffersPicturesAreShownWithWhoElseShowsThem(t *testing.T) {
	market, err := marketplace.Start(context.Background(), marketplace.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer market.Close()
	d, m, q := atTheOffice(t)
	d.Allow(market.Addr())
	var links []string
	for _, o := range market.Catalogue() { // shepinhui took a photograph from gz-meilin
		if o.Behind == "" && o.Truth == marketplace.Counterfeit && (o.Seller.ID == "gz-meilin" || o.Seller.ID == "shepinhui") {
			links = append(links, o.URL)
		}
	}
	m.Capture(strings.Join(links, "\n"), "Bags")
	var row, other model.Row
	q.until(t, "the offers are captured", func() bool {
		row, other = model.Row{}, model.Row{}
		for i := range m.Table.Len() {
			switch r := m.Table.Row(i); {
			case r.Seller == nil || r.Capture == nil || r.Capture.Facts == nil:
			case r.Seller.Facts.ID == "shepinhui":
				row = r
			default:
				other = r
			}
		}
		return !m.Batch.Running() && m.Table.Total() == len(links) && row.Capture != nil && other.Capture != nil
	})

	o := Office(d, nil, "test").Desk
	pictures, err := o.Pictures(t.Context(), row.Capture.ID)
	if err != nil || len(pictures) == 0 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	var also []model.Tie
	for _, p := range pictures {
		also = append(also, p.Also...)
		if p.Genuine != nil {
			t.Errorf("a genuine photo %+v, although there is no brand", p.Genuine)
		}
	}
	if len(also) == 0 || also[0].Target.Listing == row.Listing.ID || also[0].Picture == "" || also[0].Reason != "The same photograph, in another file" {
		t.Errorf("also shown by %+v, want gz-meilin's listing with a picture of its page", also)
	}

	// A photo of genuine goods that the seller took.
	content := read(t, o, pictures[0].Picture)
	photo := filepath.Join(t.TempDir(), "genuine.jpg")
	if err := os.WriteFile(photo, content, 0o600); err != nil {
		t.Fatal(err)
	}
	imported, err := d.ImportBrand(t.Context(), "practice.json", bytes.NewReader(market.BrandFile()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Attach(t.Context(), desk.Attaching{File: photo, To: imported.Brand.ID, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(time.Now()), ObtainedBy: "Ada Examiner"}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if pictures, err = o.Pictures(t.Context(), row.Capture.ID); err != nil || pictures[0].Genuine == nil || !pictures[0].Same {
		t.Errorf("the picture is not known as the genuine one: %+v, %v", pictures[0], err)
	}

	// Another listing is looked at meanwhile: its pictures take the place of these,
	// which are read again when they are asked for.
	if _, err := o.Pictures(t.Context(), other.Capture.ID); err != nil {
		t.Fatal(err)
	}
	if again := read(t, o, pictures[0].Picture); !bytes.Equal(again, content) {
		t.Error("the picture is another when it is read again")
	}
}

// read is the content of a picture that can be drawn.
func read(t *testing.T, o model.Desk, h evidence.Hash) []byte {
	t.Helper()
	f, err := o.Open(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return content
}
