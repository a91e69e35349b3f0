package evidence_test

import (
	"testing"

	"touchstone/store/evidence"
)

func TestCountSaysHowManyOfAThing(t *testing.T) {
	for _, tt := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "listing", "0 listings"}, {1, "listing", "1 listing"}, {2, "listing", "2 listings"},
		{1, "entry", "1 entry"}, {93, "log entry", "93 log entries"}, {2, "day", "2 days"}, {3, "signatory", "3 signatories"},
	} {
		if got := evidence.Count(tt.n, tt.noun); got != tt.want {
			t.Errorf("Count(%d, %q) = %q, want %q", tt.n, tt.noun, got, tt.want)
		}
	}
}
