package model

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestEachDeadlineIsToldOfWhenItIsNearAndWhenItHasPassed(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var told []Notification
	a := newAlerts(func() time.Time { return now })
	a.OnNotify = func(n Notification) { told = append(told, n) }
	due := map[evidence.ID]time.Time{
		"inq_far": now.Add(72 * time.Hour), "inq_near": now.Add(23 * time.Hour), "inq_late": now.Add(-time.Minute), "inq_free": {},
	}
	tell := func(want ...Notification) {
		t.Helper()
		told = nil
		a.deadlines(due)
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", now, diff)
		}
	}
	tell(Notification{"A deadline has passed", "1 question was not answered in time."},
		Notification{"A deadline is near", "1 question has to be answered within a day."})
	tell() // once is enough
	now = now.Add(24 * time.Hour)
	tell(Notification{"A deadline has passed", "1 question was not answered in time."})
	now = now.Add(48 * time.Hour)
	due["ctr_new"] = now.Add(time.Hour)
	tell(Notification{"A deadline has passed", "1 question was not answered in time."},
		Notification{"A deadline is near", "1 question has to be answered within a day."})
}
