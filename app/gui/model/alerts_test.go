package model

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestEachDeadlineIsToldOfWhenItIsNearAndWhenItHasPassed(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var kept []string
	var notes []Notification
	open := func() *Alerts {
		a := &Alerts{now: func() time.Time { return now }, OnNotify: func(n Notification) { notes = append(notes, n) }, OnTold: func(told []string) { kept = told }}
		a.Recall(kept)
		return a
	}
	a := open()
	due := map[evidence.ID]time.Time{
		"inq_far": now.Add(72 * time.Hour), "inq_near": now.Add(23 * time.Hour), "inq_late": now.Add(-time.Minute), "inq_free": {},
	}
	near, passed := Notification{"A deadline is near", "1 question has to be answered within a day."}, Notification{"A deadline has passed", "1 question was not answered in time."}
	tell := func(when string, want ...Notification) {
		t.Helper()
		notes = nil
		a.deadlines(due)
		if diff := cmp.Diff(want, notes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	tell("at first", passed, near)
	tell("once is enough")
	a = open()
	tell("also after the window was opened anew")
	due["inq_near"] = due["inq_near"].Add(-time.Hour)
	tell("one that was moved is another deadline", near)
	now = now.Add(24 * time.Hour)
	a = open()
	tell("overdue", passed)
	now = now.Add(48 * time.Hour)
	due["ctr_new"] = now.Add(time.Hour)
	tell("another is overdue, a new one near", passed, near)
	due = nil
	tell("nothing waits")
	if len(kept) > 0 {
		t.Errorf("still remembered: %q", kept)
	}
}
