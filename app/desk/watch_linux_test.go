package desk

import (
	"context"
	"image"
	"image/color"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/capture/listing/picture"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// photograph is the print of a picture that no other seed gives.
func photograph(t *testing.T, seed uint64) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, seed))
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for y := range 8 {
		for x := range 8 {
			shade := color.Gray{Y: uint8(rng.UintN(256))}
			for i := range 64 {
				img.Set(8*x+i%8, 8*y+i/8, shade)
			}
		}
	}
	p, err := picture.OfImage(img)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// page is what a capture of a listing shows.
type page struct {
	outcome evidence.Outcome
	seller  string
	photos  []uint64
}

// look seals a capture of a link that shows the page, as a recheck does.
func look(t *testing.T, d *Desk, caseID evidence.ID, link string, p page) evidence.Capture {
	t.Helper()
	jobs, err := d.enqueue(t.Context(), Order{Case: caseID, Links: []string{link}, Recheck: true})
	if err != nil {
		t.Fatal(err)
	}
	now := d.cfg.Now()
	s := evidence.Snapshot{URL: link, FinalURL: link, Outcome: p.outcome, StartedAt: now, FinishedAt: now}
	if p.outcome == evidence.Online {
		s.Facts = &evidence.Facts{PageKind: evidence.PageListing, Marketplace: "practice", Seller: &evidence.SellerFacts{ID: p.seller, Name: p.seller}}
		for _, seed := range p.photos {
			s.Facts.Images = append(s.Facts.Images, evidence.Image{URL: "https://market.example/p", Print: photograph(t, seed)})
		}
	}
	jobs[0].Attempts = 1
	c, err := d.sealAttempt(t.Context(), jobs[0], s, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What becomes of a listing after the marketplace has said that it is removed, as
// our own captures show it on the days after.
func TestWhatCapturesShowOfATakedown(t *testing.T) {
	const gone = "https://market.example/item/1"
	up, removed, lost := page{outcome: evidence.Online, seller: "goldstar", photos: []uint64{1, 2}}, page{outcome: evidence.Removed}, page{outcome: evidence.NotFound}
	relist := func(seller string, photos ...uint64) page { return page{evidence.Online, seller, photos} }
	type step struct {
		day  int
		link string
		page page
	}
	for name, c := range map[string]struct {
		channel string
		told    evidence.ItemState // by the marketplace; "" for nothing
		steps   []step
		want    evidence.ItemState
		stayed  int
		again   bool
		due     int // rechecks that are due after the last step
	}{
		"only the marketplace says so":              {channel: "amazon", told: evidence.ItemRemoved, want: evidence.ItemRemoved, due: 1},
		"and the page too":                          {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}}, want: evidence.ItemVerifiedDown},
		"only the page says so":                     {channel: "amazon", steps: []step{{0, gone, removed}}, want: evidence.ItemVerifiedDown},
		"the page is gone":                          {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, lost}}, want: evidence.ItemVerifiedDown},
		"the page is gone, nobody says why":         {channel: "amazon", steps: []step{{0, gone, lost}}, want: evidence.ItemSubmitted},
		"gone at a channel whose word is unsure":    {channel: "ebay", told: evidence.ItemRemoved, steps: []step{{0, gone, lost}}, want: evidence.ItemRemoved, due: 1},
		"it says removed and is up":                 {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, up}}, want: evidence.ItemRemoved, due: 1},
		"a day later nobody has looked":             {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, "", page{}}}, want: evidence.ItemVerifiedDown, due: 1},
		"down after a day":                          {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, gone, removed}}, want: evidence.ItemMonitored, stayed: 1},
		"down after a day, and a week has passed":   {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, gone, removed}, {8, "", page{}}}, want: evidence.ItemMonitored, stayed: 1, due: 1},
		"down after 1, 7 and 30 days":               {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, gone, removed}, {7, gone, lost}, {30, gone, removed}}, want: evidence.ItemClosed, stayed: 30},
		"up again after a week":                     {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, gone, removed}, {7, gone, up}}, want: evidence.ItemReappeared, stayed: 1, again: true},
		"not reached after a week":                  {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {7, gone, page{outcome: evidence.Blocked}}}, want: evidence.ItemVerifiedDown, due: 1},
		"the same seller with the same pictures":    {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {3, "https://market.example/item/2", relist("goldstar", 1, 2)}}, want: evidence.ItemReappeared, again: true},
		"the same seller, half the pictures":        {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {3, "https://market.example/item/2", relist("goldstar", 1, 9)}}, want: evidence.ItemReappeared, again: true},
		"the same seller with other pictures":       {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, "https://market.example/item/2", relist("goldstar", 8, 9)}}, want: evidence.ItemVerifiedDown, due: 1},
		"another seller with the same pictures":     {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, gone, removed}, {1, "https://market.example/item/2", relist("silverstar", 1, 2)}}, want: evidence.ItemVerifiedDown, due: 1},
		"another offer that was there all the time": {channel: "amazon", told: evidence.ItemRemoved, steps: []step{{0, "https://market.example/item/2", relist("goldstar", 1, 2)}, {0, gone, removed}}, want: evidence.ItemVerifiedDown},
	} {
		t.Run(name, func(t *testing.T) {
			clock := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
			dir, state := filepath.Join(t.TempDir(), "workspace"), t.TempDir()
			cheapKey(t, dir, state)
			d, err := Open(Config{Dir: dir, StateDir: state, Private: true, Operator: "Ada", Now: func() time.Time { return clock },
				Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			item := takenDown(t, d, gone, up, c.channel)
			start := clock
			for _, s := range c.steps { // what stood there before the notice was filed
				if s.day == 0 && s.link != gone && s.link != "" {
					look(t, d, item.caseID, s.link, s.page)
				}
			}
			clock = clock.Add(time.Hour)
			item.submit(t, d, c.told)
			for _, s := range c.steps {
				clock = start.AddDate(0, 0, s.day).Add(2 * time.Hour)
				if s.link != "" && (s.day > 0 || s.link == gone) {
					look(t, d, item.caseID, s.link, s.page)
				}
				if err := d.watch(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Get[evidence.NoticeItem](t.Context(), d, item.id)
			if err != nil || got.State != c.want || got.StayedDown != c.stayed || (got.Again != "") != c.again || (got.Proof != "") != (c.want != evidence.ItemRemoved && c.want != evidence.ItemSubmitted) {
				t.Errorf("%+v, %v; want %s, %d days, again %v", got, err, c.want, c.stayed, c.again)
			}
			due, err := d.DueRechecks(t.Context())
			if err != nil || len(due) != c.due {
				t.Errorf("due are %+v, %v; want %d", due, err, c.due)
			}
		})
	}
}

// filing is an item of a notice that was filed.
type filing struct{ id, caseID evidence.ID }

// takenDown is a draft of a notice to a channel about the page at a link.
func takenDown(t *testing.T, d *Desk, link string, p page, channel string) filing {
	t.Helper()
	if _, err := d.ImportBrand(t.Context(), "brand.json", strings.NewReader(testBrand)); err != nil {
		t.Fatal(err)
	}
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Watch"})
	if err != nil {
		t.Fatal(err)
	}
	seen := look(t, d, c.ID, link, p)
	if _, err := d.Assess(t.Context(), seen.Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
		t.Fatal(err)
	}
	n, _, err := d.NewNotice(t.Context(), NoticeOrder{Case: c.ID, Channel: channel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Listings: []evidence.ID{seen.Listing}})
	if err != nil {
		t.Fatal(err)
	}
	return filing{itemOfNotice(t, d, n.ID).ID, c.ID}
}

// submit takes the item to submitted and to where the marketplace says it is.
func (f filing) submit(t *testing.T, d *Desk, told evidence.ItemState) {
	t.Helper()
	err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		item, err := store.Get[evidence.NoticeItem](tx, f.id)
		if err != nil {
			return err
		}
		item.State, item.UpdatedAt = evidence.ItemSubmitted, d.cfg.Now()
		if err := store.Put(tx, item.ID, item); err != nil {
			return err
		}
		_, err = d.applyStatus(tx, []takedown.ItemStatus{{Item: f.id, State: told}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
