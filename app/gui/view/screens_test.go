//go:build !headless

package view

import (
	"testing"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
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
	desk  func() *sampledesk.Desk // nil: Plain
	reach func(t *testing.T, w *Window, m *model.Main, q queue)
}{
	{name: "today", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Go(model.PlaceToday)
		q.until(t, "the notice waits", func() bool { return len(m.Today.Groups()) == 3 })
	}},
	{name: "notices", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Notices.Close()
		m.Go(model.PlaceNotices)
		q.until(t, "the notices are read", func() bool { return len(m.Notices.List()) == 1 })
	}},
	{name: "notice", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Go(model.PlaceNotices)
	}},
	{name: "preview", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		draft(t, m, q)
		m.Go(model.PlaceNotices)
		m.Notices.LookAt()
		w.win.Canvas().Capture() // lays out, which says how large the page is
		q.until(t, "the first page is drawn", func() bool { return m.Notices.Preview.Picture() != nil })
		q.until(t, "the packet is made", func() bool { return !m.Task.Running() })
	}},
	{name: "inbox", desk: sampledesk.WithInbox, reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceInbox)
		q.until(t, "the inbox is read", m.Inbox.Loaded)
	}},
	{name: "inquiry", desk: sampledesk.WithInbox, reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		inquire(t, w, m, q, 1)
		m.Inbox.Judge(evidence.Counterfeit)
	}},
	{name: "answered", desk: sampledesk.WithInbox, reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		inquire(t, w, m, q, 1)
		m.Inbox.Edit(func(v *model.Verdict) { v.Reason = "The bar of the A is straight and the lining is black." })
		m.Inbox.Judge(evidence.Counterfeit)
		q.until(t, "the next question is open", func() bool { return m.Inbox.Counter() != nil })
		m.Inbox.Hurry()
		q.until(t, "the answer is recorded", func() bool { return m.Inbox.Given().Phase == model.PhaseDone && m.Today.Loaded() })
		drawn(t, w, q, w.inbox.counter.suspect, 3)
	}},
	{name: "counter", desk: sampledesk.WithInbox, reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceInbox)
		q.until(t, "the inbox is read", m.Inbox.Loaded)
		m.Inbox.Open(m.Inbox.List()[2].ID())
		q.until(t, "the counter-notice is read", func() bool { return m.Inbox.Counter() != nil })
		m.Inbox.EditReply(func(r *model.CounterReply) { r.Decision = evidence.RejectCounter })
		drawn(t, w, q, w.inbox.counter.suspect, 3)
	}},
	{name: "scorecard", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceScorecard)
		q.until(t, "it is counted", func() bool { return m.Scorecard.Card() != nil })
	}},
	{name: "sellers", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceSellers)
		q.until(t, "a seller is read", func() bool { return m.Sellers.File() != nil })
		q.until(t, "its picture is made", func() bool { return m.Thumbs.Get(model.LineOf(m.Sellers.File().Rows[0]).Picture) != nil })
	}},
	{name: "rights", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceRights)
		q.until(t, "the brands are read", m.Rights.Loaded)
	}},
	{name: "settings", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Go(model.PlaceSettings)
		q.until(t, "the settings are read", m.Settings.Loaded)
	}},
	{name: "compared", reach: func(t *testing.T, w *Window, m *model.Main, q queue) { compare(t, w, m, q) }},
	{name: "slider", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		compare(t, w, m, q)
		w.listing.compare.turn()
		cut(t, w, q, w.listing.compare.pictures.First, w.listing.compare.pictures.Second)
	}},
	{name: "pictures", reach: func(t *testing.T, w *Window, m *model.Main, q queue) { pictures(t, w, m, q) }},
	{name: "drawing", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		m.Listing.Open(m.Table.Row(2))
		q.until(t, "its screenshot is read", func() bool { return w.listing.viewer.Zoom() > 0 })
		q.until(t, "what was drawn is read", m.Listing.Examination.Read)
		k := m.Listing.Markup
		k.Begin()
		cut(t, w, q, w.listing.viewer)
		k.Add(0, 170, 200, 520, 550, "No plate on the strap; ours has one since 2019")
		k.Pick(model.ToolArrow)
		k.Add(0, 1050, 420, 985, 548, "")
		k.Pick(model.ToolNote)
		k.Add(0, 720, 640, 720, 640, "Price: a tenth of ours")
		k.Pick(model.ToolRedact)
		k.Add(0, 700, 120, 1220, 144, "")
	}},
	{name: "marked", reach: func(t *testing.T, w *Window, m *model.Main, q queue) {
		thumbs(t, m, q)
		m.Table.Toggle(0)
		m.Table.MarkTo(2)
	}},
}

// inquire opens the i-th question of the inbox, an inquiry.
func inquire(t *testing.T, w *Window, m *model.Main, q queue, i int) {
	t.Helper()
	m.Go(model.PlaceInbox)
	q.until(t, "the inbox is read", m.Inbox.Loaded)
	m.Inbox.Open(m.Inbox.List()[i].ID())
	q.until(t, "the inquiry is read", func() bool { return m.Inbox.Inquiry() != nil })
	drawn(t, w, q, w.inbox.inquiry.suspect, 2)
	drawn(t, w, q, w.inbox.inquiry.genuine, 1)
}

// drawn waits until an album shows all its pictures, the chosen one in so many
// tiles.
func drawn(t *testing.T, w *Window, q queue, a *album, tiles int) {
	t.Helper()
	q.until(t, "a picture is read", func() bool { return a.viewer.Zoom() > 0 })
	w.win.Canvas().Capture() // lays out, which asks for tiles
	q.until(t, "its tiles are cut", func() bool { return images(a.viewer) >= tiles })
	q.until(t, "small pictures are made", func() bool {
		for _, p := range a.photos {
			if w.m.Thumbs.Get(p.small) == nil {
				return false
			}
		}
		return true
	})
}

// compare opens a listing and compares its two captures.
func compare(t *testing.T, w *Window, m *model.Main, q queue) {
	t.Helper()
	m.Listing.Open(m.Table.Row(2))
	q.until(t, "its captures are read", func() bool { return len(m.Listing.Captures()) == 2 })
	w.listing.tabs.SelectIndex(3)
	m.Listing.CompareBefore()
	q.until(t, "what has changed is known", m.Listing.Comparison.Read)
	cut(t, w, q, w.listing.compare.pictures.First, w.listing.compare.pictures.Second)
}

// pictures opens a listing and looks at the offer's own pictures.
func pictures(t *testing.T, w *Window, m *model.Main, q queue) {
	t.Helper()
	m.Listing.Open(m.Table.Row(2))
	w.listing.tabs.SelectIndex(1)
	q.until(t, "the offer's pictures are read", func() bool { return len(m.Listing.Examination.Pictures()) > 0 && w.listing.viewer.Zoom() > 0 })
	cut(t, w, q, w.listing.viewer)
	drawn(t, w, q, w.listing.pictures.album, 1)
	q.until(t, "the small pictures below are made", func() bool {
		for _, h := range w.listing.pictures.small {
			if m.Thumbs.Get(h) == nil {
				return false
			}
		}
		return true
	})
	w.listing.pictures.update()
}

// cut waits until viewers show all that is in view.
func cut(t *testing.T, w *Window, q queue, viewers ...*own.Viewer) {
	t.Helper()
	w.win.Canvas().Capture() // lays out, which asks for tiles
	for _, v := range viewers {
		q.until(t, "the picture is cut", v.Ready)
	}
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
				desk := sampledesk.Plain
				if screen.desk != nil {
					desk = screen.desk
				}
				w, m, q := open(t, desk(), style.variant)
				screen.reach(t, w, m, q)
				w.win.Canvas().Capture() // lays out, which wraps text
				w.refresh()
				matches(t, w, screen.name+"-"+style.name)
			})
		}
	}
}
