package model

import "touchstone/store/evidence"

// Place is one of the screens that the sidebar leads to.
type Place int

// The places.
const (
	PlaceToday Place = iota
	PlaceCase        // the case that is open, or the first step where there is none
	PlaceInbox
	PlaceNotices
	PlaceScorecard
	PlaceSellers
	PlaceRights
	PlaceSettings
)

// Place is the screen that is shown.
func (m *Main) Place() Place { return m.place }

// Go shows a screen and brings it up to date.
func (m *Main) Go(p Place) {
	m.to(p)
	switch p {
	case PlaceToday:
		m.Today.Load()
	case PlaceInbox:
		m.Inbox.Load()
	case PlaceNotices:
		m.Notices.Load()
	case PlaceScorecard:
		m.Scorecard.Load()
	case PlaceSellers:
		m.Sellers.Load()
	case PlaceRights:
		m.Rights.Load()
	case PlaceSettings:
		m.Settings.Load()
	case PlaceCase:
		m.Table.Load(m.current, false)
	}
	changed(m.OnCases)
}

// to turns to a screen.
func (m *Main) to(p Place) {
	if p != m.place {
		m.Problems.moveOn()
	}
	m.place = p
}

// Follow goes where something waits, and opens it.
func (m *Main) Follow(t Target) {
	switch {
	case t.Asked != "":
		m.Inbox.Open(t.Asked)
		m.Go(PlaceInbox)
	case t.Notice != "":
		m.Notices.Open(t.Notice)
		m.Go(PlaceNotices)
	case t.Listing != "":
		m.wanted = t.Listing
		m.Choose(t.Case)
	default:
		m.Go(t.Place)
	}
}

// openWanted opens the listing that Follow was to open, once its case is read.
func (m *Main) openWanted() {
	if m.wanted == "" {
		return
	}
	if r, ok := m.Table.find(m.wanted); ok {
		m.Listing.Open(r)
	}
	m.wanted = evidence.ID("")
}

// RecaptureMarked captures the marked listings of the open case again.
func (m *Main) RecaptureMarked() { m.Bulk.Recapture(m.current) }

// ExportMarked writes the marked listings of the open case to a file.
func (m *Main) ExportMarked(path string) { m.Bulk.Export(m.current, path) }

// NotifyMarked makes a notice about the marked listings and shows it.
func (m *Main) NotifyMarked() { m.Bulk.Notify(m.current, func() { m.Go(PlaceNotices) }) }

// Notify makes a notice about the open listing and shows it.
func (m *Main) Notify() {
	if r := m.Listing.row; m.Listing.open && r.Listing.ID != "" {
		m.Notices.Draft(m.current, []evidence.ID{r.Listing.ID}, func() { m.Go(PlaceNotices) })
	}
}
