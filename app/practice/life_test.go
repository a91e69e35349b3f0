package practice_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"touchstone/app/practice"
)

func TestItServesOnThisComputerOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0"} {
		s, err := practice.Start(t.Context(), practice.Config{Addr: addr})
		if !errors.Is(err, practice.ErrNotLoopback) {
			t.Errorf("%s: error %v, want ErrNotLoopback", addr, err)
		}
		if err == nil {
			s.Close()
		}
	}
	s := start(t, practice.Config{})
	if _, err := practice.Start(t.Context(), practice.Config{Addr: s.Addr().String()}); err == nil {
		t.Error("the same address twice")
	}
}

func TestItStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := practice.Start(ctx, practice.Config{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Close(); err != nil { // waits for what the context began
		t.Error(err)
	}
	if r, err := http.Get(s.URL()); err == nil {
		r.Body.Close()
		t.Error("it still answers")
	}
	if err := s.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

func TestClosingEndsThoseWhoWait(t *testing.T) {
	s := start(t, practice.Config{})
	a := join(t, s.URL(), s)
	next := a.events("")
	waiting := make(chan error, 1)
	go func() {
		r, err := a.do(http.MethodGet, "/events?wait=60&after="+next, nil, nil)
		if err == nil {
			r.Body.Close()
		}
		waiting <- err
	}()
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-waiting
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("closing took %v", took)
	}
}
