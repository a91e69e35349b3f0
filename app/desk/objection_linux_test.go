package desk

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown/mercadolibre"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/evidence"
)

// membersCase is Mercado Libre with one case, which stands as the test says.
type membersCase struct {
	mu      sync.Mutex
	status  string
	updated string
	more    map[string]any // fields of the case that it has besides, or otherwise
	replies []string
}

func (m *membersCase) stands(status, updated string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status, m.updated = status, updated
}

// says has the case say something besides, or otherwise.
func (m *membersCase) says(field string, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.more = map[string]any{field: value}
}

func (m *membersCase) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case r.URL.Path == "/oauth/token":
		takedowntest.Reply(w, 200, map[string]any{"access_token": "a", "token_type": "bearer", "expires_in": 21600, "refresh_token": "r"})
	case r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/case/"):
		var body map[string]any
		json.NewDecoder(r.Body).Decode(&body)
		text, _ := json.Marshal(body)
		m.replies = append(m.replies, string(text))
		takedowntest.Reply(w, 200, map[string]any{"status": 200})
	case r.Method == http.MethodPost:
		takedowntest.Reply(w, 201, map[string]any{"status": 201, "denounce_id": 37072543})
	default:
		answer := map[string]any{"case_id": 37072543, "current_status": m.status, "last_updated": m.updated, "seller_name": "TIENDA",
			"seller_quittance": "We bought it from the maker.", "documents": []any{map[string]any{"name": "invoice.pdf", "url": "https://api.mercadolibre.example/f/1"}},
			"reject_option_member": []any{map[string]any{"id": 1, "text_en": "They do not match"}, map[string]any{"id": 2, "text_en": "Illegible"}}}
		maps.Copy(answer, m.more)
		takedowntest.Reply(w, 200, answer)
	}
}

// complained is a desk whose complaint about one item Mercado Libre has.
func complained(t *testing.T) (*Desk, *membersCase, *time.Time) {
	t.Helper()
	m := &membersCase{status: "CREATED"}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	d, caseID, listing := bare(t)
	now := time.Now()
	d.cfg.Now = func() time.Time { return now }
	c, err := mercadolibre.New(mercadolibre.Config{BaseURL: server.URL, Site: "MLA", Account: oauth.Config{TokenURL: server.URL + "/oauth/token", ClientID: "app", ClientSecret: "s", RefreshToken: "r", InBody: true}})
	if err != nil {
		t.Fatal(err)
	}
	c.About.PerMinute = 0 // no waiting between two looks
	d.channels["mercadolibre"] = c
	err = d.ws.Update(t.Context(), func(tx *store.Tx) error {
		l, err := store.Get[evidence.Listing](tx, listing)
		if err != nil {
			return err
		}
		l.Marketplace, l.ItemID = "mercadolibre", "MLA-998877"
		return store.Put(tx, l.ID, l)
	})
	if err != nil {
		t.Fatal(err)
	}
	n := approved(t, d, caseID, "mercadolibre", []evidence.ID{listing})
	if _, err := d.Submit(t.Context(), n.ID, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	return d, m, &now
}

func syncNow(t *testing.T, d *Desk) SyncReport {
	t.Helper()
	r, err := d.Sync(t.Context(), evidence.Quiet)
	if err != nil || len(r.Failed) > 0 {
		t.Fatal(err, r.Failed)
	}
	return r
}

// at is a moment of the case, some days after the complaint.
func at(now time.Time, days int) string {
	return now.AddDate(0, 0, days).UTC().Format("2006-01-02T15:04:05.000-0700")
}

func TestASellersDocumentsAtMercadoLibreAreACounterNoticeThatIsAnswered(t *testing.T) {
	d, m, now := complained(t)
	m.stands("DOCUMENTATION_PRESENTED", at(*now, 0))
	got := syncNow(t, d).News.Counters
	due, _ := time.Parse(time.DateOnly, now.UTC().AddDate(0, 0, 3).Format(time.DateOnly))
	due = due.Add(24*time.Hour - time.Second) // the end of the third day
	if len(got) != 1 || got[0].State != evidence.CounterOpen || !got[0].DueAt.Equal(due) || got[0].Seller != "TIENDA" {
		t.Fatalf("counter-notices: %+v; want one that is open until %s", got, due)
	}
	c := got[0]
	if diff := cmp.Diff([]evidence.CounterDocument{{Name: "invoice.pdf", URL: "https://api.mercadolibre.example/f/1"}}, c.Documents); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	if again := syncNow(t, d).News.Counters; len(again) != 0 {
		t.Errorf("the same objection is news again: %+v", again)
	}
	var bad *InputError
	for want, r := range map[string]CounterReply{
		"--reason 1|2":     {Decision: evidence.RejectCounter, ReasonCode: "other"},
		"accept or reject": {Decision: evidence.EscalateCounter, Court: &evidence.Court{Name: "LG Berlin"}},
		"no documents":     {Decision: evidence.RejectCounter, ReasonCode: "2", Attachments: []evidence.ID{"att_x"}},
	} {
		if _, err := d.AnswerCounter(t.Context(), c.ID, r, evidence.Quiet); !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %q", r, err, want)
		}
	}
	c, err := d.AnswerCounter(t.Context(), c.ID, CounterReply{Decision: evidence.RejectCounter, ReasonCode: "2", Comment: "Nobody can read it."}, evidence.Quiet)
	if err != nil || c.State != evidence.CounterAnswered {
		t.Fatalf("answered: %+v, %v", c, err)
	}
	if diff := cmp.Diff([]string{`{"documentation_approved":"false","member_quittance":"Nobody can read it.","reject_member_id":"2"}`}, m.replies); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if again := syncNow(t, d).News.Counters; len(again) != 0 {
		t.Errorf("an answer that Mercado Libre has not looked at yet is news: %+v", again)
	}
	if _, err := d.AnswerCounter(t.Context(), c.ID, CounterReply{Decision: evidence.AcceptCounter}, evidence.Quiet); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a second answer: %v, want %v", err, ErrNotOpen)
	}
	m.stands("DOCUMENTATION_NOT_APPROVED", at(*now, 2))
	if got := syncNow(t, d).News.Counters; len(got) != 1 || got[0].State != evidence.CounterUpheld || got[0].DecidedAt.IsZero() {
		t.Errorf("after the decision: %+v", got)
	}
}

func TestAnObjectionThatNobodyAnsweredIsMissedAndANewOneIsTakenIn(t *testing.T) {
	d, m, now := complained(t)
	m.stands("DOCUMENTATION_PRESENTED", at(*now, 0))
	first := syncNow(t, d).News.Counters[0]
	*now = now.AddDate(0, 0, 5)
	syncNow(t, d)
	if c, err := Get[evidence.CounterNotice](t.Context(), d, first.ID); err != nil || c.State != evidence.CounterMissed || !c.MissedAt.Equal(first.DueAt) {
		t.Errorf("five days later: %+v, %v", c, err)
	}
	m.stands("ROLLBACK", at(*now, 0)) // documents are asked for again
	syncNow(t, d)
	m.stands("DOCUMENTATION_PRESENTED", at(*now, 1))
	second := syncNow(t, d).News.Counters
	if len(second) != 1 || second[0].ID == first.ID || second[0].State != evidence.CounterOpen {
		t.Fatalf("the second objection: %+v", second)
	}
	m.stands("MEMBER_NOT_RESPOND", at(*now, 6))
	if got := syncNow(t, d).News.Counters; len(got) != 1 || got[0].State != evidence.CounterMissed || !strings.Contains(got[0].Reason, "nobody answered") {
		t.Errorf("reinstated because nobody answered: %+v", got)
	}
}

// A case whose date moves, as it may by our answer, is not a new objection: a second
// answer would be sent to the same.
func TestAfterOurAnswerOnlyWhatIsNewIsANewCounterNotice(t *testing.T) {
	presented := func(m *membersCase, now time.Time) { m.stands("DOCUMENTATION_PRESENTED", at(now, 0)) }
	for name, c := range map[string]struct {
		then func(*testing.T, *Desk, *membersCase, time.Time)
		want int
	}{
		"the case has the date of our answer": {func(_ *testing.T, _ *Desk, m *membersCase, now time.Time) { presented(m, now) }, 0},
		"the case has no date any more":       {func(_ *testing.T, _ *Desk, m *membersCase, _ time.Time) { m.stands("DOCUMENTATION_PRESENTED", "") }, 0},
		"its options are gone":                {func(_ *testing.T, _ *Desk, m *membersCase, _ time.Time) { m.says("reject_option_member", []any{}) }, 0},
		"it has a later deadline":             {func(_ *testing.T, _ *Desk, m *membersCase, now time.Time) { m.says("due_date", at(now, 9)) }, 0},
		"the seller says something else": {func(_ *testing.T, _ *Desk, m *membersCase, _ time.Time) {
			m.says("seller_quittance", "We have a licence.")
		}, 1},
		"the seller sends another document": {func(_ *testing.T, _ *Desk, m *membersCase, _ time.Time) {
			m.says("documents", []any{map[string]any{"name": "licence.pdf", "url": "https://api.mercadolibre.example/f/2"}})
		}, 1},
		"documents were asked for again in between": {func(t *testing.T, d *Desk, m *membersCase, now time.Time) {
			m.stands("ROLLBACK", at(now, 0))
			syncNow(t, d)
			presented(m, now)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, m, now := complained(t)
			presented(m, *now)
			first := syncNow(t, d).News.Counters[0]
			reply := CounterReply{Decision: evidence.RejectCounter, ReasonCode: "2"}
			if _, err := d.AnswerCounter(t.Context(), first.ID, reply, evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			*now = now.AddDate(0, 0, 1)
			c.then(t, d, m, *now)
			got := syncNow(t, d).News.Counters
			if len(got) != c.want || c.want == 1 && (got[0].ID == first.ID || got[0].State != evidence.CounterOpen) {
				t.Fatalf("counter-notices: %+v; want %d that are new and open", got, c.want)
			}
			if again := syncNow(t, d).News.Counters; len(again) != 0 {
				t.Errorf("the next time there is news again: %+v", again)
			}
			if _, err := d.AnswerCounter(t.Context(), first.ID, reply, evidence.Quiet); !errors.Is(err, ErrNotOpen) || len(m.replies) != 1 {
				t.Errorf("a second answer: %v, and %d were sent; want %v, and 1", err, len(m.replies), ErrNotOpen)
			}
		})
	}
}

// A deadline that we compute is that of the day on which we heard of the objection,
// or of its first date: it ends.
func TestADeadlineThatTheCaseDoesNotTellStaysAndIsMissed(t *testing.T) {
	for name, updated := range map[string]func(now time.Time) string{
		"no date":                func(time.Time) string { return "" },
		"a date nobody can read": func(time.Time) string { return "yesterday" },
		"a date that moves":      func(now time.Time) string { return at(now, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			d, m, now := complained(t)
			m.stands("DOCUMENTATION_PRESENTED", updated(*now))
			first := syncNow(t, d).News.Counters[0]
			for range 3 {
				*now = now.AddDate(0, 0, 1)
				m.stands("DOCUMENTATION_PRESENTED", updated(*now))
				if news := syncNow(t, d).News.Counters; len(news) != 0 {
					t.Errorf("a day later there is news: %+v; want the deadline %s", news, first.DueAt)
				}
			}
			*now = now.AddDate(0, 0, 1)
			m.stands("DOCUMENTATION_PRESENTED", updated(*now))
			syncNow(t, d)
			c, err := Get[evidence.CounterNotice](t.Context(), d, first.ID)
			if err != nil || c.State != evidence.CounterMissed || !c.MissedAt.Equal(first.DueAt) {
				t.Errorf("four days later it is %s, missed %s, %v; want missed %s", c.State, c.MissedAt, err, first.DueAt)
			}
		})
	}
}

func TestTheDeadlineThatACaseTellsIsFollowed(t *testing.T) {
	d, m, now := complained(t)
	m.stands("DOCUMENTATION_PRESENTED", "")
	first := syncNow(t, d).News.Counters[0]
	due := now.AddDate(0, 0, 9).Truncate(time.Millisecond)
	m.says("due_date", at(*now, 9))
	for range 2 {
		got := syncNow(t, d).News.Counters
		if len(got) != 1 || got[0].ID != first.ID || !got[0].DueAt.Equal(due) {
			t.Errorf("%+v; want %s, due %s", got, first.ID, due)
		}
		*now = now.AddDate(0, 0, 1)
		due = now.AddDate(0, 0, 9).Truncate(time.Millisecond)
		m.says("due_date", at(*now, 9))
	}
}
