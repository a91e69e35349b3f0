package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// authority checks that who signs may act for the owner: for this right, on the
// marketplaces complained to, today.
func (c *checker) authority() {
	s := c.d.Signatory
	if s.Agent == "" {
		return
	}
	papers := slices.DeleteFunc(slices.Clone(c.d.Brand.Authorisations), func(a evidence.Authorisation) bool {
		return !strings.EqualFold(strings.TrimSpace(a.Agent), strings.TrimSpace(s.Agent))
	})
	if len(papers) == 0 {
		c.fail(s.ID, "authorisation_missing", fmt.Sprintf("%s signs for %s, which the brand has not authorised.", s.Name, shorten(s.Agent)),
			"Add the authorisation to the brand, or choose another signatory.")
		return
	}
	var why string
	for _, a := range papers {
		if why = c.lacks(a); why == "" {
			return
		}
	}
	c.fail(s.ID, "authorisation_out_of_scope", fmt.Sprintf("The authorisation of %s %s.", shorten(s.Agent), why),
		"Have it widened or renewed, or choose another signatory.")
}

// lacks says in what the authorisation falls short of the notice; empty if it
// covers it.
func (c *checker) lacks(a evidence.Authorisation) string {
	day := c.now.UTC().Format(time.DateOnly)
	r := c.d.Right
	switch {
	case a.From != "" && day < a.From:
		return "begins on " + a.From
	case a.To != "" && day > a.To:
		return "ended on " + a.To
	case !covers(a.Rights, r.Register()):
		return "does not cover the right " + r.Register()
	case !covers(a.Territories, r.Jurisdiction):
		return "does not cover " + r.Jurisdiction
	}
	for _, e := range c.d.Exhibits {
		if !covers(a.Platforms, e.Listing.Marketplace) && !covers(a.Platforms, c.d.Notice.Channel) {
			return "does not cover " + shorten(e.Listing.Marketplace)
		}
	}
	return ""
}

func covers(list []string, name string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// registration checks what the platform's own registry has said of the right.
func (c *checker) registration() {
	r := c.d.Right
	for _, g := range r.Registrations {
		if strings.EqualFold(g.Platform, c.d.Notice.Channel) && g.State != evidence.RegistrationApproved {
			c.fail(r.ID, "right_not_registered", fmt.Sprintf("The right's registration with %s is %s.", g.Platform, g.State),
				"See to the registration there, or rely on another right.")
		}
	}
}
