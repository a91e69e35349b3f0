package workday

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/assets"
	"touchstone/assets/schematest"
)

func calendar(t *testing.T, country string) Calendar {
	t.Helper()
	c, err := Of(country)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestADeadlineCountsTheCountrysWorkingDays(t *testing.T) {
	for name, tt := range map[string]struct {
		country, from string
		days          int
		want          string
	}{
		"over a weekend":    {"US", "2026-11-20", 3, "2026-11-25"},
		"over Thanksgiving": {"US", "2026-11-24", 3, "2026-11-30"},
		"a holiday on a Saturday is kept on the Friday":    {"US", "2026-07-02", 1, "2026-07-06"},
		"over the National Day week and the Sunday after":  {"CN", "2026-09-30", 3, "2026-10-10"},
		"a Saturday that is worked for a holiday counts":   {"CN", "2026-10-09", 1, "2026-10-10"},
		"over the Spring Festival":                         {"CN", "2026-02-13", 3, "2026-02-25"},
		"over Christmas and the substitute for Boxing Day": {"GB", "2026-12-24", 1, "2026-12-29"},
		"over Easter": {"DE", "2027-03-25", 2, "2027-03-31"},
		"the institutions rest until the year's end":        {"EU", "2026-12-23", 1, "2027-01-04"},
		"a holiday within the week":                         {"BR", "2026-11-19", 1, "2026-11-23"},
		"the Monday of the Constitution":                    {"MX", "2026-01-30", 1, "2026-02-03"},
		"no day at all":                                     {"US", "2026-11-26", 0, "2026-11-26"},
		"from within a weekend the first day is the Monday": {"DE", "2026-11-21", 1, "2026-11-23"},
	} {
		t.Run(name, func(t *testing.T) {
			shanghai := time.FixedZone("UTC+8", 8*3600)
			from, err := time.ParseInLocation("2006-01-02 15:04", tt.from+" 23:30", shanghai)
			if err != nil {
				t.Fatal(err)
			}
			c := calendar(t, tt.country)
			got := c.After(from, tt.days)
			if s := got.At.Format(time.DateTime); s != tt.want+" 23:59:59" || got.At.Location() != shanghai || got.Caveat() != "" {
				t.Errorf("after %s it is %s (%s), want %s", tt.from, got.At, got.Caveat(), tt.want)
			}
		})
	}
}

func TestAPeriodThatEndsOnAHolidayEndsOnTheNextWorkingDay(t *testing.T) {
	c := calendar(t, "DE")
	for on, want := range map[string]string{"2026-12-25": "2026-12-28", "2026-12-23": "2026-12-23", "2026-04-03": "2026-04-07"} {
		day, err := time.Parse(time.DateOnly, on)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.OnOrAfter(day).At.Format(time.DateOnly); got != want {
			t.Errorf("on or after %s: %s, want %s", on, got, want)
		}
	}
}

func TestAYearThatIsNotCoveredIsTold(t *testing.T) {
	c := calendar(t, "CN")
	got := c.After(time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC), 1)
	if got.At.Format(time.DateOnly) != "2027-01-01" || got.Caveat() != "the holidays of China in 2027 are not known here: it may be later" {
		t.Errorf("%s, %q", got.At, got.Caveat())
	}
	if got := c.OnOrAfter(time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC)); got.At.Format(time.DateOnly) != "2028-01-03" || !slices.Equal(got.Uncovered, []int{2028}) {
		t.Errorf("a Saturday: %s, uncovered %v", got.At, got.Uncovered)
	}
	if _, err := Of("ZZ"); !errors.Is(err, ErrNoCalendar) {
		t.Errorf("error %v, want %v", err, ErrNoCalendar)
	}
	for _, bad := range []string{"", "schema", "../channels/ebay"} {
		if _, err := Of(bad); !errors.Is(err, ErrNoCalendar) {
			t.Errorf("%q: error %v, want %v", bad, err, ErrNoCalendar)
		}
	}
}

// Movable days are worked out here by other means than the tables were made.
func TestMovableDaysAreWhereTheRulesPutThem(t *testing.T) {
	easter := map[int]string{2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28"} // as almanacs print them
	nth := func(year int, m time.Month, w time.Weekday, n int) time.Time {
		d := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
		for d.Weekday() != w {
			d = d.AddDate(0, 0, 1)
		}
		return d.AddDate(0, 0, 7*(n-1))
	}
	last := func(year int, m time.Month, w time.Weekday) time.Time {
		d := time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC)
		for d.Weekday() != w {
			d = d.AddDate(0, 0, -1)
		}
		return d
	}
	for year, on := range easter {
		sunday, err := time.Parse(time.DateOnly, on)
		if err != nil {
			t.Fatal(err)
		}
		after := func(days int) time.Time { return sunday.AddDate(0, 0, days) }
		for country, days := range map[string][]time.Time{
			"DE": {after(-2), after(1), after(39), after(50)},
			"GB": {after(-2), after(1), nth(year, time.May, time.Monday, 1), last(year, time.May, time.Monday), last(year, time.August, time.Monday)},
			"EU": {after(-3), after(-2), after(1), after(39), after(40), after(50)},
			"BR": {after(-2)},
			"US": {nth(year, time.January, time.Monday, 3), nth(year, time.February, time.Monday, 3), last(year, time.May, time.Monday),
				nth(year, time.September, time.Monday, 1), nth(year, time.October, time.Monday, 2), nth(year, time.November, time.Thursday, 4)},
			"MX": {nth(year, time.February, time.Monday, 1), nth(year, time.March, time.Monday, 3), nth(year, time.November, time.Monday, 3)},
		} {
			c := calendar(t, country)
			for _, day := range days {
				if c.Works(day) {
					t.Errorf("%s works on %s", country, day.Format("Mon 2006-01-02"))
				}
			}
		}
	}
}

// Every calendar has the schema's form, its days lie in their years, and it says
// for each of its facts where it is written or that it is not.
func TestEachCalendarIsSoundAndNamesItsSources(t *testing.T) {
	schema := schematest.Compile(t, assets.Workdays, "workdays/schema.json")
	countries, err := assets.Names(assets.Workdays, "workdays")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"BR", "CN", "DE", "EU", "GB", "MX", "US"}, countries); diff != "" {
		t.Errorf("calendars (-want +got):\n%s", diff)
	}
	for _, name := range countries {
		text, err := assets.Workdays.ReadFile("workdays/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(schematest.Parse(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		c := calendar(t, name)
		for year, days := range c.Years {
			if !slices.IsSorted(days.Off) || !slices.IsSorted(days.On) {
				t.Errorf("%s %s: days out of order", name, year)
			}
			for _, day := range append(slices.Clone(days.Off), days.On...) {
				at, err := time.Parse(time.DateOnly, day)
				if err != nil || !strings.HasPrefix(day, year) {
					t.Errorf("%s %s: %q is no day of it", name, year, day)
				}
				weekend := slices.Contains(c.Weekend, strings.ToLower(at.Weekday().String()))
				if slices.Contains(days.On, day) && !weekend {
					t.Errorf("%s: %s is worked, and no day of a weekend", name, day)
				}
			}
		}
		if !c.Covers(2025) || !c.Covers(2026) {
			t.Errorf("%s covers %v", name, fmt.Sprint(c.Years))
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		for member := range members {
			sourced := slices.ContainsFunc(c.Sources, func(o assets.Origin) bool { return slices.Contains(o.Of, member) })
			if !sourced && !slices.Contains([]string{"name", "title", "note", "sources"}, member) {
				t.Errorf("%s: nothing says where %q is from", name, member)
			}
		}
	}
}
