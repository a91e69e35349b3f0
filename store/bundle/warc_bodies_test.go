package bundle_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

func TestThePicturesOfAPageAreReadFromItsTraffic(t *testing.T) {
	const limit = 1000
	bag, large := "picture of a bag", strings.Repeat("x", limit+1)
	answer := func(body string) [2]string {
		return [2]string{responseHead, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + body}
	}
	file := warc(t, [2]string{requestHead, request}, answer("<h1>replica"), answer(bag), answer(bag), answer(large))
	wanted := map[evidence.Hash]bool{evidence.HashOf([]byte(bag)): true, evidence.HashOf([]byte(large)): true, evidence.HashOf([]byte("never loaded")): true}

	got, err := bundle.Bodies(t.Context(), bytes.NewReader(file), wanted, limit)
	if err != nil || len(got) != 1 || string(got[evidence.HashOf([]byte(bag))]) != bag {
		t.Errorf("got %d bodies, %v, want the one that was loaded and is no larger than the limit", len(got), err)
	}
	got, err = bundle.Bodies(t.Context(), bytes.NewReader(file[:len(file)-10]), wanted, limit)
	if !errors.Is(err, bundle.ErrWARC) || len(got) != 1 {
		t.Errorf("of a file that is cut short: %d bodies, %v, want what stands before the cut and ErrWARC", len(got), err)
	}
}
