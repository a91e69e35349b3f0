package inquiry

import (
	"strings"
	"testing"
	"time"

	"touchstone/store/evidence"
)

var brand = evidence.BrandFile{
	Brand: evidence.Brand{
		ID: "brand_1", Name: "Aurelia", Products: []evidence.Product{{Model: "AU-4410", Name: "Aurelia Tote", Price: "400.00", Currency: "EUR"}},
		GenuineMarkers: []string{"eight stitches an inch"}, CounterfeitFeatures: []string{"mirror quality"}, AuthorisedSellers: []string{"Aurelia Official"},
	},
	Rights: []evidence.Right{{Type: evidence.Trademark, Name: "AURELIA SUN"}},
}

func TestHintsSayWhatTheyRestOnAndNeverJudge(t *testing.T) {
	for name, c := range map[string]struct {
		material Material
		want     []string // in the order of the hints: topic and a part of what it says or why
	}{
		"a price far below the usual one": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "Aurelia tote AU-4410", Price: &evidence.Price{Min: "60", Currency: "EUR"}}}},
			[]string{"price: 15 %"},
		},
		"the page's price counts before the asker's": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410", Price: &evidence.Price{Min: "60", Currency: "EUR"}}},
				Facts: &evidence.Facts{Price: &evidence.Price{Min: "300", Currency: "EUR"}}},
			[]string{"price: 75 %"},
		},
		"prices in two currencies are not compared": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410", Price: &evidence.Price{Min: "60", Currency: "CNY"}}}}, []string{"price: two currencies"},
		},
		"a price that is no number": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410", Price: &evidence.Price{Min: "cheap", Currency: "EUR"}}}}, nil,
		},
		"no model of the brand": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "Aurelia AU-9999"}}}, []string{"model: names no model"},
		},
		"a seller whom the brand has authorised": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410", Seller: &evidence.SellerFacts{Name: "aurelia official"}}}}, []string{"seller: is authorised"},
		},
		"another seller, with contacts of a third": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410", Seller: &evidence.SellerFacts{Name: "Shop 88"}}}, Linked: []string{"Shop 77"}},
			[]string{"seller: not among those", "seller: Shop 77"},
		},
		"what was judged before, and pictures seen elsewhere": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410"}},
				Judged: []Judged{{Assessment: evidence.Assessment{Verdict: evidence.Counterfeit, By: "Ada", Basis: evidence.BasisPicture}, Title: "Tote"}},
				Reused: []Reused{{URL: "https://cdn.example/1.jpg", Seller: "Shop 9", Verdict: evidence.Counterfeit}}},
			[]string{"earlier: another offer of this seller was judged counterfeit", "picture: judged counterfeit"},
		},
		"words of counterfeits in the title": {
			Material{Inquiry: evidence.Inquiry{Offer: evidence.InquiryOffer{Title: "AU-4410 Mirror Quality!"}}}, []string{"feature: mirror quality"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.material.Brand = &brand.Brand
			got := Hints(c.material)
			if len(got) != len(c.want) {
				t.Fatalf("hints %+v, want %q", got, c.want)
			}
			for i, want := range c.want {
				topic, says, _ := strings.Cut(want, ": ")
				if string(got[i].Topic) != topic || !strings.Contains(got[i].Says+" "+got[i].Why, says) || got[i].Why == "" {
					t.Errorf("hint %d is %+v, want %q", i, got[i], want)
				}
			}
		})
	}
}

func TestADuplicateAndAnotherBrandsGoodsAreProposedWithAReason(t *testing.T) {
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	older := evidence.Inquiry{ID: "inq_1", AskedAt: at, State: evidence.InquiryAcknowledged, Answer: "ans_1", Listing: "lst_1"}
	for name, c := range map[string]struct {
		q      evidence.Inquiry
		others []evidence.Inquiry
		facts  *evidence.Facts
		want   evidence.InquiryState
		of     evidence.ID
	}{
		"the same listing asked before": {evidence.Inquiry{ID: "inq_2", Listing: "lst_1", Offer: evidence.InquiryOffer{Title: "Aurelia"}}, []evidence.Inquiry{older}, nil, evidence.InquiryDuplicate, "inq_1"},
		"a later one is none":           {evidence.Inquiry{ID: "inq_0", Listing: "lst_1", Offer: evidence.InquiryOffer{Title: "Aurelia"}}, []evidence.Inquiry{older}, nil, "", ""},
		"no word of the brand":          {evidence.Inquiry{ID: "inq_2", Offer: evidence.InquiryOffer{Title: "Orion headphones"}}, nil, nil, evidence.InquiryNotOurBrand, ""},
		"a mark in small letters":       {evidence.Inquiry{ID: "inq_2", Offer: evidence.InquiryOffer{Title: "bag aurelia-sun style"}}, nil, nil, "", ""},
		"a model on the page alone":     {evidence.Inquiry{ID: "inq_2", Offer: evidence.InquiryOffer{Title: "handbag"}}, nil, &evidence.Facts{SKU: "AU-4410"}, "", ""},
		"a part of a word is no name":   {evidence.Inquiry{ID: "inq_2", Offer: evidence.InquiryOffer{Title: "aureliana"}}, nil, nil, evidence.InquiryNotOurBrand, ""},
		"nothing to go by yet":          {evidence.Inquiry{ID: "inq_2"}, nil, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := Propose(&c.q, c.others, []evidence.BrandFile{brand}, c.facts)
			if got == nil {
				got = &evidence.Proposal{}
			} else if got.Reason == "" {
				t.Error("the proposal has no reason")
			}
			if got.State != c.want || got.Of != c.of {
				t.Errorf("proposed %+v, want %s of %s", got, c.want, c.of)
			}
		})
	}
}

func TestADeadlineThatPassedIsSeenFromEveryStateThatWaits(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, s := range OpenStates() {
		q := evidence.Inquiry{State: s, DueAt: now.Add(-time.Second)}
		if !Overdue(&q, now) {
			t.Errorf("%s is not overdue after its deadline", s)
		}
		corrected := q
		if corrected.AnsweredAt = q.DueAt.Add(-time.Hour); Overdue(&corrected, now) {
			t.Errorf("%s is overdue though it was answered in time", s)
		}
		if !CanMove(s, evidence.InquiryExpired) || !CanMove(s, evidence.InquiryRecalled) {
			t.Errorf("from %s an inquiry cannot expire or be recalled", s)
		}
		if q.DueAt = now.Add(time.Second); Overdue(&q, now) {
			t.Errorf("%s is overdue before its deadline", s)
		}
	}
	for _, s := range []evidence.InquiryState{evidence.InquiryAnswered, evidence.InquiryAcknowledged, evidence.InquiryClosed, evidence.InquiryDuplicate} {
		if q := (evidence.Inquiry{State: s, DueAt: now.Add(-time.Hour)}); Overdue(&q, now) {
			t.Errorf("%s is overdue", s)
		}
		if CanMove(s, evidence.InquiryAnswerQueued) || CanMove(s, evidence.InquiryVerdictApproved) {
			t.Errorf("from %s an answer can be sent without reopening", s)
		}
	}
}
