package desk

import (
	"testing"
	"time"

	"touchstone/store/evidence"
)

func TestALettersDeadlineIsAWorkingDayOfItsCountry(t *testing.T) {
	on := func(day string) time.Time {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, c := range map[string]struct {
		to, territory, template string
		from                    string
		days                    int
		want, caveat            string
	}{
		"an ordinary day":                        {"DE", "", "", "2026-11-16", 7, "2026-11-23", ""},
		"a Saturday":                             {"DE", "", "", "2026-11-16", 5, "2026-11-23", ""},
		"Christmas, which is a Friday":           {"DE", "", "", "2026-12-18", 7, "2026-12-28", ""},
		"Thanksgiving in the United States":      {"US", "DE", "de", "2026-11-19", 7, "2026-11-27", ""},
		"Thanksgiving is no holiday in Germany":  {"", "DE", "US", "2026-11-19", 7, "2026-11-26", ""},
		"National Day by the template's country": {"", "", "CN", "2026-09-24", 7, "2026-10-08", ""},
		"a Saturday that is worked in China":     {"CN", "", "", "2026-10-03", 7, "2026-10-10", ""},
		"a country whose holidays nobody wrote":  {"JP", "", "", "2026-11-16", 5, "2026-11-23", "the holidays of JP in 2026 are not known here: it may be later"},
		"no country at all":                      {"", "", "", "2026-11-16", 7, "2026-11-23", "the holidays of the country in 2026 are not known here: it may be later"},
	} {
		t.Run(name, func(t *testing.T) {
			w := letterWriter{order: LetterOrder{To: evidence.Organisation{Country: c.to}}, matter: evidence.Case{Territory: c.territory}, template: letterTemplate{Country: c.template}}
			due, err := w.due(on(c.from), c.days)
			if got := due.At.Format(time.DateOnly); err != nil || got != c.want || due.Caveat() != c.caveat {
				t.Errorf("due %s, %q, %v; want %s, %q", got, due.Caveat(), err, c.want, c.caveat)
			}
		})
	}
}
