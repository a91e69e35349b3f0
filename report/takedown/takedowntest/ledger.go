package takedowntest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Ledger is a marketplace that writes down what it is sent, for tests of sending.
// With Keys it acts once for each idempotency key.
type Ledger struct {
	Keys bool
	// Filed is called after each notice, when it is not nil.
	Filed func()

	mu      sync.Mutex
	notices []ledgerNotice
	byKey   map[string]string
}

// ledgerNotice is both a request and an answer.
type ledgerNotice struct {
	ID    string                   `json:"id,omitempty"`
	Items []evidence.SubmittedItem `json:"items"`
}

// Books is how often each item was filed.
func (l *Ledger) Books() map[evidence.ID]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	books := map[evidence.ID]int{}
	for _, n := range l.notices {
		for _, i := range n.Items {
			books[i.Item]++
		}
	}
	return books
}

// ServeHTTP implements http.Handler.
func (l *Ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any
	switch r.Method + " " + r.URL.Path {
	case "POST /notices":
		var n ledgerNotice
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n.ID = l.file(n, r.Header.Get("Idempotency-Key"))
		answer = n
	case "GET /notices":
		n, found := l.holding(evidence.ID(r.FormValue("item")))
		if !found {
			n.Items = []evidence.SubmittedItem{}
		}
		answer = n
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

func (l *Ledger) file(n ledgerNotice, key string) string {
	l.mu.Lock()
	id, known := l.byKey[key]
	if !l.Keys || !known {
		id = fmt.Sprintf("N-%d", len(l.notices)+1)
		n.ID = id
		l.notices = append(l.notices, n)
		if l.byKey == nil {
			l.byKey = map[string]string{}
		}
		l.byKey[key] = id
	}
	l.mu.Unlock()
	if l.Filed != nil {
		l.Filed()
	}
	return id
}

func (l *Ledger) holding(item evidence.ID) (ledgerNotice, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.IndexFunc(l.notices, func(n ledgerNotice) bool { return n.Items[0].Item == item })
	if at < 0 {
		return ledgerNotice{}, false
	}
	return l.notices[at], true
}

// Teller is a channel to a Ledger, one item at a time.
type Teller struct {
	descriptor takedown.Descriptor
	base       string
	line       *wire.Line
}

// NewTeller is a channel with the name to the Ledger at base. settle is how long
// it takes for a search not to lag; patience the longest that it waits for an answer.
func NewTeller(name, base string, how takedown.Reconcile, settle time.Duration, patience time.Duration) *Teller {
	return &Teller{
		descriptor: takedown.Descriptor{Name: name, Title: name, Transport: takedown.TransportREST, Reconcile: how, MaxItems: 1, SettleMinutes: int(settle.Minutes())},
		base:       base, line: wire.New(wire.Options{HTTP: &http.Client{Timeout: patience, Transport: &http.Transport{}}}),
	}
}

// Close lets go of idle connections.
func (t *Teller) Close() { t.line.Close() }

// Name implements takedown.Connector.
func (t *Teller) Name() string { return t.descriptor.Name }

// Descriptor implements takedown.Connector.
func (t *Teller) Descriptor() takedown.Descriptor { return t.descriptor }

// Compose implements takedown.Connector.
func (t *Teller) Compose(f takedown.Filing) (takedown.Parcel, error) {
	items := f.Targets((*takedown.Item).Address)
	body, err := json.Marshal(ledgerNotice{Items: items})
	return takedown.Parcel{Key: f.IdempotencyKey, To: "/notices", MediaType: "application/json", Body: body, Items: items}, err
}

// Submit implements takedown.Connector.
func (t *Teller) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	x, err := t.line.Do(ctx, wire.Call{Method: http.MethodPost, URL: t.base + p.To, Body: p.Body,
		Header: http.Header{"Content-Type": {p.MediaType}, "Idempotency-Key": {p.Key}}})
	return t.read(x, err)
}

// Status implements takedown.Connector.
func (t *Teller) Status(ctx context.Context, _ string, items []evidence.SubmittedItem) (takedown.Answer, error) {
	x, err := t.line.Do(ctx, wire.Call{Method: http.MethodGet, URL: t.base + "/notices?item=" + url.QueryEscape(string(items[0].Item))})
	return t.read(x, err)
}

// Find implements takedown.Finder.
func (t *Teller) Find(ctx context.Context, p takedown.Parcel, _ time.Time) (takedown.Answer, error) {
	a, err := t.Status(ctx, "", p.Items)
	if err == nil && a.External == "" {
		err = takedown.ErrNotFound
	}
	return a, err
}

func (t *Teller) read(x wire.Exchange, err error) (takedown.Answer, error) {
	a := x.Answer()
	if err != nil {
		return a, err
	}
	var n ledgerNotice
	if err := x.JSON(&n); err != nil {
		return a, err
	}
	if n.ID == "" && len(n.Items) > 0 {
		return a, x.Lost(errors.New("the answer has no number"))
	}
	a.External = n.ID
	for _, i := range n.Items {
		a.Items = append(a.Items, takedown.ItemStatus{Item: i.Item, State: evidence.ItemAcknowledged, Word: "filed"})
	}
	return a, nil
}

// Serve serves a handler until the test has ended.
func Serve(t interface{ Cleanup(func()) }, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
