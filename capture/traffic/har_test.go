package traffic

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/capture/traffic/traffictest"
)

// readHAR is what the tests look at.
type readHAR struct {
	Log struct {
		Entries []struct {
			Time            float64
			ServerIPAddress string
			Timings         harTimings
			Messages        []harMessage `json:"_webSocketMessages"`
			Request         harRequest
			Response        struct {
				harResponse
				Content struct {
					harContent
					Text string
				}
			}
		}
	}
}

func writeHAR(t testing.TB, v Visit) (string, readHAR) {
	t.Helper()
	path := writeTemp(t, "visit.har", func(w io.Writer) error { return WriteHAR(t.Context(), w, v) })
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var h readHAR
	if err := json.Unmarshal(b, &h); err != nil {
		t.Fatal(err)
	}
	return path, h
}

func TestAHARIsValidByTheSchemasAndHoldsEveryBody(t *testing.T) {
	v := wholeVisit(t)
	path, h := writeHAR(t, v)
	traffictest.CheckHAR(t, path)

	var network []*Exchange
	for _, x := range v.Exchanges {
		if x.crossedNetwork() {
			network = append(network, x)
		}
	}
	if len(h.Log.Entries) != len(network) {
		t.Fatalf("%d entries, want %d", len(h.Log.Entries), len(network))
	}
	for i, x := range network {
		e := h.Log.Entries[i]
		text := []byte(e.Response.Content.Text)
		if e.Response.Content.Encoding == "base64" {
			var err error
			if text, err = base64.StdEncoding.DecodeString(e.Response.Content.Text); err != nil {
				t.Fatal(err)
			}
		}
		want, err := io.ReadAll(x.Body.Open())
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != string(want) {
			t.Errorf("%s: body of %d bytes is not the %d captured", x.URL, len(text), len(want))
		}
		if e.Response.Status != x.Status || e.Response.Error != x.Failed || e.Response.Truncated != x.Truncated {
			t.Errorf("%s: status %d, error %q, truncated %q", x.URL, e.Response.Status, e.Response.Error, e.Response.Truncated)
		}
	}
	page := h.Log.Entries[0]
	if got, want := page.ServerIPAddress, "203.0.113.7"; got != want {
		t.Errorf("server address %q, want %q", got, want)
	}
	if page.Response.Content.Encoding != "" || h.Log.Entries[9].Response.Content.Encoding != "base64" {
		t.Error("UTF-8 text must be text, GBK must be base64")
	}
	wantCookies := []harCookie{
		{Name: "s", Value: "1", Path: "/", HTTPOnly: true},
		{Name: "t", Value: "2", Secure: true, Expires: "2026-10-21T07:28:00.000Z"},
	}
	if diff := cmp.Diff(wantCookies, page.Response.Cookies); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
	wantQuery := []harPair{{"a", "b"}, {"c", " d"}, {"e", ""}}
	if diff := cmp.Diff(wantQuery, page.Request.QueryString); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if len(h.Log.Entries[6].Messages) != 2 {
		t.Errorf("%d WebSocket messages, want 2", len(h.Log.Entries[6].Messages))
	}
}

func TestATextLongerThanABufferKeepsItsRunes(t *testing.T) {
	s := testSpool(t, Limits{})
	for _, lead := range []string{"", "a", "ab", "abc"} {
		want := lead + strings.Repeat("世界🙂\u2028</script>", 4000)
		x := &Exchange{URL: "https://market.example/", Status: 200, MediaType: "text/html", Body: mustPut(t, s, []byte(want))}
		_, h := writeHAR(t, testVisit(x))
		c := h.Log.Entries[0].Response.Content
		if c.Encoding != "" || c.Text != want {
			t.Errorf("with %d bytes before it the text changed (encoding %q)", len(lead), c.Encoding)
		}
	}
}

func TestATextThatEndsInsideARuneIsBase64(t *testing.T) {
	s := testSpool(t, Limits{})
	for _, text := range []string{"\xe4", "a\xe4\xb8", strings.Repeat("x", 16<<10) + "\xf0\x9f"} {
		if isText("text/plain", mustPut(t, s, []byte(text))) {
			t.Errorf("%d bytes ending in a cut rune passed as text", len(text))
		}
	}
}

func TestTimingsAddUpToTheEntrysTime(t *testing.T) {
	tests := []struct {
		name string
		x    Exchange
		want harTimings
		time float64
	}{
		{
			"what Chrome measured", Exchange{Timing: Timing{
				Blocked: 1e6, DNS: 2e6, Connect: 30e6, TLS: 20e6, Send: 1e6, Wait: 40e6, Receive: 5e6,
			}},
			harTimings{Blocked: 1, DNS: 2, Connect: 30, SSL: 20, Send: 1, Wait: 40, Receive: 5}, 79,
		},
		{
			"only the exchange's times", Exchange{
				Started: noon, ResponseAt: noon.Add(40 * time.Millisecond), Finished: noon.Add(90 * time.Millisecond),
			},
			harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1, Wait: 40, Receive: 50}, 90,
		},
		{
			"a request that failed", Exchange{Started: noon, Finished: noon.Add(7 * time.Millisecond)},
			harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1, Wait: 7}, 7,
		},
		{
			"a clock that went back", Exchange{Started: noon, Finished: noon.Add(-time.Second)},
			harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}, 0,
		},
		{
			"nothing", Exchange{},
			harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := newHARTimings(&tt.x)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.total() != tt.time {
				t.Errorf("time %v, want %v", got.total(), tt.time)
			}
		})
	}
}
