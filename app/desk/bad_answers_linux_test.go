package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/evidence"
)

// market is a marketplace (Netcraft's interface) that answers each report as it is
// made to, and counts the reports that it took.
type market struct {
	answer func(w http.ResponseWriter, r *http.Request)
	state  string
	filed  atomic.Int64
}

func (m *market) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		m.answer(w, r)
		return
	}
	takedowntest.Reply(w, 200, map[string]any{"urls": []any{map[string]any{"url": "https://fake-shop.example/item/1", "url_state": m.state}}})
}

func (m *market) take(w http.ResponseWriter, _ *http.Request) {
	m.filed.Add(1)
	takedowntest.Reply(w, 200, map[string]any{"uuid": "0123456789abcdef0123456789abcdef"})
}

// Whatever comes back, an item has a state and says what a person can do; it is
// filed once at most, also after another sync, and none is lost.
func TestEachBadAnswerHasAStateAndSaysWhatToDo(t *testing.T) {
	reply := func(status int, body any) func(*market) {
		return func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) { takedowntest.Reply(w, status, body) }
		}
	}
	for name, c := range map[string]struct {
		market func(*market)
		before func(*testing.T, *Desk, evidence.Notice) // between queueing and sending
		want   evidence.ItemState
		says   string
		filed  int64
		after  evidence.ItemState // when the marketplace answers well again
		total  int64
	}{
		"all is well":            {market: func(*market) {}, want: evidence.ItemAcknowledged, filed: 1, after: evidence.ItemUnderReview, total: 1},
		"a wrong token":          {market: reply(401, map[string]any{"message": "who are you?"}), want: evidence.ItemQueued, says: "sign in to the channel again", after: evidence.ItemUnderReview, total: 1},
		"a refusal with reasons": {market: reply(400, map[string]any{"message": "the reason is too short"}), want: evidence.ItemSubmissionFailed, says: "the reason is too short", after: evidence.ItemSubmissionFailed},
		"a refusal in HTML": {market: func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>no", http.StatusForbidden) }
		}, want: evidence.ItemSubmissionFailed, says: "Forbidden", after: evidence.ItemSubmissionFailed},
		"too many requests": {market: func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "86400")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, want: evidence.ItemQueued, says: "try again later", after: evidence.ItemQueued},
		"an error before it acted": {market: reply(500, map[string]any{}), want: evidence.ItemUnknownOutcome, says: "may or may not have acted", after: evidence.ItemUnknownOutcome},
		"an error after it acted": {market: func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) { m.filed.Add(1); w.WriteHeader(http.StatusBadGateway) }
		}, want: evidence.ItemUnknownOutcome, says: "502", filed: 1, after: evidence.ItemUnknownOutcome, total: 1},
		"garbage": {market: func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) {
				m.filed.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.Write([]byte("\x00{{<html>"))
			}
		}, want: evidence.ItemUnknownOutcome, says: "cannot be read", filed: 1, after: evidence.ItemUnknownOutcome, total: 1},
		"half an answer": {market: func(m *market) {
			m.answer = func(w http.ResponseWriter, _ *http.Request) {
				m.filed.Add(1)
				w.Header().Set("Content-Length", "1000")
				w.Write([]byte(`{"uuid":"0123`))
			}
		}, want: evidence.ItemUnknownOutcome, says: "no answer arrived", filed: 1, after: evidence.ItemUnknownOutcome, total: 1},
		"an answer without a number":     {market: reply(200, map[string]any{"message": "ok"}), want: evidence.ItemUnknownOutcome, says: "no uuid", after: evidence.ItemUnknownOutcome},
		"a redirect elsewhere":           {market: reply(302, map[string]any{}), want: evidence.ItemUnknownOutcome, says: "302", after: evidence.ItemUnknownOutcome},
		"a status that nobody knows":     {market: func(m *market) { m.state = "on the moon" }, want: evidence.ItemAcknowledged, filed: 1, after: evidence.ItemAcknowledged, total: 1},
		"the listing went before":        {market: func(*market) {}, before: vanish, want: evidence.ItemSubmissionFailed, says: "no longer up", after: evidence.ItemSubmissionFailed},
		"the right expired before":       {market: func(*market) {}, before: expire, want: evidence.ItemSubmissionFailed, says: "expired", after: evidence.ItemSubmissionFailed},
		"a clock that was a decade fast": {market: func(*market) {}, before: postpone, want: evidence.ItemAcknowledged, filed: 1, after: evidence.ItemUnderReview, total: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, caseID, listing := bare(t)
			netcraft := &market{state: "processing"}
			netcraft.answer = netcraft.take
			base := takedowntest.Serve(t, netcraft)
			if err := d.SetChannel(t.Context(), "netcraft", map[string]string{"base_url": base}); err != nil {
				t.Fatal(err)
			}
			d.pause = func(context.Context, time.Duration) error { return nil }
			n := approved(t, d, caseID, "netcraft", []evidence.ID{listing})
			if _, err := d.Queue(t.Context(), n.ID); err != nil {
				t.Fatal(err)
			}
			if c.before != nil {
				c.before(t, d, n)
			}
			c.market(netcraft)
			release, err := d.ws.Hold(store.Outbox)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.runOutbox(t.Context(), evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			if err := release(); err != nil {
				t.Fatal(err)
			}
			list, err := All[evidence.Submission](t.Context(), d, evidence.KindSubmission)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d submissions, %v", len(list), err)
			}
			if got := itemOfNotice(t, d, n.ID).State; got != c.want || !strings.Contains(list[0].Error, c.says) || netcraft.filed.Load() != c.filed {
				t.Errorf("the item is %s, filed %d times, and says %q; want %s, %d, %q", got, netcraft.filed.Load(), list[0].Error, c.want, c.filed, c.says)
			}
			netcraft.answer = netcraft.take
			if _, err := d.Sync(t.Context(), evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			if got := itemOfNotice(t, d, n.ID).State; got != c.after || netcraft.filed.Load() != c.total {
				t.Errorf("after a sync the item is %s, filed %d times; want %s, %d", got, netcraft.filed.Load(), c.after, c.total)
			}
			receipts, err := All[evidence.Receipt](t.Context(), d, evidence.KindReceipt)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Sync(t.Context(), evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			if again, err := All[evidence.Receipt](t.Context(), d, evidence.KindReceipt); err != nil || len(again) != len(receipts) {
				t.Errorf("an answer that says nothing new made %d receipts more, %v", len(again)-len(receipts), err)
			}
		})
	}
}

func vanish(t *testing.T, d *Desk, n evidence.Notice) {
	look(t, d, n.Case, "https://fake-shop.example/item/1", page{outcome: evidence.Removed})
}

func expire(t *testing.T, d *Desk, n evidence.Notice) {
	err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		right, err := store.Get[evidence.Right](tx, n.Right)
		right.Expires = "2020-01-01"
		if err != nil {
			return err
		}
		return store.Put(tx, right.ID, right)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// postpone dates the next attempt as after a refusal on a computer whose clock was fast.
func postpone(t *testing.T, d *Desk, n evidence.Notice) {
	err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		list, err := collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(n.ID)))
		if err != nil {
			return err
		}
		list[0].NextAt = d.cfg.Now().AddDate(10, 0, 0)
		return store.Put(tx, list[0].ID, list[0])
	})
	if err != nil {
		t.Fatal(err)
	}
}

// No secret of any channel is in the workspace's files, in what is listed, or in an
// error, but where secrets are kept.
func TestNoSecretOfAChannelIsInWhatIsKeptOrSaid(t *testing.T) {
	d, caseID, listing := bare(t)
	const secret = "s3cret-t0ken-of-the-account"
	market := http.NewServeMux()
	market.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		// A marketplace that says back what it was told.
		takedowntest.Reply(w, 403, map[string]any{"success": false, "errors": []any{map[string]any{"code": 1, "message": "forbidden for " + r.Header.Get("Authorization")}}})
	})
	base := takedowntest.Serve(t, market)
	if err := d.SetChannel(t.Context(), "cloudflare", map[string]string{"base_url": base, "account_id": "a1"}); err != nil {
		t.Fatal(err)
	}
	if err := d.SignInChannel(t.Context(), "cloudflare", map[string]string{"api_token": secret}); err != nil {
		t.Fatal(err)
	}
	n := approved(t, d, caseID, "cloudflare", []evidence.ID{listing})
	list, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
	if err != nil || list[0].State != evidence.SubmissionFailed {
		t.Fatalf("%+v, %v", list, err)
	}
	channels, err := d.Channels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	report, err := d.Sync(t.Context(), evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	said, err := json.Marshal([]any{list, channels, report, itemOfNotice(t, d, n.ID), d.TestChannel(t.Context(), "cloudflare").Error()})
	if err != nil {
		t.Fatal(err)
	}
	if at := bytes.Index(said, []byte(secret)); at >= 0 {
		t.Errorf("it is said: %s", said[max(0, at-200):at])
	}
	files := 0
	err = filepath.WalkDir(d.Dir(), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("it is in %s", path)
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files were looked through, %v", files, err)
	}
}
