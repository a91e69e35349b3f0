package listing

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// market describes a marketplace. Its file is assets/markets/NAME.json.
type market struct {
	Name string `json:"name"`
	// Hosts are regular expressions for the whole host name, without www. A group
	// named site tells the country site.
	Hosts []string `json:"hosts"`
	// Marks recognise shops of one software on hosts of their own (Shopify,
	// WooCommerce) by text in the page's HTML.
	Marks []string `json:"marks,omitempty"`
	// Site is the country site where the host does not name one.
	Site string `json:"site,omitempty"`
	// Sites maps the host's site part to the site's name, as com to us.
	Sites map[string]string `json:"sites,omitempty"`
	// Region is the country whose currency an ambiguous sign means, where the
	// site does not name one.
	Region string `json:"region,omitempty"`
	// Currency is the one that it sells in, if there is but one: its data then
	// gives bare numbers.
	Currency string `json:"currency,omitempty"`
	// Rules are the shapes of its URLs; the first that fits holds.
	Rules []rule `json:"rules"`
	// Select says where its listing pages show facts; the first selector that
	// yields something holds. A selector may end in @attribute.
	Select map[string][]string `json:"select,omitempty"`
	// Strict names facts that are left out when no selector yields them, because
	// other sums and names on its pages mislead.
	Strict []string `json:"strict,omitempty"`
	// State says where embedded data keeps facts: paths of keys, as in
	// "priceComponent.discountPrice.minActivityAmount.value"; * stands for every
	// key, a part in braces for what the address names.
	State map[string][]string `json:"state,omitempty"`
	// Decimals is how many digits stand behind the point of the whole numbers in
	// which its embedded data counts money.
	Decimals int `json:"decimals,omitempty"`
	// Seen says where the shape of its embedded data was seen.
	Seen string `json:"seen,omitempty"`
	// SellerURL is a regular expression whose group seller is the seller's ID in
	// links of the page.
	SellerURL string `json:"seller_url,omitempty"`

	hosts     []*regexp.Regexp
	compiled  func() error // the expressions below, and those of the rules, when first asked for
	sellerURL *regexp.Regexp
	selectors map[string][]selector
}

// rule is one shape of URL. Pattern is a regular expression over host-relative
// path and query, /path?query. Its named groups are facts: item, seller,
// variant. Canonical is the one form such URLs are given: {host}, {origin} and
// the groups are filled in; a part in brackets is left out if a group in it is empty.
type rule struct {
	Kind      evidence.PageKind   `json:"kind"`
	Target    evidence.TargetKind `json:"target,omitempty"` // what such a page is to a complaint, where Kind does not tell
	Host      string              `json:"host,omitempty"`   // regular expression for the host without www., its groups are facts too
	Pattern   string              `json:"pattern"`
	Params    map[string][]string `json:"params,omitempty"` // facts that query parameters give, by the fact's name
	Canonical string              `json:"canonical,omitempty"`
	Upper     []string            `json:"upper,omitempty"` // groups whose letters are capitals, however they were written

	re, host *regexp.Regexp
}

// markets are all marketplaces, in order of name, those without hosts last.
var markets = sync.OnceValues(loadMarkets)

func loadMarkets() ([]*market, error) {
	files, err := assets.Markets.ReadDir("markets")
	if err != nil {
		return nil, err
	}
	var list []*market
	for _, f := range files {
		b, err := assets.Markets.ReadFile(path.Join("markets", f.Name()))
		if err != nil {
			return nil, err
		}
		m := &market{}
		if err := json.Unmarshal(b, m); err != nil {
			return nil, fmt.Errorf("market %s: %w", f.Name(), err)
		}
		if err := m.compileHosts(); err != nil {
			return nil, fmt.Errorf("market %s: %w", f.Name(), err)
		}
		m.compiled = sync.OnceValue(m.compile)
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b *market) int { return min(len(a.Marks), 1) - min(len(b.Marks), 1) })
	return list, nil
}

func (m *market) compileHosts() error {
	for _, h := range m.Hosts {
		re, err := regexp.Compile("^(?:" + h + ")$")
		if err != nil {
			return err
		}
		m.hosts = append(m.hosts, re)
	}
	return nil
}

// ready is the market with its expressions, those of one page's alone: all of them
// take ten times as long as a small page does. Their files are part of the program
// and tested, so that a fault in them is a bug.
func (m *market) ready() *market {
	if err := m.compiled(); err != nil {
		panic(fmt.Sprintf("market %s, which came with the program: %v", m.Name, err))
	}
	return m
}

func (m *market) compile() error {
	for i := range m.Rules {
		re, err := regexp.Compile(m.Rules[i].Pattern)
		if err != nil {
			return err
		}
		m.Rules[i].re = re
		if h := m.Rules[i].Host; h != "" {
			if m.Rules[i].host, err = regexp.Compile("^(?:" + h + ")$"); err != nil {
				return err
			}
		}
	}
	m.selectors = map[string][]selector{}
	for fact, list := range m.Select {
		for _, s := range list {
			sel, err := parseSelector(s)
			if err != nil {
				return err
			}
			m.selectors[fact] = append(m.selectors[fact], sel)
		}
	}
	if m.SellerURL != "" {
		re, err := regexp.Compile(m.SellerURL)
		if err != nil {
			return err
		}
		m.sellerURL = re
	}
	return nil
}

// marketOf is the marketplace that has the host, and the part of the host that
// names its country site.
func marketOf(host string) (*market, string) {
	list, err := markets()
	if err != nil {
		return nil, ""
	}
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	for _, m := range list {
		for _, re := range m.hosts {
			if g := re.FindStringSubmatch(host); g != nil {
				return m.ready(), m.siteOf(group(re, g, "site"))
			}
		}
	}
	return nil, ""
}

func (m *market) siteOf(part string) string {
	if s, ok := m.Sites[part]; ok {
		return s
	}
	if part == "" {
		return m.Site
	}
	return part[strings.LastIndexByte(part, '.')+1:]
}

// group is the text of a named group of a match.
func group(re *regexp.Regexp, match []string, name string) string {
	for i, n := range re.SubexpNames() {
		if n == name && i < len(match) && match[i] != "" {
			return match[i]
		}
	}
	return ""
}

// match finds the rule that fits the URL, and the facts in it.
func (m *market) match(u *url.URL) (*rule, map[string]string) {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" {
		target += "?" + u.RawQuery
	}
	for i := range m.Rules {
		r := &m.Rules[i]
		parts := map[string]string{"origin": strings.ToLower(u.Scheme + "://" + u.Host)}
		host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		if r.host != nil && !named(r.host, host, parts) || !named(r.re, target, parts) {
			continue
		}
		for _, name := range r.Upper {
			parts[name] = strings.ToUpper(parts[name])
		}
		for fact, names := range r.Params {
			for _, name := range names {
				if v := u.Query().Get(name); parts[fact] == "" && isToken(v) {
					parts[fact] = v
				}
			}
		}
		return r, parts
	}
	return nil, nil
}

// isToken reports whether s is a plain number or name, fit for a URL as it is.
func isToken(s string) bool {
	return s != "" && len(s) <= 40 && strings.IndexFunc(s, func(r rune) bool { return r > 0x7f || r != '-' && r != '_' && !letterOrDigit(byte(r)) }) < 0
}

// named adds the named groups of the expression's match to parts.
func named(re *regexp.Regexp, s string, parts map[string]string) bool {
	g := re.FindStringSubmatch(s)
	for i, name := range re.SubexpNames() {
		if g != nil && name != "" && g[i] != "" {
			parts[name] = g[i]
		}
	}
	return g != nil
}

// recognise sets the page's marketplace, by host, else by the software's marks.
func (p *Page) recognise() {
	m, _ := marketOf(p.base.Hostname())
	if m == nil {
		m = p.marked()
	}
	if m == nil {
		return
	}
	p.market = m
	p.rule, p.parts = m.match(p.base)
}

// marked is the shop software whose marks the page carries. They stand in the
// head, so only the page's beginning is searched.
func (p *Page) marked() *market {
	list, err := markets()
	if err != nil {
		return nil
	}
	head := string(p.HTML[:min(len(p.HTML), 256<<10)])
	for _, m := range list {
		for _, mark := range m.Marks {
			if strings.Contains(head, mark) {
				return m.ready()
			}
		}
	}
	return nil
}

// strict reports whether the fact may only be read where the marketplace's
// description says.
func (p *Page) strict(fact string) bool {
	return p.market != nil && slices.Contains(p.market.Strict, fact)
}
