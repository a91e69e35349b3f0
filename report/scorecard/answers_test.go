package scorecard

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestWhatWasAskedIsCountedByChannelAndMissedDeadlinesStayCounted(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	asked := Asked{
		Inquiries: []evidence.Inquiry{
			{ID: "inq_1", Channel: "a", AskedAt: at, State: evidence.InquiryAcknowledged},
			{ID: "inq_2", Channel: "a", AskedAt: at, State: evidence.InquiryClosed, MissedAt: at.AddDate(0, 0, 3)}, // closed: it was seen
			{ID: "inq_3", AskedAt: at, State: evidence.InquiryAnswered, MissedAt: at.AddDate(0, 0, 3)},             // by hand, too late
			{ID: "inq_4", AskedAt: at, State: evidence.InquiryInReview},
			{ID: "inq_5", AskedAt: at.AddDate(-1, 0, 0), State: evidence.InquiryExpired, MissedAt: at}, // of another window
			{ID: "inq_6", Channel: "a", AskedAt: at, State: evidence.InquiryRecalled},
		},
		Answers: []evidence.Answer{
			{ID: "ans_1", Inquiry: "inq_1", SentAt: at}, {ID: "ans_2", Inquiry: "inq_1", SentAt: at, Corrects: "ans_1"},
			{ID: "ans_3", Inquiry: "inq_3", SentAt: at.AddDate(0, 0, 4)}, {ID: "ans_4", Inquiry: "inq_4"},
		},
		Counters: []evidence.CounterNotice{
			{Channel: "a", FiledAt: at, State: evidence.CounterUpheld}, {Channel: "a", FiledAt: at, State: evidence.CounterGranted},
			{Channel: "a", FiledAt: at, State: evidence.CounterClosed, MissedAt: at},
		},
	}
	card := Card{From: at.AddDate(0, -1, 0), To: at.AddDate(0, 1, 0)}
	a := Answers{Channel: "a", Asked: 3, Answered: 1, Missed: 1, Recalled: 1, Corrected: 1, Counters: 3, Upheld: 1, Granted: 1, CountersMissed: 1}
	all := a
	all.Channel, all.Asked, all.Answered, all.Missed, all.Open = "", 5, 2, 2, 1
	if diff := cmp.Diff([]Answers{all, a}, asked.Within(card, "")); diff != "" {
		t.Errorf("all channels (-want +got):\n%s", diff)
	}
	only := a
	only.Channel = ""
	if diff := cmp.Diff([]Answers{only, a}, asked.Within(card, "a")); diff != "" {
		t.Errorf("one channel (-want +got):\n%s", diff)
	}
}
