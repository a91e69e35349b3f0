package desk

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/capture/listing"
	"touchstone/store"
	"touchstone/store/evidence"
)

// newDesk is a desk on an empty workspace.
func newDesk(t *testing.T) *Desk {
	t.Helper()
	d, err := Open(Config{Dir: t.TempDir(), StateDir: t.TempDir(), Private: true, Operator: "A. Tester",
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// put stores a capture of a listing, made some minutes after the first.
func put(t *testing.T, d *Desk, minutes int, lst evidence.ID, outcome evidence.Outcome, f *evidence.Facts) evidence.ID {
	t.Helper()
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
	c := evidence.Capture{ID: evidence.NewID(evidence.KindCapture, at), Listing: lst, Outcome: outcome, Facts: f, FinishedAt: at}
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, c.ID, c) }); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func TestChangesAreToldSinceTheLastCaptureThatFoundThePage(t *testing.T) {
	d := newDesk(t)
	lst, other := evidence.NewID(evidence.KindListing, time.Now()), evidence.NewID(evidence.KindListing, time.Now())
	first := put(t, d, 0, lst, evidence.Online, &evidence.Facts{Title: "Brass lamp", Price: &evidence.Price{Min: "20.00", Currency: "EUR"}})
	put(t, d, 1, other, evidence.Online, &evidence.Facts{Title: "Oak table"})
	blocked := put(t, d, 2, lst, evidence.Blocked, &evidence.Facts{Title: "Are you a robot?"})
	last := put(t, d, 3, lst, evidence.Online, &evidence.Facts{Title: "Brass lamp", Price: &evidence.Price{Min: "18.50", Currency: "EUR"}, Availability: evidence.OutOfStock})
	put(t, d, 4, lst, evidence.Online, &evidence.Facts{Title: "later"})
	for _, c := range []struct {
		name string
		id   evidence.ID
		want Changes
	}{
		{"the first has none before it", first, Changes{Capture: first, Changes: []listing.Change{}}},
		{"one that found no page is not compared", blocked, Changes{Capture: blocked, Changes: []listing.Change{}}},
		{"blocked ones and other listings are passed over", last, Changes{Capture: last, Previous: first,
			Changes: []listing.Change{{Fact: "price", From: "20 EUR", To: "18.50 EUR"}, {Fact: "availability", From: "", To: "out_of_stock"}}}},
	} {
		got, err := d.Changes(t.Context(), c.id)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestASellersContactsAreKeptWhenAPageDoesNotShowThem(t *testing.T) {
	d := newDesk(t)
	shop := evidence.SellerFacts{ID: "lamps", Name: "Lamps Ltd", Contacts: []evidence.Contact{{Type: "phone", Shown: "+44 7700 900 142", Value: "+447700900142"}}}
	offer := evidence.SellerFacts{ID: "lamps", Contacts: []evidence.Contact{{Type: "email", Shown: "a@lamps.example", Value: "a@lamps.example"}}}
	rival := evidence.SellerFacts{ID: "rival", Contacts: []evidence.Contact{{Type: "whatsapp", Shown: "0044 7700900142", Value: "+447700900142"}}}
	ids := map[string]evidence.ID{}
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		for _, f := range []evidence.SellerFacts{shop, offer, rival} {
			id, err := d.knownSeller(tx, "practice", f)
			if err != nil {
				return err
			}
			ids[f.ID] = id
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	known, err := Get[evidence.Seller](t.Context(), d, ids["lamps"])
	if err != nil {
		t.Fatal(err)
	}
	want := evidence.SellerFacts{ID: "lamps", Name: "Lamps Ltd", Contacts: []evidence.Contact{offer.Contacts[0], shop.Contacts[0]}}
	if diff := cmp.Diff(want, known.Facts); diff != "" {
		t.Errorf("the seller (-want +got):\n%s", diff)
	}
	linked, err := d.LinkedSellers(t.Context(), ids["rival"])
	if err != nil {
		t.Fatal(err)
	}
	if len(linked) != 1 || linked[0].Seller.ID != ids["lamps"] || len(linked[0].Ties) != 1 || linked[0].Ties[0].Value != "+447700900142" {
		t.Errorf("linked = %+v, want Lamps Ltd by its telephone", linked)
	}
}

func TestAPictureOfAnotherListingIsFound(t *testing.T) {
	d := newDesk(t)
	print := func(last string) string {
		return "8f3c00ff11ee22dd" + "8f3c00ff11ee22d1" + "8f3c00ff11ee22d3" + "0011223344556677" + "8899aabbccddeeff" + "0123456789abcdef" + "fedcba98765432" + last
	}
	a, b := evidence.NewID(evidence.KindListing, time.Now()), evidence.NewID(evidence.KindListing, time.Now())
	facts := func(name string, images ...evidence.Image) *evidence.Facts {
		return &evidence.Facts{Images: images, Seller: &evidence.SellerFacts{Name: name}}
	}
	put(t, d, 0, a, evidence.Online, facts("A", evidence.Image{URL: "https://a.example/old.jpg", Print: print("10")}))
	newest := put(t, d, 1, a, evidence.Online, facts("A", evidence.Image{URL: "https://a.example/1.jpg", Print: print("10")}, evidence.Image{URL: "https://a.example/2.jpg", Print: "damaged"}))
	mine := put(t, d, 2, b, evidence.Online, facts("B", evidence.Image{URL: "https://b.example/1.jpg", Print: print("11")}, evidence.Image{URL: "https://b.example/unloaded.jpg"}))
	put(t, d, 3, b, evidence.Online, facts("B", evidence.Image{URL: "https://b.example/1.jpg", Print: print("11")}))
	got, err := d.ReusedPictures(t.Context(), mine)
	if err != nil {
		t.Fatal(err)
	}
	want := []Reused{{URL: "https://b.example/1.jpg", Seen: []Sighting{{Capture: newest, Listing: a, Seller: "A", URL: "https://a.example/1.jpg"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reused (-want +got):\n%s", diff)
	}
}

func TestANameGivenLaterIsThatOfWhatIsRecordedFromThenOn(t *testing.T) {
	d := newDesk(t)
	name := func(want string) {
		t.Helper()
		if err := d.SetOperator(t.Context(), " Ada Examiner "); err != nil {
			t.Fatal(err)
		}
		if got := d.actorName(); got != want {
			t.Errorf("who records is %q, want %q", got, want)
		}
	}
	name("A. Tester") // given for this run, which comes first
	d.cfg.Operator = ""
	name("Ada Examiner")
}
