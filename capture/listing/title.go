package listing

import (
	"strings"

	"touchstone/store/evidence"
)

// heading is the visible heading that names what the page offers: the h1 that
// agrees with the page's title, else the first h1 of the content.
func (p *page) heading() (place, bool) {
	l := p.see()
	var first *place
	title := fold(p.title)
	og := fold(p.first("og:title"))
	for i := range l.headings {
		h := &l.headings[i]
		if h.node.Data != "h1" || h.text == "" || h.zone&(hidden|foreign) == hidden {
			continue
		}
		t := fold(h.text)
		if t == "" {
			continue
		}
		if strings.Contains(title, t) || strings.Contains(og, t) {
			return *h, true
		}
		if first == nil && h.zone&chrome == 0 {
			first = h
		}
	}
	if first != nil {
		return *first, true
	}
	for i := range l.headings {
		h := &l.headings[i]
		if t := fold(h.text); len(t) > 8 && h.zone&(hidden|foreign|chrome) == 0 && (strings.HasPrefix(title, t) || og == t) {
			return *h, true
		}
	}
	return place{}, false
}

// title settles the offer's title.
func (r *reader) title() {
	if s := r.page.selected("title"); s != "" {
		r.facts.Title = s
		r.source("title", evidence.FromVisibleText)
		return
	}
	for _, c := range r.claims.main {
		if c.title != "" && c.source != evidence.FromOpenGraph {
			r.facts.Title = c.title
			r.source("title", c.source)
			return
		}
	}
	if r.heading.text != "" {
		r.facts.Title = r.heading.text
		r.source("title", evidence.FromVisibleText)
		return
	}
	if t := clean(r.page.first("og:title")); t != "" {
		r.facts.Title = t
		r.source("title", evidence.FromOpenGraph)
	}
}
