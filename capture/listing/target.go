package listing

import (
	"net/url"
	"strings"

	"touchstone/store/evidence"
)

// Target is what a link leads to, as far as its address tells: an offer where it
// does not. The bare address of a site that is no marketplace is a domain.
func Target(raw string) evidence.TargetKind {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return evidence.TargetOffer
	}
	m, _ := marketOf(u.Hostname())
	if m == nil {
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
			return evidence.TargetDomain
		}
		return evidence.TargetOffer
	}
	switch r, _ := m.match(u); {
	case r == nil:
	case r.Target != "":
		return r.Target
	case r.Kind == evidence.PageSeller:
		return evidence.TargetStorefront
	}
	return evidence.TargetOffer
}
