package listing

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// marker is a rule that recognises pages shown in a listing's place. Its file
// is assets/markers/NAME.json; markers are tried in order of rank, then name.
type marker struct {
	Outcome evidence.Outcome `json:"outcome"`
	Reason  string           `json:"reason"` // in a sentence, for the record
	Rank    int              `json:"rank"`   // lower goes first
	When    []signs          `json:"when"`   // any of them suffices
	Example example          `json:"example"`

	name string
}

// example is how the page beside the rule, NAME.html, was answered.
type example struct {
	URL    string `json:"url"`
	Final  string `json:"final_url,omitempty"`
	Status int    `json:"status"`
}

// signs must all be there; of each list one entry suffices. Texts are compared
// in lower case.
type signs struct {
	Host   string   `json:"host,omitempty"`   // regular expression for the final host
	URL    []string `json:"url,omitempty"`    // part of the final path and query
	Moved  bool     `json:"moved,omitempty"`  // the final URL differs from the one asked for
	Status []int    `json:"status,omitempty"` //
	Title  []string `json:"title,omitempty"`  // part of the title
	HTML   []string `json:"html,omitempty"`   // part of the markup, scripts included
	Text   []string `json:"text,omitempty"`   // part of the visible text
	Head   []string `json:"head,omitempty"`   // part of a heading or of the first words of the page's content
	// Short demands that the page has less visible text than that many bytes;
	// pages shown in a listing's place are short.
	Short int `json:"short,omitempty"`
	// Password demands a password field.
	Password bool `json:"password,omitempty"`
	// Any relaxes the demand that all other signs imply, that the page is no
	// listing: marketplaces keep an ended listing's page. It must then have no
	// button to buy.
	Any bool `json:"any,omitempty"`

	host *regexp.Regexp
}

var markers = sync.OnceValues(loadMarkers)

func loadMarkers() ([]*marker, error) {
	files, err := assets.Markers.ReadDir("markers")
	if err != nil {
		return nil, err
	}
	var list []*marker
	for _, f := range files {
		b, err := assets.Markers.ReadFile(path.Join("markers", f.Name()))
		if err != nil {
			return nil, err
		}
		m := &marker{name: strings.TrimSuffix(f.Name(), ".json")}
		if err := json.Unmarshal(b, m); err != nil {
			return nil, fmt.Errorf("marker %s: %w", m.name, err)
		}
		for i := range m.When {
			if m.When[i].Host == "" {
				continue
			}
			if m.When[i].host, err = regexp.Compile(m.When[i].Host); err != nil {
				return nil, fmt.Errorf("marker %s: %w", m.name, err)
			}
		}
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b *marker) int { return a.Rank - b.Rank })
	return list, nil
}

// sight is a page as markers look at it: everything in lower case.
type sight struct {
	page   *Page
	status int
	moved  bool
	target string // final path and query
	title  string
	text   string
	head   string
}

// sight prepares the page for the markers. The visit may be empty.
func (p *Page) sight(v Visit) *sight {
	l := p.see()
	s := &sight{page: p, status: v.Status, text: l.lower, title: strings.ToLower(p.title)}
	if v.Text != "" {
		s.text = strings.ToLower(clean(v.Text))
	}
	if v.Title != "" {
		s.title = strings.ToLower(v.Title)
	}
	s.target = strings.ToLower(p.base.EscapedPath())
	if p.base.RawQuery != "" {
		s.target += "?" + strings.ToLower(p.base.RawQuery)
	}
	s.moved = v.URL != "" && p.URL != "" && strings.TrimSuffix(v.URL, "/") != strings.TrimSuffix(p.URL, "/")
	s.head = p.opening()
	return s
}

// maxMarkup is how many bytes of a page are searched for a marker's markup.
const maxMarkup = 512 << 10

// markup is the beginning of the page in lower case.
func (p *Page) markup() string {
	if p.lowered == "" {
		p.lowered = lower(string(p.HTML[:min(len(p.HTML), maxMarkup)]))
	}
	return p.lowered
}

// opening is the page's headings and the first words of its content, where a
// page that stands in for a listing says so.
func (p *Page) opening() string {
	var b strings.Builder
	l := p.see()
	for i, h := range l.headings {
		if i == 12 {
			break
		}
		if h.zone&(foreign|chrome|reviews|hidden) == 0 {
			b.WriteString(h.text + "\n")
		}
	}
	for _, n := range p.alerts() {
		b.WriteString(n + "\n")
	}
	if l.words < 1500 {
		b.WriteString(l.text)
	}
	return strings.ToLower(b.String())
}

// alerts are the texts of elements that their role or class calls a message.
func (p *Page) alerts() []string {
	var out []string
	classes := map[string]bool{}
	for _, n := range p.element {
		if len(out) == 12 {
			break
		}
		if n.FirstChild == nil || len(n.Attr) == 0 {
			continue
		}
		class := attr(n, "class")
		named, known := classes[class]
		if !known {
			named = alertClass(class)
			classes[class] = named
		}
		if role := attr(n, "role"); named || role == "alert" || role == "status" {
			if t := clean(text(n)); t != "" && len(t) < 400 && !p.isHidden(n) {
				out = append(out, t)
			}
		}
	}
	return out
}

// isHidden reports whether an element, or one around it, is not shown.
func (p *Page) isHidden(n *html.Node) bool {
	for ; n != nil && n != p.body; n = n.Parent {
		if p.zoneOf(n)&hidden != 0 {
			return true
		}
	}
	return false
}

func alertClass(class string) bool {
	for _, w := range []string{"alert", "message", "notice", "status-bar", "error", "warning", "banner", "removed", "ended", "d-statusmessage", "unavailable"} {
		if strings.Contains(class, w) {
			return true
		}
	}
	return false
}

// marker is the first rule that recognises the page.
func (s *sight) marker() *marker {
	list, err := markers()
	if err != nil {
		return nil
	}
	for _, m := range list {
		for i := range m.When {
			if s.shows(&m.When[i]) {
				return m
			}
		}
	}
	return nil
}

func (s *sight) shows(w *signs) bool {
	l := s.page.see()
	switch {
	case w.Moved && !s.moved,
		len(w.Status) > 0 && !slices.Contains(w.Status, s.status),
		w.Short > 0 && len(s.text) >= w.Short,
		w.Password && !l.password,
		w.host != nil && !w.host.MatchString(strings.ToLower(s.page.base.Hostname())),
		!anyIn(s.target, w.URL), !anyIn(s.title, w.Title), !anyIn(s.text, w.Text), !s.heads(w.Head), len(w.HTML) > 0 && !anyIn(s.page.markup(), w.HTML):
		return false
	}
	if w.Any {
		heading, _ := s.page.heading()
		return s.page.buyButton(heading) == nil
	}
	return !s.page.isListing()
}

// heads reports whether the page opens with one of the phrases, and shows it:
// many pages carry a message for the day they need it.
func (s *sight) heads(phrases []string) bool {
	if len(phrases) == 0 {
		return true
	}
	for _, p := range phrases {
		if strings.Contains(s.head, p) && strings.Contains(s.text, p) {
			return true
		}
	}
	return false
}

// anyIn reports whether s contains one of the parts, or there are none to find.
func anyIn(s string, parts []string) bool {
	if len(parts) == 0 {
		return true
	}
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
