package custody

import (
	"golang.org/x/mod/sumdb/tlog"
)

// Tree recomputes a log's roots from its leaves alone, one after the other, in
// memory that grows with the logarithm of their number. Verification uses it: it
// believes no stored hash.
type Tree struct {
	size int64
	full []tlog.Hash // roots of the complete subtrees, largest first
}

// Add appends a leaf and returns the hashes that a log stores with it, as
// tlog.StoredHashes does.
func (t *Tree) Add(leaf []byte) []tlog.Hash {
	h := tlog.RecordHash(leaf)
	stored := []tlog.Hash{h}
	// Every complete subtree that the new leaf makes a pair of is merged: as
	// many as the size has trailing ones in binary.
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.full) - 1
		h = tlog.NodeHash(t.full[last], h)
		t.full = t.full[:last]
		stored = append(stored, h)
	}
	t.full = append(t.full, h)
	t.size++
	return stored
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Root is the RFC 6962 root of the leaves so far.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // reads nothing, so cannot fail
		return root
	}
	h := t.full[len(t.full)-1]
	for i := len(t.full) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.full[i], h)
	}
	return h
}
