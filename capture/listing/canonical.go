package listing

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Canonical is the one form of a listing's URL, however it was reached:
// tracking parameters gone and, on a known marketplace, its own short form.
func Canonical(raw string) string {
	p := Page{Document: Document{URL: raw}, link: map[string][]string{}}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return ""
	}
	p.base = u
	if m, _ := marketOf(u.Hostname()); m != nil {
		p.market = m
		p.rule, p.parts = m.match(u)
	}
	return p.canonical()
}

// canonical is the page's one URL.
func (p *Page) canonical() string {
	if p.base.Host == "" {
		if u, err := url.Parse(p.resolve(cmp.Or(append(p.link["canonical"], p.first("og:url"))...))); err == nil && u.Host != "" {
			return stripped(u)
		}
		return ""
	}
	if p.rule != nil && p.rule.Canonical != "" {
		if s, ok := fill(p.rule.Canonical, p.parts, strings.ToLower(p.base.Host)); ok {
			return s
		}
	}
	if s := p.declared(); s != "" {
		return s
	}
	return stripped(p.base)
}

// declared is the address the page itself calls canonical, if it is on the same
// site and no shallower than the page: shops that name their home page, or a
// shared listing page, would merge what is different.
func (p *Page) declared() string {
	for _, c := range p.link["canonical"] {
		u, err := url.Parse(p.resolve(c))
		if err != nil || u.Host == "" || strings.TrimPrefix(u.Hostname(), "www.") != strings.TrimPrefix(p.base.Hostname(), "www.") {
			continue
		}
		if strings.Trim(u.Path, "/") == "" && strings.Trim(p.base.Path, "/") != "" {
			continue
		}
		return stripped(u)
	}
	return ""
}

// fill puts the parts into a template: {name} is a part; what stands in
// brackets is left out where a part in it is missing.
func fill(template string, parts map[string]string, host string) (string, bool) {
	for {
		i := strings.IndexByte(template, '[')
		j := strings.IndexByte(template, ']')
		if i < 0 || j < i {
			break
		}
		inner, ok := fill(template[i+1:j], parts, host)
		if !ok {
			inner = ""
		}
		template = template[:i] + inner + template[j+1:]
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), true
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return "", false
		}
		value := parts[name]
		if name == "host" {
			value = host
		}
		if value == "" {
			return "", false
		}
		b.WriteString(value)
		template = after
	}
}

// tracking are parameters that say how a visitor came, not what he sees. An
// entry that ends in * is a prefix.
var tracking = []string{
	"utm_*", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "fbclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hs*", "hsa_*", "ref", "ref_", "refid", "referer", "referrer", "src", "source", "spm", "scm", "pvid", "algo_*", "aff_*", "affid", "affiliate", "affiliate_id", "tag", "ascsubtag", "linkcode", "linkid", "camp", "creative", "creativeasin", "cm_*", "icid", "icmpid", "intcmp", "cid", "cmpid", "campaign", "campaignid", "adgroupid", "adid", "trk*", "tracking", "trackingid", "srsltid", "epik", "s_kwcid", "pf_rd_*", "pd_rd_*", "sr", "qid", "keywords", "crid", "sprefix", "dib", "dib_tag", "content-id", "_encoding", "psc", "hash", "_trkparms", "_trksid", "amdata", "mkevt", "mkcid", "mkrid", "toolid", "customid", "campid", "sid", "sessionid", "phpsessid", "jsessionid", "share*", "click_key", "click_sum", "ga_*", "frs", "sts", "organic_search_click", "start", "cgid", "gad_source", "gad_campaignid", "wickedid", "awc", "irclickid", "irgwc", "clickid", "ranmid", "raneaid", "ransiteid", "at_*", "pk_*", "mtm_*", "matomo_*", "piwik_*", "vero_id", "rb_clickid", "zanpid", "sscid", "usqp", "ved", "sa", "ei",
}

// session is where a server without cookies puts a visitor's number.
var session = regexp.MustCompile(`(?i);jsessionid=`)

// stripped is the URL without what does not name the page: tracking parameters,
// fragment, default port; parameters sorted.
func stripped(u *url.URL) string {
	v := *u
	v.Fragment, v.RawFragment, v.User = "", "", nil
	v.Host = strings.ToLower(v.Host)
	v.Host = strings.TrimSuffix(strings.TrimSuffix(v.Host, ":443"), ":80")
	if at := session.FindStringIndex(v.Path); at != nil {
		v.Path, v.RawPath = v.Path[:at[0]], ""
	}
	if v.Path == "" {
		v.Path = "/"
	}
	q := v.Query()
	for key := range q {
		if isTracking(key) {
			delete(q, key)
		}
	}
	v.RawQuery = q.Encode()
	return v.String()
}

func isTracking(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc(tracking, func(t string) bool {
		if prefix, ok := strings.CutSuffix(t, "*"); ok {
			return strings.HasPrefix(key, prefix)
		}
		return key == t
	})
}
