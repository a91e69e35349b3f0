package traffic

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v2"

	"touchstone/capture/traffic/traffictest"
	"touchstone/store/evidence"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

func writeWARC(t testing.TB, v Visit) string {
	t.Helper()
	return writeTemp(t, "visit.warc.gz", func(w io.Writer) error { return WriteWARC(t.Context(), w, v) })
}

func TestWarcioReadsEveryRecordAndAgreesWithEveryDigest(t *testing.T) {
	v := wholeVisit(t)
	records := traffictest.ReadWARC(t, writeWARC(t, v))

	var got []string
	for _, r := range records {
		got = append(got, strings.Join([]string{r.Type, r.URI, r.IP, r.Truncated}, " "))
	}
	want := []string{
		"warcinfo   ",
		"response https://market.example/item/1?a=b&c=%20d&e 203.0.113.7 ",
		"request https://market.example/item/1?a=b&c=%20d&e 203.0.113.7 ",
		"metadata https://market.example/item/1?a=b&c=%20d&e  ",
		"response http://market.example/go 2001:db8::7 unspecified",
		"request http://market.example/go 2001:db8::7 ",
		"metadata http://market.example/go  ",
		"response https://market.example/ring.jpg 203.0.113.7 ",
		"request https://market.example/ring.jpg 203.0.113.7 ",
		"metadata https://market.example/ring.jpg  ",
		"request https://gone.example/x.js  ",
		"metadata https://gone.example/x.js  ",
		"response https://market.example/video.mp4  length",
		"request https://market.example/video.mp4  ",
		"metadata https://market.example/video.mp4  ",
		"response https://market.example/api  ",
		"request https://market.example/api  ",
		"metadata https://market.example/api  ",
		"response wss://market.example/live  ",
		"request wss://market.example/live  ",
		"metadata wss://market.example/live  ",
		"metadata wss://market.example/live  ",
		"response https://market.example/ring.jpg  ",
		"metadata https://market.example/ring.jpg  ",
		"response http://market.example/a%20b%0D%0AX:%20y  ",
		"request http://market.example/a%20b%0D%0AX:%20y  ",
		"metadata http://market.example/a%20b%0D%0AX:%20y  ",
		"response http://market.example/gbk  ",
		"request http://market.example/gbk  ",
		"metadata http://market.example/gbk  ",
		"response http://market.example/big  ",
		"request http://market.example/big  ",
		"metadata http://market.example/big  ",
		"resource urn:touchstone:screenshot:https://market.example/item/1  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("records (-want +got):\n%s", diff)
	}

	byURI := map[string]*Exchange{}
	for _, x := range v.Exchanges {
		byURI[uri(x.URL)] = x
	}
	for _, r := range records {
		if r.Type != "response" {
			continue
		}
		x := byURI[r.URI]
		hash, err := x.Body.Hash()
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != x.Status || r.PayloadSize != x.Body.Size() || evidence.Hash(r.PayloadSHA256) != hash {
			t.Errorf("%s: warcio reads status %d, %d bytes, sha256 %s; want %d, %d, %s",
				r.URI, r.Status, r.PayloadSize, r.PayloadSHA256, x.Status, x.Body.Size(), hash)
		}
	}
}

func TestGowarcFindsNothingToWarnAbout(t *testing.T) {
	f, err := os.Open(writeWARC(t, wholeVisit(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gowarc.NewWarcFileReaderFromStream(f, 0, gowarc.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for ; ; n++ {
		record, _, validation, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("record %d: %v", n, err)
		}
		if err := record.ValidateDigest(validation); err != nil || !validation.Valid() {
			t.Errorf("record %d: %v %v", n, err, validation)
		}
		if err := record.Close(); err != nil {
			t.Error(err)
		}
	}
	if n != 34 {
		t.Errorf("%d records, want 34", n)
	}
}

func TestASmallVisitIsWrittenAsInTheGoldenFile(t *testing.T) {
	s := testSpool(t, Limits{})
	v := testVisit(&Exchange{
		ID: "1", URL: "https://market.example/item/1", Method: "GET", Protocol: "h2",
		RequestHeaders:  []Header{{":authority", "market.example"}, {"accept", "text/html"}},
		ResponseHeaders: []Header{{"content-encoding", "gzip"}, {"content-length", "40"}, {"set-cookie", "a=1\nb=2"}},
		Status:          200, MediaType: "text/html", RemoteAddr: "203.0.113.7:443",
		Started: noon, Finished: noon.Add(90e6), Body: mustPut(t, s, []byte("<p>Ring</p>")), BodyEncodedSize: 40,
		ResourceType: "Document", FrameID: "F1",
		TLS: &evidence.TLS{Protocol: "TLS 1.3", Subject: "market.example", NotBefore: noon, NotAfter: noon, Valid: true},
	})
	v.Resources = []Resource{{URI: "urn:touchstone:screenshot", MediaType: "image/png", At: noon, Open: openBytes([]byte("PNG"))}}
	var b bytes.Buffer
	if err := WriteWARC(t.Context(), &b, v); err != nil {
		t.Fatal(err)
	}
	members, got := gunzipMembers(t, b.Bytes())
	if members != 5 {
		t.Errorf("%d gzip members, want one for each of 5 records", members)
	}
	golden := filepath.Join("testdata", "small.warc")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("WARC (-want +got), -update rewrites the golden file:\n%s", diff)
	}
}

// gunzipMembers counts the gzip members of b and joins what they hold.
func gunzipMembers(t testing.TB, b []byte) (int, []byte) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(b))
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	for n := 1; ; n++ {
		z.Multistream(false)
		if _, err := plain.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
		if err := z.Reset(r); errors.Is(err, io.EOF) {
			return n, plain.Bytes()
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// The race detector is what this is for.
func TestVisitsWrittenAtTheSameTimeDoNotDisturbEachOther(t *testing.T) {
	v := wholeVisit(t)
	v.NewID = nil
	written := make([]bytes.Buffer, 8)
	var all sync.WaitGroup
	for i := range written {
		all.Go(func() {
			if err := WriteWARC(t.Context(), &written[i], v); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for i := range written {
		_, plain := gunzipMembers(t, written[i].Bytes())
		for line := range bytes.Lines(plain) {
			id, ok := bytes.CutPrefix(line, []byte("WARC-Record-ID: "))
			if !ok {
				continue
			}
			if seen[string(id)] {
				t.Errorf("two records are called %s", id)
			}
			seen[string(id)] = true
		}
	}
	if want := len(written) * 34; len(seen) != want {
		t.Errorf("%d records in all, want %d", len(seen), want)
	}
}

func TestAWARCLeavesNoTemporaryFile(t *testing.T) {
	v := wholeVisit(t)
	v.TempDir = t.TempDir()
	writeWARC(t, v)
	if left, _ := filepath.Glob(filepath.Join(v.TempDir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWritingStopsWhenTheContextIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := WriteWARC(ctx, io.Discard, wholeVisit(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("WARC: %v", err)
	}
	if err := WriteHAR(ctx, io.Discard, wholeVisit(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("HAR: %v", err)
	}
}

func TestAWriterThatFailsAndABodyThatCannotBeReadAreReported(t *testing.T) {
	full := errors.New("disk full")
	if err := WriteWARC(t.Context(), failing{full}, wholeVisit(t)); !errors.Is(err, full) {
		t.Errorf("WARC: %v", err)
	}
	if err := WriteHAR(t.Context(), failing{full}, wholeVisit(t)); !errors.Is(err, full) {
		t.Errorf("HAR: %v", err)
	}
	s := NewSpool(t.TempDir(), Limits{})
	x := &Exchange{URL: "https://market.example/", Status: 200, Body: mustPut(t, s, noise(1, 5<<20))}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := WriteWARC(t.Context(), io.Discard, testVisit(x)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("WARC of a closed spool: %v", err)
	}
	if err := WriteHAR(t.Context(), io.Discard, testVisit(x)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("HAR of a closed spool: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
