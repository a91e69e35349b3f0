package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
)

// pageReader reads records from the pages of one transaction, as they were when
// it began. It trusts no page: what it is asked for is there, is not there, or
// the file is damaged on the way to it.
type pageReader struct {
	pageFile
	meta   metaPage
	slips  []string         // what is wrong with the meta pages
	loaded map[uint64]*page // read lately
}

// enoughLoaded bounds how many pages are kept in memory.
const enoughLoaded = 512

// newPageReader reads the state that the newer meta page names. Errors: ErrDamaged.
func newPageReader(file io.ReaderAt, size, width int64) (*pageReader, error) {
	r := &pageReader{pageFile: pageFile{file: file, size: size, width: width}, loaded: map[uint64]*page{}}
	m, slips, err := r.metas()
	if err == nil && m == nil {
		err = damage(errors.New("both meta pages are damaged"))
	}
	if err != nil {
		return nil, err
	}
	r.meta, r.slips, r.pages = *m, slips, m.pages
	return r, nil
}

// damage is what is told of a damaged database: what is wrong, and what to do.
func damage(what error) error {
	return fmt.Errorf("%s is %w: %w: run touchstone verify to see what it concerns, and put back a backup", recordsName, ErrDamaged, what)
}

func notRecord(bucket string, key []byte) error {
	return fmt.Errorf("part %q, record %s is not a record", bucket, showKey(key))
}

func (r *pageReader) load(id uint64) (*page, error) {
	if p, ok := r.loaded[id]; ok {
		return p, nil
	}
	h, b, err := r.read(id)
	if err != nil {
		return nil, err
	}
	p, err := parsePage(fmt.Sprintf("page %d", id), h, b)
	if err != nil {
		return nil, err
	}
	if len(r.loaded) >= enoughLoaded {
		clear(r.loaded)
	}
	r.loaded[id] = p
	return p, nil
}

// cursor goes over the entries of a bucket. Errors: errNoBucket, ErrDamaged.
func (r *pageReader) cursor(bucket string) (*pageCursor, error) {
	top := &pageCursor{r: r, root: r.meta.root}
	key := []byte(bucket)
	if err := top.seek(key); err != nil {
		return nil, damage(err)
	}
	at, ok := top.entry()
	if !ok || !bytes.Equal(at.key, key) {
		return nil, errNoBucket
	}
	root, inline, err := bucketRoot(at.key, at.value, at.flags)
	if err != nil {
		return nil, damage(err)
	}
	return &pageCursor{r: r, root: root, inline: inline}, nil
}

var errNoBucket = errors.New("there is no such part")

// get is a value as stored, or else what stands to both sides of where it would
// be: damage to a key shows there. Errors: errNoBucket, ErrDamaged.
func (r *pageReader) get(bucket string, key []byte) (value []byte, beside []pair, err error) {
	c, err := r.cursor(bucket)
	if err != nil {
		return nil, nil, err
	}
	if err := c.seek(key); err != nil {
		return nil, nil, damage(err)
	}
	leaf := c.last()
	if at, ok := c.entry(); ok && bytes.Equal(at.key, key) {
		if at.flags != 0 {
			return nil, nil, damage(notRecord(bucket, key))
		}
		return at.value, nil, nil
	}
	if i := leaf.at - 1; i >= 0 {
		beside = append(beside, pair{leaf.keys[i], leaf.values[i]})
	}
	if leaf.at == len(leaf.keys) {
		// The next leaf may hold what a damaged branch does not lead to.
		if err := c.next(); err != nil {
			return nil, nil, damage(err)
		}
	}
	if at, ok := c.entry(); ok {
		beside = append(beside, pair{at.key, at.value})
	}
	return nil, beside, nil
}

// scan reads up to limit pairs of a span. Errors: errNoBucket, ErrDamaged.
func (r *pageReader) scan(s span, limit int) (pairs []pair, err error) {
	c, err := r.cursor(s.bucket)
	if err != nil {
		return nil, err
	}
	step := c.next
	if s.reverse {
		step = c.prev
	}
	for err = c.begin(s); err == nil; err = step() {
		at, ok := c.entry()
		if !ok || len(pairs) == limit || !bytes.HasPrefix(at.key, s.prefix) {
			return pairs, nil
		}
		if at.flags != 0 {
			err = notRecord(s.bucket, at.key)
			break
		}
		pairs = append(pairs, pair{at.key, at.value})
	}
	return nil, damage(err)
}

// checkAround looks at the pages that bbolt reads to take an entry out: beside
// those on the way to it, their neighbours, which it may join them with.
func (r *pageReader) checkAround(bucket string, key []byte) error {
	c, err := r.cursor(bucket)
	if errors.Is(err, errNoBucket) {
		return nil
	}
	if err == nil {
		err = c.seek(key)
	}
	for _, s := range c.steps {
		if s.isLeaf() || err != nil {
			break
		}
		for i := max(0, s.at-1); i < min(len(s.children), s.at+2) && err == nil; i++ {
			id, from, to := s.child(i, s.to)
			var p *page
			if p, err = r.load(id); err == nil {
				err = p.within(from, to)
			}
		}
	}
	if err != nil {
		return damage(err)
	}
	return nil
}

// pageCursor is a place in a bucket.
type pageCursor struct {
	r      *pageReader
	root   uint64
	inline *page // in place of a root
	steps  []cursorStep
}

// cursorStep is one page on the way from the root, and which entry of it is next.
type cursorStep struct {
	*page
	at int
	to []byte // below which its keys are
}

type pageEntry struct {
	key, value []byte
	flags      uint32
}

func (c *pageCursor) last() *cursorStep { return &c.steps[len(c.steps)-1] }

// entry is the one the cursor is at, if it is at one.
func (c *pageCursor) entry() (pageEntry, bool) {
	if len(c.steps) == 0 {
		return pageEntry{}, false
	}
	l := c.last()
	if l.at < 0 || l.at >= len(l.keys) {
		return pageEntry{}, false
	}
	return pageEntry{l.keys[l.at], l.values[l.at], l.flags[l.at]}, true
}

// begin goes to where a span begins.
func (c *pageCursor) begin(s span) error {
	if !s.reverse {
		from := s.prefix
		if s.after != nil {
			from = s.after
		}
		if err := c.seek(from); err != nil {
			return err
		}
		at, ok := c.entry()
		if ok && (s.after == nil || !bytes.Equal(at.key, s.after)) {
			return nil
		}
		return c.next()
	}
	end := s.after
	if end == nil {
		end = prefixEnd(s.prefix)
	}
	if end == nil {
		return c.start(lastEntry)
	}
	if err := c.seek(end); err != nil {
		return err
	}
	if _, ok := c.entry(); !ok {
		// As bbolt does, so that it finds nothing that was not looked at.
		if err := c.next(); err != nil {
			return err
		}
		if len(c.steps) == 0 {
			return c.start(lastEntry)
		}
	}
	return c.prev()
}

func firstEntry(*page) int  { return 0 }
func lastEntry(p *page) int { return len(p.keys) - 1 }

// seek goes to where a key is or would be, which may be the end of a leaf.
func (c *pageCursor) seek(key []byte) error {
	return c.start(func(p *page) int {
		i := sort.Search(len(p.keys), func(i int) bool { return bytes.Compare(p.keys[i], key) >= 0 })
		if p.isLeaf() || i < len(p.keys) && bytes.Equal(p.keys[i], key) {
			return i
		}
		return max(0, i-1)
	})
}

func (c *pageCursor) start(choose func(*page) int) error {
	c.steps = c.steps[:0]
	if c.inline != nil {
		c.steps = append(c.steps, cursorStep{page: c.inline, at: choose(c.inline)})
		return nil
	}
	return c.down(c.root, nil, nil, choose)
}

// down goes from a page to a leaf.
func (c *pageCursor) down(id uint64, from, to []byte, choose func(*page) int) error {
	for {
		if slices.ContainsFunc(c.steps, func(s cursorStep) bool { return s.id == id }) {
			return fmt.Errorf("page %d is named twice", id)
		}
		p, err := c.r.load(id)
		if err == nil {
			err = p.within(from, to)
		}
		if err != nil {
			return err
		}
		s := cursorStep{p, choose(p), to}
		c.steps = append(c.steps, s)
		if p.isLeaf() {
			return nil
		}
		id, from, to = p.child(s.at, to)
	}
}

// next goes to the next entry; past the last there is none.
func (c *pageCursor) next() error {
	return c.move(1, firstEntry)
}

// prev goes to the entry before; before the first there is none.
func (c *pageCursor) prev() error {
	return c.move(-1, lastEntry)
}

func (c *pageCursor) move(by int, enter func(*page) int) error {
	for len(c.steps) > 0 {
		s := c.last()
		s.at += by
		if s.at >= 0 && s.at < len(s.keys) {
			if s.isLeaf() {
				return nil
			}
			id, from, to := s.child(s.at, s.to)
			return c.down(id, from, to, enter)
		}
		c.steps = c.steps[:len(c.steps)-1]
	}
	return nil
}
