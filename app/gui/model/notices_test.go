package model_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestANoticeGoesFromDraftToAnswer(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	c, _ := m.Case()
	n := m.Notices
	n.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID}, func() { m.Go(model.PlaceNotices) })
	q.until(t, "the draft is read", func() bool { return n.File() != nil && m.Place() == model.PlaceNotices })
	if n.CanApprove() || n.CanSubmit() {
		t.Error("a notice without an explanation can be approved or sent")
	}
	n.Edit(func(to *evidence.Notice) { to.Explanation = "The device on the goods is not ours." })
	n.Keep()
	q.until(t, "nothing but the approval is missing", n.CanApprove)
	n.Approve()
	q.until(t, "it can be sent", n.CanSubmit)
	n.Submit()
	q.until(t, "it was sent", func() bool { return n.File().Items[0].State == evidence.ItemSubmitted })
	if n.Editable() || n.CanSubmit() {
		t.Error("a notice that was sent can be changed or sent again")
	}
	n.Sync()
	q.until(t, "it was removed", func() bool { return n.File().Items[0].State == evidence.ItemRemoved })
}

// slowRevision is a desk that takes as long as it is let over the first change.
type slowRevision struct {
	*sampledesk.Desk
	gate  chan struct{}
	later atomic.Bool
}

func (d *slowRevision) Revise(ctx context.Context, id evidence.ID, change func(*evidence.Notice)) error {
	if !d.later.Swap(true) {
		<-d.gate
	}
	return d.Desk.Revise(ctx, id, change)
}

func TestAnEarlierChangeOfANoticeNeverUndoesALaterOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowRevision{Desk: sampledesk.Filled(), gate: make(chan struct{})}
		m, q := start(t, d)
		c, _ := m.Case()
		n := m.Notices
		n.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID}, nil)
		q.until(t, "the draft is read", func() bool { return n.File() != nil })
		id, _ := n.Opened()
		n.Edit(func(to *evidence.Notice) { to.Explanation = "The device on the goods is not ours." })
		n.Keep()
		synctest.Wait()
		n.Edit(func(to *evidence.Notice) { to.GoodFaith = true })
		n.Keep()
		synctest.Wait()
		close(d.gate)
		m.Close()
		f, err := d.NoticeFile(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Notice.GoodFaith || f.Notice.Explanation == "" {
			t.Errorf("kept: good faith %v, explanation %q; want both changes", f.Notice.GoodFaith, f.Notice.Explanation)
		}
	})
}

func TestABulkChangeIsTakenBack(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Table.Toggle(0)
	m.Table.MarkTo(2)
	if got := m.Table.MarkedCount(); got != 3 {
		t.Fatalf("%d marked, want 3", got)
	}
	before := m.Table.Line(0).Assessment.Text
	m.Bulk.Assess(evidence.Authentic, evidence.BasisClient, "")
	q.until(t, "all three are judged", func() bool {
		return m.Table.Line(0).Assessment.Text == "Authentic" && m.Table.Line(2).Assessment.Text == "Authentic"
	})
	if m.Undo.What() != "3 listings assessed as Authentic" || m.Table.MarkedCount() != 0 {
		t.Errorf("to be taken back: %q, marked %d", m.Undo.What(), m.Table.MarkedCount())
	}
	m.Undo.Undo()
	q.until(t, "the first is judged as before", func() bool { return m.Table.Line(0).Assessment.Text == before })
	if m.Undo.What() != "" {
		t.Errorf("still to be taken back: %q", m.Undo.What())
	}
}

func TestWhatIsTypedJustBeforeClosingIsKept(t *testing.T) {
	d := sampledesk.Filled()
	m, q := start(t, d)
	c, _ := m.Case()
	m.Notices.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID}, nil)
	q.until(t, "the draft is read", func() bool { return m.Notices.File() != nil })
	id, _ := m.Notices.Opened()
	m.Notices.Edit(func(to *evidence.Notice) { to.Explanation = "The device on the goods is not ours." })
	ended := false
	m.Stop(func() { ended = true })
	q.until(t, "the window may close", func() bool { return ended })
	f, err := d.NoticeFile(t.Context(), id)
	if err != nil || f.Notice.Explanation == "" {
		t.Errorf("kept %q, %v; want what was typed", f.Notice.Explanation, err)
	}
}

// orderly is a slowRevision that tells what was done, in order.
type orderly struct {
	*slowRevision
	done chan string
}

func (d *orderly) Revise(ctx context.Context, id evidence.ID, change func(*evidence.Notice)) error {
	err := d.slowRevision.Revise(ctx, id, change)
	d.done <- "revised"
	return err
}

func (d *orderly) Submit(ctx context.Context, id evidence.ID, p evidence.Progress) ([]string, error) {
	d.done <- "submitted"
	return d.slowRevision.Submit(ctx, id, p)
}

func TestANoticeIsNotSentBeforeWhatWasEditedIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &orderly{&slowRevision{Desk: sampledesk.Filled(), gate: make(chan struct{})}, make(chan string, 4)}
		m, q := start(t, d)
		c, _ := m.Case()
		n := m.Notices
		n.Draft(c.ID, []evidence.ID{m.Table.Row(0).Listing.ID}, nil)
		q.until(t, "the draft is read", func() bool { return n.File() != nil })
		if err := d.Approve(t.Context(), n.File().Notice.ID, ""); err != nil {
			t.Fatal(err)
		}
		n.Load()
		q.until(t, "it can be sent", n.CanSubmit)
		n.Edit(func(to *evidence.Notice) { to.Message = "Please remove it." })
		n.Submit()
		synctest.Wait()
		close(d.gate)
		if first, second := <-d.done, <-d.done; first != "revised" || second != "submitted" {
			t.Errorf("%s before %s", first, second)
		}
		m.Close()
	})
}
