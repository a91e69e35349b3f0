// Package takedowntest holds the suite that every channel passes, and a check of
// HTTP exchanges against an OpenAPI document. It is for tests only.
package takedowntest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Bench is a channel joined to a marketplace that the test controls.
type Bench struct {
	Connector takedown.Connector
	Stranger  takedown.Connector // the same channel with credentials that are not accepted; nil where there are none
	Secrets   []string           // what must not show up in an Answer

	// Filing is a filing of n items that the marketplace accepts, with its own
	// idempotency key. Each call gives another.
	Filing func(n int) takedown.Filing
	// Filed counts the notices by the marketplace's own books.
	Filed func() int
	// LoseAnswer lets the marketplace act on the next request and then drop the
	// connection. BusyOnce lets it put the next request off.
	LoseAnswer, BusyOnce func()
}

// Run checks the channel's promises. Each part gets a bench of its own.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	for name, check := range map[string]func(*testing.T, Bench){
		"the body is known before it is sent":                    bodyIsKnown,
		"every item gets a state":                                everyItem,
		"what does not fit is not sent":                          unfit,
		"the status is that of the answer":                       status,
		"a notice that does not exist is refused":                noSuchNotice,
		"no credential is in what is kept":                       noSecrets,
		"a stranger is told to sign in":                          stranger,
		"a busy marketplace has done nothing":                    busy,
		"a lost answer is an unknown outcome":                    lostAnswer,
		"a search finds what arrived, and nothing else":          search,
		"the same key files once":                                sameKey,
		"a context that is done stops it before anything leaves": stopped,
	} {
		t.Run(name, func(t *testing.T) { check(t, open(t)) })
	}
}

// filing is a filing of n items, or of as many as the channel takes.
func (b *Bench) filing(n int) takedown.Filing {
	return b.Filing(min(n, b.Connector.Descriptor().MaxItems))
}

// File makes up a filing and sends it.
func File(ctx context.Context, c takedown.Connector, f takedown.Filing) (takedown.Answer, error) {
	p, err := c.Compose(f)
	if err != nil {
		return takedown.Answer{}, err
	}
	return c.Submit(ctx, p)
}

func submit(t *testing.T, b Bench, f takedown.Filing) takedown.Answer {
	t.Helper()
	a, err := File(t.Context(), b.Connector, f)
	if err != nil {
		t.Fatalf("Submit: %v", err)
	}
	return a
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want one that is %q", err, want)
	}
}

func wantFiled(t *testing.T, b Bench, want int) {
	t.Helper()
	if got := b.Filed(); got != want {
		t.Errorf("the marketplace has %d notices, want %d", got, want)
	}
}

func bodyIsKnown(t *testing.T, b Bench) {
	f := b.filing(2)
	first, err := b.Connector.Compose(f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Connector.Compose(f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("Compose gives another parcel the second time:\n%s", diff)
	}
	if len(first.Items) != len(f.Items) || first.Key != f.IdempotencyKey {
		t.Errorf("the parcel is not that of the filing: %+v", first)
	}
	if a := submit(t, b, f); len(first.Body) == 0 || !bytes.HasSuffix(a.Request, first.Body) {
		t.Errorf("Submit sent\n%s\nwant it to end in what Compose gave:\n%s", a.Request, first.Body)
	}
}

func everyItem(t *testing.T, b Bench) {
	f := b.filing(3)
	a := submit(t, b, f)
	if a.External == "" || a.At.IsZero() || len(a.Response) == 0 {
		t.Errorf("Answer without number, time or response: %+v", a)
	}
	var got, want []evidence.ID
	for _, s := range a.Items {
		got = append(got, s.Item)
		if s.State == "" {
			t.Errorf("item %s has no state", s.Item)
		}
	}
	for _, i := range f.Items {
		want = append(want, i.Item.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-filed +answered):\n%s", diff)
	}
}

func unfit(t *testing.T, b Bench) {
	f := b.Filing(1)
	for len(f.Items) <= b.Connector.Descriptor().MaxItems {
		extra := f.Items[0]
		extra.Item.ID = evidence.ID(fmt.Sprintf("%s-%d", f.Items[0].Item.ID, len(f.Items)))
		f.Items = append(f.Items, extra)
	}
	_, err := File(t.Context(), b.Connector, f)
	wantError(t, err, takedown.ErrUnfit)
	wantFiled(t, b, 0)
}

func status(t *testing.T, b Bench) {
	if !b.Connector.Descriptor().Polls {
		return
	}
	f := b.filing(2)
	p, err := b.Connector.Compose(f)
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Connector.Submit(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	now, err := b.Connector.Status(t.Context(), a.External, p.Items)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []evidence.ID
	for i, s := range now.Items {
		got = append(got, s.Item)
		if s.State == "" || s.Word == "" {
			t.Errorf("item %d has no state or no word: %+v", i, s)
		}
	}
	for _, i := range p.Items {
		want = append(want, i.Item)
	}
	if diff := cmp.Diff(want, got); diff != "" || now.External != a.External {
		t.Errorf("Status of %s says %s, of the items (-filed +status):\n%s", a.External, now.External, diff)
	}
}

func noSuchNotice(t *testing.T, b Bench) {
	if !b.Connector.Descriptor().Polls {
		return
	}
	_, err := b.Connector.Status(t.Context(), "no/such notice?", nil)
	wantError(t, err, takedown.ErrRefused)
	var refused *takedown.RefusedError
	if !errors.As(err, &refused) || refused.Title == "" {
		t.Errorf("error %v does not say in the channel's words why", err)
	}
}

func noSecrets(t *testing.T, b Bench) {
	a := submit(t, b, b.Filing(1))
	for _, secret := range b.Secrets {
		if bytes.Contains(a.Request, []byte(secret)) || bytes.Contains(a.Response, []byte(secret)) {
			t.Errorf("a credential is in the answer:\n%s\n%s", a.Request, a.Response)
		}
	}
}

func stranger(t *testing.T, b Bench) {
	if b.Stranger == nil {
		return
	}
	_, err := File(t.Context(), b.Stranger, b.Filing(1))
	wantError(t, err, takedown.ErrUnauthorised)
	wantFiled(t, b, 0)
}

func busy(t *testing.T, b Bench) {
	f := b.Filing(1)
	b.BusyOnce()
	a, err := File(t.Context(), b.Connector, f)
	wantError(t, err, takedown.ErrBusy)
	var busy *takedown.BusyError
	if !errors.As(err, &busy) || busy.RetryAfter <= 0 {
		t.Errorf("error %v does not say when to come back", err)
	}
	if len(a.Response) == 0 {
		t.Error("the refusal is not kept")
	}
	wantFiled(t, b, 0)
	submit(t, b, f)
	wantFiled(t, b, 1)
}

func lostAnswer(t *testing.T, b Bench) {
	f := b.filing(2)
	b.LoseAnswer()
	a, err := File(t.Context(), b.Connector, f)
	wantError(t, err, takedown.ErrUnknownOutcome)
	if len(a.Request) == 0 || a.External != "" || len(a.Items) != 0 {
		t.Errorf("after a lost answer, Answer holds %+v; want the request and nothing else", a)
	}
	wantFiled(t, b, 1)
	if b.Connector.Descriptor().Reconcile != takedown.ReconcileKey {
		return
	}
	found := submit(t, b, f)
	if found.External == "" || len(found.Items) != len(f.Items) {
		t.Errorf("sent again with the same key, the answer is %+v", found)
	}
	wantFiled(t, b, 1)
}

func search(t *testing.T, b Bench) {
	if b.Connector.Descriptor().Reconcile != takedown.ReconcileSearch {
		return
	}
	finder := b.Connector.(takedown.Finder)
	p, err := b.Connector.Compose(b.filing(2))
	if err != nil {
		t.Fatal(err)
	}
	sent := time.Now()
	_, err = finder.Find(t.Context(), p, sent)
	wantError(t, err, takedown.ErrNotFound)
	b.LoseAnswer()
	_, err = b.Connector.Submit(t.Context(), p)
	wantError(t, err, takedown.ErrUnknownOutcome)
	found, err := finder.Find(t.Context(), p, sent)
	if err != nil || len(found.Items) != len(p.Items) {
		t.Errorf("after a lost answer Find gives %+v, %v; want the items", found.Items, err)
	}
	wantFiled(t, b, 1)
}

func sameKey(t *testing.T, b Bench) {
	if b.Connector.Descriptor().Reconcile != takedown.ReconcileKey {
		return
	}
	f := b.filing(2)
	first, again := submit(t, b, f), submit(t, b, f)
	if first.External != again.External || !cmp.Equal(first.Items, again.Items) {
		t.Errorf("the same key got two answers:\n%+v\n%+v", first, again)
	}
	f.Notice.Explanation += " And more."
	_, err := File(t.Context(), b.Connector, f)
	wantError(t, err, takedown.ErrRefused)
	wantFiled(t, b, 1)
}

func stopped(t *testing.T, b Bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := File(ctx, b.Connector, b.Filing(1))
	wantError(t, err, context.Canceled)
	if errors.Is(err, takedown.ErrUnknownOutcome) {
		t.Errorf("nothing left, but the error is %v", err)
	}
	wantFiled(t, b, 0)
}
