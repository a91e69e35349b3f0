package desk

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

func eml(head, body string) []byte {
	return []byte("From: Abuse desk <abuse@provider.example>\r\nTo: takedowns@agency.example\r\nSubject: Re: your report\r\nDate: Wed, 25 Nov 2026 09:00:00 +0000\r\n" + head + "\r\n" + body)
}

// An answer by mail is kept, proposes, and changes nothing before a person has read it.
func TestAnAnswerByMailWaitsForAPersonsWord(t *testing.T) {
	for name, c := range map[string]struct {
		body     string
		proposed evidence.ItemState
		word     string
		want     evidence.ItemState
		err      error
	}{
		"removed, confirmed":         {"The site has been taken down.", evidence.ItemRemoved, "", evidence.ItemRemoved, nil},
		"removed, but it says no":    {"The page was removed from the menu only, we will not act.", evidence.ItemRemoved, "rejected", evidence.ItemRejected, nil},
		"says nothing":               {"Our offices are closed.", "", "", evidence.ItemSubmitted, ErrNotOpen},
		"says nothing, is read":      {"Our offices are closed.", "", "under review", evidence.ItemUnderReview, nil},
		"a word that nobody knows":   {"The site has been taken down.", evidence.ItemRemoved, "perhaps", evidence.ItemSubmitted, ErrNotOpen},
		"a step that there is not":   {"The site has been taken down.", evidence.ItemRemoved, "verified_down", evidence.ItemSubmitted, ErrNotOpen},
		"our own words are not read": {"We have received your report.\r\n\r\n> it has been removed\r\n", evidence.ItemUnderReview, "", evidence.ItemUnderReview, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d, n, _ := mailed(t)
			list, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
			if err != nil {
				t.Fatal(err)
			}
			content := eml("In-Reply-To: <"+list[0].External+">\r\n", c.body)
			receipts, err := d.ReadReply(t.Context(), "answer.eml", content)
			if err != nil || len(receipts) != 1 || receipts[0].Reply.Proposed != c.proposed || receipts[0].Submission != list[0].ID {
				t.Fatalf("%+v, %v; want one about %s that proposes %q", receipts, err, list[0].ID, c.proposed)
			}
			if item := itemOfNotice(t, d, n.ID); item.State != evidence.ItemSubmitted {
				t.Errorf("before anybody has read it the item is %s", item.State)
			}
			again, err := d.ReadReply(t.Context(), "copy.eml", content)
			if err != nil || !cmp.Equal(receipts, again) {
				t.Errorf("read again it gives %+v, %v", again, err)
			}
			_, err = d.Confirm(t.Context(), receipts[0].ID, c.word)
			if !errors.Is(err, c.err) {
				t.Errorf("Confirm: %v, want %v", err, c.err)
			}
			if item := itemOfNotice(t, d, n.ID); item.State != c.want {
				t.Errorf("then the item is %s, want %s", item.State, c.want)
			}
			waiting, err := d.Unconfirmed(t.Context())
			if err != nil || (len(waiting) == 1) != (c.err != nil) {
				t.Errorf("%d mails wait, %v", len(waiting), err)
			}
			if _, err := d.Confirm(t.Context(), receipts[0].ID, "removed"); c.err == nil && !errors.Is(err, ErrNotOpen) {
				t.Errorf("confirmed twice: %v", err)
			}
		})
	}
}

// Of a mail whose sending nobody knows the outcome of, an answer is the proof.
func TestAnAnswerShowsThatALostMailArrived(t *testing.T) {
	d, n, post := mailed(t)
	post.Plan(takedowntest.MailDropsLate)
	list, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
	if err != nil || list[0].State != evidence.SubmissionUnknown {
		t.Fatalf("%+v, %v", list, err)
	}
	receipts, err := d.ReadReply(t.Context(), "answer.eml", eml(fmt.Sprintf("References: <%s@agency.example>\r\n", list[0].ID), "We have received your report."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Confirm(t.Context(), receipts[0].ID, ""); err != nil {
		t.Fatal(err)
	}
	s, err := Get[evidence.Submission](t.Context(), d, list[0].ID)
	if err != nil || s.State != evidence.SubmissionSubmitted || itemOfNotice(t, d, n.ID).State != evidence.ItemUnderReview {
		t.Errorf("submission %+v, %v; item %s", s, err, itemOfNotice(t, d, n.ID).State)
	}
}

func TestMailsThatAreNotAnAnswer(t *testing.T) {
	d, n, _ := mailed(t)
	if _, err := d.Submit(t.Context(), n.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	var input *InputError
	if _, err := d.ReadReply(t.Context(), "a.eml", eml("", "Your order has been shipped.")); !errors.Is(err, ErrNoMatch) {
		t.Errorf("another mail: %v", err)
	}
	if _, err := d.ReadReply(t.Context(), "a.eml", []byte("\x00\x01")); !errors.As(err, &input) {
		t.Errorf("no mail: %v", err)
	}
	if _, err := d.ReadReply(t.Context(), "a.msg", []byte("no compound file")); !errors.As(err, &input) || !strings.Contains(err.Error(), "Outlook") {
		t.Errorf("no Outlook message: %v", err)
	}
	receipts, err := All[evidence.Receipt](t.Context(), d, evidence.KindReceipt)
	if err != nil || len(receipts) != 1 {
		t.Errorf("%d receipts, %v; want that of the sending alone", len(receipts), err)
	}
}
