package model

import (
	"context"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Agenda knows what waits for the investigator.
type Agenda interface {
	// Agenda gathers what waits; of each kind the most urgent first.
	Agenda(ctx context.Context) (Waiting, error)
}

// Waiting is what needs the investigator.
type Waiting struct {
	Failed   []Row          // listings that the newest capture did not reach
	Notices  []NoticeRecord // with an item that waits for a person
	Asked    []Asked        // inquiries and counter-notices that wait for an answer
	Returned []Row          // listings that were down and are online again
	Expiring []Expiry       // rights and authorisations
}

// Expiry is a right or an authorisation that ends soon or has ended.
type Expiry struct {
	Brand string
	What  string
	Last  string // the last day
	Days  int    // left after today; negative once it has ended
}

// Subject is what ends, in the user's language: the desk names it in English.
func (e Expiry) Subject() string {
	if agent, ok := strings.CutPrefix(e.What, "authorisation of "); ok {
		return T("Authorisation of %s", agent)
	}
	kind, register, _ := strings.Cut(e.What, " ")
	return RightTypeText(evidence.RightType(kind)) + " " + register
}

// Duty is one thing that needs the investigator, as Today shows it.
type Duty struct {
	Mark   Mark
	Title  string
	Detail string
	When   string
	Target Target
}

// Target is a place in the window, and what is open there.
type Target struct {
	Place   Place
	Case    evidence.ID
	Listing evidence.ID
	Notice  evidence.ID
	Asked   evidence.ID // an inquiry or a counter-notice
}

// DutyGroup is the duties of one kind.
type DutyGroup struct {
	Title  string
	Duties []Duty
}

// Today is what needs the investigator now.
type Today struct {
	OnChange func()
	onLoaded func()

	b        *Background
	agenda   Agenda
	problems *Problems
	now      func() time.Time
	loads    latest
	waiting  Waiting
	loaded   bool
}

// Load gathers what waits.
func (t *Today) Load() {
	t.loads.run(t.b, func(ctx context.Context) func() {
		w, err := t.agenda.Agenda(ctx)
		return func() {
			if err != nil {
				t.problems.report(T("What waits for you could not be read."), T("Nothing was changed."), err)
				return
			}
			t.waiting, t.loaded = w, true
			changed(t.onLoaded)
			changed(t.OnChange)
		}
	})
}

// Loaded reports whether what waits has been read.
func (t *Today) Loaded() bool { return t.loaded }

// Count is how much waits.
func (t *Today) Count() int {
	w := t.waiting
	return len(w.Asked) + len(w.Failed) + len(w.Notices) + len(w.Returned) + len(w.Expiring)
}

// Groups is what waits, the most urgent kind first; kinds of which nothing waits
// are left out.
func (t *Today) Groups() []DutyGroup {
	var groups []DutyGroup
	add := func(title string, duties []Duty) {
		if len(duties) > 0 {
			groups = append(groups, DutyGroup{Title: title, Duties: duties})
		}
	}
	w := t.waiting
	add(T("Questions that wait for an answer"), each(w.Asked, t.askedDuty))
	add(T("Listings that came back"), each(w.Returned, returnedDuty))
	add(T("Notices that wait for you"), each(w.Notices, noticeDuty))
	add(T("Captures that reached no page"), each(w.Failed, failedDuty))
	add(T("Rights and authorisations about to end"), each(w.Expiring, expiryDuty))
	return groups
}

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

func listingTarget(r Row) Target {
	return Target{Place: PlaceCase, Case: r.Listing.Case, Listing: r.Listing.ID}
}

func (t *Today) askedDuty(a Asked) Duty {
	due := DueMark(a.DueAt(), t.now())
	m := a.Mark()
	m.Tone = due.Tone
	return Duty{Mark: m, Title: a.Title(), Detail: strings.Join(filled(a.Kind(), a.From()), "  ·  "), When: due.Text, Target: Target{Place: PlaceInbox, Asked: a.ID()}}
}

// AskedCount is how many questions wait for an answer.
func (t *Today) AskedCount() int { return len(t.waiting.Asked) }

func failedDuty(r Row) Duty {
	l := LineOf(r)
	return Duty{Mark: l.Outcome, Title: l.Title, Detail: l.Outcome.Detail, When: l.Captured, Target: listingTarget(r)}
}

func returnedDuty(r Row) Duty {
	l := LineOf(r)
	return Duty{Mark: Mark{Symbol: string(evidence.ItemReappeared), Tone: Bad, Text: T("Online again")}, Title: l.Title, Detail: l.Address, When: l.Captured, Target: listingTarget(r)}
}

func noticeDuty(n NoticeRecord) Duty {
	return Duty{Mark: n.Mark(), Title: n.Title(), Detail: n.Detail(), When: DayText(n.Notice.CreatedAt),
		Target: Target{Place: PlaceNotices, Notice: n.Notice.ID}}
}

func expiryDuty(e Expiry) Duty {
	m := Mark{Symbol: "blocked", Tone: Caution, Text: N("%d day left", "%d days left", e.Days)}
	switch {
	case e.Days < 0:
		m = Mark{Symbol: "rejected", Tone: Bad, Text: T("Ended")}
	case e.Days == 0:
		m.Text = T("Last day")
	}
	return Duty{Mark: m, Title: e.Subject(), Detail: e.Brand, When: DateText(e.Last), Target: Target{Place: PlaceRights}}
}
