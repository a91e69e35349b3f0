package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"touchstone/capture/listing"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Linked is a seller that another is linked to.
type Linked struct {
	Seller evidence.Seller `json:"seller"`
	// Ties are the reasons, those that name this seller. Where none of them names
	// the other one as well, the link goes by way of a third, whose ties tell.
	Ties []listing.Tie `json:"ties"`
}

// LinkedSellers lists the sellers that share ways to reach them with one, also
// by way of others, in order of ID.
func (d *Desk) LinkedSellers(ctx context.Context, id evidence.ID) ([]Linked, error) {
	if _, err := Get[evidence.Seller](ctx, d, id); err != nil {
		return nil, err
	}
	sellers, err := All[evidence.Seller](ctx, d, evidence.KindSeller)
	if err != nil {
		return nil, err
	}
	byID := make(map[evidence.ID]evidence.Seller, len(sellers))
	for _, s := range sellers {
		byID[s.ID] = s
	}
	linked := []Linked{}
	for _, c := range listing.Link(sellers) {
		if !slices.Contains(c.Sellers, id) {
			continue
		}
		for _, other := range c.Sellers {
			if other == id {
				continue
			}
			l := Linked{Seller: byID[other]}
			for _, t := range c.Ties {
				if slices.Contains(t.Sellers, other) {
					l.Ties = append(l.Ties, t)
				}
			}
			linked = append(linked, l)
		}
	}
	return linked, nil
}

// Sellers finds sellers by ID, by the marketplace's own ID or by name, in any case.
func (d *Desk) Sellers(ctx context.Context, query string) ([]evidence.Seller, error) {
	all, err := All[evidence.Seller](ctx, d, evidence.KindSeller)
	return slices.DeleteFunc(all, func(s evidence.Seller) bool {
		return string(s.ID) != query && s.Facts.ID != query && !strings.EqualFold(s.Facts.Name, query)
	}), err
}

// SellerName is what a seller is called: the name that its pages show, or else
// the marketplace's ID.
func SellerName(s evidence.Seller) string { return cmp.Or(s.Facts.Name, s.Facts.ID) }

// Offered is a listing of a seller.
type Offered struct {
	Listing evidence.Listing `json:"listing"`
	Seller  evidence.Seller  `json:"seller"`
	// Ties are the reasons why a listing of another seller is among those of the
	// one asked for; none for the seller's own.
	Ties []listing.Tie `json:"ties,omitempty"`
}

// OfferedBy lists the listings of the sellers that the query finds, and of those
// linked to them, the sellers' own first.
func (d *Desk) OfferedBy(ctx context.Context, query string) ([]Offered, error) {
	sellers, err := d.Sellers(ctx, query)
	if err != nil {
		return nil, err
	}
	found := make([]Linked, 0, len(sellers))
	for _, s := range sellers {
		found = append(found, Linked{Seller: s})
	}
	for _, s := range sellers {
		linked, err := d.LinkedSellers(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range linked {
			if !slices.ContainsFunc(found, func(have Linked) bool { return have.Seller.ID == l.Seller.ID }) {
				found = append(found, l)
			}
		}
	}
	var out []Offered
	for _, l := range found {
		listings, err := AllBy[evidence.Listing](ctx, d, store.ListingsBySeller, string(l.Seller.ID))
		if err != nil {
			return nil, err
		}
		for _, offer := range listings {
			out = append(out, Offered{offer, l.Seller, l.Ties})
		}
	}
	return out, nil
}

// maxKnown bounds the contacts that are kept of one seller.
const maxKnown = 100

// merged is what is known of a seller after a page was read: a page that leaves
// something out takes nothing back, since a listing seldom shows what the
// seller's own page does.
func merged(before, now evidence.SellerFacts) evidence.SellerFacts {
	now.ID, now.Name, now.URL = cmp.Or(now.ID, before.ID), cmp.Or(now.Name, before.Name), cmp.Or(now.URL, before.URL)
	now.Contacts = slices.Clone(now.Contacts)
	for _, c := range before.Contacts {
		if len(now.Contacts) < maxKnown && !slices.ContainsFunc(now.Contacts, func(have evidence.Contact) bool { return have.Type == c.Type && have.Value == c.Value }) {
			now.Contacts = append(now.Contacts, c)
		}
	}
	return now
}
