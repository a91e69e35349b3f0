package scorecard

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestNoticesMadeElsewhereAreToldApart(t *testing.T) {
	on := func(month time.Month) time.Time { return time.Date(2026, month, 15, 0, 0, 0, 0, time.UTC) }
	card := Make([]Filed{{Item: "item_1", Channel: "temu", Milestones: evidence.Milestones{Sent: on(11)}}}, nil, nil, Options{At: on(12)})
	card.Elsewhere = Tell([]Past{
		{To: "temu", Date: on(11), Outcome: evidence.ItemRemoved}, {To: "temu", Date: on(10), Outcome: evidence.ItemRejected},
		{To: "temu", Date: on(10)}, {To: "temu", Date: on(3), Outcome: evidence.ItemRemoved}, {Outcome: evidence.ItemUnderReview},
	}, card)
	want := []Told{{To: "", Notices: 1, Other: 1, Undated: 1}, {To: "temu", Notices: 3, Removed: 1, Rejected: 1, Other: 1}}
	if diff := cmp.Diff(want, card.Elsewhere); diff != "" {
		t.Errorf("told of (-want +got):\n%s", diff)
	}
	if card.Rows[0].Sent != 1 {
		t.Errorf("%d were sent by the rates, want the one that we sent", card.Rows[0].Sent)
	}
}
