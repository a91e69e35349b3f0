package market

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// world is a market with a clock that the test turns.
type world struct {
	*Market
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	m, err := New(Config{Now: func() time.Time { return w.now }, Base: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Market = m
	return w
}

// report files a notice about the offers and is what it came to.
func (w *world) report(t *testing.T, goodFaith bool, offers ...*Offer) jointforce.Notice {
	t.Helper()
	r := w.request(goodFaith, offers...)
	n, err := w.File(&r)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// request is a notice about the offers.
func (w *world) request(goodFaith bool, offers ...*Offer) jointforce.NoticeRequest {
	r := jointforce.NoticeRequest{Reference: "ntc", Reason: "counterfeit", Right: w.account.rights[0], GoodFaith: goodFaith}
	for i, o := range offers {
		r.Items = append(r.Items, jointforce.NoticeItemRequest{Reference: fmt.Sprint(i), URL: w.URL(o.Path())})
	}
	return r
}

// up are the live offers with the truth.
func (w *world) up(truth Truth) []*Offer {
	return w.Live(func(o *Offer) bool { return o.Truth == truth })
}

func TestStandingIsLostByTheThresholdsAndWonBack(t *testing.T) {
	w := newWorld(t)
	innocent := append(w.up(Genuine), w.up(Unrelated)...)
	if len(innocent) < thresholds.MinDecided {
		t.Fatalf("%d innocent offers are too few for the test", len(innocent))
	}
	n := w.report(t, false, innocent[:thresholds.MinDecided]...)
	if !w.Account().Standing.GoodFaith {
		t.Fatal("standing is lost before anything was decided")
	}
	w.now = w.now.Add(reviewTime)
	a := w.Account()
	if o := a.Standing.Overall; o.Rejected != thresholds.MinDecided || o.Removed != 0 || *o.TakedownRate != 0 || o.CounterRate != nil {
		t.Errorf("after the review of %s: %+v", n.ID, o)
	}
	if a.Standing.GoodFaith {
		t.Error("ten rejections of ten leave the standing as it was")
	}
	fake := w.up(Counterfeit)[0]
	if n := w.report(t, true, fake); n.GoodFaith || n.Items[0].State != evidence.ItemUnderReview {
		t.Errorf("without standing, a good-faith notice is handled as %+v", n)
	}
	w.now = w.now.Add(reviewTime)
	if n, err := w.Notice("JF-000002"); err != nil || n.Items[0].State != evidence.ItemUnderReview {
		t.Errorf("without standing, the review is as fast as with it: %+v, %v", n.Items, err)
	}
	w.now = w.now.Add(slowReviewTime)
	if n, err := w.Notice("JF-000002"); err != nil || n.Items[0].State != evidence.ItemRemoved {
		t.Errorf("after the longer review: %+v, %v", n.Items, err)
	}
	w.now = w.now.AddDate(0, 0, thresholds.ReadmissionDays+1)
	if a := w.Account(); !a.Standing.GoodFaith {
		t.Errorf("after %d days the standing is still lost: %+v", thresholds.ReadmissionDays, a.Standing)
	}
	events, _, err := w.Events("", jointforce.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	var standing []string
	for _, e := range events {
		if e.Type == jointforce.EventStanding {
			standing = append(standing, e.State)
		}
	}
	if fmt.Sprint(standing) != "[ordinary good_faith]" {
		t.Errorf("the feed tells of the standing: %v", standing)
	}
}

func TestTheSeedsCataloguesHaveNoTwoAlike(t *testing.T) {
	for seed := range int64(50) {
		m, err := New(Config{Seed: seed, Now: time.Now, Base: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}})
		if err != nil {
			t.Fatal(err)
		}
		numbers, pictures := map[string]bool{}, map[string]bool{}
		for _, o := range m.Offers() {
			if numbers[o.ItemID] || len(o.Pictures) == 0 || pictures[o.Pictures[0].Name] || len(o.Story) == 0 || len(o.Reviews) == 0 {
				t.Errorf("seed %d: offer %q shares a number or a picture, or lacks something", seed, o.Title)
			}
			numbers[o.ItemID], pictures[o.Pictures[0].Name] = true, true
		}
	}
}

func TestWhatFallsDueHappensInOrder(t *testing.T) {
	w := newWorld(t)
	var done []int
	for _, hour := range []int{3, 1, 2} {
		w.later(w.now.Add(time.Duration(hour)*time.Hour), func() { done = append(done, hour) })
	}
	w.now = w.now.Add(150 * time.Minute)
	w.settle()
	if fmt.Sprint(done) != "[1 2]" {
		t.Errorf("after two and a half hours: %v", done)
	}
}
