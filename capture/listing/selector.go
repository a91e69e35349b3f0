package listing

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// selector is a CSS selector, and the attribute to read in place of the text.
type selector struct {
	root  string // id of the element to search in; empty for the whole page
	match cascadia.Matcher
	attr  string
	part  *regexp.Regexp // what of the value is meant: its first group
}

// parseSelector reads a selector such as "#seller a@href", or, where only a
// part of the text is meant, "#merchant => sold by (.+)\\.".
func parseSelector(s string) (selector, error) {
	var out selector
	s, expression, ok := strings.Cut(s, " => ")
	if ok {
		re, err := regexp.Compile(expression)
		if err != nil {
			return out, err
		}
		out.part = re
	}
	s, out.attr, _ = strings.Cut(s, "@")
	s = strings.TrimSpace(s)
	// An id at the front is looked up instead of searched for.
	if rest, ok := strings.CutPrefix(s, "#"); ok && !strings.Contains(s, ",") {
		id, tail, _ := strings.Cut(rest, " ")
		if strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" {
			out.root, s = id, tail
		}
	}
	if s == "" {
		return out, nil
	}
	m, err := cascadia.ParseGroup(s)
	if err != nil {
		return out, fmt.Errorf("selector %q: %w", s, err)
	}
	out.match = m
	return out, nil
}

// selected is the text that the marketplace's selectors for a fact yield.
func (p *Page) selected(fact string) string {
	s, _ := p.selectNode(fact)
	return s
}

// selectNode is selected, and the element it came from.
func (p *Page) selectNode(fact string) (string, *html.Node) {
	if p.market == nil {
		return "", nil
	}
	for _, sel := range p.market.selectors[fact] {
		for _, n := range p.find(sel) {
			if s := sel.value(n); s != "" {
				return s, n
			}
		}
	}
	return "", nil
}

// find is the elements a selector matches, in order.
func (p *Page) find(s selector) []*html.Node {
	root := p.root
	if s.root != "" {
		root = p.byID[s.root]
		if root == nil {
			return nil
		}
		if s.match == nil {
			return []*html.Node{root}
		}
	}
	return cascadia.QueryAll(root, s.match)
}

// value is the element's text, or the attribute the selector asks for, or the
// part of it that the selector's expression finds.
func (s selector) value(n *html.Node) string {
	v := s.whole(n)
	if s.part == nil {
		return v
	}
	g := s.part.FindStringSubmatch(v)
	if g == nil {
		return ""
	}
	return strings.TrimSpace(g[len(g)-1])
}

func (s selector) whole(n *html.Node) string {
	if s.attr != "" {
		return clean(attr(n, strings.TrimSpace(s.attr)))
	}
	if c := attr(n, "content"); c != "" && n.Data == "meta" {
		return clean(c)
	}
	return clean(text(n))
}

// present reports whether any selector of the fact finds an element.
func (p *Page) present(fact string) bool {
	if p.market == nil {
		return false
	}
	for _, sel := range p.market.selectors[fact] {
		for _, n := range p.find(sel) {
			if sel.part == nil || sel.value(n) != "" {
				return true
			}
		}
	}
	return false
}
