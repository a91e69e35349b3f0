package listing

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/capture/listing/money"
)

// layout is what a reader would see, as far as markup alone tells: the text in
// order, and where on the page sums of money, headings, buttons and labels stand.
type layout struct {
	text     string // visible text, cleaned, in reading order
	lower    string // the same in lower case; offsets are not those of text
	spots    []spot
	headings []place
	titled   []place // texts that the page's title contains
	buttons  []place
	buys     []*place // of the buttons, those to buy; nil until asked for
	labels   []label
	remarks  []place // short texts, each as its innermost element holds it
	words    int     // bytes of visible text outside header, navigation and footer
	password bool
	sums     map[*html.Node]int // how many sums an element holds
	images   int
}

// place is an element at its offset in the reading order.
type place struct {
	node     *html.Node
	text     string
	zone     zone
	pos      int
	disabled bool
}

// label is a name on the page with the value beside it, as in "SKU: 4711".
type label struct {
	name, value string
	place
}

// walker builds a layout in one walk over the tree.
type walker struct {
	page  *Page
	l     *layout
	out   strings.Builder
	spine map[*html.Node]bool // what the main heading lies in: no part of the page that is apart
	title string              // the page's titles, folded
	cells [2]string           // a table row's or definition list's last name cell
	seen  string              // the last text that was compared with the titles
	found struct {            // the sums of the last text that holds a number
		text string
		sums []money.Sum
	}
	raw int // bytes of text seen, a measure of position
}

// see builds the layout of the page.
func (p *Page) see() *layout {
	if p.layout != nil {
		return p.layout
	}
	w := &walker{page: p, l: &layout{}, spine: p.spine(), title: fold(p.title) + "\n" + fold(p.first("og:title"))}
	w.out.Grow(min(len(p.HTML)/4, maxText))
	w.walk(p.body, around{})
	w.l.strikeReduced()
	w.l.text = clean(w.out.String())
	w.l.lower = lower(w.l.text)
	p.layout = w.l
	return p.layout
}

// around is what is known of an element's surroundings.
type around struct {
	zone zone    // of all ancestors
	near [4]zone // of the nearest ones
}

// short is the text of an element that is short enough to be a price or a label.
type short struct {
	text string
	long bool
	from int // index into spots where those within the element begin
}

const maxShort = 120

// boundary stands between the texts of blocks, so that numbers in them are not
// read as one.
const boundary = "\u2003"

// walk visits n and what is in it.
func (w *walker) walk(n *html.Node, a around) short {
	switch {
	case n.Type == html.TextNode:
		return w.textNode(n, a)
	case n.Type != html.ElementNode && n.Type != html.DocumentNode:
		return short{}
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Iframe, atom.Head:
		return short{}
	case atom.Img:
		w.l.images++
		return short{}
	case atom.Input:
		w.input(n, a)
		return short{}
	}
	own := w.page.zoneOf(n)
	if own&apart != 0 && w.spine[n] {
		own &^= apart
	}
	a.zone |= own & inherited
	copy(a.near[1:], a.near[:3])
	a.near[0] = own
	if a.zone&hidden != 0 && a.zone&maybe == 0 {
		return short{}
	}
	pos, from := w.raw, len(w.l.spots)
	s := w.children(n, a, from)
	if s.long {
		s.text = ""
	}
	if !s.long && s.text != "" {
		w.price(n, &s, a, pos)
	}
	w.notice(n, s, a, pos)
	return s
}

// children visits the children of n and joins their texts as a reader would.
func (w *walker) children(n *html.Node, a around, from int) short {
	s := short{from: from}
	tainted, level := false, atom.Atom(0)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := a
		if isHeading(c.DataAtom) {
			tainted, level = othersHeading(c), c.DataAtom
		} else if tainted && level != 0 {
			inner.zone |= foreign
		}
		block := isBlock(c.DataAtom)
		if block {
			w.out.WriteByte(' ')
		}
		part := w.walk(c, inner)
		if block {
			w.out.WriteByte(' ')
		}
		if !tainted && leadsOthers(c) {
			tainted, level = true, atom.H2
		}
		if part.long || len(s.text)+len(part.text) > maxShort {
			s.long = true
		}
		if s.long || part.text == "" {
			continue
		}
		switch {
		case w.isCents(c, part.text, s.text):
			s.text += "."
		case s.text != "" && block:
			s.text += boundary
		case s.text != "" && c.DataAtom != atom.Sup && !moneyJoins(s.text, part.text):
			s.text += " "
		}
		s.text += part.text
	}
	return s
}

// textNode adds a text to the reading order.
func (w *walker) textNode(n *html.Node, a around) short {
	if w.out.Len() < maxText {
		w.out.WriteString(n.Data)
	}
	t := n.Data
	if len(t) > 4*maxShort {
		w.raw += len(t)
		if a.zone&(chrome|foreign) == 0 {
			w.l.words += len(t)
		}
		return short{long: true}
	}
	t = clean(t)
	w.raw += len(t)
	if a.zone&(chrome|foreign) == 0 {
		w.l.words += len(t)
	}
	if len(t) > maxShort {
		return short{long: true}
	}
	return short{text: t}
}

// notice records headings, buttons and labels.
func (w *walker) notice(n *html.Node, s short, a around, pos int) {
	at := place{node: n, text: strings.ReplaceAll(s.text, boundary, " "), zone: a.zone, pos: pos}
	if w.isTitle(at.text) {
		w.l.titled = append(w.l.titled, at)
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4:
		if at.text == "" {
			at.text = clean(text(n))
		}
		w.l.headings = append(w.l.headings, at)
	case atom.Button, atom.A:
		button := n.DataAtom == atom.Button || buttonish(n)
		if s.text == "" && (button || s.long) {
			at.text = clean(attr(n, "aria-label") + " " + attr(n, "title") + " " + alternative(n))
		}
		if button {
			at.disabled = isDisabled(n)
			w.l.buttons = append(w.l.buttons, at)
		}
	case atom.Dt, atom.Th:
		w.cells[0] = s.text
	case atom.Dd, atom.Td:
		if s.text != "" && w.cells[0] != "" {
			w.l.labels = append(w.l.labels, label{trimLabel(w.cells[0]), s.text, at})
			w.cells[0] = ""
		} else if n.DataAtom == atom.Td {
			w.cells[0] = s.text
		}
	case atom.Tr, atom.Dl:
		w.cells[0] = ""
	default:
		if attr(n, "role") == "button" {
			at.disabled = isDisabled(n)
			w.l.buttons = append(w.l.buttons, at)
		}
	}
	if at.text != "" && len(at.text) <= 80 && len(w.l.remarks) < maxRemarks && hasText(n) {
		w.l.remarks = append(w.l.remarks, at)
	}
	name, value, ok := cutLabel(s.text)
	if ok && len(w.l.labels) < maxLabels {
		w.l.labels = append(w.l.labels, label{trimLabel(name), strings.TrimSpace(value), at})
	}
}

// isTitle reports whether a text is a good part of the page's titles. The boxes
// around a text have the same, so that one that was no title is not looked at twice.
func (w *walker) isTitle(text string) bool {
	if len(text) < 6 || len(w.l.titled) >= 400 || text == w.seen {
		return false
	}
	if t := fold(text); len(t) >= 6 && len(t)*10 >= len(w.title) && strings.Contains(w.title, t) {
		return true
	}
	w.seen = text
	return false
}

// input takes buttons that are input elements, and password fields.
func (w *walker) input(n *html.Node, a around) {
	switch strings.ToLower(attr(n, "type")) {
	case "password":
		if a.zone&hidden == 0 {
			w.l.password = true
		}
	case "submit", "button", "image":
		t := clean(attr(n, "value") + " " + attr(n, "title") + " " + attr(n, "aria-label"))
		w.l.buttons = append(w.l.buttons, place{n, t, a.zone, w.raw, isDisabled(n)})
	}
}

// maxLabels and maxRemarks bound what is kept.
const (
	maxLabels  = 4000
	maxRemarks = 20000
)

// hasText reports whether n itself holds text, not only its children.
func hasText(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return true
		}
	}
	return false
}

// cutLabel splits a text such as "SKU: 4711", or two blocks one beside the other.
func cutLabel(s string) (name, value string, ok bool) {
	for _, sep := range []string{":", "：", boundary} {
		if name, value, ok = strings.Cut(s, sep); ok && len(name) < 40 && strings.TrimSpace(value) != "" {
			return name, value, true
		}
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 && len(s) <= 48 && strings.ContainsAny(s[i:], "0123456789") { // SKU 4711
		return s[:i], s[i+1:], true
	}
	return "", "", false
}

func trimLabel(s string) string {
	return normal(strings.TrimFunc(s, func(r rune) bool {
		switch r {
		case ' ', ':', '：', '.', '#', '*', '\u00a0', '\u2003', '〈', '《', '「', '【', '（', '(', '[':
			return true
		}
		return false
	}))
}
