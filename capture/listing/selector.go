package listing

import (
	"fmt"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// selector is a CSS selector, and the attribute to read in place of the text.
type selector struct {
	root  string // id of the element to search in; empty for the whole page
	match cascadia.Matcher
	attr  string
}

// parseSelector reads a selector such as "#seller a@href".
func parseSelector(s string) (selector, error) {
	var out selector
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
func (p *page) selected(fact string) string {
	s, _ := p.selectNode(fact)
	return s
}

// selectNode is selected, and the element it came from.
func (p *page) selectNode(fact string) (string, *html.Node) {
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
func (p *page) find(s selector) []*html.Node {
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

// value is the element's text, or the attribute the selector asks for.
func (s selector) value(n *html.Node) string {
	if s.attr != "" {
		return clean(attr(n, strings.TrimSpace(s.attr)))
	}
	if c := attr(n, "content"); c != "" && n.Data == "meta" {
		return clean(c)
	}
	return clean(text(n))
}
