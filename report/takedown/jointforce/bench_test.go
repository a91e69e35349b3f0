package jointforce_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/assets"
	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

// bench is a practice marketplace whose API is reached through the contract.
type bench struct {
	server   *practice.Server
	contract *takedowntest.Contract
	base     string
	clock    *takedowntest.Clock
	client   *jointforce.Client
	filings  int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchOf(t, practice.Config{})
}

// newBenchOf is a bench by the configuration, but with the bench's clock.
func newBenchOf(t *testing.T, c practice.Config) *bench {
	t.Helper()
	b := &bench{clock: takedowntest.NewClock(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))}
	c.Now = b.clock.Now
	server, err := practice.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	b.server = server
	b.contract = takedowntest.NewContract(t, assets.JointForceOpenAPI, server.Handler())
	front := httptest.NewServer(b.contract)
	t.Cleanup(front.Close)
	b.base = front.URL + "/joint-force/v1"
	b.client = b.connect(t, server.Credentials().ClientSecret)
	return b
}

func (b *bench) connect(t *testing.T, secret string) *jointforce.Client {
	t.Helper()
	c, err := jointforce.New(jointforce.Config{BaseURL: b.base, ClientID: b.server.Credentials().ClientID, ClientSecret: secret, Practice: true, Now: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// offers of the practice catalogue with the given truth that are up.
func (b *bench) offers(truth practice.Truth) []practice.Offer {
	var list []practice.Offer
	for _, o := range b.server.Catalogue() {
		if o.Truth == truth && o.Behind == "" {
			list = append(list, o)
		}
	}
	return list
}

// filing is a good-faith notice about the offers.
func (b *bench) filing(t *testing.T, offers ...practice.Offer) takedown.Filing {
	t.Helper()
	b.filings++
	file := brandFile(t, b.server)
	id := evidence.NewID(evidence.KindNotice, b.clock.Now())
	f := takedown.Filing{
		Notice: evidence.Notice{
			ID: id, Channel: b.client.Name(), LegalBasis: evidence.BasisDSA, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
			Explanation: "The device on the clasp is not the registered one.", Language: "en", GoodFaith: true,
			Statements: []evidence.Statement{{Kind: "good_faith", Version: "1", Language: "en", Text: "I believe in good faith that this is so."}},
			Approval:   &evidence.Approval{At: b.clock.Now()},
		},
		Brand: file.Brand, Right: file.Rights[0], Signatory: file.Signatories[0],
		IdempotencyKey: fmt.Sprintf("sub_%s_%d", id, b.filings),
	}
	for _, o := range offers {
		f.Items = append(f.Items, takedown.Item{
			Item:    evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, b.clock.Now())},
			Listing: evidence.Listing{URL: o.URL, CanonicalURL: o.URL},
			Capture: evidence.Capture{URL: o.URL, FinishedAt: b.clock.Now(), Artifacts: []evidence.Artifact{
				{Role: evidence.RoleScreenshot, MediaType: "image/png", Size: 3, SHA256: evidence.HashOf([]byte("png"))},
				{Role: evidence.RoleCookies, MediaType: "application/json", Size: 3, SHA256: evidence.HashOf([]byte("jar"))},
			}},
		})
	}
	return f
}

// told is what a page of events tells, each as type and state.
func told(page jointforce.Events) []string {
	var list []string
	for _, e := range page.Events {
		list = append(list, string(e.Type)+" "+e.State)
	}
	return list
}

func (b *bench) filed(t *testing.T) int {
	t.Helper()
	n := 0
	for after := ""; ; {
		page, err := b.client.Notices(t.Context(), "", after)
		if err != nil {
			t.Fatal(err)
		}
		if n += len(page.Notices); page.Next == "" {
			return n
		}
		after = page.Next
	}
}

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
	parcel, err := b.client.Compose(b.filing(t, o))
	if err != nil {
		t.Fatal(err)
	}
	var r jointforce.NoticeRequest
	if err := json.Unmarshal(parcel.Body, &r); err != nil {
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
