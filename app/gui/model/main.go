package model

import (
	"context"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Main is the whole window's state: the cases, the one that is open, and what
// is under way.
type Main struct {
	OnCases func() // the list of cases, or the choice among them, has changed

	Today     *Today
	Table     *Table
	Bulk      *Bulk
	Undo      *Undo
	Inbox     *Inbox
	Notices   *Notices
	Scorecard *Scorecard
	Sellers   *Sellers
	Rights    *Rights
	Settings  *Settings
	FirstRun  *FirstRun
	Alerts    *Alerts
	Listing   *Listing
	Batch     *Batch
	Left      *Left
	Attended  *Attended
	Task      *Task
	Problems  *Problems
	Thumbs    *Thumbs

	b         *Background
	services  Services
	loads     latest
	cases     []evidence.Case
	current   evidence.ID
	loaded    bool
	place     Place
	watching  bool
	refreshes latest
	wanted    evidence.ID // a listing to open when its case is read
}

// NewMain makes the state of a window. Load fills it.
func NewMain(ctx context.Context, s Services, d Dispatcher) *Main {
	b := NewBackground(ctx, d)
	problems := &Problems{explain: s.Explain}
	m := &Main{
		b: b, services: s, Problems: problems,
		Table:    &Table{b: b, book: s.Desk, problems: problems},
		Listing:  &Listing{b: b, archive: s.Desk, judge: s.Desk, problems: problems},
		Batch:    &Batch{b: b, capturer: s.Desk, problems: problems},
		Attended: &Attended{b: b, attendant: s.Desk, problems: problems},
		Task:     &Task{b: b, problems: problems},
		Thumbs:   NewThumbs(b, s.Desk),
	}
	now := s.Now
	if now == nil {
		now = time.Now
	}
	m.Today = &Today{b: b, agenda: s.Desk, problems: problems, now: now}
	m.Inbox = newInbox(b, s.Desk, now)
	m.Inbox.problems, m.Inbox.task, m.Inbox.capture = problems, m.Task, m.captureAsked
	m.Scorecard = newScorecard(b, s.Desk, problems, m.Task)
	m.Notices = &Notices{b: b, book: s.Desk, problems: problems, task: m.Task}
	m.Notices.Preview = &Preview{b: b, prover: s.Desk, book: s.Desk, problems: problems, task: m.Task, settle: m.Notices.settle}
	m.Sellers = &Sellers{b: b, book: s.Desk, problems: problems}
	m.Rights = &Rights{b: b, book: s.Desk, problems: problems}
	m.Settings = &Settings{b: b, chooser: s.Desk, problems: problems, task: m.Task}
	m.FirstRun = &FirstRun{settings: m.Settings, rights: m.Rights, problems: problems}
	m.Alerts = &Alerts{now: now}
	m.Today.onLoaded = m.alert
	m.Undo = &Undo{b: b, problems: problems, task: m.Task, after: m.renew}
	m.Inbox.undo, m.Inbox.OnMoved = m.Undo, m.renew
	m.Bulk = &Bulk{b: b, table: m.Table, reviewer: s.Desk, problems: problems, undo: m.Undo, batch: m.Batch, notices: m.Notices,
		exporter: s.Desk, task: m.Task, renew: m.renew}
	m.Notices.OnMoved, m.Notices.OnNews = m.reload, m.captureAsked
	m.Listing.onOpen = func() { m.to(PlaceCase) }
	m.Listing.reviewer, m.Listing.undo = s.Desk, m.Undo
	m.Listing.Markup = &Markup{examiner: s.Desk, problems: problems, task: m.Task}
	m.Listing.Examination = &Examination{b: b, examiner: s.Desk, problems: problems, task: m.Task, markup: m.Listing.Markup}
	m.Listing.Markup.reload = m.Listing.Examination.Load
	m.Listing.Comparison = &Comparison{b: b, examiner: s.Desk, problems: problems}
	m.Left = &Left{b: b, capturer: s.Desk, batch: m.Batch, problems: problems}
	m.Batch.OnEnded = func(caseID evidence.ID) {
		if caseID == m.current || caseID == "" {
			m.Table.Load(m.current, false)
		}
		m.Today.Load()
		if m.place == PlaceInbox {
			m.Inbox.Load()
		}
	}
	m.Batch.OnIdle = func() {
		m.Left.Load()
		m.Alerts.batchEnded(m.Batch.tally())
	}
	m.Attended.OnCaptured = m.Batch.OnEnded
	m.Listing.OnAssessed = func(listing evidence.ID) { m.renew([]evidence.ID{listing}) }
	m.Table.onLoaded = func() {
		m.openWanted()
		if r, ok := m.Table.find(m.Listing.row.Key()); ok && m.Listing.open {
			m.Listing.update(r)
		}
	}
	return m
}

// alert tells of the deadlines that are near or have passed.
func (m *Main) alert() {
	if !m.Today.loaded {
		return // what waits is not known
	}
	due := make(map[evidence.ID]time.Time, len(m.Today.waiting.Asked))
	for _, a := range m.Today.waiting.Asked {
		due[a.ID()] = a.DueAt()
	}
	m.Alerts.deadlines(due)
}

// reload brings up to date what the window shows of listings.
func (m *Main) reload() {
	if m.has(m.current) {
		m.Table.Load(m.current, false)
	}
	m.loadDuties()
}

// renew brings up to date what the window shows of some listings.
func (m *Main) renew(listings []evidence.ID) {
	if len(listings) > 0 {
		m.Table.Renew(listings)
	}
	m.loadDuties()
}

// loadDuties brings up to date what waits.
func (m *Main) loadDuties() {
	m.Today.Load()
	switch m.place {
	case PlaceNotices:
		m.Notices.Load()
	case PlaceInbox:
		m.Inbox.Load()
	}
}

// captureAsked captures the offers that are asked about: they may vanish.
func (m *Main) captureAsked() {
	capturer := m.services.Desk
	m.b.Run(func(ctx context.Context) func() {
		urls, err := capturer.WaitingAsked(ctx)
		return func() {
			if err != nil {
				m.Problems.report(T("What is asked about could not be captured."), T("It waits."), err)
				return
			}
			m.Batch.Asked(urls)
		}
	})
}

// Load reads the cases and opens one: that with the ID want, else the newest.
func (m *Main) Load(want evidence.ID) {
	book := m.services.Desk
	m.loads.run(m.b, func(ctx context.Context) func() {
		cases, err := book.Cases(ctx)
		return func() {
			m.loaded = true
			if err != nil {
				m.Problems.report(T("The cases could not be read."), T("Nothing was changed."), err)
			}
			m.cases = cases
			if !m.has(want) && len(cases) > 0 {
				want = cases[0].ID
			}
			if len(cases) == 0 {
				m.Settings.Load()
				m.Rights.Load()
			}
			m.choose(want)
		}
	})
	m.Today.Load()
	m.Left.Load()
	m.watch()
}

func (m *Main) has(id evidence.ID) bool {
	return slices.ContainsFunc(m.cases, func(c evidence.Case) bool { return c.ID == id })
}

// Loaded reports whether the cases have been read.
func (m *Main) Loaded() bool { return m.loaded }

// Cases lists the cases, newest first. It must not be changed.
func (m *Main) Cases() []evidence.Case { return m.cases }

// Case is the case that is open, if any.
func (m *Main) Case() (evidence.Case, bool) {
	for _, c := range m.cases {
		if c.ID == m.current {
			return c, true
		}
	}
	return evidence.Case{}, false
}

// Choose opens a case and shows it.
func (m *Main) Choose(id evidence.ID) {
	m.to(PlaceCase)
	m.choose(id)
}

// choose opens a case.
func (m *Main) choose(id evidence.ID) {
	fresh := id != m.current
	if fresh {
		m.Listing.Close()
		m.Table.order.query, m.Table.order.facet = "", FacetAll
	}
	m.current = id
	if m.has(id) && m.place == PlaceCase {
		m.Table.Load(id, fresh)
	} else {
		m.Table.Clear()
	}
	changed(m.OnCases)
}

// NewCase records a case, opens it and then calls made, if that is not nil.
func (m *Main) NewCase(c evidence.Case, made func(evidence.ID)) {
	c.Name = strings.TrimSpace(c.Name)
	if c.Name == "" {
		m.Problems.Show(Problem{What: T("The case was not made: it has no name."), Advice: T("Give it a name by which you will find it again.")})
		return
	}
	book := m.services.Desk
	m.b.Run(func(ctx context.Context) func() {
		stored, err := book.NewCase(ctx, c)
		return func() {
			if err != nil {
				m.Problems.report(T("The case was not made."), T("Nothing was changed."), err)
				return
			}
			m.cases = append([]evidence.Case{stored}, m.cases...)
			m.Choose(stored.ID)
			if made != nil {
				made(stored.ID)
			}
		}
	})
}

// Step opens the listing that stands n rows below the open one in the table.
func (m *Main) Step(n int) {
	if i := m.Table.Index(m.Listing.row.Key()); i >= 0 && i+n >= 0 && i+n < m.Table.Len() {
		m.Listing.Open(m.Table.Row(i + n))
	}
}

// Position is where the open listing stands in the table, from 1, and how many
// are shown there.
func (m *Main) Position() (at, of int) {
	return m.Table.Index(m.Listing.row.Key()) + 1, m.Table.Len()
}

// ExportPacket writes the open case's takedown packet.
func (m *Main) ExportPacket(path string) {
	id, desk := m.current, m.services.Desk
	m.Problems.Dismiss()
	m.Task.start(T("Writing the packet"), func(ctx context.Context, p evidence.Progress) func() {
		remarks, err := desk.Packet(ctx, id, path, p)
		return func() { packetWritten(m.Problems, path, remarks, err) }
	})
}

// packetWritten tells what came of writing a packet.
func packetWritten(problems *Problems, path string, remarks []string, err error) {
	switch {
	case err != nil:
		problems.report(T("The packet was not written."), T("The evidence is untouched."), err)
	case len(remarks) > 0:
		problems.Show(Problem{What: T("The packet was written, with something missing:") + " " + sentence(remarks[0]), Kept: T("It lies at %s.", path),
			Advice: T("Look at it before you send it."), Detail: strings.Join(remarks, "\n")})
	default:
		problems.Tell(T("The packet was written to %s", path))
	}
}

// Verify checks the whole workspace.
func (m *Main) Verify() {
	desk := m.services.Desk
	m.Problems.Dismiss()
	m.Task.start(T("Verifying the workspace"), func(ctx context.Context, p evidence.Progress) func() {
		v, err := desk.Verify(ctx, p)
		return func() {
			if err != nil {
				m.Problems.report(T("The workspace could not be verified."), T("Nothing was changed."), err)
				return
			}
			m.Problems.set(verdictOf(v))
		}
	})
}

// verdictOf tells the result of a verification.
func verdictOf(v Verified) (*Problem, string) {
	scope := T("%s and %s (%s)", N("%d capture", "%d captures", v.Captures), N("%d file", "%d files", v.Files), SizeText(v.Bytes))
	if len(v.Faults) == 0 {
		return nil, strings.Join(append([]string{T("Everything verifies: %s.", scope)}, faultTexts(v.Notes)...), " ")
	}
	faults := faultTexts(v.Faults)
	shown := faults[:min(3, len(faults))]
	what := N("%d fault found in %s.", "%d faults found in %s.", len(v.Faults), len(v.Faults), scope) + " " + strings.Join(shown, " ")
	return &Problem{
		What:   what,
		Kept:   T("What is not named here verifies."),
		Advice: T("Do not use the evidence named. Restore it from a backup, then verify again."),
		Detail: strings.Join(faults, "\n"),
	}, ""
}

// Workspace is the workspace's folder.
func (m *Main) Workspace() string { return m.services.Workspace }

// Version is the program's version.
func (m *Main) Version() string { return m.services.Version }

// Busy says what is under way that closing the window would stop, or "".
func (m *Main) Busy() string {
	switch {
	case m.Batch.Running():
		return T("A capture is under way.")
	case m.Attended.Open():
		return T("A window for an attended capture is open.")
	case m.Task.Running():
		return T("%s is not finished.", m.Task.name)
	}
	return ""
}

// Stop ends all work and then, when it has ended, calls ended.
func (m *Main) Stop(ended func()) {
	m.Notices.keep()
	m.Batch.Cancel()
	m.b.Stop(ended)
}

// Close ends all work and waits for it. Results are dropped.
func (m *Main) Close() {
	m.Notices.keep()
	m.b.Close()
	m.Notices.Preview.end()
}
