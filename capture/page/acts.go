package page

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// mostActs is how many acts of one sitting are kept.
const mostActs = 20_000

// acts are what a person did, in order, and the secrets that were typed.
type acts struct {
	told    func(evidence.Act)
	secrets *secrets

	mu  sync.Mutex
	all []evidence.Act
}

func newActs(told func(evidence.Act)) *acts {
	return &acts{told: told, secrets: &secrets{fields: make(map[string]string)}}
}

// add records an act. Letters typed one after the other into the same field
// become one act, and so do those of a secret.
func (a *acts) add(act evidence.Act) {
	act.At = time.Now().UTC()
	act.URL = clip(act.URL, 2000)
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.all); n > 0 {
		before := &a.all[n-1]
		same := before.What == act.What && before.Tab == act.Tab && before.URL == act.URL && before.On == act.On
		switch {
		case same && act.What == evidence.ActTyped && len(before.Text) < mostText:
			before.Text += act.Text
			return
		case same && act.What == evidence.ActSecret:
			return
		}
	}
	if len(a.all) >= mostActs {
		return
	}
	a.all = append(a.all, act)
	a.told(act)
}

// hear takes what the witness in a document tells. Secrets only go to where they
// are needed to be struck out.
func (a *acts) hear(tab int, document, payload string) {
	var told struct {
		What, URL, On, Text string
		X, Y, Field         int
	}
	if json.Unmarshal([]byte(payload), &told) != nil {
		return
	}
	if told.What == "secret" {
		a.secrets.learn(document+"/"+told.URL+"/"+string(rune('0'+told.Field)), told.Text)
		return
	}
	a.add(evidence.Act{Tab: tab, What: evidence.ActKind(told.What), URL: told.URL, On: clip(told.On, 300), Text: clip(told.Text, 300),
		X: told.X, Y: told.Y})
}

// list is what was recorded so far, without secrets.
func (a *acts) list() []evidence.Act {
	a.mu.Lock()
	all := slices.Clone(a.all)
	a.mu.Unlock()
	clean := a.secrets.cleaner()
	for i := range all {
		all[i].URL, all[i].On, all[i].Text = clean(all[i].URL), clean(all[i].On), clean(all[i].Text)
	}
	return all
}

// secrets are what was typed into fields for passwords, cards and codes. They
// are held to be struck out, and forgotten with the window.
type secrets struct {
	mu     sync.Mutex
	fields map[string]string // as it stands in each field
	former []string          // what stood there before it was replaced
}

// learn takes the value of a field, which grows letter by letter.
func (s *secrets) learn(field, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.fields[field]
	if before != "" && !strings.HasPrefix(value, before) && !slices.Contains(s.former, before) {
		s.former = append(s.former, before)
	}
	s.fields[field] = value
}

// shortest is from how many bytes on a secret is struck out of a page: a shorter
// one would hit words that have nothing to do with it.
const shortest = 4

// forms are the secrets in every form that pages, requests and our own files
// give to text, the longest first.
func (s *secrets) forms() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := make(map[string]bool)
	for _, secret := range slices.Concat(s.former, slices.Collect(maps.Values(s.fields))) {
		for _, plain := range []string{secret, strings.NewReplacer(" ", "", "-", "").Replace(secret)} {
			if len(plain) < shortest {
				continue
			}
			var quoted bytes.Buffer
			enc := json.NewEncoder(&quoted)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(plain) // a string cannot fail
			for _, form := range []string{plain, url.QueryEscape(plain), url.PathEscape(plain), html.EscapeString(plain),
				strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(plain),
				strings.Trim(strings.TrimSpace(quoted.String()), `"`), base64.StdEncoding.EncodeToString([]byte(plain)),
				strings.ReplaceAll(plain, "=", "=3D")} {
				set[form] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(set), func(a, b string) int { return len(b) - len(a) })
}

// withheld stands where a secret was.
const withheld = "[withheld]"

// cleaner strikes the secrets known by now out of texts.
func (s *secrets) cleaner() func(string) string {
	var pairs []string
	for _, form := range s.forms() {
		pairs = append(pairs, form, withheld)
	}
	if len(pairs) == 0 {
		return func(text string) string { return text }
	}
	return strings.NewReplacer(pairs...).Replace
}

// strikingOut strikes the secrets out of what is kept, pictures excepted.
func (s *secrets) strikingOut(keep func(context.Context, evidence.Artifact, io.Reader) error) func(context.Context, evidence.Artifact, io.Reader) error {
	return func(ctx context.Context, art evidence.Artifact, r io.Reader) error {
		if strings.HasPrefix(art.MediaType, "image/") || len(s.forms()) == 0 {
			return keep(ctx, art, r)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return keep(ctx, art, strings.NewReader(s.cleaner()(string(b))))
	}
}

// strikeOut strikes the secrets out of a result: a body that holds one is left
// out, a line is shortened by it.
func (s *secrets) strikeOut(res *Result) {
	forms := s.forms()
	if len(forms) == 0 {
		return
	}
	clean := s.cleaner()
	holds := func(b []byte) bool {
		return slices.ContainsFunc(forms, func(f string) bool { return bytes.Contains(b, []byte(f)) })
	}
	// A page may ask about a password while it is being typed.
	begins := func(b []byte) bool {
		return slices.ContainsFunc(forms, func(f string) bool { return bytes.Contains(b, []byte(f[:max(shortest, len(f)/2)])) })
	}
	struck := 0
	for _, x := range res.Exchanges {
		if begins(x.RequestBody) {
			x.RequestBody = nil
			struck++
		}
		if !strings.HasPrefix(x.MediaType, "image/") && x.Body.Size() > 0 {
			if b, err := io.ReadAll(x.Body.Open()); err != nil || holds(b) {
				x.Body, x.Truncated = traffic.Body{}, traffic.TruncatedUnobtainable
				struck++
			}
		}
		for i := range x.Messages {
			if holds(x.Messages[i].Data) {
				x.Messages[i].Data = []byte(withheld)
				struck++
			}
		}
		x.URL, x.RedirectTo = clean(x.URL), clean(x.RedirectTo)
		for _, headers := range [][]traffic.Header{x.RequestHeaders, x.ResponseHeaders} {
			for i := range headers {
				headers[i].Value = clean(headers[i].Value)
			}
		}
	}
	res.HTML = []byte(clean(string(res.HTML)))
	res.URL, res.Title = clean(res.URL), clean(res.Title)
	for i := range res.Redirects {
		res.Redirects[i].From, res.Redirects[i].To = clean(res.Redirects[i].From), clean(res.Redirects[i].To)
	}
	if struck > 0 {
		res.Alterations = append(res.Alterations, evidence.Alteration{At: time.Now().UTC(), What: "secret_withheld",
			Note: "what was typed into a secret field was left out of the recorded traffic"})
	}
}
