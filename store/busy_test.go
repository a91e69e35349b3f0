package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/store"
	"touchstone/store/evidence"
)

func TestADatabaseInUseElsewhereIsWaitedForUntilTheContextEnds(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	other, err := bbolt.Open(filepath.Join(w.Dir(), "records.db"), 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = w.View(ctx, func(*store.Tx) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("got %v, want %v that says why", err, context.DeadlineExceeded)
	}
	done := make(chan error, 1)
	go func() {
		_, err := putJob(t.Context(), w, "https://shop.example/")
		done <- err
	}()
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("after the other let go: %v", err)
	}
}

func TestReadersOfOneProcessDoNotWaitForEachOther(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	inside, leave := make(chan struct{}), make(chan struct{})
	read := func(*store.Tx) error {
		inside <- struct{}{}
		<-leave
		return nil
	}
	done := make(chan error, 2)
	for range 2 {
		go func() { done <- w.View(t.Context(), read) }()
	}
	for range 2 {
		<-inside // both at once, or the test hangs here
	}
	close(leave)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestACancelledContextStopsVerification(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	sealOne(t, w, "https://shop.example/", nil)
	ctx, cancel := context.WithCancel(t.Context())
	stop := progress(func(e evidence.Event) {
		if e.Note == "blobs" {
			cancel()
		}
	})
	if _, err := w.Verify(ctx, store.VerifyOptions{}, stop); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// progress makes a function an evidence.Progress.
type progress func(evidence.Event)

func (p progress) Report(e evidence.Event) { p(e) }
