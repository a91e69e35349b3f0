package listing

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"

	"touchstone/capture/listing/jsvalue"
)

// Limits that bound the work on a hostile page.
const (
	maxHTML   = 96 << 20 // bytes parsed; the rest is not read
	maxScript = 24 << 20 // bytes of script text kept for reading embedded state, over the whole page
	maxText   = 4 << 20  // bytes of visible text kept
)

// Page is a document parsed once, for its facts and for what a capture found. It
// is not safe for concurrent use.
type Page struct {
	Document
	base      *url.URL
	root      *html.Node
	body      *html.Node
	lang      string // of the html element, such as en-GB
	region    string // ISO 3166 country the page speaks to; empty where unknown
	title     string
	byID      map[string]*html.Node
	element   []*html.Node // all, in the order of the markup
	annotated annotated
	zones     map[string]zone     // by class names and the like, which repeat
	meta      map[string][]string // content by property, name, itemprop or http-equiv, in lower case
	link      map[string][]string // href by rel, in lower case
	script    []script
	market    *market
	rule      *rule // of the market's URL shapes, the one that fits
	parts     map[string]string
	layout    *layout
	claimed   *claims
	listing   *bool
	data      []jsvalue.Value
	price     *weighed
	lowered   string // see markup
	mainH     *headed
}

// annotated is the elements that carry microdata or RDFa, in the order of the markup.
type annotated struct {
	scopes   []*html.Node    // microdata items
	props    []*html.Node    // microdata properties
	referred map[string]bool // ids that itemref attributes name
	rdfa     bool            // the page has typeof attributes
}

// script is a script element's text.
type script struct{ kind, id, text string }

// Parse reads the document and indexes it.
func Parse(d Document) *Page {
	p := &Page{Document: d, byID: map[string]*html.Node{}, zones: map[string]zone{}, meta: map[string][]string{}, link: map[string][]string{}}
	if u, err := url.Parse(strings.TrimSpace(d.URL)); err == nil {
		p.base = u
	} else {
		p.base = &url.URL{}
	}
	p.root = parseHTML(decode(d))
	p.index()
	p.recognise()
	p.region = p.findRegion()
	return p
}

// decode turns the document into UTF-8. A page that is valid UTF-8 is taken as
// such whatever it declares: what a browser serialised is UTF-8, its meta
// element still names the charset the server used.
func decode(d Document) []byte {
	b := d.HTML[:min(len(d.HTML), maxHTML)]
	if !bytes.HasPrefix(b, []byte{0xfe, 0xff}) && !bytes.HasPrefix(b, []byte{0xff, 0xfe}) && validUTF8(b) && bytes.IndexByte(b, 0x1b) < 0 {
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	e, _, _ := charset.DetermineEncoding(b[:min(len(b), 4096)], d.ContentType)
	out, err := io.ReadAll(transform.NewReader(bytes.NewReader(b), e.NewDecoder()))
	if err != nil {
		return b
	}
	return out
}

// validUTF8 allows for a last rune that the size limit cut.
func validUTF8(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if utf8.Valid(b) {
			return true
		}
		if len(b) < maxHTML-utf8.UTFMax {
			return false
		}
		b = b[:len(b)-1]
	}
	return utf8.Valid(b)
}

// index walks the head and body once.
func (p *Page) index() {
	p.addElements(p.root)
	scripts := 0
	for _, n := range p.element {
		p.indexAttributes(n)
		switch n.DataAtom {
		case atom.Html:
			p.lang = attr(n, "lang")
		case atom.Body:
			if p.body == nil {
				p.body = n
			}
		case atom.Base:
			if u, err := p.base.Parse(attr(n, "href")); err == nil && attr(n, "href") != "" && u.Host != "" {
				p.link["base"] = append(p.link["base"], u.String())
			}
		case atom.Title:
			if p.title == "" && !inSVG(n) {
				p.title = clean(text(n))
			}
		case atom.Meta:
			content := strings.TrimSpace(attr(n, "content"))
			for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
				if name := strings.ToLower(attr(n, key)); name != "" {
					p.meta[name] = append(p.meta[name], content)
				}
			}
		case atom.Link:
			for _, rel := range strings.Fields(strings.ToLower(attr(n, "rel"))) {
				p.link[rel] = append(p.link[rel], attr(n, "href"))
			}
		case atom.Script:
			if n.FirstChild == nil {
				continue
			}
			t := n.FirstChild.Data
			if scripts += len(t); scripts <= maxScript {
				p.script = append(p.script, script{strings.ToLower(attr(n, "type")), attr(n, "id"), t})
			}
		}
	}
	if p.body == nil {
		p.body = p.root
	}
}

// addElements lists the elements in n. The parser bounds how deep they nest.
func (p *Page) addElements(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			p.element = append(p.element, c)
			p.addElements(c)
		}
	}
}

// indexAttributes notes by what an element is found again.
func (p *Page) indexAttributes(n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "id":
			if _, taken := p.byID[a.Val]; !taken && a.Val != "" {
				p.byID[a.Val] = n
			}
		case "itemscope":
			p.annotated.scopes = append(p.annotated.scopes, n)
		case "itemprop":
			p.annotated.props = append(p.annotated.props, n)
		case "itemref":
			if p.annotated.referred == nil {
				p.annotated.referred = map[string]bool{}
			}
			for _, id := range strings.Fields(a.Val) {
				p.annotated.referred[id] = true
			}
		case "typeof":
			p.annotated.rdfa = true
		}
	}
}

// first is the first content of the metas named, in the order of the names.
func (p *Page) first(names ...string) string {
	for _, name := range names {
		for _, v := range p.meta[name] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

// resolve makes a reference on the page absolute; empty where it is no web address.
func (p *Page) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") || len(ref) > 4096 {
		return ""
	}
	base := p.base
	if b := p.link["base"]; len(b) > 0 {
		if u, err := url.Parse(b[0]); err == nil {
			base = u
		}
	}
	u, err := base.Parse(ref)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
