package model_test

import (
	"image"
	"io/fs"
	"strings"
	"testing"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// preview opens the packet of a draft.
func preview(t *testing.T, d *sampledesk.Desk) (*model.Main, *queue, *model.Preview) {
	t.Helper()
	m, q := start(t, d)
	c, _ := m.Case()
	n := m.Notices
	n.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID}, nil)
	q.until(t, "the draft is read", func() bool { return n.File() != nil })
	n.LookAt()
	n.Preview.Fit(image.Pt(300, 600))
	return m, q, n.Preview
}

func TestAPacketIsLookedAtPageByPage(t *testing.T) {
	d := sampledesk.Filled()
	_, q, v := preview(t, d)
	q.until(t, "the first page is drawn", func() bool { return v.Picture() != nil })
	if v.Page() != 1 || v.Pages() != 3 || len(v.Documents()) != 2 {
		t.Errorf("page %d of %d of %d documents; want 1 of 3 of 2", v.Page(), v.Pages(), len(v.Documents()))
	}
	if v.Turn(-1) {
		t.Error("there is a page before the first")
	}
	for range 3 {
		if !v.Turn(1) {
			t.Fatal("there is no next page")
		}
	}
	if v.Document() != 1 || v.Page() != 1 || v.Pages() != 2 {
		t.Errorf("after the notice comes page %d of %d of document %d; want the first of the volume", v.Page(), v.Pages(), v.Document())
	}
	v.Go(99)
	if v.Page() != 2 || v.Turn(1) {
		t.Errorf("the last page is %d, and there may be one after it; want 2", v.Page())
	}
	q.until(t, "the last page is drawn", func() bool { return v.Picture() != nil })
	small := v.Picture()
	v.Fit(image.Pt(1200, 2400))
	if v.Picture() != small {
		t.Error("the page is gone while it is drawn larger")
	}
	q.until(t, "it is drawn larger", func() bool { return v.Picture().Bounds().Dx() == 1200 })
	v.Turn(-2)
	if v.Document() != 0 || v.Page() != 3 {
		t.Errorf("two pages back is page %d of document %d; want 3 of 0", v.Page(), v.Document())
	}
}

func TestWhatIsSavedIsWhatIsLookedAt(t *testing.T) {
	d := sampledesk.Filled()
	m, q, v := preview(t, d)
	q.until(t, "the packet is made", v.Made)
	v.Save("/tmp/packet.pdf")
	q.until(t, "it is saved", func() bool { return strings.Contains(m.Problems.Note(), "/tmp/packet.pdf") })
	if d.Saved != "/tmp/packet.pdf: " {
		t.Errorf("saved %q", d.Saved)
	}
}

func TestAPreviewIsNeverOlderThanItsNotice(t *testing.T) {
	d := sampledesk.Filled()
	m, q, v := preview(t, d)
	q.until(t, "the packet is made", v.Made)
	v.Turn(1)
	id, _ := m.Notices.Opened()
	if err := d.Revise(t.Context(), id, func(n *evidence.Notice) { n.Explanation = "The device is not ours." }); err != nil {
		t.Fatal(err) // as another window or a command does
	}
	m.Notices.Load()
	q.until(t, "the preview notices", func() bool { return !v.Made() })
	q.until(t, "the packet is made anew", v.Made)
	if v.Page() != 2 {
		t.Errorf("page %d is looked at; want the one that was, 2", v.Page())
	}
	v.Save("/tmp/packet.pdf")
	q.until(t, "it is saved", func() bool { return strings.Contains(m.Problems.Note(), "/tmp/packet.pdf") })
	if d.Saved != "/tmp/packet.pdf: The device is not ours." {
		t.Errorf("saved %q", d.Saved)
	}
	m.Notices.Load()
	m.Notices.Edit(func(n *evidence.Notice) { n.Explanation = "" })
	m.Notices.Keep()
	q.until(t, "an edit is noticed, too", func() bool { return !v.Made() })
	q.until(t, "the first packet's files are gone", func() bool { return v.Made() && d.Proofs.Load() == 1 })
}

func TestAPreviewLeavesNothingHoweverItEnds(t *testing.T) {
	for name, end := range map[string]func(m *model.Main, v *model.Preview){
		"it is closed":          func(_ *model.Main, v *model.Preview) { v.Close() },
		"the notice is closed":  func(m *model.Main, _ *model.Preview) { m.Notices.Close() },
		"another one is opened": func(m *model.Main, _ *model.Preview) { m.Notices.Draft("", nil, nil) },
		"the window is closed":  func(m *model.Main, _ *model.Preview) { m.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			d := sampledesk.Filled()
			m, q, v := preview(t, d)
			q.until(t, "the packet is made", v.Made)
			end(m, v)
			q.until(t, "its files are gone", func() bool { return d.Proofs.Load() == 0 })
		})
	}
}

func TestThePacketCanBeStoppedAndItsFaultIsTold(t *testing.T) {
	d := sampledesk.Filled()
	d.Gate = make(chan struct{})
	m, q, v := preview(t, d)
	d.Gate <- struct{}{}
	q.until(t, "it goes on", func() bool { return m.Task.Fraction() == 0.5 })
	m.Task.Cancel()
	q.until(t, "it has stopped", func() bool { return !m.Task.Running() })
	if v.Opened() || m.Problems.Current() != nil {
		t.Errorf("it is still looked at, or told as a problem: %+v", m.Problems.Current())
	}
	close(d.Gate)
	d.Fail = fs.ErrPermission
	m.Notices.LookAt()
	q.until(t, "the fault is told", func() bool { return m.Problems.Current() != nil })
	if v.Opened() || !strings.HasPrefix(m.Problems.Current().What, "The packet could not be made.") {
		t.Errorf("told %+v", m.Problems.Current())
	}
}
