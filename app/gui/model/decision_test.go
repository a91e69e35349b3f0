package model_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestReasonsAreToldAsFarAsTheyAreStated(t *testing.T) {
	at := time.Date(2026, 11, 29, 10, 2, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		decision evidence.Decision
		want     string
	}{
		"all of it": {evidence.Decision{URL: "https://market.example/1", Visibility: "removed", Ground: "illegal_content", LegalGround: "EU trade mark 990000142", Facts: "It bears the mark.", Redress: "Complain."},
			"Removed  ·  2026-11-29 10:02:00 UTC  ·  Illegal content  ·  EU trade mark 990000142\nhttps://market.example/1\nIt bears the mark.\nComplaint until 2027-05-29: Complain."},
		"no ground": {evidence.Decision{Visibility: "restored", Ground: "none", Redress: "Complain."},
			"Restored  ·  2026-11-29 10:02:00 UTC\nComplaint until 2027-05-29: Complain."},
	} {
		t.Run(name, func(t *testing.T) {
			c.decision.At, c.decision.ComplaintUntil = at, at.AddDate(0, 6, 0)
			if diff := cmp.Diff(c.want, model.ReasonsText(c.decision)); diff != "" {
				t.Errorf("want-, got+:\n%s", diff)
			}
		})
	}
}
