//go:build !headless

package view

import (
	"testing"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// speak has the window speak a language during a test.
func speak(t *testing.T, code string) {
	t.Helper()
	if err := Speak(code); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Speak("en"); err != nil {
			t.Error(err)
		}
	})
}

// styles are the looks in which every screen is compared.
var styles = []struct{ name, variant, language string }{
	{"light", "light", "en"}, {"dark", "dark", "en"}, {"zh", "light", "zh"},
}

// everyScreen is how each screen is brought about, by the name of its picture.
var everyScreen = []struct {
	name  string
	reach func(t *testing.T, w *Window, m *model.Main, q queue)
}{
	{"today", func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Go(model.PlaceToday)
		q.until(t, "the notice waits", func() bool { return len(m.Today.Groups()) == 3 })
	}},
	{"notices", func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Notices.Close()
		m.Go(model.PlaceNotices)
		q.until(t, "the notices are read", func() bool { return len(m.Notices.List()) == 1 })
	}},
	{"notice", func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Go(model.PlaceNotices)
	}},
	{"sellers", func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceSellers)
		q.until(t, "a seller is read", func() bool { return m.Sellers.File() != nil })
		q.until(t, "its picture is made", func() bool { return m.Thumbs.Get(model.LineOf(m.Sellers.File().Rows[0]).Picture) != nil })
	}},
	{"rights", func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceRights)
		q.until(t, "the brands are read", m.Rights.Loaded)
	}},
	{"settings", func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceSettings)
		q.until(t, "the settings are read", m.Settings.Loaded)
	}},
	{"marked", func(t *testing.T, w *Window, m *model.Main, q queue) {
		thumbs(t, m, q)
		m.Table.Toggle(0)
		m.Table.MarkTo(2)
	}},
}

// draft makes a notice about the first two listings of the open case.
func draft(t *testing.T, m *model.Main, q queue) {
	t.Helper()
	c, _ := m.Case()
	m.Notices.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID, m.Table.Row(1).Listing.ID}, nil)
	q.until(t, "the notice is read", func() bool { return m.Notices.File() != nil && m.Today.Count() == 4 })
}

func TestEveryScreenLooksAsItWasApproved(t *testing.T) {
	for _, style := range styles {
		for _, screen := range everyScreen {
			t.Run(screen.name+" "+style.name, func(t *testing.T) {
				speak(t, style.language)
				w, m, q := open(t, sampledesk.Plain(), style.variant)
				screen.reach(t, w, m, q)
				w.win.Canvas().Capture() // lays out, which wraps text
				w.refresh()
				matches(t, w, screen.name+"-"+style.name)
			})
		}
	}
}
