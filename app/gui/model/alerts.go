package model

import (
	"slices"
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

// Alerts decides what is worth a notification. Each deadline is told of once when
// it comes near and once when it has passed, also when the window is closed and
// opened in between; one that is moved is another deadline.
type Alerts struct {
	OnNotify func(Notification)
	OnTold   func(told []string) // what Recall wants to be given when the window opens next
	Watched  bool                // the window is in front, so that a finished batch can be seen there

	now  func() time.Time
	told []string // the deadlines that were told of, sorted
}

// Recall says what was told when the window was open before.
func (a *Alerts) Recall(told []string) { a.told = slices.Clone(told) }

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

// deadlines tells of those that are near or have passed; a zero time is none. What
// is not among them any more is forgotten.
func (a *Alerts) deadlines(all map[evidence.ID]time.Time) {
	now := a.now()
	near, passed := 0, 0
	var told []string
	for id, due := range all {
		stage, count := " near", &near
		switch {
		case due.IsZero() || due.Sub(now) > dueSoon:
			continue
		case !due.After(now):
			stage, count = " passed", &passed
		}
		this := string(id) + " " + due.UTC().Format(time.RFC3339) + stage
		if !slices.Contains(a.told, this) {
			*count++
		}
		told = append(told, this)
	}
	slices.Sort(told)
	if !slices.Equal(told, a.told) {
		a.told = told
		if a.OnTold != nil {
			a.OnTold(told)
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
