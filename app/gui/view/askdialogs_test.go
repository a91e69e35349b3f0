//go:build !headless

package view

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// seen is the objects that can be seen in the dialog that is open, or else in the
// window, that are so.
func seen[T fyne.CanvasObject](w *Window, is func(T) bool) []T {
	root := w.win.Content()
	if top := w.win.Canvas().Overlays().Top(); top != nil {
		root = top
	}
	var found []T
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		if it, ok := o.(T); ok && is(it) {
			found = append(found, it)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(root)
	return found
}

// one is the only object that is so.
func one[T fyne.CanvasObject](t *testing.T, w *Window, what string, is func(T) bool) T {
	t.Helper()
	found := seen(w, is)
	if len(found) != 1 {
		t.Fatalf("%d of %s can be seen, want one", len(found), what)
	}
	return found[0]
}

func button(t *testing.T, w *Window, label string) *widget.Button {
	t.Helper()
	return one(t, w, "the button "+label, func(b *widget.Button) bool { return b.Text == label })
}

// press presses the button with the label, which must be possible.
func press(t *testing.T, w *Window, label string) {
	t.Helper()
	b := button(t, w, label)
	if b.Disabled() {
		t.Fatalf("%s cannot be pressed", label)
	}
	test.Tap(b)
}

// fill types into the entry with the hint.
func fill(t *testing.T, w *Window, hint, text string) {
	t.Helper()
	one(t, w, "the entry "+hint, func(e *widget.Entry) bool { return e.PlaceHolder == hint }).SetText(text)
}

func tick(t *testing.T, w *Window, label string) {
	t.Helper()
	one(t, w, "the box "+label, func(c *widget.Check) bool { return c.Text == label }).SetChecked(true)
}

// question opens the question of the inbox that is so.
func question(t *testing.T, m *model.Main, q queue, is func(model.Asked) bool) {
	t.Helper()
	m.Go(model.PlaceInbox)
	q.until(t, "the inbox is read", m.Inbox.Loaded)
	for _, a := range m.Inbox.List() {
		if is(a) {
			m.Inbox.Open(a.ID())
			q.until(t, "it is read", func() bool { return m.Inbox.Inquiry() != nil || m.Inbox.Counter() != nil })
			return
		}
	}
	t.Fatal("there is no such question")
}

func byChannel(a model.Asked) bool { return a.Inquiry != nil && a.Inquiry.Channel != "" }
func byHand(a model.Asked) bool    { return a.Inquiry != nil && a.Inquiry.Channel == "" }
func objection(a model.Asked) bool { return a.Counter != nil }

// done waits until the desk has done the steps, and no more.
func done(t *testing.T, d *sampledesk.Desk, m *model.Main, q queue, want ...string) {
	t.Helper()
	q.until(t, strings.Join(want, ", "), func() bool { return len(d.Steps()) >= len(want) && !m.Task.Running() })
	if diff := cmp.Diff(want, d.Steps()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAQuestionIsClosedWithAReasonOnly(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	question(t, m, q, byChannel)
	press(t, w, "Close…")
	if !button(t, w, "Close it").Disabled() {
		t.Error("it can be closed without a reason")
	}
	press(t, w, "Cancel")
	press(t, w, "Close…")
	fill(t, w, "Why it needs none, or why the deadline was missed", " It was asked twice. ")
	press(t, w, "Close it")
	done(t, d, m, q, "close: It was asked twice.")
	q.until(t, "it is shown as closed", func() bool { return m.Inbox.Inquiry().Inquiry.State == evidence.InquiryClosed })
	if n := len(seen(w, func(b *widget.Button) bool { return b.Text == "Close…" })); n != 0 {
		t.Error("what is closed can be closed again")
	}
}

func TestTheMarketplaceIsAskedForWhatIsTickedAndWhy(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	question(t, m, q, byChannel)
	press(t, w, "Ask for more…")
	fill(t, w, "What you need to know, and why", "Which lining has it?")
	if !button(t, w, "Ask").Disabled() {
		t.Error("a question can be asked that wants nothing")
	}
	tick(t, w, "More pictures")
	tick(t, w, "A sample")
	press(t, w, "Ask")
	done(t, d, m, q, "ask [more_pictures sample]: Which lining has it?")
	q.until(t, "it is told", func() bool { return strings.HasPrefix(m.Problems.Note(), "The question was asked.") })
}

func TestAnAnswerByHandIsALetterThatIsCopiedAndTickedOff(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	question(t, m, q, byHand)
	asked, _ := m.Inbox.Opened()
	m.Inbox.Judge(evidence.Authentic)
	m.Inbox.Hurry()
	q.until(t, "the answer is recorded", func() bool { return m.Inbox.Given().Phase == model.PhaseDone })
	m.Inbox.Open(asked)
	q.until(t, "it waits for us", func() bool {
		return m.Inbox.Inquiry() != nil && m.Inbox.Inquiry().Waits() == model.WaitsForPerson
	})
	press(t, w, "The letter…")
	q.until(t, "the letter is shown", func() bool { return w.win.Canvas().Overlays().Top() != nil })
	press(t, w, "Copy")
	if got, want := w.app.Clipboard().Content(), "The goods are counterfeit.\n"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	press(t, w, "Give back…")
	fill(t, w, "Why it should be looked at again", "The plate was not looked at.")
	press(t, w, "Cancel")
	press(t, w, "It was sent")
	done(t, d, m, q, "sent")
}

func TestASellersObjectionIsAnsweredWithItsReasonAndOurPapers(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	question(t, m, q, objection)
	press(t, w, "Save a copy…")
	path := one(t, w, "the path", func(e *widget.Entry) bool { return strings.HasSuffix(e.Text, "invoice.pdf") })
	path.SetText(t.TempDir() + "/theirs.pdf")
	press(t, w, "Save")
	done(t, d, m, q, "copy to theirs.pdf")

	send := func() *widget.Button { return w.inbox.counter.send }
	press(t, w, "A court decides")
	if !send().Disabled() {
		t.Error("a court can be named that nobody knows")
	}
	fill(t, w, "Court", "LG Hamburg")
	fill(t, w, "Its number for the action", "327 O 12/26")
	fill(t, w, "Filed on, as in 2026-11-23", "2026-11-20")
	if send().Disabled() {
		t.Error("a court that is named is not enough")
	}
	press(t, w, "We object")
	if !send().Disabled() {
		t.Error("it can be rejected without a reason")
	}
	w.inbox.counter.reason.SetSelected("None of these") // as the channel calls it
	fill(t, w, "Explanation, in your words", "The invoice is for other goods.")
	test.Tap(send())
	m.Inbox.Hurry()
	q.until(t, "it is answered", func() bool { return m.Inbox.Given().Phase == model.PhaseDone })
	if want := []string{"reject other"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
}

func TestTheScorecardLeavesInTheFormThatIsPicked(t *testing.T) {
	for label, want := range map[string]string{
		"XLSX: all of it":               "scorecard of 3 months as .xlsx",
		"CSV: the counts":               "scorecard of 3 months as .csv",
		"JSON: all of it, for programs": "scorecard of 3 months as .json",
	} {
		t.Run(label, func(t *testing.T) {
			d := sampledesk.Filled()
			w, m, q := open(t, d, "light")
			m.Go(model.PlaceScorecard)
			q.until(t, "it is counted", func() bool { return m.Scorecard.Card() != nil })
			press(t, w, "Export…")
			one(t, w, "the forms", func(*widget.RadioGroup) bool { return true }).SetSelected(label)
			press(t, w, "Export")
			done(t, d, m, q, want)
		})
	}
}

// A dialog is about what lies below it, so that no key may change that meanwhile.
func TestNoKeyJudgesOrLeavesWhatADialogIsAbout(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	question(t, m, q, byChannel)
	asked, _ := m.Inbox.Opened()
	press(t, w, "Close…")
	w.win.Canvas().Unfocus()
	w.win.Canvas().OnTypedRune()('1')
	for _, menu := range w.win.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Action != nil && item != w.wayBack {
				item.Action()
			}
		}
	}
	if open, _ := m.Inbox.Opened(); open != asked || m.Inbox.Given() != nil || m.Place() != model.PlaceInbox {
		t.Errorf("%q is open, with the answer %v", open, m.Inbox.Given())
	}
	w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the dialog")
	}
	if open, _ := m.Inbox.Opened(); open != asked {
		t.Error("Escape left the question, too")
	}
	w.wayBack.Action()
	if _, open := m.Inbox.Opened(); open {
		t.Error("there is no way back then")
	}
}

func TestABatchThatEndsUnderOnesEyesIsNotNotified(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/somewhere")
	w, m, q := open(t, sampledesk.Filled(), "light")
	front := w.app.Lifecycle().(interface {
		OnEnteredForeground() func()
		OnExitedForeground() func()
	})
	var told []string
	m.Alerts.OnNotify = func(n model.Notification) { told = append(told, n.Text) }
	capture := func(url string, total int) {
		t.Helper()
		m.Capture(url, "")
		q.until(t, "it is captured", func() bool { return !m.Batch.Running() && m.Table.Total() == total })
	}
	front.OnEnteredForeground()()
	capture("https://market.example/new", 8)
	if len(told) != 0 {
		t.Errorf("told %q though the window was in front", told)
	}
	front.OnExitedForeground()()
	capture("https://market.example/newer", 9)
	if want := []string{"1 listing captured"}; !cmp.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestANearDeadlineIsToldOnceThoughTheWindowIsOpenedAnew(t *testing.T) {
	d := sampledesk.WithInbox() // two of its questions are near, one is late
	w, first, q := open(t, d, "light")
	if n := len(w.app.Preferences().StringList(prefTold + first.Workspace())); n != 3 {
		t.Errorf("%d deadlines are remembered, want 3", n)
	}
	m := model.NewMain(t.Context(), model.Services{Desk: d, Workspace: first.Workspace(), Now: func() time.Time { return sampledesk.Start }}, q)
	defer m.Close()
	again := New(w.app, m, q.Post)
	defer func() {
		again.Release()
		again.win.Close()
	}()
	m.Alerts.OnNotify = func(n model.Notification) { t.Errorf("told again: %+v", n) }
	m.Load("")
	q.until(t, "what waits is read", m.Today.Loaded)
}

func TestAQuestionThatCameByHandIsTakenInFromAFormOrAFile(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	m.Go(model.PlaceInbox)
	q.until(t, "the inbox is read", m.Inbox.Loaded)
	press(t, w, "Add…")
	if !button(t, w, "Take it in").Disabled() {
		t.Error("a question can be taken in that asks nothing")
	}
	fill(t, w, "In the asker's words", "40 handbags")
	fill(t, w, "Office or person", "Zollamt Emmerich")
	fill(t, w, "Their number for it", "DE-4417/26")
	fill(t, w, "As in 2026-11-30, or 2026-11-30 17:00", "2026-12-07")
	one(t, w, "who asks", func(p *picker) bool { return p.picked() == string(evidence.AskerMarketplace) }).SetSelected("Customs")
	press(t, w, "Take it in")
	done(t, d, m, q, "add | customs | Zollamt Emmerich | DE-4417/26 |  | 2026-12-07")
	q.until(t, "it is open", func() bool { return m.Inbox.Inquiry() != nil && m.Inbox.Inquiry().Title() == "40 handbags" })
	m.Inbox.Take("/tmp/asked.eml")
	q.until(t, "it is told", func() bool { return m.Problems.Note() == "2 inquiries have come in." })
}

func TestAMessageIsReadAndAnswered(t *testing.T) {
	d := sampledesk.WithInbox()
	w, m, q := open(t, d, "light")
	m.Go(model.PlaceInbox)
	press(t, w, "Messages…")
	q.until(t, "they are shown", func() bool { return w.win.Canvas().Overlays().Top() != nil })
	press(t, w, "Reply…")
	if got := one(t, w, "the subject", func(e *widget.Entry) bool { return !e.MultiLine }).Text; got != "Your rate" {
		t.Errorf("the subject is %q", got)
	}
	if !button(t, w, "Send").Disabled() {
		t.Error("an empty message can be sent")
	}
	one(t, w, "the text", func(e *widget.Entry) bool { return e.MultiLine }).SetText("We shall see.")
	press(t, w, "Send")
	done(t, d, m, q, "write Your rate: We shall see. (reply: true)")
}

func TestANoticeForAPortalIsPackagedSentAndDecidedByHand(t *testing.T) {
	d := sampledesk.ByHand()
	w, m, q := open(t, d, "light")
	draft(t, m, q)
	m.Go(model.PlaceNotices)
	press(t, w, "Package…")
	press(t, w, "Save")
	q.until(t, "it is written", func() bool { return strings.HasPrefix(m.Problems.Note(), "The package was written to ") })
	press(t, w, "Was it sent?")
	fill(t, w, "The marketplace's number for it, if it gave one", "T-88")
	press(t, w, "Record")
	q.until(t, "it waits for the decision", func() bool { return m.Notices.ByHand().Undecided })
	press(t, w, "What was decided…")
	one(t, w, "the decision", func(p *picker) bool { return p.picked() == string(evidence.ItemRemoved) }).SetSelected("Rejected")
	fill(t, w, "Its reason, if it gave one", "Not enough evidence")
	press(t, w, "Record")
	q.until(t, "it is recorded", func() bool { return len(d.Steps()) == 4 })
	into := "package in " + string(m.Notices.File().Notice.ID)
	if diff := cmp.Diff([]string{into, into + "-2", "arrived true T-88", "outcome of 2: rejected Not enough evidence"}, d.Steps()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestACaseIsExportedAndTheWorkspaceBackedUp(t *testing.T) {
	d := sampledesk.Filled()
	w, m, q := open(t, d, "light")
	exportCaseDialog(m, w.win)
	one(t, w, "the forms", func(*widget.RadioGroup) bool { return true }).SetSelected("Schedule for damages, by seller (.xlsx)")
	press(t, w, "Export")
	q.until(t, "it is exported", func() bool { return strings.HasPrefix(m.Problems.Note(), "The case was exported") })
	backupDialog(m, w.win)
	press(t, w, "Export")
	done(t, d, m, q, "export schedule as .xlsx", "back up to .tar")
}
