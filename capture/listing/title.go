package listing

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// heading is the visible heading that names what the page offers: the h1 that
// agrees with the page's title, else the first h1 of the content.
func (p *Page) heading() (place, bool) {
	if p.mainH == nil {
		h, ok := p.findHeading()
		p.mainH = &headed{h, ok}
	}
	return p.mainH.place, p.mainH.ok
}

// headed is a page's main heading, if it has one.
type headed struct {
	place
	ok bool
}

func (p *Page) findHeading() (place, bool) {
	l := p.see()
	var first, agreed *place
	title := fold(p.title)
	og := fold(p.first("og:title"))
	for i := range l.headings {
		h := &l.headings[i]
		if h.node.Data != "h1" || h.text == "" {
			continue
		}
		t := fold(h.text)
		if t == "" {
			continue
		}
		if strings.Contains(title, t) || strings.Contains(og, t) {
			return *h, true
		}
		if agreed == nil && agree(h.text, p.title) {
			agreed = h
		}
		if first == nil && h.zone&(chrome|foreign|reviews) == 0 {
			first = h
		}
	}
	if agreed != nil {
		first = agreed
	}
	var best *place
	for i := range l.titled {
		h := &l.titled[i]
		if h.zone&(hidden|foreign|chrome) != 0 || h.node.DataAtom == atom.A || endsTitle(title, fold(h.text)) {
			continue
		}
		if best == nil || len(h.text) > len(best.text) {
			best = h
		}
	}
	switch {
	case best != nil && (first == nil || len(fold(best.text))*2 >= len(title) && !agree(first.text, p.title)):
		return *best, true
	case first != nil:
		return *first, true
	}
	return place{}, false
}

// endsTitle reports whether a text is the last of a title's several parts, where
// shops put their own name.
func endsTitle(title, text string) bool {
	before, ok := strings.CutSuffix(title, text)
	return ok && slices.ContainsFunc(separators, func(sep string) bool { return before != sep && strings.HasSuffix(before, sep) })
}

// title settles the offer's title: what the page shows as its heading where the
// markup agrees with it, since markup adds colours, brands and shop names.
func (r *reader) title() {
	p := r.page
	if s := p.selected("title"); s != "" {
		r.setTitle(s, evidence.FromVisibleText)
		return
	}
	if s := p.stated("title"); s != "" {
		r.setTitle(s, evidence.FromEmbeddedState)
		return
	}
	stated, source := "", evidence.Source("")
	for _, c := range r.claims.main {
		if c.title != "" && c.source != evidence.FromOpenGraph {
			stated, source = c.title, c.source
			break
		}
	}
	og := clean(p.first("og:title"))
	shown := r.heading.text
	switch {
	case shown == "" && stated == "":
		if og = p.withoutSite(og); og != "" {
			r.setTitle(og, evidence.FromOpenGraph)
		} else if t := p.withoutSite(p.title); t != "" {
			r.setTitle(t, evidence.FromVisibleText)
		}
	case shown == "":
		r.setTitle(stated, source)
	case stated == "":
		if shorter(og, shown) {
			r.setTitle(og, evidence.FromOpenGraph)
			return
		}
		r.setTitle(shown, evidence.FromVisibleText)
	case shorter(og, shown) && shorter(og, stated):
		r.setTitle(og, evidence.FromOpenGraph)
	case shorter(stated, shown):
		r.setTitle(stated, source)
	case agree(shown, stated):
		r.setTitle(shown, evidence.FromVisibleText)
	default:
		r.setTitle(stated, source)
	}
}

// setTitle sets the title, without the article number some shops put behind it.
func (r *reader) setTitle(s string, source evidence.Source) {
	if sku := r.facts.SKU; len(sku) >= 4 && !r.named(s) {
		if t, ok := strings.CutSuffix(s, sku); ok {
			if i := strings.LastIndexAny(t, " \u00a0"); i > 0 && strings.HasSuffix(strings.TrimSpace(t), ":") {
				t = strings.TrimRight(t, " :\u00a0")
				t = t[:max(strings.LastIndexByte(t, ' '), 0)]
			}
			if t = strings.TrimRight(t, " -–|,(#"); len(t) >= 8 {
				s = t
			}
		}
	}
	r.facts.Title = s
	r.source("title", source)
}

// named reports whether another source gives the very same title.
func (r *reader) named(s string) bool {
	for _, c := range r.claims.main {
		if fold(c.title) == fold(s) {
			return true
		}
	}
	return false
}

// shorter reports whether a is b less some words around it, yet most of it.
func shorter(a, b string) bool {
	fa, fb := fold(a), fold(b)
	return fa != "" && len(fa) < len(fb) && len(fa)*10 >= len(fb)*4 && (strings.HasPrefix(fb, fa) || strings.HasSuffix(fb, fa))
}

// agree reports whether most words of the shorter text are in the longer.
func agree(a, b string) bool {
	wa, wb := strings.FieldsFunc(strings.ToLower(a), notWord), strings.FieldsFunc(strings.ToLower(b), notWord)
	if len(wa) > len(wb) {
		wa, wb = wb, wa
	}
	common := 0
	for _, w := range wa {
		if slices.Contains(wb, w) {
			common++
		}
	}
	return len(wa) > 0 && common*10 >= len(wa)*6 && len(wa)*10 >= len(wb)*3
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// separators are what stands between a title and a shop's name.
var separators = []string{" | ", " - ", " – ", " — ", " :: ", "｜", "|", " » ", " · ", "] "}

// withoutSite drops the shop's name from a document title.
func (p *Page) withoutSite(s string) string {
	site := fold(p.first("og:site_name", "application-name"))
	host := strings.TrimPrefix(p.base.Hostname(), "www.")
	name, _, _ := strings.Cut(host, ".")
	for _, sep := range separators {
		parts := strings.Split(s, sep)
		if len(parts) < 2 {
			continue
		}
		kept := slices.DeleteFunc(parts, func(part string) bool {
			f := strings.Trim(fold(part), "[]")
			return f == "" || f == site || f == host || strings.Contains(strings.ReplaceAll(f, " ", ""), name) && len(f) < len(name)*3 || strings.Contains(f, host)
		})
		if len(kept) > 0 && len(kept) < len(strings.Split(s, sep)) {
			return clean(strings.Join(kept, sep))
		}
	}
	return s
}
