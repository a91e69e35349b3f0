package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestWhatGivesTheBuyerAwayIsCovert(t *testing.T) {
	got := coverTerms(evidence.TestPurchase{
		Alias: "Nora Nobody", AliasContacts: []string{"nora.n@mail.example"},
		ShipTo: "Nora Nobody\nc/o Pack Station 143\nHidden Lane 17\n10115 Berlin\nGermany",
	})
	want := []string{"Nora Nobody", "nora.n@mail.example", "Nora Nobody, c/o Pack Station 143, Hidden Lane 17, 10115 Berlin, Germany",
		"c/o Pack Station 143", "Hidden Lane 17", "10115 Berlin"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := coverTerms(evidence.TestPurchase{Alias: "x", ShipTo: "Berlin, Germany"}); !cmp.Equal(got, []string{"x", "Berlin, Germany"}) {
		t.Errorf("of a town and a country alone: %q", got)
	}
}

func TestUrgencyEndsOnTheDayOfTheSameNumber(t *testing.T) {
	for _, c := range []struct {
		name, since, now, until string
		left                    int
		near                    bool
	}{
		{"a month later", "2026-11-01", "2026-11-10", "2026-12-01", 21, false},
		{"the last fortnight", "2026-11-01", "2026-11-17", "2026-12-01", 14, true},
		{"a month that lacks the day", "2027-01-31", "2027-02-28", "2027-02-28", 0, true},
		{"a leap year", "2028-01-31", "2028-02-28", "2028-02-29", 1, true},
		{"over", "2026-11-01", "2026-12-03", "2026-12-01", -2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			now, err := time.Parse(time.DateOnly, c.now)
			if err != nil {
				t.Fatal(err)
			}
			d := &Desk{cfg: Config{Now: func() time.Time { return now.Add(23 * time.Hour) }}}
			u, err := d.UrgencyOf(evidence.Case{Territory: "DE", KnownSince: c.since})
			if err != nil || u.Until != c.until || u.Left != c.left || u.Near() != c.near {
				t.Errorf("%+v, %v; want until %s, %d days left, near %v", u, err, c.until, c.left, c.near)
			}
		})
	}
	for _, c := range []evidence.Case{{Territory: "DE"}, {KnownSince: "2026-11-01"}, {Territory: "JP", KnownSince: "2026-11-01"}} {
		if u, err := (&Desk{cfg: Config{Now: time.Now}}).UrgencyOf(c); u != nil || err != nil {
			t.Errorf("%+v: %+v, %v", c, u, err)
		}
	}
}

func TestSumsAreExact(t *testing.T) {
	got, err := SumCosts([]evidence.Cost{{Amount: "0.10", Currency: "EUR"}, {Amount: "0.20", Currency: "EUR"}, {Amount: "1299", Currency: "CNY"}})
	if want := "1299.00 CNY, 0.30 EUR"; got != want || err != nil {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
