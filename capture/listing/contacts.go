package listing

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// The types of contact.
const (
	phone    = "phone"
	email    = "email"
	wechat   = "wechat"
	whatsapp = "whatsapp"
	address  = "address"
)

// maxContacts bounds the contacts kept of one page.
const maxContacts = 40

// contacts are the ways to reach the seller that the page shows: links to
// telephone, mail and messengers, and labelled values. The site's own, in its
// header and footer, are not the seller's; on a listing only those near a name
// for them count. A shop's own page is searched whole.
func (p *Page) contacts(sellerPage bool) []evidence.Contact {
	var out []evidence.Contact
	add := func(kind, shown string) {
		shown = clean(shown)
		c := evidence.Contact{Type: kind, Shown: shown, Value: NormalizeContact(kind, shown)}
		if kind == phone && slices.ContainsFunc(out, func(have evidence.Contact) bool { return have.Type == phone && sameLine(have.Value, c.Value) }) {
			return
		}
		if c.Value == "" || len(out) >= maxContacts || slices.ContainsFunc(out, func(have evidence.Contact) bool { return have.Type == kind && have.Value == c.Value }) {
			return
		}
		out = append(out, c)
	}
	for _, c := range p.contactLinks() {
		if len(out) < maxContacts && c.Value != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, l := range p.see().labels {
		if l.zone&(chrome|foreign|reviews|hidden) != 0 {
			continue
		}
		if kind := contactNamed(l.name); kind != "" && (kind != address || sellerPage || strings.Contains(l.name, "address")) {
			add(kind, l.value)
		}
	}
	for _, t := range p.see().remarks {
		if t.zone&(chrome|foreign|reviews|hidden) != 0 {
			continue
		}
		if strings.IndexByte(t.text, '@') > 0 {
			for _, m := range mailAddress().FindAllString(t.text, 3) {
				add(email, m)
			}
		}
		if !namesMessenger(t.text) {
			continue
		}
		if g := messengerName().FindStringSubmatch(t.text); g != nil {
			kind := wechat
			if strings.EqualFold(g[1], "whatsapp") {
				kind = whatsapp
			}
			add(kind, g[2])
		}
	}
	return out
}

// namesMessenger spares most texts the regular expression.
func namesMessenger(s string) bool {
	for i := range len(s) - 5 {
		if s[i]|0x20 != 'w' {
			continue
		}
		for _, name := range []string{"wechat", "weixin", "whatsapp"} {
			if len(s)-i >= len(name) && strings.EqualFold(s[i:i+len(name)], name) {
				return true
			}
		}
	}
	return false
}

// contactNamed is the type of contact that a label names.
func contactNamed(label string) string {
	return words().contacts[label]
}

// contactLinks are links that open a telephone, mail or messenger, outside the
// site's own parts of the page.
func (p *Page) contactLinks() []evidence.Contact {
	var out []evidence.Contact
	for _, n := range p.element {
		if n.DataAtom != atom.A {
			continue
		}
		href := attr(n, "href")
		kind, value := contactLink(href)
		if kind == "" {
			continue
		}
		apart := false
		for a := n; a != nil && a != p.body; a = a.Parent {
			if p.zoneOf(a)&(chrome|foreign|reviews) != 0 || a.DataAtom == atom.Header {
				apart = true
				break
			}
		}
		if !apart {
			c := evidence.Contact{Type: kind, Shown: value, Value: NormalizeContact(kind, value)}
			shown := clean(text(n))
			if v := NormalizeContact(kind, shown); v != "" && (v == c.Value || kind == phone && sameLine(v, c.Value)) {
				c.Shown = shown // the link names the country, the text need not
			}
			out = append(out, c)
		}
	}
	return out
}

// sameLine reports whether two telephone numbers are the same but for how they
// name, or leave out, the country: their last eight digits agree.
func sameLine(a, b string) bool {
	return len(a) >= 8 && len(b) >= 8 && a[len(a)-8:] == b[len(b)-8:]
}

// contactLink is the contact that a link opens.
func contactLink(href string) (kind, value string) {
	if href == "" || href[0] == '#' || href[0] == '?' || href[0] == '/' && !strings.HasPrefix(href, "//") {
		return "", "" // as most links are: on the same site
	}
	switch lower := strings.ToLower(href); {
	case strings.HasPrefix(lower, "tel:"):
		return phone, href[4:]
	case strings.HasPrefix(lower, "mailto:"):
		value, _, _ = strings.Cut(href[7:], "?")
		if v, err := url.PathUnescape(value); err == nil {
			value = v
		}
		return email, value
	case strings.Contains(lower, "://wa.me/"), strings.Contains(lower, "whatsapp.com/send"), strings.HasPrefix(lower, "whatsapp:"):
		u, err := url.Parse(href)
		if err != nil {
			return "", ""
		}
		return whatsapp, cmp.Or(u.Query().Get("phone"), strings.Trim(u.Path, "/"))
	case strings.HasPrefix(lower, "weixin://contacts/profile/"):
		return wechat, href[len("weixin://contacts/profile/"):]
	}
	return "", ""
}

var mailAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,12}\b`)
})

var messengerName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(wechat|weixin|whatsapp)\b(?:\s*(?:id|no\.?|number))?\s*[:：]?\s+(\+?[A-Za-z0-9][A-Za-z0-9_ ()-]{4,24}[A-Za-z0-9])$`)
})

// NormalizeContact is the form in which equal contacts are equal: a telephone
// number as + and digits where it names its country, a mail address in lower
// case, an address without punctuation. It is empty where shown is no contact
// of the type.
func NormalizeContact(kind, shown string) string {
	s := strings.TrimSpace(shown)
	switch kind {
	case phone, whatsapp:
		return normalPhone(s)
	case email:
		s = strings.ToLower(strings.Trim(s, "<>.,;() "))
		if m := mailAddress().FindString(s); m == "" || m != s {
			return ""
		}
		return mailbox(s)
	case wechat:
		if digits := normalPhone(s); digits != "" && strings.Trim(s, "+0123456789 ()-") == "" {
			return digits
		}
		s = strings.ToLower(strings.Trim(s, " :：@"))
		if len(s) < 4 || len(s) > 30 || strings.ContainsFunc(s, func(r rune) bool {
			return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		}) {
			return ""
		}
		return s
	case address:
		return normalAddress(s)
	}
	return ""
}

// normalPhone keeps the digits, with a leading + where the number is
// international.
func normalPhone(s string) string {
	s = strings.ReplaceAll(s, "(0)", "")
	international := strings.HasPrefix(strings.TrimSpace(s), "+") || strings.HasPrefix(strings.TrimSpace(s), "00")
	var digits strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r >= '０' && r <= '９':
			digits.WriteRune('0' + r - '０')
		case strings.ContainsRune("+ -–.()/\u00a0\u2003", r):
		default:
			return "" // a masked number, or words
		}
	}
	d := digits.String()
	if international {
		d = "+" + strings.TrimPrefix(d, "00")
	}
	bare := strings.TrimPrefix(d, "+")
	if len(bare) < 7 || len(bare) > 15 || strings.Trim(bare, bare[len(bare)-1:]) == "" || strings.Contains("12345678901234567890", bare) {
		return "" // 000-000-0000 and 123-456-7890 are what forms show as an example
	}
	return d
}

// mailbox is the one form of a mail address: Gmail passes over dots, and over what
// follows a plus sign (https://support.google.com/mail/answer/7436150). Addresses that
// are an example (RFC 2606), or that nobody reads, tie nobody.
func mailbox(s string) string {
	user, host, _ := strings.Cut(s, "@")
	switch host {
	case "example.com", "example.org", "example.net":
		return ""
	case "gmail.com", "googlemail.com":
		user, _, _ = strings.Cut(user, "+")
		user, host = strings.ReplaceAll(user, ".", ""), "gmail.com"
	}
	switch user {
	case "noreply", "no-reply", "donotreply", "do-not-reply":
		return ""
	}
	return user + "@" + host
}

// normalAddress keeps letters and digits, in lower case, words apart.
func normalAddress(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), notWord)
	t := strings.Join(words, " ")
	if len(t) < 12 || len(words) < 3 && !strings.ContainsFunc(t, func(r rune) bool { return r > 0x2e80 }) {
		return ""
	}
	return t
}
