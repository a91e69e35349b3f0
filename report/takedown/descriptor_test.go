package takedown_test

import (
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/report/takedown"
	"touchstone/report/workday"
	"touchstone/store/evidence"
)

// Every descriptor has the schema's form and says, for each of its facts, where
// it is written or that it is not.
func TestEachDescriptorIsSoundAndNamesItsSources(t *testing.T) {
	form := schematest.Compile(t, assets.Channels, "channels/schema.json")
	all, err := takedown.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			text, err := assets.Channels.ReadFile(path.Join("channels", d.Name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := form.Validate(schematest.Parse(t, text)); err != nil {
				t.Error(err)
			}
			var members map[string]json.RawMessage
			if err := json.Unmarshal(text, &members); err != nil {
				t.Fatal(err)
			}
			checkSources(t, d, members)
			checkSense(t, d)
		})
	}
	if len(all) < 20 {
		t.Errorf("there are only %d descriptors", len(all))
	}
}

// checkSources: every member but names is spoken of, and nothing else is.
func checkSources(t *testing.T, d takedown.Descriptor, members map[string]json.RawMessage) {
	t.Helper()
	var spoken []string
	for _, o := range d.Sources {
		for _, of := range o.Of {
			name, _, _ := strings.Cut(of, "/")
			if _, ok := members[name]; !ok {
				t.Errorf("a source speaks of %q, which is not there", of)
			}
			spoken = append(spoken, name)
		}
	}
	for name := range members {
		if !slices.Contains([]string{"name", "title", "transport", "spec", "sources"}, name) && !slices.Contains(spoken, name) {
			t.Errorf("no source speaks of %q", name)
		}
	}
}

// checkSense: what a schema cannot say.
func checkSense(t *testing.T, d takedown.Descriptor) {
	t.Helper()
	if (d.Reconcile == takedown.ReconcileSearch) != (d.SettleMinutes > 0) {
		t.Errorf("reconcile is %s, but settle_minutes %d", d.Reconcile, d.SettleMinutes)
	}
	for _, m := range d.Marketplaces {
		if _, err := assets.Markets.ReadFile("markets/" + m + ".json"); err != nil {
			t.Errorf("there is no marketplace %q", m)
		}
	}
	for _, c := range d.Days {
		if _, err := workday.Of(c.Working); c.Working != "" && err != nil {
			t.Error(err)
		}
	}
	for _, s := range d.Settings {
		if s.Secret && s.Default != "" {
			t.Errorf("the secret %s has a default", s.Key)
		}
	}
	for i, target := range d.Targets {
		if slices.Contains(d.TargetKinds()[:i], target.Kind) {
			t.Errorf("it takes %s twice", target.Kind)
		}
	}
	portal := d.Transport == takedown.TransportPortal || d.Transport == takedown.TransportSheet
	if portal != (len(d.Columns) > 0) {
		t.Errorf("transport %s with %d columns", d.Transport, len(d.Columns))
	}
}

func TestViolationsAreMeasuredByTheDescriptor(t *testing.T) {
	d, err := takedown.Describe("ebay")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{"itemId": "1", "veroReasonCodeId": "9052", "detailedMessage": "", "patent": strings.Repeat("é", 16), "brand": strings.Repeat("é", 50)}
	want := []takedown.Violation{
		{Pointer: "/detailedMessage", Detail: "must not be empty with reason 9052"},
		{Pointer: "/patent", Detail: "has 16 characters, at most 15 are allowed"},
	}
	if diff := cmp.Diff(want, d.Violations("9052", fields)); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
	for _, name := range []string{"", "nowhere", "schema", "../markets/ebay"} {
		if _, err := takedown.Describe(name); !errors.Is(err, takedown.ErrNoDescriptor) {
			t.Errorf("Describe(%q): %v, want %v", name, err, takedown.ErrNoDescriptor)
		}
	}
}

func TestAChannelMayAskForTestPurchases(t *testing.T) {
	bought := func(order, examiner string) takedown.Item {
		return takedown.Item{Purchase: &evidence.TestPurchase{Order: order, Examiner: examiner, Finding: examiner}}
	}
	for name, c := range map[string]struct {
		asks  *takedown.Purchase
		items []takedown.Item
		want  []string
	}{
		"nothing is asked":            {nil, []takedown.Item{{}}, nil},
		"all is there":                {&takedown.Purchase{Order: true, Report: true, Once: true}, []takedown.Item{bought("1", "Ada"), bought("2", "Ada")}, nil},
		"one was not bought":          {&takedown.Purchase{Order: true}, []takedown.Item{bought("1", ""), {}}, []string{"/items/1/test_purchase"}},
		"no number, no report":        {&takedown.Purchase{Order: true, Report: true}, []takedown.Item{bought("", "")}, []string{"/items/0/order", "/items/0/report"}},
		"one order for two items":     {&takedown.Purchase{Once: true}, []takedown.Item{bought("1", ""), bought("1", "")}, []string{"/items/1/order"}},
		"one order, which is fine":    {&takedown.Purchase{Order: true}, []takedown.Item{bought("1", ""), bought("1", "")}, nil},
		"an order of a notice before": {&takedown.Purchase{Once: true}, []takedown.Item{bought("2", ""), bought("9", "")}, []string{"/items/1/order"}},
		"that notice, which is fine":  {&takedown.Purchase{Order: true}, []takedown.Item{bought("9", "")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, v := range c.asks.Violations(&takedown.Filing{Items: c.items}, map[string]evidence.ID{"9": "ntc_before"}) {
				got = append(got, v.Pointer)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	f := takedown.Filing{Items: []takedown.Item{bought("113-1", ""), {}, bought("113-2", ""), bought("113-1", "")}}
	if got, _ := new(takedown.Descriptor).Text(&f, "order_ids", nil); got != "113-1, 113-2" {
		t.Errorf("the orders are %q", got)
	}
}

func TestSplitKeepsToWhatTheChannelTakesAtOnce(t *testing.T) {
	filing := takedown.Filing{IdempotencyKey: "old"}
	for i, u := range []string{"https://a.example/1", "https://b.example/1", "https://a.example/2", "https://a.example/3"} {
		kind := []evidence.TargetKind{evidence.TargetOffer, evidence.TargetStorefront}[i%2]
		filing.Items = append(filing.Items, takedown.Item{Item: evidence.NoticeItem{ID: evidence.ID(u)}, Listing: evidence.Listing{URL: u, Marketplace: "m", Target: kind}})
	}
	for name, c := range map[string]struct {
		d    takedown.Descriptor
		want [][]string
	}{
		"all at once":       {takedown.Descriptor{MaxItems: 4, OneMarket: true}, [][]string{{"a1", "b1", "a2", "a3"}}},
		"two at a time":     {takedown.Descriptor{MaxItems: 2}, [][]string{{"a1", "b1"}, {"a2", "a3"}}},
		"a kind of target":  {takedown.Descriptor{MaxItems: 4, OneMarket: true, OneTarget: true}, [][]string{{"a1", "a2"}, {"b1", "a3"}}},
		"a host, two items": {takedown.Descriptor{MaxItems: 2, OneHost: true}, [][]string{{"a1", "a2"}, {"b1"}, {"a3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got [][]string
			for _, part := range c.d.Split(filing) {
				var short []string
				for _, i := range part.Items {
					short = append(short, strings.NewReplacer("https://", "", ".example/", "").Replace(string(i.Item.ID)))
				}
				if part.IdempotencyKey != "" {
					t.Error("a part has the whole's key")
				}
				got = append(got, short)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAClockCountsTheDaysItSays(t *testing.T) {
	friday := time.Date(2026, 9, 25, 10, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		clock  takedown.Clock
		due    string
		caveat string
	}{
		"days of the calendar":        {takedown.Clock{Days: 3}, "2026-09-28", ""},
		"all but Sundays":             {takedown.Clock{Days: 3, Skip: []string{"sunday"}}, "2026-09-29", ""},
		"working days of China":       {takedown.Clock{Days: 3, Working: "CN"}, "2026-09-30", ""},
		"over a week of holidays":     {takedown.Clock{Days: 4, Working: "CN"}, "2026-10-08", ""},
		"into a year that is unknown": {takedown.Clock{Days: 75, Working: "CN"}, "2027-01-14", "the holidays of China in 2027 are not known here: it may be later"},
	} {
		due, caveat := tt.clock.Due(friday)
		if got := due.Format(time.DateTime); got != tt.due+" 23:59:59" || caveat != tt.caveat {
			t.Errorf("%s: due %s, %q; want %s, %q", name, got, caveat, tt.due, tt.caveat)
		}
	}
}
