package picture

import "slices"

// Index finds the pictures that are like a given one. It compares with every
// picture it holds, one after another in memory: a million in some 10 ms, which
// no tree over 64-bit hashes betters at the distances that copies need. It is
// not safe for use by several goroutines while pictures are added.
type Index[ID comparable] struct {
	prints []Print
	ids    []ID
}

// Match is a picture found, the nearest first.
type Match[ID comparable] struct {
	ID       ID
	Distance int // differing bits, 0 for the same
}

// Add puts a picture into the index. One picture may be added under many IDs.
func (x *Index[ID]) Add(id ID, p Print) {
	x.prints = append(x.prints, p)
	x.ids = append(x.ids, id)
}

// Len is how many pictures the index holds.
func (x *Index[ID]) Len() int { return len(x.ids) }

// Like lists the pictures that show the same photograph as p, the nearest
// first, equal ones in the order in which they were added.
func (x *Index[ID]) Like(p Print) []Match[ID] {
	var out []Match[ID]
	if p == (Print{}) {
		return out
	}
	for i := range x.prints {
		if distance(p.P, x.prints[i].P) > near {
			continue
		}
		if d, same := Distance(p, x.prints[i]); same {
			out = append(out, Match[ID]{x.ids[i], d})
		}
	}
	slices.SortStableFunc(out, func(a, b Match[ID]) int { return a.Distance - b.Distance })
	return out
}
