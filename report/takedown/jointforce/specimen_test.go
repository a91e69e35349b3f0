package jointforce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"touchstone/assets"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest/specimen"
	"touchstone/store/evidence"
)

// call is one thing that the client can ask, and what its answer must say to be
// about it: these members, a number at least.
type call struct {
	operation string
	do        func(context.Context, *jointforce.Client) error
	about     map[string]any
}

var at = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// calls are all that the client can ask, but for files and the filing of a notice.
var calls = []call{
	{"getAccount", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Account(ctx); return err }, nil},
	{"listReasons", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Reasons(ctx); return err }, nil},
	{"listNotices", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Notices(ctx, "", ""); return err }, nil},
	{"getNotice", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Status(ctx, "N-1", nil); return err }, map[string]any{"id": "N-1"}},
	{"listInquiries", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Inquiries(ctx, "", ""); return err }, nil},
	{"getInquiry", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Inquiry(ctx, "I-1"); return err }, nil},
	{"answerInquiry", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.Answer(ctx, "I-1", jointforce.AnswerRequest{Reference: "a", Verdict: evidence.Authentic, ExaminedBy: "x"}, "k")
		return err
	}, map[string]any{"inquiry": "I-1", "notice": nil}},
	{"askInformation", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.AskInformation(ctx, "I-1", jointforce.InformationAsk{Reference: "a", Wants: []string{"other"}, Question: "?", AskedBy: "x"}, "k")
		return err
	}, map[string]any{"inquiry": "I-1"}},
	{"listCounterNotices", func(ctx context.Context, c *jointforce.Client) error {
		_, err := c.CounterNotices(ctx, "", "")
		return err
	}, nil},
	{"getCounterNotice", func(ctx context.Context, c *jointforce.Client) error {
		_, err := c.CounterNotice(ctx, "C-1")
		return err
	}, nil},
	{"answerCounterNotice", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.AnswerCounter(ctx, "C-1", jointforce.CounterAnswerRequest{Reference: "a", Position: jointforce.AcceptCounter, AnsweredBy: "x"}, "k")
		return err
	}, map[string]any{"counter_notice": "C-1", "position": "accept"}},
	{"listDecisions", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Decisions(ctx, "", ""); return err }, nil},
	{"getDecision", func(ctx context.Context, c *jointforce.Client) error { _, _, err := c.Decision(ctx, "D-1"); return err }, map[string]any{"id": "D-1"}},
	{"listSamples", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Samples(ctx, ""); return err }, nil},
	{"getSample", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Sample(ctx, "S-1"); return err }, nil},
	{"listMessages", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Messages(ctx, "", ""); return err }, nil},
	{"sendMessage", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.Send(ctx, jointforce.MessageRequest{Reference: "a", Subject: "s", Body: "b", Author: "x"}, "k")
		return err
	}, map[string]any{"reference": "a"}},
	{"getBrandFeed", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Feed(ctx); return err }, nil},
	{"publishBrandFeed", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.PublishFeed(ctx, jointforce.FeedRequest{Replaces: 4})
		return err
	}, map[string]any{"version": 4, "products": []any{}, "genuine_markers": []any{}, "counterfeit_features": []any{}, "authorised_sellers": []any{}}},
	{"listAlerts", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Alerts(ctx, ""); return err }, nil},
	{"listEvents", func(ctx context.Context, c *jointforce.Client) error { _, err := c.Events(ctx, "", 0); return err }, nil},
	{"receiveSample", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.ReceiveSample(ctx, "S-1", jointforce.SampleReceiptRequest{Reference: "a", ReceivedAt: at, ReceivedBy: "x"}, "k")
		return err
	}, map[string]any{"id": "S-1", "receipt": map[string]any{"reference": "a", "received_at": at, "received_by": "x", "seal_intact": true, "files": []any{}}}},
	{"examineSample", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.ExamineSample(ctx, "S-1", jointforce.FindingRequest{Reference: "a", Verdict: evidence.Authentic, ExaminedAt: at, ExaminedBy: "x", Explanation: "e"}, "k")
		return err
	}, map[string]any{"id": "S-1", "finding": map[string]any{"reference": "a", "verdict": "authentic", "examined_at": at, "examined_by": "x", "explanation": "e", "files": []any{}}}},
	{"withdrawNotice", func(ctx context.Context, c *jointforce.Client) error {
		_, _, err := c.Withdraw(ctx, "N-1", jointforce.WithdrawalRequest{Reference: "a", Items: []string{"N-1-1"}, Reason: "other"}, "k")
		return err
	}, map[string]any{"id": "N-1"}},
	{"answerInquiry", submits(func(c *jointforce.Client) (takedown.Parcel, error) {
		return c.ComposeAnswer("I-1", jointforce.AnswerRequest{Reference: "a", Verdict: evidence.Authentic, ExaminedBy: "x"}, nil, "k")
	}), map[string]any{"notice": nil}},
	{"answerCounterNotice", submits(func(c *jointforce.Client) (takedown.Parcel, error) {
		return c.ComposeCounterAnswer("C-1", jointforce.CounterAnswerRequest{Reference: "a", Position: jointforce.AcceptCounter, AnsweredBy: "x"}, "k")
	}), nil},
	{"sendMessage", submits(func(c *jointforce.Client) (takedown.Parcel, error) {
		return c.ComposeMessage(jointforce.MessageRequest{Reference: "a", Subject: "s", Body: "b", Author: "x"}, "k")
	}), nil},
	{"askInformation", submits(func(c *jointforce.Client) (takedown.Parcel, error) {
		return c.ComposeInformationAsk("I-1", jointforce.InformationAsk{Reference: "a", Wants: []string{"other"}, Question: "?", AskedBy: "x"}, "k")
	}), nil},
}

// submits sends a parcel as the outbox does.
func submits(compose func(*jointforce.Client) (takedown.Parcel, error)) func(context.Context, *jointforce.Client) error {
	return func(ctx context.Context, c *jointforce.Client) error {
		p, err := compose(c)
		if err != nil {
			return err
		}
		_, err = c.Submit(ctx, p)
		return err
	}
}

// TestTheClientTakesWhatKeepsToTheDocumentAndNothingElse answers the client with
// values that were drawn from the document, whole and broken.
func TestTheClientTakesWhatKeepsToTheDocumentAndNothingElse(t *testing.T) {
	doc := specimen.Read(t, assets.JointForceOpenAPI, 1)
	operations := map[string]specimen.Operation{}
	for _, o := range doc.Operations() {
		operations[o.ID] = o
	}
	var body []byte
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/token", says("application/json", `{"access_token":"t","token_type":"bearer","expires_in":86400}`))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	client, err := jointforce.New(jointforce.Config{BaseURL: server.URL, ClientID: "a", ClientSecret: "b"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	n := 60
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		n = 3000
	}
	taken, refused := 0, 0
	for _, c := range calls {
		o, ok := operations[c.operation]
		if !ok {
			t.Fatalf("the document has no operation %s", c.operation)
		}
		for i := range n {
			v := doc.Draw(o.Answer, func(v any) { mendAnswer(v, c.about) })
			whole := i%2 == 0
			if whole {
				body = text(t, v)
			} else {
				var twice bool
				body, twice = doc.Break(v)
				whole = !twice && doc.Valid(o.Answer, body) && isAbout(body, c.about)
			}
			err := c.do(t.Context(), client)
			switch {
			case whole && err != nil:
				t.Fatalf("%s: an answer that keeps to the document is refused: %v\n%.3000s", c.operation, err, body)
			case !whole && err == nil:
				t.Fatalf("%s: an answer that breaks the document is taken\n%.3000s", c.operation, body)
			case err != nil && !errors.Is(err, takedown.ErrUnknownOutcome) && !errors.Is(err, takedown.ErrUnreachable):
				t.Fatalf("%s: the error %v is not that of a lost answer", c.operation, err)
			}
			if err == nil {
				taken++
			} else {
				refused++
			}
		}
	}
	t.Logf("%d answers to %d operations: %d taken, %d refused", taken+refused, len(calls), taken, refused)
}

func text(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mendAnswer makes a drawn answer one about what was asked.
func mendAnswer(v any, about map[string]any) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	for name, value := range about {
		if o[name] = value; value == nil {
			delete(o, name)
		}
	}
}

// isAbout reports whether the answer is about what was asked.
func isAbout(body []byte, about map[string]any) bool {
	var o map[string]any
	if json.Unmarshal(body, &o) != nil {
		return about == nil
	}
	for name, value := range about {
		if least, ok := value.(int); ok {
			if n, ok := o[name].(float64); !ok || n < float64(least) {
				return false
			}
			continue
		}
		if _, deep := value.(map[string]any); deep {
			if o[name] == nil {
				return false
			}
			continue
		}
		if value == nil && o[name] != nil || value != nil && fmt.Sprint(o[name]) != fmt.Sprint(value) {
			return false
		}
	}
	return true
}
