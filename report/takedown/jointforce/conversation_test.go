package jointforce_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

// problemIs reports whether the marketplace refused with the type.
func problemIs(err error, kind string) bool {
	var refused *takedown.RefusedError
	return errors.As(err, &refused) && refused.Type == kind
}

func TestACounterNoticeIsSettledInEachWay(t *testing.T) {
	for name, c := range map[string]struct {
		justified bool
		answer    *jointforce.CounterAnswerRequest
		then      time.Duration
		want      jointforce.CounterState
		item      evidence.ItemState
		page      int
	}{
		"accepted by the brand": {true, &jointforce.CounterAnswerRequest{Position: jointforce.AcceptCounter}, 0, jointforce.CounterAccepted, evidence.ItemReinstated, http.StatusOK},
		"won": {false, &jointforce.CounterAnswerRequest{Position: jointforce.RejectCounter, Reason: "documents_do_not_match"}, 25 * time.Hour,
			jointforce.CounterRejected, evidence.ItemRemoved, http.StatusGone},
		"lost": {true, &jointforce.CounterAnswerRequest{Position: jointforce.RejectCounter, Reason: "other"}, 25 * time.Hour,
			jointforce.CounterAccepted, evidence.ItemReinstated, http.StatusOK},
		"missed": {false, nil, 97 * time.Hour, jointforce.CounterMissed, evidence.ItemReinstated, http.StatusOK},
		"before a court": {false, &jointforce.CounterAnswerRequest{Position: jointforce.EscalateCounter, Court: &jointforce.Court{Name: "Tribunale di Milano", Docket: "1", FiledOn: "2026-11-23"}},
			200 * time.Hour, jointforce.CounterEscalated, evidence.ItemEscalatedLegal, http.StatusGone},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			offer := b.offers(practice.Counterfeit)[0]
			filed, err := takedowntest.File(t.Context(), b.client, b.filing(t, offer))
			if err != nil {
				t.Fatal(err)
			}
			id, err := b.server.Object(offer.ItemID, practice.Objection{
				Grounds: "authorised_seller", Statement: "We are authorised.", Justified: c.justified,
				Documents: []practice.Document{{Name: "licence.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4 practice")}},
			})
			if err != nil {
				t.Fatal(err)
			}
			open, err := b.client.CounterNotices(t.Context(), jointforce.CounterOpen, "")
			if err != nil || len(open.CounterNotices) != 1 || open.CounterNotices[0].ID != id || open.CounterNotices[0].DueAt.Sub(b.clock.Now()) != 96*time.Hour {
				t.Fatalf("open counter-notices: %+v, %v", open, err)
			}
			if content, err := b.client.Download(t.Context(), open.CounterNotices[0].Documents[0]); err != nil || string(content) != "%PDF-1.4 practice" {
				t.Errorf("the seller's document: %q, %v", content, err)
			}
			if c.answer != nil {
				c.answer.Reference, c.answer.AnsweredBy = "ca", "Chiara Esempio"
				if _, sent, err := b.client.AnswerCounter(t.Context(), id, *c.answer, "answer"); err != nil || len(sent.Request) == 0 || len(sent.Response) == 0 {
					t.Fatalf("%+v, %v", sent, err)
				}
				if _, _, err := b.client.AnswerCounter(t.Context(), id, *c.answer, "another-desk"); !problemIs(err, jointforce.ProblemAnswered) {
					t.Errorf("the second desk is told %v, want %s", err, jointforce.ProblemAnswered)
				}
			}
			b.clock.Forward(c.then)
			now, err := b.client.CounterNotice(t.Context(), id)
			if err != nil || now.State != c.want {
				t.Errorf("the counter-notice is %s, want %s (%v)", now.State, c.want, err)
			}
			status, err := b.client.Status(t.Context(), filed.External, nil)
			if err != nil || status.Items[0].State != c.item {
				t.Errorf("the item is %+v, want %s (%v)", status.Items, c.item, err)
			}
			if got := statusOf(t, offer.URL); got != c.page {
				t.Errorf("the listing answers %d, want %d", got, c.page)
			}
			if now.Decision != "" {
				if d, _, err := b.client.Decision(t.Context(), now.Decision); err != nil || d.CounterNotice != id || d.Facts == "" {
					t.Errorf("the decision: %+v, %v", d, err)
				}
			}
			if c.answer == nil {
				_, _, err := b.client.AnswerCounter(t.Context(), id, jointforce.CounterAnswerRequest{Reference: "late", Position: jointforce.AcceptCounter, AnsweredBy: "x"}, "late")
				if !problemIs(err, jointforce.ProblemCounterClosed) {
					t.Errorf("a late answer gets %v, want %s", err, jointforce.ProblemCounterClosed)
				}
			}
		})
	}
}

func TestAnInquiryIsAskedBackAboutAndASampleExamined(t *testing.T) {
	b := newBench(t)
	open, err := b.client.Inquiries(t.Context(), jointforce.InquiryOpen, "")
	if err != nil {
		t.Fatal(err)
	}
	q := open.Inquiries[0]
	ask := jointforce.InformationAsk{Reference: "inf", Wants: []string{"seller_documents", "sample"}, Question: "Where are the goods from?", AskedBy: "Chiara Esempio"}
	if _, _, err := b.client.AskInformation(t.Context(), q.ID, ask, "ask-1"); err != nil {
		t.Fatal(err)
	}
	b.clock.Forward(13 * time.Hour)
	now, err := b.client.Inquiry(t.Context(), q.ID)
	if err != nil || now.State != jointforce.InquiryOpen || now.DueAt.Sub(q.DueAt) < 24*time.Hour {
		t.Fatalf("the inquiry is %s until %s, before until %s (%v)", now.State, now.DueAt, q.DueAt, err)
	}
	if r := now.InformationRequests[0]; r.State != jointforce.InformationAnswered || len(r.Reply.Files) != 1 || r.Reply.Sample != now.Sample || now.Sample == "" {
		t.Fatalf("the reply: %+v", r)
	}
	ask.Wants = []string{"sales_figures"}
	if _, _, err := b.client.AskInformation(t.Context(), q.ID, ask, "ask-2"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.client.AskInformation(t.Context(), q.ID, ask, "ask-3"); !problemIs(err, jointforce.ProblemLimit) {
		t.Errorf("a third request gets %v, want %s", err, jointforce.ProblemLimit)
	}
	picture, _, err := b.client.Upload(t.Context(), "unboxing.png", "image/png", []byte("\x89PNG practice"), "file-1")
	if err != nil {
		t.Fatal(err)
	}
	receipt := jointforce.SampleReceiptRequest{Reference: "rcp", ReceivedAt: b.clock.Now(), ReceivedBy: "Marco Prova", SealIntact: true, Files: []string{picture.ID}}
	if _, _, err := b.client.ReceiveSample(t.Context(), now.Sample, receipt, "receipt-early"); !problemIs(err, jointforce.ProblemSampleState) {
		t.Errorf("a receipt before it was sent gets %v, want %s", err, jointforce.ProblemSampleState)
	}
	b.clock.Forward(7 * 24 * time.Hour)
	if _, _, err := b.client.ReceiveSample(t.Context(), now.Sample, receipt, "receipt"); err != nil {
		t.Fatal(err)
	}
	finding := jointforce.FindingRequest{Reference: "fnd", Verdict: evidence.Counterfeit, ExaminedAt: b.clock.Now(), ExaminedBy: "Marco Prova", Explanation: "The bar of the A is straight.", Files: []string{picture.ID}}
	sample, _, err := b.client.ExamineSample(t.Context(), now.Sample, finding, "finding")
	if err != nil || sample.State != jointforce.SampleExamined || len(sample.Hands) != 3 || sample.Hands[1].To != sample.Hands[2].From {
		t.Errorf("the sample: %+v, %v", sample, err)
	}
	if _, _, err := b.client.Answer(t.Context(), q.ID, jointforce.AnswerRequest{Reference: "ans", Verdict: evidence.Counterfeit, Basis: evidence.BasisExaminedPurchase, ExaminedBy: "Marco Prova"}, "answer"); err != nil {
		t.Errorf("the answer within the moved deadline: %v", err)
	}
}

func TestTheAccountManagerAnswersInTheThread(t *testing.T) {
	b := newBench(t)
	file, _, err := b.client.Upload(t.Context(), "figures.txt", "text/plain", []byte("ours: 3, yours: 4"), "file")
	if err != nil {
		t.Fatal(err)
	}
	sent, _, err := b.client.Send(t.Context(), jointforce.MessageRequest{
		Reference: "msg", Subject: "Figures", Body: "They differ.", Author: "Chiara Esempio", Attachments: []string{file.ID}, About: &jointforce.About{Kind: "inquiry", ID: "INQ-000001"},
	}, "message")
	if err != nil || len(sent.Attachments) != 1 {
		t.Fatalf("%+v, %v", sent, err)
	}
	b.clock.Forward(5 * time.Hour)
	thread, err := b.client.Messages(t.Context(), sent.Thread, "")
	if err != nil || len(thread.Messages) != 2 || thread.Messages[1].From != jointforce.FromMarketplace {
		t.Errorf("the thread: %+v, %v", thread, err)
	}
	_, _, err = b.client.Send(t.Context(), jointforce.MessageRequest{Reference: "msg-2", Subject: "x", Body: "x", Author: "x", Attachments: []string{"FIL-999999"}}, "message-2")
	if !problemIs(err, jointforce.ProblemUnknownFile) {
		t.Errorf("a file of nobody's gets %v, want %s", err, jointforce.ProblemUnknownFile)
	}
}

func TestTwoDesksDoNotOverwriteEachOthersFeed(t *testing.T) {
	b := newBench(t)
	feed := jointforce.Feed{
		Products:       []jointforce.FeedProduct{{Model: "Lyra 28", Name: "Lyra top handle bag", Price: "1299.00", Currency: "EUR"}},
		GenuineMarkers: []string{"sun"}, CounterfeitFeatures: []string{"straight bar"}, AuthorisedSellers: []string{},
	}
	first, _, err := b.client.PublishFeed(t.Context(), jointforce.FeedRequest{Feed: feed})
	if err != nil || first.Version != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, _, err := b.client.PublishFeed(t.Context(), jointforce.FeedRequest{Feed: feed}); err != nil || again.Version != 1 {
		t.Errorf("published twice: %+v, %v", again, err)
	}
	feed.GenuineMarkers = []string{"moon"}
	if _, _, err := b.client.PublishFeed(t.Context(), jointforce.FeedRequest{Feed: feed}); !problemIs(err, jointforce.ProblemFeedChanged) {
		t.Errorf("the slower desk is told %v, want %s", err, jointforce.ProblemFeedChanged)
	}
	if now, err := b.client.Feed(t.Context()); err != nil || !slices.Equal(now.GenuineMarkers, []string{"sun"}) {
		t.Errorf("the feed: %+v, %v", now, err)
	}
}

func TestWhatIsWithdrawnGoesUpAgainAndCountsInNoRate(t *testing.T) {
	b := newBench(t)
	offer := b.offers(practice.Genuine)[0]
	filed, err := takedowntest.File(t.Context(), b.client, b.filing(t, offer))
	if err != nil {
		t.Fatal(err)
	}
	r := jointforce.WithdrawalRequest{Reference: "wd", Items: []string{filed.Items[0].External}, Reason: "filed_in_error"}
	n, _, err := b.client.Withdraw(t.Context(), filed.External, r, "withdraw")
	if err != nil || n.Items[0].State != evidence.ItemWithdrawn {
		t.Fatalf("%+v, %v", n, err)
	}
	if got := statusOf(t, offer.URL); got != http.StatusOK {
		t.Errorf("the listing answers %d, want 200", got)
	}
	account, err := b.client.Account(t.Context())
	if o := account.Standing.Overall; err != nil || o.Withdrawn != 1 || o.Removed != 0 || o.TakedownRate != nil {
		t.Errorf("standing %+v, %v", o, err)
	}
}

func TestAFileArrivesAsItIsOrNotAtAll(t *testing.T) {
	b := newBench(t)
	content := bytes.Repeat([]byte("x"), jointforce.MaxFile)
	f, _, err := b.client.Upload(t.Context(), "large.png", "image/png", content, "large")
	if err != nil {
		t.Fatal(err)
	}
	if again, _, err := b.client.Upload(t.Context(), "large.png", "image/png", content, "large"); err != nil || again.ID != f.ID {
		t.Errorf("sent twice with one key: %+v, %v", again, err)
	}
	if got, err := b.client.Download(t.Context(), f); err != nil || !bytes.Equal(got, content) {
		t.Errorf("fetched: %d bytes, %v", len(got), err)
	}
	f.SHA256 = evidence.HashOf([]byte("something else"))
	if _, err := b.client.Download(t.Context(), f); err == nil {
		t.Error("a file that is not the one announced is taken")
	}
	for name, c := range map[string]struct {
		name, kind string
		content    []byte
	}{
		"too long":            {"a.png", "image/png", append(content, 'x')},
		"empty":               {"a.png", "image/png", nil},
		"a program":           {"a.exe", "application/x-msdownload", []byte("MZ")},
		"a file with no name": {"", "image/png", []byte("x")},
	} {
		if _, _, err := b.client.Upload(t.Context(), c.name, c.kind, c.content, "other"); !errors.Is(err, takedown.ErrUnfit) {
			t.Errorf("%s: %v, want ErrUnfit", name, err)
		}
	}
}
