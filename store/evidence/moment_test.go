package evidence_test

import (
	"encoding/json"
	"testing"
	"time"

	"touchstone/store/evidence"
)

func TestAMomentIsAsPreciseAsItWasStated(t *testing.T) {
	zone := time.FixedZone("UTC+9", 9*3600)
	for _, tt := range []struct{ name, stated, text, json string }{
		{"a day stays that day in every zone", "2026-11-23", "2026-11-23", `"2026-11-23"`},
		{"minutes get no seconds", "2026-11-23 14:05", "2026-11-23 05:05Z", `"2026-11-23T05:05Z"`},
		{"seconds with a zone", "2026-11-23T14:05:09+01:00", "2026-11-23 13:05:09Z", `"2026-11-23T13:05:09Z"`},
		{"seconds without one", "2026-11-23 14:05:09", "2026-11-23 05:05:09Z", `"2026-11-23T05:05:09Z"`},
		{"a midnight that was stated", "2026-11-23T00:00:00Z", "2026-11-23 00:00:00Z", `"2026-11-23T00:00:00Z"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := evidence.ParseMoment(tt.stated, zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.String(); got != tt.text {
				t.Errorf("for people %q, want %q", got, tt.text)
			}
			stored, err := json.Marshal(m)
			if err != nil || string(stored) != tt.json {
				t.Errorf("stored as %s (%v), want %s", stored, err, tt.json)
			}
			var read evidence.Moment
			if err := json.Unmarshal(stored, &read); err != nil || read != m {
				t.Errorf("read again as %v (%v), want %v", read, err, m)
			}
		})
	}
	for _, wrong := range []string{"yesterday", "23/11/2026", "2026-13-01", ""} {
		if m, err := evidence.ParseMoment(wrong, time.UTC); err == nil {
			t.Errorf("%q was read as %v", wrong, m)
		}
	}
}
