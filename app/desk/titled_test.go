package desk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func TestAListingThatWasTakenDownKeepsItsTitle(t *testing.T) {
	d, _ := atWork(t)
	var gone atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			w.WriteHeader(http.StatusGone)
			fmt.Fprint(w, "<title>Nothing here</title><h1>This listing was removed</h1>")
			return
		}
		fmt.Fprint(w, `<title>Chronometer</title><h1>Chronometer 7</h1><script type="application/ld+json">
{"@context":"https://schema.org","@type":"Product","name":"Chronometer 7","offers":{"@type":"Offer","price":"9","priceCurrency":"EUR"}}</script>`)
	}))
	defer s.Close()
	d.Allow(netip.MustParseAddrPort(s.Listener.Addr().String()))
	for range 2 {
		if err := d.Capture(t.Context(), desk.Order{Links: []string{s.URL + "/item/7"}, Delay: desk.None}, evidence.Quiet, func(evidence.Capture) {}); err != nil {
			t.Fatal(err)
		}
		gone.Store(true)
	}
	captures, err := d.Captures(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, c := range captures {
		titles = append(titles, c.Title)
	}
	if diff := cmp.Diff([]string{"Chronometer 7", "Chronometer 7"}, titles); diff != "" || captures[1].Outcome == evidence.Online {
		t.Errorf("titles (-want +got):\n%s\nof which the second is %s", diff, captures[1].Outcome)
	}
}
