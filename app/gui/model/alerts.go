package model

import (
	"time"

	"touchstone/store/evidence"
)

// Notification is a message of the desktop's, for whoever does not look at the
// window. It counts and names nothing: desktops show such messages on locked
// screens, and keep them.
type Notification struct {
	Title string
	Text  string
}

// dueSoon is how long before a deadline a person is told.
const dueSoon = 24 * time.Hour

// Alerts decides what is worth a notification. Each deadline is told of when it
// comes near and when it has passed, once each while the window is open.
type Alerts struct {
	OnNotify func(Notification)
	Watched  bool // the window is in front, so that a finished batch can be seen there

	now    func() time.Time
	near   map[evidence.ID]bool
	passed map[evidence.ID]bool
}

func newAlerts(now func() time.Time) *Alerts {
	return &Alerts{now: now, near: map[evidence.ID]bool{}, passed: map[evidence.ID]bool{}}
}

func (a *Alerts) notify(title, text string) {
	if a.OnNotify != nil {
		a.OnNotify(Notification{Title: title, Text: text})
	}
}

// batchEnded tells that nothing is being captured any more, and how it went.
func (a *Alerts) batchEnded(tally string) {
	if !a.Watched && tally != "" {
		a.notify(T("The captures have ended"), tally)
	}
}

// deadlines tells of those that are near or have passed; a zero time is none.
func (a *Alerts) deadlines(all map[evidence.ID]time.Time) {
	now := a.now()
	near, passed := 0, 0
	for id, due := range all {
		switch {
		case due.IsZero():
		case !due.After(now):
			if !a.passed[id] {
				a.passed[id] = true
				passed++
			}
		case due.Sub(now) <= dueSoon && !a.near[id]:
			a.near[id] = true
			near++
		}
	}
	if passed > 0 {
		a.notify(T("A deadline has passed"), N("%d question was not answered in time.", "%d questions were not answered in time.", passed))
	}
	if near > 0 {
		a.notify(T("A deadline is near"), N("%d question has to be answered within a day.", "%d questions have to be answered within a day.", near))
	}
}

// Working says what is under way, for the icon beside the desktop's clock. Like a
// Notification it names nothing.
func (m *Main) Working() string {
	switch {
	case m.Batch.Running():
		return m.Batch.Headline(time.Now())
	case m.Attended.Open():
		return T("A window for an attended capture is open.")
	case m.Task.Running():
		return m.Task.name
	}
	return T("Nothing is under way.")
}
