package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// enoughFaults is how many faults of the pages are told before the walk ends.
const enoughFaults = 20

var errEnough = errors.New("enough faults")

// pageWalk goes over all pages of a database, visiting none twice.
type pageWalk struct {
	*pageReader
	ctx     context.Context
	seen    bits
	unused  []uint64 // the free pages, once all were walked
	buckets []string
	into    func(bucket string) bool // whether to walk a bucket's own pages

	faults []string // in what is read
	slips  []string // in what only writing needs: the spare meta, the list of free pages
}

// bits is a set of small numbers.
type bits []uint64

func newBits(n uint64) bits      { return make(bits, n/64+1) }
func (b bits) has(i uint64) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bits) add(i uint64)      { b[i/64] |= 1 << (i % 64) }
func (b bits) firstNot(n uint64) uint64 {
	i := uint64(0)
	for i < n && b.has(i) {
		i++
	}
	return i
}

// walkPages walks the pages of the database in one transaction, which keeps
// them from changing. Without into it walks all and also looks that none is
// lost.
func (w *Workspace) walkPages(ctx context.Context, into func(bucket string) bool) (*pageWalk, error) {
	var p *pageWalk
	err := w.transact(ctx, reading, func(t transaction) (err error) {
		p, err = walk(ctx, t.pages, into)
		return err
	}, nil)
	return p, err
}

// walk walks the pages. What is wrong with them is no error.
func walk(ctx context.Context, r *pageReader, into func(bucket string) bool) (*pageWalk, error) {
	p := &pageWalk{pageReader: r, ctx: ctx, into: into, slips: slices.Clone(r.slips), seen: newBits(r.pages)}
	p.seen.add(0)
	p.seen.add(1)
	err := p.tree(r.meta.root, nil, nil, p.topEntry)
	if err == nil && into == nil && len(p.faults) == 0 {
		p.free()
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	return p, err
}

func (p *pageWalk) fault(err error) error {
	p.faults = append(p.faults, err.Error())
	if len(p.faults) >= enoughFaults {
		return errEnough
	}
	return p.ctx.Err()
}

func (p *pageWalk) slip(format string, a ...any) {
	p.slips = append(p.slips, fmt.Sprintf(format, a...))
}

// take reads a page that must not have been taken before.
func (p *pageWalk) take(id uint64) (h pageHeader, b []byte, err error) {
	if id < p.pages && p.seen.has(id) {
		return h, nil, fmt.Errorf("page %d is named twice", id)
	}
	if h, b, err = p.read(id); err != nil {
		return h, nil, err
	}
	for i := id; i <= id+uint64(h.overflow); i++ {
		if p.seen.has(i) {
			return h, nil, fmt.Errorf("page %d runs over into page %d, which is another's", id, i)
		}
		p.seen.add(i)
	}
	return h, b, nil
}

// entry is what a walk does with an entry of a leaf page.
type entry func(flags uint32, key, value []byte) error

// tree walks a page and what is under it, as the branch above says it is.
func (p *pageWalk) tree(id uint64, from, to []byte, e entry) error {
	h, b, err := p.take(id)
	if err != nil {
		return p.fault(err)
	}
	name := fmt.Sprintf("page %d", id)
	at, err := parsePage(name, h, b)
	if err == nil {
		err = at.within(from, to)
	}
	if err != nil {
		return p.fault(err)
	}
	if at.isLeaf() {
		return entries(at, e)
	}
	for i := range at.children {
		child, from, until := at.child(i, to)
		if err := p.tree(child, from, until, e); err != nil {
			return err
		}
	}
	return nil
}

func entries(leaf *page, e entry) error {
	for i := range leaf.keys {
		if err := e(leaf.flags[i], leaf.keys[i], leaf.values[i]); err != nil {
			return err
		}
	}
	return nil
}

// topEntry is an entry of the database's root: a bucket.
func (p *pageWalk) topEntry(flags uint32, key, value []byte) error {
	name := string(key)
	p.buckets = append(p.buckets, name)
	if p.into != nil && !p.into(name) {
		return nil
	}
	root, inline, err := bucketRoot(key, value, flags)
	if err != nil {
		return p.fault(err)
	}
	inner := func(flags uint32, key, _ []byte) error {
		if flags != 0 {
			return p.fault(notRecord(name, key))
		}
		return nil
	}
	if inline != nil {
		return entries(inline, inner)
	}
	return p.tree(root, nil, nil, inner)
}

// free reads the list of free pages: with those in use it must make up the whole.
func (p *pageWalk) free() {
	// What only writing needs does not keep us from reading.
	h, b, err := p.take(p.meta.freelist)
	if err != nil {
		p.slip("%v", err)
		return
	}
	free, err := freePages(h, b)
	if err != nil {
		p.slip("%v", err)
		return
	}
	for _, id := range free {
		if id < 2 || id >= p.pages || p.seen.has(id) {
			p.slip("list of free pages names page %d, which is not free", id)
			return
		}
		p.seen.add(id)
	}
	p.unused = free
	if lost := p.seen.firstNot(p.pages); lost < p.pages {
		p.slip("page %d is neither in use nor free", lost)
	}
}
