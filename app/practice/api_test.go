package practice_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"touchstone/app/practice"
	"touchstone/assets"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store/evidence"
)

// account is a brand's access to the API, spoken without the client.
type account struct {
	t      *testing.T
	base   string
	token  string
	client *http.Client
}

// join signs in at the API below base.
func join(t *testing.T, base string, s *practice.Server) *account {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	a := &account{t: t, base: base + "/joint-force/v1", client: &http.Client{Transport: transport}}
	form := strings.NewReader("grant_type=client_credentials&client_id=" + s.Credentials().ClientID + "&client_secret=" + s.Credentials().ClientSecret)
	r, err := a.client.Post(a.base+"/oauth/token", "application/x-www-form-urlencoded", form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var token jointforce.Token
	if err := json.NewDecoder(r.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatalf("no token: %s, %v", r.Status, err)
	}
	a.token = token.AccessToken
	return a
}

func (a *account) do(method, path string, body []byte, header map[string]string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", "key-1")
	}
	for k, v := range header {
		request.Header.Set(k, v)
	}
	return a.client.Do(request)
}

// ask is do with the answer read.
func (a *account) ask(method, path string, body []byte, header map[string]string) (*http.Response, []byte) {
	a.t.Helper()
	r, err := a.do(method, path, body, header)
	if err != nil {
		a.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return r, text
}

// events is the cursor after all events there are.
func (a *account) events(after string) string {
	a.t.Helper()
	_, body := a.ask(http.MethodGet, "/events?after="+after, nil, nil)
	var page jointforce.Events
	if err := json.Unmarshal(body, &page); err != nil {
		a.t.Fatal(err)
	}
	return page.Next
}

// notice is the body of a good-faith notice about the offer.
func notice(t *testing.T, s *practice.Server, o practice.Offer) []byte {
	t.Helper()
	var f evidence.BrandFile
	if err := json.Unmarshal(s.BrandFile(), &f); err != nil {
		t.Fatal(err)
	}
	right := f.Rights[0]
	body, err := json.Marshal(jointforce.NoticeRequest{
		Reference: "ntc_1", Reason: "counterfeit", LegalBasis: evidence.BasisDSA, Locus: evidence.LocusProduct, Explanation: "The device is not ours.", Language: "en", GoodFaith: true,
		Right:       jointforce.Right{Type: right.Type, Name: right.Name, Number: right.Number, Office: right.Office, Jurisdiction: right.Jurisdiction, Owner: right.Owner.Name},
		Statements:  []jointforce.Statement{{Kind: "good_faith", Version: "1", Language: "en", Text: "In good faith."}},
		Signatory:   jointforce.Signatory{Name: f.Signatories[0].Name, Email: f.Signatories[0].Email},
		Complainant: jointforce.Complainant{Name: f.Brand.Owner.Name},
		Items:       []jointforce.NoticeItemRequest{{Reference: "item_1", URL: o.URL, Evidence: []jointforce.Evidence{}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// watched is a marketplace whose API is held against the document.
func watched(t *testing.T) (*practice.Server, *account) {
	t.Helper()
	s := start(t, practice.Config{})
	contract := takedowntest.NewContract(t, assets.JointForceOpenAPI, s.Handler())
	contract.Lenient = true
	front := httptest.NewServer(contract)
	t.Cleanup(front.Close)
	t.Cleanup(func() {
		if contract.Checks() == 0 {
			t.Error("nothing was held against the document")
		}
	})
	return s, join(t, front.URL, s)
}

func TestARequestThatBreaksTheRulesIsRefusedAsAProblem(t *testing.T) {
	s, a := watched(t)
	good := string(notice(t, s, s.Catalogue()[0]))
	change := func(from, to string) string {
		t.Helper()
		if !strings.Contains(good, from) {
			t.Fatalf("%s is not in %s", from, good)
		}
		return strings.Replace(good, from, to, 1)
	}
	for name, c := range map[string]struct {
		method, path, body string
		header             map[string]string
		status             int
		kind               string
	}{
		"no token":                 {"GET", "/account", "", map[string]string{"Authorization": ""}, 401, jointforce.ProblemUnauthorised},
		"a token that is not ours": {"GET", "/account", "", map[string]string{"Authorization": "Bearer x"}, 401, jointforce.ProblemUnauthorised},
		"nothing there":            {"GET", "/nowhere", "", nil, 404, jointforce.ProblemNotFound},
		"another method":           {"DELETE", "/notices", "", nil, 405, jointforce.ProblemMethod},
		"no such notice":           {"GET", "/notices/JF-999999", "", nil, 404, jointforce.ProblemNotFound},
		"no such inquiry":          {"GET", "/inquiries/INQ-999999", "", nil, 404, jointforce.ProblemNotFound},
		"a cursor of nobody's":     {"GET", "/events?after=zzz", "", nil, 422, jointforce.ProblemInvalid},
		"a cursor beyond the end":  {"GET", "/events?after=c99999", "", nil, 422, jointforce.ProblemInvalid},
		"a wait too long":          {"GET", "/events?wait=61", "", nil, 422, jointforce.ProblemInvalid},
		"a limit of zero":          {"GET", "/notices?limit=0", "", nil, 422, jointforce.ProblemInvalid},
		"an unknown state":         {"GET", "/inquiries?state=asleep", "", nil, 422, jointforce.ProblemInvalid},
		"no key":                   {"POST", "/notices", good, map[string]string{"Idempotency-Key": ""}, 400, jointforce.ProblemKeyMissing},
		"a key too long":           {"POST", "/notices", good, map[string]string{"Idempotency-Key": strings.Repeat("k", 129)}, 400, jointforce.ProblemKeyMissing},
		"not JSON by its type":     {"POST", "/notices", good, map[string]string{"Content-Type": "text/plain"}, 415, jointforce.ProblemMediaType},
		"not JSON":                 {"POST", "/notices", "hello", nil, 400, jointforce.ProblemMalformed},
		"nothing":                  {"POST", "/notices", "", nil, 400, jointforce.ProblemMalformed},
		"half of it":               {"POST", "/notices", good[:len(good)/2], nil, 400, jointforce.ProblemMalformed},
		"something after it":       {"POST", "/notices", good + "{}", nil, 400, jointforce.ProblemMalformed},
		"a list":                   {"POST", "/notices", "[]", nil, 400, jointforce.ProblemMalformed},
		"a member unknown":         {"POST", "/notices", change(`"reference":"ntc_1"`, `"reference":"ntc_1","urgent":true`), nil, 400, jointforce.ProblemMalformed},
		"a member in capitals":     {"POST", "/notices", change(`"reference":"ntc_1"`, `"Reference":"ntc_1"`), nil, 400, jointforce.ProblemMalformed},
		"a member twice":           {"POST", "/notices", change(`"reference":"ntc_1"`, `"reference":"ntc_2","reference":"ntc_1"`), nil, 400, jointforce.ProblemMalformed},
		"a member null":            {"POST", "/notices", change(`"language":"en"`, `"language":null`), nil, 400, jointforce.ProblemMalformed},
		"a number for a word":      {"POST", "/notices", change(`"language":"en"`, `"language":7`), nil, 400, jointforce.ProblemMalformed},
		"very deep":                {"POST", "/notices", strings.Repeat(`{"a":`, 20000), nil, 400, jointforce.ProblemMalformed},
		"no explanation":           {"POST", "/notices", change("The device is not ours.", ""), nil, 422, jointforce.ProblemInvalid},
		"a basis unheard of":       {"POST", "/notices", change("dsa_art_16", "my_feeling"), nil, 422, jointforce.ProblemInvalid},
		"a reason unheard of":      {"POST", "/notices", change(`"reason":"counterfeit"`, `"reason":"ugly"`), nil, 422, jointforce.ProblemInvalid},
		"a right of nobody's":      {"POST", "/notices", change("990000142", "1"), nil, 422, jointforce.ProblemUnknownRight},
		"not an address":           {"POST", "/notices", change(s.Catalogue()[0].URL, "ftp://x/"), nil, 422, jointforce.ProblemInvalid},
		"too long":                 {"POST", "/notices", change("The device is not ours.", strings.Repeat("x", 4<<20)), nil, 413, jointforce.ProblemTooLarge},
		"a verdict unheard of":     {"POST", "/inquiries/INQ-000001/answers", `{"reference":"r","verdict":"maybe","examined_by":"x"}`, nil, 422, jointforce.ProblemInvalid},
		"authentic with a notice":  {"POST", "/inquiries/INQ-000001/answers", `{"reference":"r","verdict":"authentic","examined_by":"x","notice":` + good + `}`, nil, 422, jointforce.ProblemInvalid},
		"a notice about another":   {"POST", "/inquiries/INQ-000001/answers", `{"reference":"r","verdict":"counterfeit","examined_by":"x","notice":` + good + `}`, nil, 422, jointforce.ProblemInvalid},
		"an inquiry of nobody's":   {"POST", "/inquiries/INQ-9/answers", `{"reference":"r","verdict":"authentic","examined_by":"x"}`, nil, 404, jointforce.ProblemNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			r, body := a.ask(c.method, c.path, []byte(c.body), c.header)
			var p jointforce.Problem
			if err := json.Unmarshal(body, &p); err != nil {
				t.Fatalf("%s: not a problem: %v\n%s", r.Status, err, body)
			}
			if r.StatusCode != c.status || p.Type != c.kind || p.Status != c.status || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %+v, want %d %s", r.Status, p, c.status, c.kind)
			}
		})
	}
	_, body := a.ask(http.MethodGet, "/notices", nil, nil)
	var list jointforce.Notices
	if err := json.Unmarshal(body, &list); err != nil || len(list.Notices) != 0 {
		t.Errorf("after all that, the marketplace has %d notices (%v)", len(list.Notices), err)
	}
	// What was refused did not use up its key.
	if r, body := a.ask(http.MethodPost, "/notices", []byte(good), nil); r.StatusCode != http.StatusCreated {
		t.Errorf("the good notice: %s %s", r.Status, body)
	}
}

func TestTheTokenEndpoint(t *testing.T) {
	s, a := watched(t)
	id, secret := s.Credentials().ClientID, s.Credentials().ClientSecret
	for name, c := range map[string]struct {
		form           string
		user, password string
		status         int
		says           string
	}{
		"credentials in the header":  {"grant_type=client_credentials", id, secret, 200, "Bearer"},
		"credentials in the body":    {"grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret, "", "", 200, "Bearer"},
		"a wrong secret":             {"grant_type=client_credentials", id, "guess", 401, "invalid_client"},
		"somebody else":              {"grant_type=client_credentials", "x", secret, 401, "invalid_client"},
		"nobody":                     {"grant_type=client_credentials", "", "", 401, "invalid_client"},
		"another grant":              {"grant_type=password", id, secret, 400, "unsupported_grant_type"},
		"a form that cannot be read": {"%zz", id, secret, 400, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.base+"/oauth/token", strings.NewReader(c.form))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.user != "" {
				request.SetBasicAuth(c.user, c.password)
			}
			r, err := a.client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			if r.StatusCode != c.status || !strings.Contains(string(body), c.says) {
				t.Errorf("%s %s, want %d and %s", r.Status, body, c.status, c.says)
			}
		})
	}
}

func TestTheServiceNamesItsDocument(t *testing.T) {
	_, a := watched(t)
	_, body := a.ask(http.MethodGet, "/", nil, nil)
	var service jointforce.Service
	if err := json.Unmarshal(body, &service); err != nil || service.Version != jointforce.Version || !service.Practice {
		t.Errorf("the service says %s (%v)", body, err)
	}
	_, document := a.ask(http.MethodGet, "/openapi.yaml", nil, nil)
	if !bytes.Equal(document, assets.JointForceOpenAPI) || !strings.Contains(string(document), "version: "+jointforce.Version) {
		t.Error("the document is not the one of this version")
	}
	for _, path := range []string{"/account", "/reasons", "/inquiries/INQ-000001"} {
		if r, _ := a.ask(http.MethodGet, path, nil, nil); r.StatusCode != http.StatusOK || r.Header.Get("Joint-Force-Version") != jointforce.Version {
			t.Errorf("%s: %s, version %q", path, r.Status, r.Header.Get("Joint-Force-Version"))
		}
	}
}

func TestTheSameKeyActsOnce(t *testing.T) {
	s, a := watched(t)
	body := notice(t, s, s.Catalogue()[0])
	first, text := a.ask(http.MethodPost, "/notices", body, nil)
	again, same := a.ask(http.MethodPost, "/notices", body, nil)
	if first.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || !bytes.Equal(text, same) {
		t.Errorf("the same key: %s and %s\n%s\n%s", first.Status, again.Status, text, same)
	}
	if first.Header.Get("Idempotent-Replay") != "" || again.Header.Get("Idempotent-Replay") != "true" || again.Header.Get("Location") != first.Header.Get("Location") {
		t.Errorf("headers: %v and %v", first.Header, again.Header)
	}
	other := bytes.Replace(body, []byte("ntc_1"), []byte("ntc_2"), 1)
	if r, _ := a.ask(http.MethodPost, "/notices", other, nil); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the same key with another body: %s", r.Status)
	}
	if r, _ := a.ask(http.MethodPost, "/inquiries/INQ-000001/answers", body, nil); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the same key for something else: %s", r.Status)
	}
	second := map[string]string{"Idempotency-Key": "key-2"}
	_, text = a.ask(http.MethodPost, "/notices", body, second)
	var n jointforce.Notice
	if err := json.Unmarshal(text, &n); err != nil || n.Items[0].State != evidence.ItemRejected || n.Items[0].Reason.Code != "already_down" {
		t.Errorf("with another key the listing is down already: %s (%v)", text, err)
	}
}

func TestPagesOfAListJoinUp(t *testing.T) {
	s, a := watched(t)
	const filed = 5
	for i := range filed {
		header := map[string]string{"Idempotency-Key": fmt.Sprintf("key-%d", i)}
		a.ask(http.MethodPost, "/notices", notice(t, s, s.Catalogue()[0]), header)
	}
	seen := map[string]bool{}
	for after := ""; ; {
		_, body := a.ask(http.MethodGet, "/notices?limit=2&after="+after, nil, nil)
		var page jointforce.Notices
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		for _, n := range page.Notices {
			if seen[n.ID] {
				t.Errorf("%s comes twice", n.ID)
			}
			seen[n.ID] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != filed {
		t.Errorf("%d notices on the pages, want %d", len(seen), filed)
	}
}
