package listing

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parseHTML always yields a tree. The parser refuses pages nested deeper than
// 512 elements, which Chrome flattens; so do we, ever flatter until it fits.
func parseHTML(b []byte) *html.Node {
	root, err := html.Parse(bytes.NewReader(b))
	for depth := 256; err != nil && depth >= 16; depth /= 4 {
		root, err = html.Parse(bytes.NewReader(flatten(b, depth)))
	}
	if err != nil {
		return &html.Node{Type: html.DocumentNode}
	}
	return root
}

// flatten leaves out the start tags that open more than depth elements, and
// their end tags.
func flatten(b []byte, depth int) []byte {
	var out bytes.Buffer
	var open []atom.Atom // of the tags kept; a tag without a known name counts as 0
	dropped := map[atom.Atom]int{}
	z := html.NewTokenizer(bytes.NewReader(b))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := z.Raw()
		if kind == html.StartTagToken {
			raw = bytes.Clone(raw)
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if !void[a] {
				if len(open) >= depth && !rawText[a] {
					dropped[a]++
					continue
				}
				open = append(open, a)
			}
		}
		if kind == html.EndTagToken {
			raw = bytes.Clone(raw)
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if dropped[a] > 0 && !rawText[a] {
				dropped[a]--
				continue
			}
			for i := len(open) - 1; i >= 0 && i >= len(open)-8; i-- {
				if open[i] == a {
					open = open[:i]
					break
				}
			}
		}
		out.Write(raw)
	}
}

var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

var rawText = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Textarea: true, atom.Title: true, atom.Noscript: true, atom.Iframe: true, atom.Xmp: true}

// attr is the value of an attribute, or empty.
func attr(n *html.Node, name string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			return n.Attr[i].Val
		}
	}
	return ""
}

// hasAttr reports whether the element carries the attribute.
func hasAttr(n *html.Node, name string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			return true
		}
	}
	return false
}

// text is the text in n as a reader would see it, uncleaned, at most maxText
// bytes. Scripts and styles are left out.
func text(n *html.Node) string {
	var b strings.Builder
	addText(&b, n)
	return b.String()
}

func addText(b *strings.Builder, n *html.Node) {
	if b.Len() > maxText {
		return
	}
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript:
		return
	}
	block := isBlock(n.DataAtom)
	if block {
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		addText(b, c)
	}
	if block {
		b.WriteByte(' ')
	}
}

// isBlock reports whether an element sets its text off from what stands around it.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Br, atom.Button, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Fieldset,
		atom.Figcaption, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Main,
		atom.Nav, atom.Ol, atom.Option, atom.P, atom.Pre, atom.Section, atom.Select, atom.Table, atom.Td, atom.Th, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// clean folds all white space to single spaces and drops invisible characters.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); {
		if n := visible(s[i:]); n > 0 {
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case unicode.IsSpace(r) || r == '\u00a0':
			space = b.Len() > 0
		case r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\ufeff' || r == '\u00ad' || r == '\u2060' || unicode.IsControl(r) || r == '\ufffd' && b.Len() == 0:
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// visible is how many bytes s begins with that are visible ASCII.
func visible(s string) int {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return i
		}
	}
	return len(s)
}

// lower is s in lower case. Pages are mostly ASCII but for a sign here and there,
// for the sake of which strings.ToLower treats all of a text as it does that sign.
func lower(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if upper(c) {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		b.WriteRune(unicode.ToLower(r))
		i += size
	}
	return b.String()
}

// isClean reports whether clean would leave s as it is, for plain ASCII.
func isClean(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c <= ' ' && (c != ' ' || space) || c >= 0x7f {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// inSVG reports whether n lies in a drawing, whose title elements are tooltips.
func inSVG(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Namespace == "svg" {
			return true
		}
	}
	return false
}

// within reports whether n lies in top, or is it.
func within(n, top *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}
