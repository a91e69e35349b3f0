package desk_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

// extract reads the facts of a page as its server sent it, without script.
func extract(t *testing.T, url string) evidence.Facts {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	f, err := desk.Extract(r.Body, url, r.Request.URL.String())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return f
}

// TestFactsAgreeWithThePracticeCatalogue: what is read from each page of the
// practice marketplace, however it states its facts, is what its catalogue says.
// Of pages that a script draws, what the script is given is read, or nothing.
func TestFactsAgreeWithThePracticeCatalogue(t *testing.T) {
	market, err := practice.Start(t.Context(), practice.Config{PictureSide: 64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { market.Close(); http.DefaultClient.CloseIdleConnections() })
	shops := map[string]evidence.SellerFacts{}
	for _, o := range market.Catalogue() {
		shops[o.Seller.URL] = o.Seller
		t.Run(o.Markup+" "+o.Title, func(t *testing.T) {
			f := extract(t, o.URL)
			kind := evidence.PageListing
			switch {
			case o.Truth == practice.Removed:
				kind = evidence.PageRemoved
			case o.Behind == "robot":
				kind = evidence.PageBlocked
			case o.Behind == "login":
				kind = evidence.PageLogin
			}
			if f.PageKind == evidence.PageRemoved && o.Stock == 0 {
				kind = evidence.PageRemoved // the seller ended it
			}
			if kind != evidence.PageListing || o.Markup == "fetched" {
				if o.Markup != "fetched" && f.PageKind != kind {
					t.Errorf("page kind = %s, want %s", f.PageKind, kind)
				}
				if f.Price != nil || f.Availability != "" || f.SKU != "" {
					t.Errorf("a page that shows no offer yields %+v", f)
				}
				return
			}
			stock := evidence.InStock
			if o.Stock == 0 {
				stock = evidence.OutOfStock
			}
			if o.Markup == "embedded_state" { // stock and place are words that the script would draw
				stock, o.Location, o.Sold, o.Seller.URL = "", "", "", ""
				f.Sold = nil
			}
			want := evidence.Facts{PageKind: kind, Marketplace: "practice", ItemID: o.ItemID, CanonicalURL: o.URL, Title: o.Title, Price: &o.Price, Availability: stock,
				Seller: &evidence.SellerFacts{ID: o.Seller.ID, Name: o.Seller.Name, URL: o.Seller.URL}, Location: o.Location}
			got := evidence.Facts{PageKind: f.PageKind, Marketplace: f.Marketplace, ItemID: f.ItemID, CanonicalURL: f.CanonicalURL, Title: f.Title, Price: f.Price, Availability: f.Availability,
				Seller: f.Seller, Location: f.Location}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("facts (-catalogue +read):\n%s", diff)
			}
			if f.Sold == nil && o.Sold != "" || f.Sold != nil && f.Sold.Text != o.Sold {
				t.Errorf("sold = %+v, want %q", f.Sold, o.Sold)
			}
			var pictures []string
			for _, img := range f.Images {
				pictures = append(pictures, img.URL)
			}
			if diff := cmp.Diff(o.Pictures, pictures); diff != "" {
				t.Errorf("pictures (-catalogue +read):\n%s", diff)
			}
		})
	}
	for url, want := range shops {
		t.Run(want.ID, func(t *testing.T) {
			f := extract(t, url)
			if f.PageKind != evidence.PageSeller || f.Seller == nil || f.Seller.ID != want.ID || f.Seller.Name != want.Name {
				t.Fatalf("a shop's page is read as %s of %+v", f.PageKind, f.Seller)
			}
			read := map[string]bool{}
			for _, c := range f.Seller.Contacts {
				read[c.Type+" "+strings.ToLower(c.Shown)] = true
			}
			for _, c := range want.Contacts {
				if !read[c.Type+" "+strings.ToLower(c.Shown)] {
					t.Errorf("%s %q is not read: %+v", c.Type, c.Shown, f.Seller.Contacts)
				}
			}
		})
	}
}
