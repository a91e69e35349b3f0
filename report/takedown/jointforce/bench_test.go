package jointforce_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"touchstone/app/practice"
	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

func brandFile(t *testing.T, s *practice.Server) evidence.BrandFile {
	t.Helper()
	var f evidence.BrandFile
	if err := json.Unmarshal(s.BrandFile(), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// noticeRequest is the notice about an offer that an answer carries.
func noticeRequest(t *testing.T, b *bench, o practice.Offer) jointforce.NoticeRequest {
	t.Helper()
	body, err := b.client.Compose(b.filing(t, o))
	if err != nil {
		t.Fatal(err)
	}
	var r jointforce.NoticeRequest
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// statusOf is what a page answers with.
func statusOf(t *testing.T, url string) int {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Fatal(err)
	}
	return r.StatusCode
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(code)
	}
}

func says(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

func breaksOff(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	io.WriteString(w, `{"id":`)
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	chunk := make([]byte, 1<<20)
	for range 17 {
		w.Write(chunk)
	}
}
