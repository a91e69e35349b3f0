package evidence

import (
	"testing"
	"time"
)

func TestNewIDSortsByTimeAndParses(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	earlier, later := NewID(KindCapture, at), NewID(KindCapture, at.Add(time.Millisecond))
	if earlier >= later {
		t.Errorf("%s does not sort before %s", earlier, later)
	}
	// 2016-07-30T22:36:16.385Z is 1469918176385 ms, which the ULID specification encodes as 01ARYZ6S41.
	if got := NewID("x", time.UnixMilli(1469918176385)); got[:12] != "x_01ARYZ6S41" {
		t.Errorf("NewID at the specification's example time = %s, want x_01ARYZ6S41...", got)
	}
	id, err := ParseID(string(earlier))
	if err != nil || id.Kind() != KindCapture {
		t.Errorf("ParseID(%s) = %s, %v", earlier, id, err)
	}
}

func TestParseIDRefuses(t *testing.T) {
	for _, s := range []string{"", "cap", "cap_", "_01KAT7Z5W3N5QK0V9J6W4M2R8T", "cap_01KAT7Z5W3N5QK0V9J6W4M2R8", "cap_01KAT7Z5W3N5QK0V9J6W4M2R8U", "cap_../../../../../../etc/pas"} {
		if _, err := ParseID(s); err == nil {
			t.Errorf("ParseID(%q) accepted it", s)
		}
	}
}
