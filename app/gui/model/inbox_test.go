package model_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// openQuestion opens the inbox with its i-th question.
func openQuestion(t *testing.T, d *sampledesk.Desk, i int) (*model.Main, *queue) {
	t.Helper()
	m, q := start(t, d)
	m.Go(model.PlaceInbox)
	q.until(t, "the inbox is read", m.Inbox.Loaded)
	m.Inbox.Open(m.Inbox.List()[i].ID())
	q.until(t, "the question is read", func() bool { return m.Inbox.Inquiry() != nil || m.Inbox.Counter() != nil })
	return m, q
}

// settled waits until the newest answer has got to a phase.
func settled(t *testing.T, m *model.Main, q *queue, p model.Phase) {
	t.Helper()
	q.until(t, "the answer has its end", func() bool { return m.Inbox.Given().Phase == p })
}

func TestOneKeyAnswersAndTheNextQuestionOpens(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 1)
	first, _ := m.Inbox.Opened()
	m.Inbox.Judge(evidence.Authentic)
	if next, open := m.Inbox.Opened(); !open || next == first {
		t.Errorf("%q is open after the answer, want the next question", next)
	}
	if got := m.Inbox.Mark(m.Inbox.List()[1]).Text; got != "Leaving" {
		t.Errorf("the answered question is %q in the list, want Leaving", got)
	}
	m.Inbox.Hurry()
	settled(t, m, q, model.PhaseDone)
	if want := []string{"authentic"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
	q.until(t, "the list is read again", func() bool { return len(m.Inbox.List()) == 4 })
}

func TestAnAnswerIsTakenBackWhileItIsHeld(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 1)
	first, _ := m.Inbox.Opened()
	m.Inbox.Judge(evidence.Authentic)
	m.Undo.Undo()
	settled(t, m, q, model.PhaseTakenBack)
	if open, _ := m.Inbox.Opened(); open != first || len(d.Answers) > 0 {
		t.Errorf("open %q with answers %v, want %q again and no answer", open, d.Answers, first)
	}
}

func TestAnAnswerLeavesByItselfAndIsNotTakenBackThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := sampledesk.WithInbox()
		m, q := openQuestion(t, d, 1)
		begun := time.Now()
		m.Inbox.Judge(evidence.Authentic)
		settled(t, m, q, model.PhaseDone)
		if held := time.Since(begun); held < 3*time.Second || held > 15*time.Second {
			t.Errorf("it was held for %s", held)
		}
		m.Undo.Undo()
		q.until(t, "it is told", func() bool { return m.Problems.Current() != nil })
		if got := m.Problems.Current().What; !strings.Contains(got, "has left") {
			t.Errorf("told %q, want that it has left", got)
		}
		m.Close()
	})
}

func TestACounterfeitWantsAReasonAndItsNoticeIsOneClickAway(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 1)
	asked, _ := m.Inbox.Opened()
	m.Inbox.Judge(evidence.Counterfeit)
	if m.Inbox.Lacks() != model.LacksReason || m.Inbox.Given() != nil {
		t.Fatalf("without a reason: lacks %v, given %v", m.Inbox.Lacks(), m.Inbox.Given())
	}
	m.Inbox.Edit(func(v *model.Verdict) { v.Reason = " The lining is black. " })
	m.Inbox.Answer()
	m.Inbox.Hurry()
	settled(t, m, q, model.PhaseDone)
	g := m.Inbox.Given()
	if g.Answered.Waits != model.WaitsForSignatory || g.Answered.Notice == "" {
		t.Errorf("answered %+v, want one that waits for its notice", g.Answered)
	}
	m.Inbox.Open(asked)
	q.until(t, "it is read", func() bool { return m.Inbox.Inquiry() != nil && m.Inbox.Inquiry().Answer() != nil })
	if got := m.Inbox.Inquiry().Answer().Reason; got != "The lining is black." {
		t.Errorf("reason %q", got)
	}
	m.Undo.Undo()
	q.until(t, "the verdict is taken back", func() bool { return m.Inbox.Given().Phase == model.PhaseTakenBack })
	if want := []string{"counterfeit", "taken back"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
}

func TestAReasonGivenBeforeIsOfferedAgain(t *testing.T) {
	m, _ := openQuestion(t, sampledesk.WithInbox(), 1)
	m.Inbox.Edit(func(v *model.Verdict) { v.Reason, v.Basis = "Known lot.", evidence.BasisClient })
	m.Inbox.Judge(evidence.Counterfeit)
	m.Inbox.Edit(func(v *model.Verdict) { v.Verdict = evidence.Counterfeit })
	if want := []string{"Known lot."}; !cmp.Equal(m.Inbox.Reasons(), want) || m.Inbox.Draft().Basis != evidence.BasisClient {
		t.Errorf("offered %v on the basis %s, want %v on the client's word", m.Inbox.Reasons(), m.Inbox.Draft().Basis, want)
	}
}

func TestANoticeNeedsACaptureThatShowsTheOfferOnline(t *testing.T) {
	d := sampledesk.WithInbox()
	m, _ := openQuestion(t, d, 4) // its offer was removed
	m.Inbox.Edit(func(v *model.Verdict) { v.Reason = "Known lot." })
	m.Inbox.Judge(evidence.Counterfeit)
	if m.Inbox.Lacks() != model.LacksCapture {
		t.Fatalf("lacks %v, want a capture", m.Inbox.Lacks())
	}
	m.Inbox.Edit(func(v *model.Verdict) { v.Alone = true })
	m.Inbox.Answer()
	if m.Inbox.Given() == nil {
		t.Error("it is not answered without a notice either")
	}
}

func TestAnAnswerThatIsHeldIsNotLostWhenTheWindowCloses(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 1)
	m.Inbox.Judge(evidence.NotOurBrand)
	ended := false
	m.Stop(func() { ended = true })
	q.until(t, "the window may close", func() bool { return ended })
	if want := []string{"not_our_brand"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
}

func TestASecondPersonAgrees(t *testing.T) {
	d := sampledesk.WithInbox()
	d.SecondPerson = true
	m, q := openQuestion(t, d, 1)
	asked, _ := m.Inbox.Opened()
	m.Inbox.Judge(evidence.Authentic)
	m.Inbox.Hurry()
	settled(t, m, q, model.PhaseDone)
	if m.Inbox.Given().Answered.Waits != model.WaitsForSecondPerson {
		t.Fatalf("answered %+v, want one that waits for a second person", m.Inbox.Given().Answered)
	}
	m.Inbox.Open(asked)
	q.until(t, "it is read", func() bool {
		return m.Inbox.Inquiry() != nil && m.Inbox.Inquiry().Waits() == model.WaitsForSecondPerson
	})
	m.Inbox.Approve()
	m.Inbox.Hurry()
	q.until(t, "it is approved", func() bool { return m.Inbox.Given().Phase == model.PhaseDone })
	if want := []string{"authentic", "approved"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
}

func TestACounterNoticeIsAnsweredWithAReason(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 2)
	m.Inbox.EditReply(func(r *model.CounterReply) { r.Decision = evidence.RejectCounter })
	if m.Inbox.CanReply() {
		t.Error("it can be rejected without a reason")
	}
	m.Inbox.EditReply(func(r *model.CounterReply) { r.ReasonCode = "documents_forged" })
	m.Inbox.SendReply()
	m.Inbox.Hurry()
	settled(t, m, q, model.PhaseDone)
	if want := []string{"reject documents_forged"}; !cmp.Equal(d.Answers, want) {
		t.Errorf("answers %v, want %v", d.Answers, want)
	}
}

func TestAnAnswerThatFailsKeepsWhatWasFilledIn(t *testing.T) {
	d := sampledesk.WithInbox()
	m, q := openQuestion(t, d, 1)
	asked, _ := m.Inbox.Opened()
	m.Inbox.Edit(func(v *model.Verdict) { v.Reason = "Known lot." })
	d.Fail = fs.ErrPermission
	m.Inbox.Judge(evidence.Counterfeit)
	m.Inbox.Hurry()
	settled(t, m, q, model.PhaseFailed)
	m.Inbox.Open(asked)
	if got := m.Inbox.Draft().Reason; got != "Known lot." || m.Problems.Current() == nil {
		t.Errorf("reason %q, problem %v; want what was filled in, and a problem", got, m.Problems.Current())
	}
}

func TestWhatMarketplacesAskIsToldAndCapturedAndIsNoBatchThatWasLeft(t *testing.T) {
	d := sampledesk.Filled()
	d.ToAsk = []string{"https://market.example/asked/1", "https://market.example/asked/2"}
	m, q := start(t, d)
	m.Go(model.PlaceInbox)
	m.Notices.Sync()
	q.until(t, "both are captured", func() bool { return len(m.Batch.Steps()) == 2 && !m.Batch.Running() && !m.Task.Running() })
	if got, want := m.Problems.Note(), "2 inquiries have come in."; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if m.Left.Any() {
		t.Errorf("offered to resume: %s", m.Left.Text())
	}
	q.until(t, "they are in the inbox, to judge", func() bool {
		return len(m.Inbox.List()) == 2 && m.Inbox.Mark(m.Inbox.List()[0]).Text == "To judge" && m.Inbox.Uncaptured() == 0
	})
}

func TestGoodNewsIsNotCarriedToAnotherScreenAndAProblemIs(t *testing.T) {
	m, _ := start(t, sampledesk.Filled())
	m.Go(model.PlaceNotices)
	m.Problems.Tell("The notice was sent.")
	m.Go(model.PlaceNotices)
	if m.Problems.Note() == "" {
		t.Error("the news is gone on its own screen")
	}
	m.Go(model.PlaceRights)
	if got := m.Problems.Note(); got != "" {
		t.Errorf("still told: %q", got)
	}
	m.Problems.Show(model.Problem{What: "The disk is full."})
	m.Go(model.PlaceToday)
	if m.Problems.Current() == nil {
		t.Error("the problem is gone")
	}
}

func TestTodayLeadsToTheQuestionThatWaits(t *testing.T) {
	m, q := start(t, sampledesk.WithInbox())
	q.until(t, "what waits is read", m.Today.Loaded)
	g := m.Today.Groups()[0]
	if g.Title != "Questions that wait for an answer" || len(g.Duties) != 5 {
		t.Fatalf("first is %q with %d things", g.Title, len(g.Duties))
	}
	m.Follow(g.Duties[1].Target)
	q.until(t, "the inquiry is read", func() bool { return m.Inbox.Inquiry() != nil })
	if m.Place() != model.PlaceInbox {
		t.Errorf("the place is %v, want the inbox", m.Place())
	}
}

func TestDeadlines(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		due  time.Time
		want model.Mark
	}{
		"no deadline at all":     {time.Time{}, model.Mark{Text: "No deadline"}},
		"days to come":           {now.Add(51 * time.Hour), model.Mark{Symbol: "queued", Text: "2 d 3 h left", Detail: "2026-11-25 12:00 UTC"}},
		"whole days":             {now.Add(48 * time.Hour), model.Mark{Symbol: "queued", Text: "2 d left", Detail: "2026-11-25 09:00 UTC"}},
		"within the day":         {now.Add(5 * time.Hour), model.Mark{Symbol: "blocked", Tone: model.Caution, Text: "5 h left", Detail: "2026-11-23 14:00 UTC"}},
		"in the next hours":      {now.Add(61 * time.Minute), model.Mark{Symbol: "blocked", Tone: model.Bad, Text: "1 h 1 min left", Detail: "2026-11-23 10:01 UTC"}},
		"passed a quarter since": {now.Add(-15 * time.Minute), model.Mark{Symbol: "rejected", Tone: model.Bad, Text: "15 min too late", Detail: "2026-11-23 08:45 UTC"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, model.DueMark(c.due, now)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTheInboxTellsWhatAQuestionSeemsToBeInAWord(t *testing.T) {
	q := evidence.Inquiry{State: evidence.InquiryCaptured, Proposal: &evidence.Proposal{State: evidence.InquiryDuplicate,
		Of: "inq_01M8KA66CH5QE5KDE3WMXVM9Q8", Reason: "inq_01M8KA66CH5QE5KDE3WMXVM9Q8 of 2026-11-29 is about the same offer"}}
	if got, want := (model.Asked{Inquiry: &q}).Mark().Detail, "Duplicate?"; got != want {
		t.Errorf("beside the state stands %q, want %q", got, want)
	}
}
