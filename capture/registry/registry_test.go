package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"touchstone/capture/registry/registrytest"
	"touchstone/store/evidence"
)

func client(t *testing.T, n *registrytest.Internet, o Options) *Client {
	t.Helper()
	o.Bootstrap, _ = url.Parse(n.URL)
	o.Resolver = n.Resolver
	o.Now = func() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

func TestWhoRunsADomainIsFoundOut(t *testing.T) {
	n := registrytest.Start(t)
	c := client(t, n, Options{AllowPrivate: true})
	if len(n.Asked()) > 0 {
		t.Errorf("a client asked %v before anybody told it to", n.Asked())
	}
	names, err := Parse("https://shop.aurelia-outlet.example/bags?x=1")
	if err != nil {
		t.Fatal(err)
	}
	got, raw, err := c.Look(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	want := evidence.DomainRecord{
		Domain: "aurelia-outlet.example", AskedAt: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC),
		Registrar:  evidence.DomainParty{Name: "Cheap Names Ltd", Handle: "9999", URL: "https://cheap.example"},
		Abuse:      []evidence.DomainParty{{Name: "Abuse Desk", Email: "abuse@cheap.example", Phone: "+1.5550100"}},
		Registered: "2026-01-05T09:00:00Z", Expires: "2027-01-05T09:00:00Z",
		Status: []string{"active", "client hold"}, NameServers: []string{"ns1.host.example"},
		Answers: []evidence.DNSRecord{{Type: "A", Value: "192.0.2.7"}, {Type: "MX", Value: "10 mx.host.example."}, {Type: "TXT", Value: "evil [2Jtext"}},
		Networks: []evidence.Network{{Address: "192.0.2.7", Handle: "NET-192-0-2-0-1", Name: "HOSTING-NET", First: "192.0.2.0", Last: "192.0.2.255", Country: "NL",
			Holder: "Bulletproof BV", Abuse: []evidence.DomainParty{{Email: "abuse@bulletproof.example"}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var files []string
	for _, r := range raw {
		files = append(files, r.Name)
	}
	if want := []string{"rdap-domain.json", "dns.json", "rdap-192.0.2.7.json"}; !slices.Equal(files, want) {
		t.Errorf("kept %v, want %v", files, want)
	}
	if string(raw[0].Body) != registrytest.Registration {
		t.Errorf("the registry's answer is not kept as it came: %s", raw[0].Body)
	}
}

func TestHostileAnswersAreNoneAndTheRestIsFoundOut(t *testing.T) {
	deep := strings.Repeat(`{"objectClassName":"domain","ldhName":"aurelia-outlet.example","entities":[`, 200_000/75)
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		reason string
	}{
		{"about another domain", registrytest.Say(strings.ReplaceAll(registrytest.Registration, "AURELIA", "OTHER")), "about something else"},
		{"about a network", registrytest.Say(registrytest.Network), "about something else"},
		{"no JSON", registrytest.Say("<html>"), "invalid character"},
		{"nested without end", registrytest.Say(deep), "unexpected end"},
		{"longer than any", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"objectClassName":"domain","ldhName":"`)
			for range maxAnswer/1024 + 1 {
				w.Write(make([]byte, 1024))
			}
		}, "too long"},
		{"never ending", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "no whole answer within 3s"},
		{"round in circles", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "round too often"},
		{"a refusal", registrytest.Say(`{"errorCode":429,"title":"Too \u001b[31m many"}`), "says no: Too [31m many"},
		{"nobody's", http.NotFound, "404"},
		{"entities that are not", registrytest.Say(`{"objectClassName":"domain","ldhName":"aurelia-outlet.example","entities":[null,7,{"roles":"registrar","vcardArray":["vcard",[[]]]}],"events":{"x":1},"nameservers":"ns"}`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := registrytest.Start(t)
			n.Answers["/domain/aurelia-outlet.example"] = c.answer
			o := Options{AllowPrivate: true}
			if strings.Contains(c.reason, "3s") {
				o.Patience = 3 * time.Second
			}
			asker := client(t, n, o)
			got, _, err := asker.Look(t.Context(), Names{"aurelia-outlet.example", "aurelia-outlet.example"})
			if err != nil {
				t.Fatal(err)
			}
			why := ""
			for _, m := range got.Missing {
				if strings.HasPrefix(m.What, "registration") {
					why = m.Reason
				}
			}
			if c.reason == "" && why != "" || !strings.Contains(why, c.reason) {
				t.Errorf("the reason is %q, want %q", why, c.reason)
			}
			if len(got.Networks) != 1 || len(got.Answers) == 0 {
				t.Errorf("the rest was not found out: %+v", got)
			}
		})
	}
}

func TestServersInOnesOwnNetworkAndWithoutTLSAreNotAsked(t *testing.T) {
	n := registrytest.Start(t)
	got, _, err := client(t, n, Options{}).Look(t.Context(), Names{"aurelia-outlet.example", "aurelia-outlet.example"})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Asked()) > 0 || len(got.Missing) == 0 || !strings.Contains(got.Missing[0].Reason, "not https") {
		t.Errorf("asked %v, missing %+v", n.Asked(), got.Missing)
	}
	err = refusePrivate("tcp", "127.0.0.1:443", nil)
	if err == nil || !strings.Contains(err.Error(), "refused 127.0.0.1") {
		t.Errorf("a loopback address: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := client(t, n, Options{AllowPrivate: true}).Look(ended, Names{"a.example", "a.example"}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that ended: %v", err)
	}
}

func TestDomainsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Names{
		"Aurelia-Outlet.example":        {"aurelia-outlet.example", "aurelia-outlet.example"},
		"shop.aurelia.co.uk.":           {"shop.aurelia.co.uk", "aurelia.co.uk"},
		"https://bücher.example/x":      {"xn--bcher-kva.example", "xn--bcher-kva.example"},
		"http://user@a.b.example:81/x/": {"a.b.example", "b.example"},
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "com", "192.0.2.1", "http://[::1]/", "a b.example", "co.uk", "-x-.example"} {
		if got, err := Parse(text); !errors.Is(err, ErrNoDomain) {
			t.Errorf("%q is %+v, %v; want none", text, got, err)
		}
	}
}
