package model

import (
	"context"
	"path/filepath"
	"slices"

	"touchstone/store/evidence"
)

// Links finds links in text and tells which of them the open case has.
func (m *Main) Links(text string) Links {
	links := ParseLinks(text)
	links.Known = m.Table.Known(links.URLs)
	return links
}

// Capture snapshots the links in text for the open case; where there is none,
// it first makes one of the given name. It reports whether it found a link.
func (m *Main) Capture(text, newCase string) bool {
	links := ParseLinks(text)
	if len(links.URLs) == 0 {
		m.Problems.Show(Problem{What: T("There is no link in what was entered."), Kept: T("Your text is still there."),
			Advice: T("Paste the address of a listing, as in https://www.example.com/item/123.")})
		return false
	}
	m.Problems.Dismiss()
	if m.has(m.current) {
		m.Batch.Start(m.current, links.URLs)
		return true
	}
	m.NewCase(evidence.Case{Name: newCase}, func(id evidence.ID) { m.Batch.Start(id, links.URLs) })
	return true
}

// address is that of the open listing.
func (m *Main) address() string { return addressOf(m.Listing.row) }

// Recapture snapshots the open listing again.
func (m *Main) Recapture() {
	if m.Listing.open {
		m.Batch.Again(m.current, []string{m.address()})
	}
}

// Attend opens a window in which the open listing can be captured by hand.
func (m *Main) Attend() {
	if m.Listing.open {
		m.Attended.Start(m.current, m.address())
	}
}

// AttendStep opens a window in which the i-th URL of the batch can be captured
// by hand.
func (m *Main) AttendStep(i int) {
	if steps := m.Batch.Steps(); i < len(steps) {
		m.Attended.Start(m.current, steps[i].URL)
	}
}

// OpenURL opens the newest listing of the open case that was captured from the
// URL, if there is one.
func (m *Main) OpenURL(address string) {
	for _, k := range slices.Backward(m.Table.rows) {
		if k.own(1) == address || k.own(10) == address {
			m.Listing.Open(k.row())
			return
		}
	}
}

// ReadList reads a file of URLs and hands them to take.
func (m *Main) ReadList(path string, take func(urls []string)) {
	desk := m.services.Desk
	m.b.Run(func(ctx context.Context) func() {
		urls, err := desk.Links(ctx, path)
		return func() {
			switch {
			case len(urls) == 0 && err != nil:
				m.Problems.reportOf(Key("%s could not be read."), filepath.Base(path), T("Nothing was captured."), err)
				return
			case err != nil:
				m.Problems.Show(Problem{What: T("%s was read in part.", filepath.Base(path)) + " " + sentence(err.Error()), Kept: N("%d link was taken from it.", "%d links were taken from it.", len(urls)),
					Advice: T("Correct the other lines and add them."), Detail: err.Error()})
			}
			take(urls)
		}
	})
}

// HasPractice reports whether the practice marketplace can be tried.
func (m *Main) HasPractice() bool { return m.services.Practice != nil }

// TryPractice starts the practice marketplace and hands over URLs to capture.
func (m *Main) TryPractice(take func(urls []string)) {
	practice := m.services.Practice
	m.b.Run(func(ctx context.Context) func() {
		urls, err := practice.Open(ctx)
		return func() {
			if err != nil {
				m.Problems.report(T("The practice marketplace did not start."), T("Nothing was changed."), err)
				return
			}
			take(urls)
		}
	})
}
