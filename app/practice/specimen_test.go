package practice_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/app/practice"
	"touchstone/assets"
	"touchstone/report/takedown/jointforce"
	"touchstone/report/takedown/takedowntest"
	"touchstone/report/takedown/takedowntest/specimen"
	"touchstone/store/evidence"
)

// rounds is how many requests or answers are drawn.
func rounds(ordinary, long int) int {
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		return long
	}
	return ordinary
}

// prober sends drawn requests and knows what there is to speak of.
type prober struct {
	t          *testing.T
	server     *practice.Server
	brand      *account
	doc        *specimen.Document
	operations []specimen.Operation
	about      map[string]string // what the request at hand is about, by the name of the path parameter
	right      map[string]any
	ids        map[string][]string // by the name of the path parameter
	offers     []practice.Offer
	now        time.Time
	sent       int
	met        map[string]map[int]int // answers by operation and status

	filed, answered int // by what the server answered
}

// TestTheServerKeepsToTheDocumentWhateverItIsSent sends requests that were drawn
// from the document, whole and broken, and holds every answer against it. What
// breaks the document is refused with 4xx, what keeps to it is never called
// malformed, and the books hold exactly what was accepted.
func TestTheServerKeepsToTheDocumentWhateverItIsSent(t *testing.T) {
	p := newProber(t, 1)
	for range rounds(1500, 40_000) {
		p.probe()
	}
	p.checkBooks()
	for _, o := range p.operations {
		met := p.met[o.ID]
		if o.ID == "createToken" || o.ID == "uploadFile" || o.ID == "getFile" { // spoken in other than JSON
			continue
		}
		if met[200]+met[201] == 0 || o.Request != "" && met[400]+met[422] == 0 {
			t.Errorf("%s was answered %v: the run does not reach it", o.ID, met)
		}
	}
	t.Logf("%d requests; answers by operation and status: %v", p.sent, p.met)
}

func newProber(t *testing.T, seed int64) *prober {
	t.Helper()
	p := &prober{t: t, now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC), ids: map[string][]string{}, met: map[string]map[int]int{}}
	p.server = start(t, practice.Config{Seed: seed, Now: func() time.Time { return p.now },
		Life: practice.Life{Inquiries: 40, Listings: 20, Genuine: 0.3, Unrelated: 0.1, Relists: 0.5, Moves: 0.5, Objections: 0.5}})
	contract := takedowntest.NewContract(t, assets.JointForceOpenAPI, p.server.Handler())
	contract.Lenient = true
	front := httptest.NewServer(contract)
	t.Cleanup(front.Close)
	p.brand = join(t, front.URL, p.server)
	p.doc = specimen.Read(t, assets.JointForceOpenAPI, seed)
	p.operations = p.doc.Operations()
	var notice struct {
		Right map[string]any `json:"right"`
	}
	if err := json.Unmarshal(noticeOf(t, p.server), &notice); err != nil {
		t.Fatal(err)
	}
	p.right = notice.Right
	return p
}

func noticeOf(t *testing.T, s *practice.Server) []byte { return notice(t, s, s.Catalogue()[0]) }

// probe sends one request.
func (p *prober) probe() {
	if p.sent%50 == 0 {
		p.lookAround()
	}
	p.sent++
	o := p.operations[p.doc.Dice.IntN(len(p.operations))]
	if o.Method == http.MethodPost && o.Request == "" {
		p.upload()
		return
	}
	path := p.path(o) + p.query(o)
	var body []byte
	whole := true
	if o.Request != "" {
		body, whole = p.body(o)
	}
	header := map[string]string{"Content-Type": "application/json", "Idempotency-Key": fmt.Sprintf("probe-%d", p.sent)}
	response, text := p.brand.ask(o.Method, path, body, header)
	status := response.StatusCode
	if status == http.StatusUnauthorized { // the token ran out
		p.brand = join(p.t, strings.TrimSuffix(p.brand.base, "/joint-force/v1"), p.server)
		return
	}
	if p.met[o.ID] == nil {
		p.met[o.ID] = map[int]int{}
	}
	p.met[o.ID][status]++
	switch {
	case status >= 500:
		p.t.Fatalf("%s %s is answered %d %s\n%.2000s", o.Method, path, status, text, body)
	case !whole && status < 400:
		p.t.Fatalf("%s %s breaks the document and is answered %d\n%.2000s", o.Method, path, status, body)
	case whole && o.Request != "" && status == http.StatusBadRequest:
		p.t.Fatalf("%s %s keeps to the document and is answered %s\n%.2000s", o.Method, path, text, body)
	}
	if status == http.StatusCreated {
		p.count(o, text)
	}
}

// body is a drawn request, and whether it keeps to the document.
func (p *prober) body(o specimen.Operation) ([]byte, bool) {
	v := p.doc.Draw(o.Request, p.mend)
	if p.doc.Dice.IntN(2) == 0 {
		text, err := json.Marshal(v)
		if err != nil {
			p.t.Fatal(err)
		}
		return text, true
	}
	text, twice := p.doc.Break(v)
	return text, !twice && p.doc.Valid(o.Request, text)
}

// mend puts what there is into a drawn request, mostly: a request about nothing
// is refused before anything happens.
func (p *prober) mend(v any) {
	switch node := v.(type) {
	case map[string]any:
		if p.doc.Dice.IntN(8) == 0 {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(node)) {
			switch name {
			case "right":
				node[name] = p.right
			case "reason":
				if _, notice := node["legal_basis"]; notice {
					node[name] = []string{"counterfeit", "logo", "patent"}[p.doc.Dice.IntN(3)]
				}
			case "url":
				node[name] = p.offers[p.doc.Dice.IntN(len(p.offers))].URL
			case "thread":
				delete(node, name)
			case "about":
				node[name] = map[string]any{"kind": "inquiry", "id": p.any("inquiry")}
			case "documents", "files", "attachments":
				node[name] = []any{p.any("file")}
			case "replaces":
				node[name] = p.server.Feed().Version
			case "items":
				if names, ok := node[name].([]any); ok && len(names) > 0 {
					if _, ok := names[0].(string); ok {
						node[name] = []any{p.about["notice"] + "-1"}
					}
				}
			}
			p.mend(node[name])
		}
	case []any:
		for _, e := range node {
			p.mend(e)
		}
	}
}

// any is the number of something there is.
func (p *prober) any(kind string) string {
	if list := p.ids[kind]; len(list) > 0 && p.doc.Dice.IntN(10) > 0 {
		return list[p.doc.Dice.IntN(len(list))]
	}
	return "none"
}

func (p *prober) path(o specimen.Operation) string {
	path := o.Path
	p.about = map[string]string{}
	for _, name := range []string{"notice", "inquiry", "counter", "decision", "sample", "file"} {
		p.about[name] = p.any(name)
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(p.about[name]))
	}
	return path
}

func (p *prober) query(o specimen.Operation) string {
	q := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(o.Query)) {
		schema := o.Query[name]
		switch p.doc.Dice.IntN(6) {
		case 0:
			q.Set(name, fmt.Sprint(p.doc.Draw(schema, nil)))
		case 1:
			text, _ := p.doc.Break(p.doc.Draw(schema, nil))
			q.Set(name, string(text[:min(len(text), 9000)]))
		}
	}
	if q.Has("wait") {
		q.Set("wait", "0")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// upload hands a file over, in one of four with a wrong hash.
func (p *prober) upload() {
	content := fmt.Appendf(nil, "file %d", p.sent)
	sum := string(evidence.HashOf(content))
	if p.doc.Dice.IntN(4) == 0 {
		sum = strings.Repeat("0", 64)
	}
	r, text := p.brand.ask(http.MethodPost, "/files?name=a.txt&sha256="+sum, content, map[string]string{"Content-Type": "text/plain", "Idempotency-Key": fmt.Sprintf("probe-%d", p.sent)})
	var f jointforce.File
	if err := json.Unmarshal(text, &f); r.StatusCode == http.StatusCreated && err == nil {
		p.ids["file"] = append(p.ids["file"], f.ID)
	}
}

// lookAround moves the clock and learns what there is.
func (p *prober) lookAround() {
	p.now = p.now.Add(13 * time.Hour)
	l := p.server.Ledger()
	p.offers = p.server.Catalogue()
	p.ids["inquiry"], p.ids["counter"], p.ids["notice"] = nil, nil, nil
	for _, q := range l.Inquiries {
		if q.State == jointforce.InquiryOpen {
			p.ids["inquiry"] = append(p.ids["inquiry"], q.ID)
		}
		if q.Sample != "" {
			p.ids["sample"] = append(p.ids["sample"], q.Sample)
		}
	}
	for _, c := range l.CounterNotices {
		if c.State == jointforce.CounterOpen {
			p.ids["counter"] = append(p.ids["counter"], c.ID)
		}
	}
	for _, n := range l.Notices {
		p.ids["notice"] = append(p.ids["notice"], n.ID)
		for _, i := range n.Items {
			p.ids["decision"] = append(p.ids["decision"], i.Decision)
		}
	}
	p.ids["decision"] = slices.DeleteFunc(p.ids["decision"], func(id string) bool { return id == "" })
}

// count keeps the books of what was accepted.
func (p *prober) count(o specimen.Operation, text []byte) {
	switch o.ID {
	case "createNotice":
		p.filed++
	case "answerInquiry":
		p.answered++
		var a jointforce.Answer
		if err := json.Unmarshal(text, &a); err != nil {
			p.t.Fatal(err)
		}
		if a.Notice != nil {
			p.filed++
		}
	}
}

// checkBooks holds the market's books against what it accepted.
func (p *prober) checkBooks() {
	l := p.server.Ledger()
	answered := 0
	for _, q := range l.Inquiries {
		if (q.State == jointforce.InquiryAnswered) != (q.Answer != nil) {
			p.t.Errorf("%s is %s with the answer %v", q.ID, q.State, q.Answer)
		}
		if q.Answer != nil {
			answered++
		}
	}
	if len(l.Notices) != p.filed || answered != p.answered {
		p.t.Errorf("the books have %d notices and %d answers, accepted were %d and %d", len(l.Notices), answered, p.filed, p.answered)
	}
	for _, c := range l.CounterNotices {
		if c.State == jointforce.CounterOpen && c.DueAt.Before(p.now) {
			p.t.Errorf("%s is open after its deadline", c.ID)
		}
	}
}
