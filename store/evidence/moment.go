package evidence

import (
	"fmt"
	"time"
)

// Moment is a time as somebody stated it, and no more precise than they did: a
// day without a time stays a day. As JSON and text it is "2026-11-23",
// "2026-11-23T14:05Z" or, to the second, as RFC 3339 has it.
type Moment struct {
	time.Time
	Precision Precision
}

// Precision is how exactly a moment was stated.
type Precision int

// The precisions.
const (
	ToTheSecond Precision = iota
	ToTheMinute
	ToTheDay // Time is the beginning of the day in UTC, whatever the time zone
)

// Exactly is a moment known to the second.
func Exactly(t time.Time) Moment { return Moment{Time: t.UTC()} }

// forms are those in which people write times, with what they say.
var forms = []struct {
	layout    string
	precision Precision
}{
	{time.RFC3339, ToTheSecond}, {"2006-01-02T15:04:05", ToTheSecond}, {time.DateTime, ToTheSecond}, {"2006-01-02 15:04:05Z07:00", ToTheSecond},
	{"2006-01-02T15:04Z07:00", ToTheMinute}, {"2006-01-02T15:04", ToTheMinute}, {"2006-01-02 15:04", ToTheMinute}, {"2006-01-02 15:04Z07:00", ToTheMinute},
	{time.DateOnly, ToTheDay},
}

// ParseMoment reads a time as people write it; without a zone it is in zone.
func ParseMoment(s string, zone *time.Location) (Moment, error) {
	for _, f := range forms {
		in := zone
		if f.precision == ToTheDay {
			in = time.UTC
		}
		if t, err := time.ParseInLocation(f.layout, s, in); err == nil {
			return Moment{t.UTC(), f.precision}, nil
		}
	}
	return Moment{}, fmt.Errorf("%q is not a time: want one as in 2026-11-23 or 2026-11-23T14:05:00+01:00", s)
}

// String is the moment for people, in UTC.
func (m Moment) String() string {
	switch m.Precision {
	case ToTheDay:
		return m.Format(time.DateOnly)
	case ToTheMinute:
		return m.UTC().Format("2006-01-02 15:04Z")
	}
	return m.UTC().Format("2006-01-02 15:04:05Z")
}

// MarshalText implements encoding.TextMarshaler.
func (m Moment) MarshalText() ([]byte, error) {
	switch m.Precision {
	case ToTheDay:
		return []byte(m.Format(time.DateOnly)), nil
	case ToTheMinute:
		return []byte(m.UTC().Format("2006-01-02T15:04Z07:00")), nil
	}
	return m.Time.MarshalText()
}

// MarshalJSON implements json.Marshaler, in place of that of the time.
func (m Moment) MarshalJSON() ([]byte, error) {
	text, err := m.MarshalText()
	return fmt.Appendf(nil, "%q", text), err
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Moment) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMoment(string(text), time.UTC)
	return err
}

// UnmarshalJSON implements json.Unmarshaler, in place of that of the time.
func (m *Moment) UnmarshalJSON(text []byte) error {
	if len(text) < 2 || text[0] != '"' {
		return fmt.Errorf("%s is not a time", text)
	}
	return m.UnmarshalText(text[1 : len(text)-1])
}
