package capture

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/capture/page"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

func TestTheClockIsComparedWithTheServersDate(t *testing.T) {
	answered := time.Date(2026, 11, 24, 12, 0, 0, 250e6, time.UTC)
	at := func(date time.Time, offset float64) *evidence.ClockCheck {
		return &evidence.ClockCheck{ServerDate: date, LocalTime: answered, OffsetSeconds: offset}
	}
	tests := map[string]struct {
		headers []traffic.Header
		want    *evidence.ClockCheck
	}{
		"we are late by an hour": {[]traffic.Header{{Name: "date", Value: "Tue, 24 Nov 2026 13:00:00 GMT"}}, at(answered.Truncate(time.Second).Add(time.Hour), 3599.75)},
		"we are early by a day":  {[]traffic.Header{{Name: "Date", Value: "Mon, 23 Nov 2026 12:00:00 GMT"}}, at(answered.Truncate(time.Second).Add(-24*time.Hour), -86400.25)},
		"an older form of date":  {[]traffic.Header{{Name: "Date", Value: "Tuesday, 24-Nov-26 12:00:00 GMT"}}, at(answered.Truncate(time.Second), -0.25)},
		"the first of two counts": {[]traffic.Header{{Name: "Date", Value: "Tue, 24 Nov 2026 12:00:00 GMT"}, {Name: "Date", Value: "Tue, 24 Nov 2026 13:00:00 GMT"}},
			at(answered.Truncate(time.Second), -0.25)},
		"a date that is none": {[]traffic.Header{{Name: "Date", Value: "yesterday"}}, nil},
		"no date":             {[]traffic.Header{{Name: "Age", Value: "12"}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, clock(page.Result{Headers: tt.headers, Answered: answered})); d != "" {
				t.Errorf("clock check (-want +got):\n%s", d)
			}
		})
	}
}
