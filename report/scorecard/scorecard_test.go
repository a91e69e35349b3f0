package scorecard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/store/evidence"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// ago is so many days before now.
func ago(days float64) time.Time { return now.Add(-time.Duration(days * 24 * float64(time.Hour))) }

// sent is an item that was sent so many days ago and came to further states, one a
// day.
func sent(days float64, states ...evidence.ItemState) Filed {
	f := Filed{Channel: "shop", Brand: "Aurelia", Reason: "fake", State: evidence.ItemSubmitted}
	f.Reach(f.State, ago(days))
	for i, s := range states {
		f.State = s
		f.Reach(s, ago(days-float64(i+1)))
	}
	return f
}

func times(n int, f Filed) []Filed { return slices.Repeat([]Filed{f}, n) }

func TestEachWayOfAnItemIsCounted(t *testing.T) {
	for name, tt := range map[string]struct {
		item Filed
		want Counts
	}{
		"nobody has decided": {sent(5, evidence.ItemUnderReview), Counts{Open: 1}},
		"removed":            {sent(5, evidence.ItemRemoved), Counts{Decided: 1, Removed: 1, Upheld: 1}},
		"found to be down before the marketplace spoke": {sent(5, evidence.ItemVerifiedDown), Counts{Decided: 1, Removed: 1, Upheld: 1}},
		"rejected": {sent(5, evidence.ItemRejected), Counts{Decided: 1, Rejected: 1}},
		"removed, countered and put back": {sent(9, evidence.ItemRemoved, evidence.ItemCounterReceived, evidence.ItemCounterMissed, evidence.ItemReinstated),
			Counts{Decided: 1, Removed: 1, Countered: 1, Reinstated: 1}},
		"removed, countered in vain": {sent(9, evidence.ItemRemoved, evidence.ItemCounterReceived, evidence.ItemCounterRejected, evidence.ItemRemoved),
			Counts{Decided: 1, Removed: 1, Countered: 1, Upheld: 1}},
		"paused and put back without a removal":     {sent(9, evidence.ItemPausedPendingSeller, evidence.ItemReinstated), Counts{Decided: 1, Reinstated: 1}},
		"rejected, and removed after an escalation": {sent(9, evidence.ItemRejected, evidence.ItemEscalatedLegal, evidence.ItemRemoved), Counts{Decided: 1, Removed: 1, Upheld: 1}},
		"withdrawn is counted apart":                {sent(5, evidence.ItemWithdrawn), Counts{Withdrawn: 1}},
		"listed again": {sent(9, evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemReappeared),
			Counts{Decided: 1, Removed: 1, Upheld: 1, Relisted: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.Sent = 1
			if diff := cmp.Diff(tt.want, count([]Filed{tt.item})); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
		})
	}
	up := sent(5, evidence.ItemRemoved)
	up.Offer = evidence.StillUp
	if got := count([]Filed{up}); got.StillUp != 1 || got.Removed != 1 {
		t.Errorf("said to be removed and seen to be up: %+v", got)
	}
}

func TestRowsAreOfTheWindowByChannelBrandAndReason(t *testing.T) {
	other := sent(10, evidence.ItemRejected)
	other.Brand, other.Reason = "Borealis", "design"
	elsewhere := sent(20, evidence.ItemRemoved)
	elsewhere.Channel = "bazaar"
	early := sent(95, evidence.ItemRemoved)
	filed := append(times(3, sent(10, evidence.ItemRemoved)), other, elsewhere, early, sent(-1))
	var got []string
	for _, r := range Make(filed, nil, nil, Options{At: now}).Rows {
		got = append(got, fmt.Sprintf("%s/%s/%s: %d sent, %d removed, takedown %v", r.Channel, r.Brand, r.Reason, r.Sent, r.Removed, *r.TakedownRate))
	}
	want := []string{
		"//: 5 sent, 4 removed, takedown 80 %",
		"bazaar//: 1 sent, 1 removed, takedown 100 %",
		"bazaar/Aurelia/: 1 sent, 1 removed, takedown 100 %",
		"bazaar//fake: 1 sent, 1 removed, takedown 100 %",
		"bazaar/Aurelia/fake: 1 sent, 1 removed, takedown 100 %",
		"shop//: 4 sent, 3 removed, takedown 75 %",
		"shop/Aurelia/: 3 sent, 3 removed, takedown 100 %",
		"shop/Borealis/: 1 sent, 0 removed, takedown 0 %",
		"shop//design: 1 sent, 0 removed, takedown 0 %",
		"shop//fake: 3 sent, 3 removed, takedown 100 %",
		"shop/Aurelia/fake: 3 sent, 3 removed, takedown 100 %",
		"shop/Borealis/design: 1 sent, 0 removed, takedown 0 %",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if n := len(Make(filed, nil, nil, Options{At: now, Months: 4, Channel: "shop", Brand: "Aurelia"}).Rows); n != 5 {
		t.Errorf("of one channel and brand over four months there are %d rows, want 5", n)
	}
	if card := Make(nil, nil, nil, Options{At: now}); len(card.Rows) != 0 || card.Rows == nil {
		t.Errorf("of nothing there are rows %v, want an empty list", card.Rows)
	}
}

func TestPaceIsMedianAndNinetiethPercentile(t *testing.T) {
	removedAfter := func(hours ...float64) (items []Filed) {
		for _, h := range hours {
			f := sent(30)
			f.Reach(evidence.ItemRemoved, f.Sent.Add(time.Duration(h*float64(time.Hour))))
			items = append(items, f)
		}
		return append(items, sent(3), sent(3, evidence.ItemRejected)) // these have no pace
	}
	for _, tt := range []struct {
		hours       []float64
		median, p90 float64
	}{
		{[]float64{7}, 7, 7},
		{[]float64{1, 3}, 2, 3},
		{[]float64{9, 1, 2}, 2, 9},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 100}, 5.5, 9},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100}, 6, 10},
	} {
		if diff := cmp.Diff(&Pace{tt.median, tt.p90}, pace(removedAfter(tt.hours...))); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.hours, diff)
		}
	}
	if got := pace(removedAfter()); got != nil {
		t.Errorf("of no removal the pace is %+v", got)
	}
}

// programme asks for 90 % and 5 % over three months, as one of the real ones does.
func programme(perReason bool) Programme {
	return Programme{Name: "good", Title: "Good Faith", Channels: []string{"shop"}, DatedBy: "decided", PerReason: perReason, Rates: []Rate{
		{Name: "takedown_rate", Title: "takedown rate", Months: 3, Of: []string{"removed"}, Over: []string{"decided"}, AtLeast: new(Share(0.9)), Else: "it is lost"},
		{Name: "counter_notice_rate", Title: "counter rate", Months: 3, Of: []string{"reinstated"}, Over: []string{"removed"}, AtMost: new(Share(0.05))},
	}}
}

func putBack() Filed {
	return sent(9, evidence.ItemRemoved, evidence.ItemCounterReceived, evidence.ItemCounterAccepted, evidence.ItemReinstated)
}

func TestStandingsKeepToTheBoundAndTheWindow(t *testing.T) {
	design := sent(9, evidence.ItemRejected)
	design.Reason = "design"
	for name, tt := range map[string]struct {
		filed []Filed
		want  []string
	}{
		"just at both bounds": {append(append(times(18, sent(9, evidence.ItemRemoved)), times(2, sent(9, evidence.ItemRejected))...), sent(9, evidence.ItemWithdrawn)),
			[]string{"takedown_rate : 18 of 20, kept true", "counter_notice_rate : 0 of 18, kept true", "takedown_rate fake: 18 of 20, kept true", "counter_notice_rate fake: 0 of 18, kept true"}},
		"one more refusal": {append(times(18, sent(9, evidence.ItemRemoved)), times(3, sent(9, evidence.ItemRejected))...),
			[]string{"takedown_rate : 18 of 21, kept false", "counter_notice_rate : 0 of 18, kept true", "takedown_rate fake: 18 of 21, kept false", "counter_notice_rate fake: 0 of 18, kept true"}},
		"one of twenty put back is kept to, two are not": {append(times(18, sent(9, evidence.ItemRemoved)), putBack(), putBack()),
			[]string{"takedown_rate : 20 of 20, kept true", "counter_notice_rate : 2 of 20, kept false", "takedown_rate fake: 20 of 20, kept true", "counter_notice_rate fake: 2 of 20, kept false"}},
		"a single reason breaks it alone": {append(times(18, sent(9, evidence.ItemRemoved)), design),
			[]string{"takedown_rate : 18 of 19, kept true", "counter_notice_rate : 0 of 18, kept true", "takedown_rate design: 0 of 1, kept false",
				"counter_notice_rate design: 0 of 0, kept true", "takedown_rate fake: 18 of 18, kept true", "counter_notice_rate fake: 0 of 18, kept true"}},
		"what was decided within the window counts, whenever it was sent": {[]Filed{sent(92.5, evidence.ItemRemoved), sent(200, evidence.ItemRejected)},
			[]string{"takedown_rate : 1 of 1, kept true", "counter_notice_rate : 0 of 1, kept true", "takedown_rate fake: 1 of 1, kept true", "counter_notice_rate fake: 0 of 1, kept true"}},
		"nothing of its channels": {[]Filed{{Channel: "bazaar"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := programme(true)
			var got []string
			for _, s := range p.Standings(tt.filed, now) {
				got = append(got, fmt.Sprintf("%s %s: %d of %d, kept %v", s.Rate, s.Reason, s.Part, s.Whole, s.Kept))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("standings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestANoticeThatWouldBreakABoundIsWarnedOf(t *testing.T) {
	removed, rejected := sent(9, evidence.ItemRemoved), sent(9, evidence.ItemRejected)
	design := func(f Filed) Filed { f.Reason = "design"; return f }
	for name, tt := range map[string]struct {
		filed []Filed
		batch Batch
		want  []string // rate and reason, then part of what is said
	}{
		"nothing was decided yet":      {times(5, sent(9)), Batch{"shop", "fake", 100}, nil},
		"a good record stays good":     {append(times(19, removed), rejected), Batch{"shop", "fake", 100}, nil},
		"another channel":              {times(5, rejected), Batch{"bazaar", "fake", 100}, nil},
		"a record that is bad already": {append(times(8, removed), times(2, rejected)...), Batch{"shop", "fake", 1}, []string{"takedown_rate, : about 80 % (now 80 %: 8 of 10)", "takedown_rate,fake: about 80 %"}},
		"a weak reason drags a good record down": {
			append(times(95, removed), design(removed), design(rejected)), Batch{"shop", "design", 30},
			[]string{"takedown_rate, : about 87.4 % (now 99 %: 96 of 97)", "takedown_rate,design: about 50 %"}},
		"few of a weak reason do no harm overall": {
			append(times(95, removed), design(removed), design(rejected)), Batch{"shop", "design", 2}, []string{"takedown_rate,design: about 50 %"}},
		"what is still open counts as well": {
			append(append(times(95, removed), design(removed), design(rejected)), times(30, design(sent(2)))...), Batch{"shop", "fake", 1}, []string{"takedown_rate, : about 87.5 %"}},
		"what was withdrawn does not": {
			append(append(times(95, removed), design(removed), design(rejected)), times(30, design(sent(2, evidence.ItemWithdrawn)))...), Batch{"shop", "fake", 1}, nil},
		"a reason without a record is taken for the others": {append(times(8, removed), times(2, rejected)...), Batch{"shop", "new", 10}, []string{"takedown_rate, : about 80 %", "takedown_rate,new: about 80 % (there is nothing to count yet)"}},
		"too much is put back":                              {append(times(18, removed), putBack(), putBack()), Batch{"shop", "fake", 10}, []string{"counter_notice_rate, : about 10 % (now 10 %: 2 of 20)", "counter_notice_rate,fake: about 10 %"}},
		"an empty batch":                                    {times(5, rejected), Batch{"shop", "fake", 0}, nil},
		"what is out of the window":                         {append(times(10, sent(120, evidence.ItemRejected)), times(10, removed)...), Batch{"shop", "fake", 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := programme(true)
			got := p.Outlook(tt.filed, tt.batch, now)
			if len(got) != len(tt.want) {
				t.Fatalf("warnings %+v, want %v", got, tt.want)
			}
			for i, w := range got {
				what, says, _ := strings.Cut(tt.want[i], ": ")
				if strings.TrimSpace(w.Rate+","+w.Reason) != strings.TrimSpace(what) || !strings.Contains(w.What, says) {
					t.Errorf("warning of %s,%s: %s\nwant %s", w.Rate, w.Reason, w.What, tt.want[i])
				}
			}
		})
	}
	p := programme(false)
	got := p.Outlook(append(times(8, removed), times(2, rejected)...), Batch{"shop", "fake", 1}, now)
	if len(got) != 1 || got[0].What != "Good Faith asks that the takedown rate be at least 90 % over 3 months: with this notice it would come to about 80 % (now 80 %: 8 of 10)." ||
		got[0].Advice != "Send what is certain first. Where the bound is broken, it is lost." {
		t.Errorf("a programme that does not ask by reason warns %+v", got)
	}
}

func TestRepeatSellersAndReversals(t *testing.T) {
	of := func(f Filed, seller, listing, notice string) Filed {
		f.Seller, f.SellerName, f.Listing, f.Notice = evidence.ID(seller), "Shop of "+seller, evidence.ID(listing), evidence.ID(notice)
		return f
	}
	filed := []Filed{
		of(sent(40, evidence.ItemRemoved), "b", "1", "n1"), of(sent(30, evidence.ItemRemoved, evidence.ItemReappeared), "b", "2", "n1"), of(sent(20), "b", "3", "n2"),
		of(sent(9), "a", "4", "n2"), of(sent(8), "a", "4", "n3"), of(sent(7), "", "5", "n3"),
	}
	judge := func(listing string, days float64, v evidence.Verdict) evidence.Assessment {
		return evidence.Assessment{ID: evidence.ID(fmt.Sprint("asm", days)), Listing: evidence.ID(listing), At: ago(days), Verdict: v}
	}
	card := Make(filed, []evidence.Assessment{
		judge("1", 1, evidence.Authentic), judge("1", 41, evidence.Counterfeit), judge("1", 2, evidence.Undetermined),
		judge("9", 50, evidence.GenuineUnauthorised), judge("9", 3, evidence.OtherInfringement), judge("9", 2, evidence.Counterfeit),
		judge("4", 200, evidence.Counterfeit), judge("4", 190, evidence.Authentic),
	}, nil, Options{At: now})
	if diff := cmp.Diff([]Repeater{{Seller: "b", Name: "Shop of b", Listings: 3, Notices: 2, Removed: 2, Relisted: 1, First: ago(40), Last: ago(20)}}, card.Sellers); diff != "" {
		t.Errorf("repeat sellers (-want +got):\n%s", diff)
	}
	want := []Reversal{
		{Listing: "9", From: evidence.GenuineUnauthorised, To: evidence.OtherInfringement, Was: "asm50", Is: "asm3", At: ago(3)},
		{Listing: "1", From: evidence.Counterfeit, To: evidence.Authentic, Was: "asm41", Is: "asm1", At: ago(1), Filed: true},
	}
	if diff := cmp.Diff(want, card.Reversals); diff != "" {
		t.Errorf("reversals (-want +got):\n%s", diff)
	}
	for _, table := range card.Tables() {
		for _, row := range table.Rows {
			if len(row) != len(table.Rows[0]) {
				t.Errorf("%s: a row of %d cells below %d names", table.Name, len(row), len(table.Rows[0]))
			}
		}
	}
}

// Every programme has the schema's form, names channels and counts that there
// are, and says for each of its facts where it is written or that it is not.
func TestEachProgrammeIsSoundAndNamesItsSources(t *testing.T) {
	form := schematest.Compile(t, assets.Programmes, "programmes/schema.json")
	all, err := Programmes()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		text, err := assets.Programmes.ReadFile("programmes/" + p.Name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := form.Validate(schematest.Parse(t, text)); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		for _, channel := range p.Channels {
			if _, err := assets.Channels.ReadFile("channels/" + channel + ".json"); err != nil {
				t.Errorf("%s: no channel %s", p.Name, channel)
			}
		}
		known := termsOf(Counts{})
		for _, r := range p.Rates {
			for _, term := range append(slices.Clone(r.Of), r.Over...) {
				if _, ok := known[term]; !ok {
					t.Errorf("%s, %s: no count is called %s", p.Name, r.Name, term)
				}
			}
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		for member := range members {
			sourced := slices.ContainsFunc(p.Sources, func(o assets.Origin) bool { return slices.Contains(o.Of, member) })
			if !sourced && !slices.Contains([]string{"name", "title", "sources"}, member) {
				t.Errorf("%s: nothing says where %q is from", p.Name, member)
			}
		}
	}
	if len(all) < 3 {
		t.Errorf("%d programmes", len(all))
	}
}
