// Package workday counts working days, each country's own: a deadline of three
// working days ends on another day in China than in Germany. It is pure; the
// holidays are data, year by year, and a year that is not among them is told.
package workday

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/assets"
)

// Calendar knows the working days of a country or an institution. It is one file
// of assets.Workdays, described by assets/workdays/schema.json.
type Calendar struct {
	Name    string          `json:"name"` // ISO 3166, or EU for its institutions
	Title   string          `json:"title"`
	Note    string          `json:"note,omitempty"` // what is not in it
	Weekend []string        `json:"weekend"`        // weekdays, as in sunday
	Years   map[string]Year `json:"years"`
	Sources []assets.Origin `json:"sources"`
}

// Year lists the days of a year that are other than weekdays say, as in 2026-10-01.
type Year struct {
	Off []string `json:"off"`          // holidays
	On  []string `json:"on,omitempty"` // days of a weekend that are worked
}

// ErrNoCalendar means that the working days of a country are not known.
var ErrNoCalendar = errors.New("the working days of this country are not known")

// Of is the calendar of a country. Errors: ErrNoCalendar.
func Of(country string) (Calendar, error) {
	c, err := assets.Entry[Calendar](assets.Workdays, "workdays", country)
	if errors.Is(err, assets.ErrNoEntry) {
		err = fmt.Errorf("%q: %w", country, ErrNoCalendar)
	}
	return c, err
}

// Weekends is a calendar for a country whose working days are not known: all but
// Saturdays and Sundays, and no year is covered.
func Weekends(country string) Calendar {
	return Calendar{Name: country, Title: cmp.Or(country, "the country"), Weekend: []string{"saturday", "sunday"}}
}

// Covers reports whether the holidays of a year are known.
func (c *Calendar) Covers(year int) bool {
	_, ok := c.Years[fmt.Sprint(year)]
	return ok
}

// Works reports whether the day is a working day. In a year that is not covered
// every day but those of a weekend counts as one.
func (c *Calendar) Works(day time.Time) bool {
	date, year := day.Format(time.DateOnly), c.Years[fmt.Sprint(day.Year())]
	if slices.Contains(year.Off, date) {
		return false
	}
	return slices.Contains(year.On, date) || !slices.Contains(c.Weekend, strings.ToLower(day.Weekday().String()))
}

// Deadline is the last day of a period.
type Deadline struct {
	At time.Time // the end of that day
	// Uncovered are years whose holidays are not known, so that the true deadline
	// may be later.
	Uncovered []int
	calendar  string
}

// Caveat is what to say beside a deadline, or "".
func (d Deadline) Caveat() string {
	if len(d.Uncovered) == 0 {
		return ""
	}
	years := make([]string, len(d.Uncovered))
	for i, y := range d.Uncovered {
		years[i] = fmt.Sprint(y)
	}
	return fmt.Sprintf("the holidays of %s in %s are not known here: it may be later", d.calendar, strings.Join(years, " and "))
}

// After is the end of the n-th working day after the day of from, in from's zone:
// the first day is the next working day. With n of 0 it is that day itself.
func (c *Calendar) After(from time.Time, n int) Deadline {
	d := Deadline{calendar: c.Title}
	day := from
	for left := n; left > 0; {
		day = day.AddDate(0, 0, 1)
		d.note(c, day)
		if c.Works(day) {
			left--
		}
	}
	d.At = endOf(day)
	return d
}

// OnOrAfter is the end of the day, or of the next working day where it is none: as
// where a period of calendar days may not end on a holiday.
func (c *Calendar) OnOrAfter(day time.Time) Deadline {
	d := Deadline{calendar: c.Title}
	for d.note(c, day); !c.Works(day); d.note(c, day) {
		day = day.AddDate(0, 0, 1)
	}
	d.At = endOf(day)
	return d
}

// note remembers the year of a day where it is not covered.
func (d *Deadline) note(c *Calendar, day time.Time) {
	if y := day.Year(); !c.Covers(y) && !slices.Contains(d.Uncovered, y) {
		d.Uncovered = append(d.Uncovered, y)
	}
}

func endOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, day.Location())
}
