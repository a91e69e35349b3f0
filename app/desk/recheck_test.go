package desk

import (
	"testing"

	"touchstone/store/evidence"
)

func TestJudgeOffer(t *testing.T) {
	offer := func(seller, title string, a evidence.Availability) *evidence.Facts {
		return &evidence.Facts{PageKind: evidence.PageListing, Title: title, Availability: a, Seller: &evidence.SellerFacts{Name: seller}}
	}
	before := &evidence.Capture{Outcome: evidence.Online, Facts: offer("Lucky Star", "Bag", evidence.InStock)}
	tests := []struct {
		name string
		now  evidence.Snapshot
		want evidence.OfferState
	}{
		{"the marketplace says that it took it down", evidence.Snapshot{Outcome: evidence.Removed}, evidence.RemovedByMarketplace},
		{"a page that is gone without a word credits nobody", evidence.Snapshot{Outcome: evidence.NotFound}, evidence.OfferGone},
		{"a robot check says nothing about the offer", evidence.Snapshot{Outcome: evidence.Blocked}, evidence.OfferUnknown},
		{"a server that fails says nothing about the offer", evidence.Snapshot{Outcome: evidence.ServerError}, evidence.OfferUnknown},
		{"the same page", evidence.Snapshot{Outcome: evidence.Online, Facts: offer("Lucky Star", "Bag", evidence.InStock)}, evidence.StillUp},
		{"the page stands and another seller has it", evidence.Snapshot{Outcome: evidence.Online, Facts: offer("Honest Shop", "Bag", evidence.InStock)}, evidence.OfferGone},
		{"nothing left to buy", evidence.Snapshot{Outcome: evidence.Online, Facts: offer("Lucky Star", "Bag", evidence.OutOfStock)}, evidence.SoldOut},
		{"another title under the same link", evidence.Snapshot{Outcome: evidence.Online, Facts: offer("Lucky Star", "Purse", evidence.InStock)}, evidence.Changed},
		{"sent on to a search page", evidence.Snapshot{Outcome: evidence.Online, Facts: &evidence.Facts{PageKind: evidence.PageSearch}}, evidence.OfferGone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, why := judgeOffer(before, &tt.now); got != tt.want {
				t.Errorf("judged %s (%s), want %s", got, why, tt.want)
			}
		})
	}
}
