package desk

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// checkBrand lists all that cannot be right in a brand file.
func checkBrand(f evidence.BrandFile) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if f.Brand.Name == "" {
		fail("the brand has no name")
	}
	for i, r := range f.Rights {
		for _, err := range checkRight(r) {
			fail("right %d (%s): %w", i+1, r.Register(), err)
		}
		if r.Number != "" && slices.ContainsFunc(f.Rights[:i], func(o evidence.Right) bool { return o.Register() == r.Register() }) {
			fail("right %d (%s): it is there twice", i+1, r.Register())
		}
	}
	for _, p := range f.Brand.Illustrations {
		if !slices.Contains(f.Brand.GenuineMarkers, p.Shows) && !slices.Contains(f.Brand.CounterfeitFeatures, p.Shows) {
			fail("picture %s: %q is none of the brand's genuine markers and counterfeit features", p.Picture, p.Shows)
		}
	}
	for i, a := range f.Brand.Authorisations {
		if a.Agent == "" {
			fail("authorisation %d: it names no agent", i+1)
		}
		for _, err := range []error{checkDay("from", a.From), checkDay("to", a.To), inOrder("from", a.From, "to", a.To)} {
			if err != nil {
				fail("authorisation %d (%s): %w", i+1, a.Agent, err)
			}
		}
	}
	for i, s := range f.Signatories {
		if s.Name == "" {
			fail("signatory %d: the name is missing", i+1)
		}
		if a, err := mail.ParseAddress(s.Email); err != nil || a.Address != s.Email {
			fail("signatory %d (%s): %q is not an e-mail address", i+1, s.Name, s.Email)
		}
	}
	return errors.Join(errs...)
}

func checkRight(r evidence.Right) []error {
	errs := []error{
		checkDay("valid from", r.ValidFrom), checkDay("expires", r.Expires), inOrder("valid from", r.ValidFrom, "expires", r.Expires),
	}
	if !slices.Contains(evidence.RightTypes, r.Type) {
		errs = append(errs, fmt.Errorf("%q is not a type of right; want one of %v", r.Type, evidence.RightTypes))
	}
	if r.Type != evidence.Copyright && (r.Number == "" || r.Office == "") {
		errs = append(errs, fmt.Errorf("a %s needs the office and the number of its registration", r.Type))
	}
	if len(r.Jurisdiction) != 2 || r.Jurisdiction != strings.ToUpper(r.Jurisdiction) {
		errs = append(errs, fmt.Errorf("the jurisdiction %q is not two capital letters, as in US, or EU", r.Jurisdiction))
	}
	for _, c := range r.Classes {
		if c < 1 || c > 45 {
			errs = append(errs, fmt.Errorf("there is no class %d", c))
		}
	}
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

func checkDay(name, day string) error {
	if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
		return fmt.Errorf("%s: %q is not a day, want it as in 2026-11-23", name, day)
	}
	return nil
}

func inOrder(first, a, second, b string) error {
	if a != "" && b != "" && b < a {
		return fmt.Errorf("%s (%s) is after %s (%s)", first, a, second, b)
	}
	return nil
}

// Expiry is a right or an authorisation that ends soon or has ended.
type Expiry struct {
	Brand string `json:"brand"`
	What  string `json:"what"` // as in "trademark EUIPO 018000142"
	Last  string `json:"last"` // the last day
	Days  int    `json:"days"` // left after today; negative once it has ended
}

// Expiring lists what ends within so many days, or has ended, the first to end
// first.
func (d *Desk) Expiring(ctx context.Context, days int) ([]Expiry, error) {
	var out []Expiry
	today := d.cfg.Now().UTC().Truncate(24 * time.Hour)
	add := func(brand, what, last string) {
		if end, err := time.Parse(time.DateOnly, last); err == nil {
			if left := int(end.Sub(today).Hours() / 24); left <= days {
				out = append(out, Expiry{brand, what, last, left})
			}
		}
	}
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		names := map[evidence.ID]string{}
		for b, err := range store.Each[evidence.Brand](tx, evidence.KindBrand) {
			if err != nil {
				return err
			}
			names[b.ID] = b.Name
			for _, a := range b.Authorisations {
				add(b.Name, "authorisation of "+a.Agent, a.To)
			}
		}
		for r, err := range store.Each[evidence.Right](tx, evidence.KindRight) {
			if err != nil {
				return err
			}
			add(names[r.Brand], string(r.Type)+" "+r.Register(), r.Expires)
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Expiry) int { return strings.Compare(a.Last, b.Last) })
	return out, err
}
