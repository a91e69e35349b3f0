package listing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Cluster is sellers that share ways to reach them, and so are likely one.
type Cluster struct {
	Sellers []evidence.ID `json:"sellers"` // in order of ID
	Ties    []Tie         `json:"ties"`    // each is a reason; in order of what is shared
}

// Tie is one contact that several sellers show.
type Tie struct {
	Type    string        `json:"type"`
	Value   string        `json:"value"`   // normalised
	Sellers []evidence.ID `json:"sellers"` // in order of ID
}

// String says the reason in a sentence.
func (t Tie) String() string {
	ids := make([]string, len(t.Sellers))
	for i, id := range t.Sellers {
		ids[i] = string(id)
	}
	return fmt.Sprintf("%s show the same %s: %s", strings.Join(ids, " and "), t.Type, t.Value)
}

// maxShared is how many sellers may show a contact before it is taken for the
// marketplace's own, or an agency's, and ties nobody.
const maxShared = 200

// Link finds the sellers that are linked by equal contacts, also by way of a
// third. The sellers of a cluster need not all share one contact: its ties say
// which share which. Names at WhatsApp, and those at WeChat that are numbers, are
// telephone numbers. Sellers that nothing ties to another are in no cluster. The
// result does not depend on the order of the sellers.
func Link(sellers []evidence.Seller) []Cluster {
	shared := map[[2]string][]evidence.ID{}
	for _, s := range sellers {
		for _, c := range s.Facts.Contacts {
			key := [2]string{c.Type, cmp.Or(NormalizeContact(c.Type, c.Shown), NormalizeContact(c.Type, c.Value))}
			if c.Type == whatsapp || c.Type == wechat && normalPhone(key[1]) == key[1] {
				key[0] = phone
			}
			if key[1] != "" && !slices.Contains(shared[key], s.ID) {
				shared[key] = append(shared[key], s.ID)
			}
		}
	}
	var ties []Tie
	sets := disjoint{}
	for key, ids := range shared {
		if len(ids) < 2 || len(ids) > maxShared {
			continue
		}
		slices.Sort(ids)
		ties = append(ties, Tie{key[0], key[1], ids})
		for _, id := range ids[1:] {
			sets.join(ids[0], id)
		}
	}
	slices.SortFunc(ties, func(a, b Tie) int {
		return strings.Compare(a.Type+"\x00"+a.Value, b.Type+"\x00"+b.Value)
	})
	return sets.clusters(ties)
}

// disjoint is sets of sellers: each points to another of its set, the last to
// itself.
type disjoint map[evidence.ID]evidence.ID

func (d disjoint) root(id evidence.ID) evidence.ID {
	for {
		up, ok := d[id]
		if !ok || up == id {
			return id
		}
		if next, ok := d[up]; ok {
			d[id] = next
		}
		id = up
	}
}

func (d disjoint) join(a, b evidence.ID) {
	a, b = d.root(a), d.root(b)
	if b < a {
		a, b = b, a
	}
	d[a], d[b] = a, a
}

// clusters gathers the sets with their ties, in order of their first seller.
func (d disjoint) clusters(ties []Tie) []Cluster {
	byRoot := map[evidence.ID]*Cluster{}
	for id := range d {
		root := d.root(id)
		if byRoot[root] == nil {
			byRoot[root] = &Cluster{}
		}
		byRoot[root].Sellers = append(byRoot[root].Sellers, id)
	}
	for _, t := range ties {
		c := byRoot[d.root(t.Sellers[0])]
		c.Ties = append(c.Ties, t)
	}
	var out []Cluster
	for _, c := range byRoot {
		slices.Sort(c.Sellers)
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cluster) int { return strings.Compare(string(a.Sellers[0]), string(b.Sellers[0])) })
	return out
}
