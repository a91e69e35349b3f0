package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// bbolt believes its pages: a flipped bit can send it round in circles until
// the stack is full, which ends the process. So the pages are walked here
// before bbolt follows them, by code that believes nothing and visits no page
// twice. The form of the file is that of go.etcd.io/bbolt v1.5.0,
// internal/common: integers have the order of the machine's bytes.
const (
	pageHeaderSize  = 16
	elementSize     = 16
	bucketSize      = 16 // of a bucket's header, in front of its inline page
	metaSize        = 64
	metaSummed      = 56 // the bytes of a meta that its checksum is over
	metaMagic       = 0xED0CDAED
	metaVersion     = 2
	branchFlag      = 0x01
	leafFlag        = 0x02
	metaFlag        = 0x04
	freelistFlag    = 0x10
	bucketEntryFlag = 0x01
	countInPage     = 0xFFFF // the freelist's length is its first element
)

// enoughFaults is how many faults of the pages are told before the walk ends.
const enoughFaults = 20

var errEnough = errors.New("enough faults")

// pageWalk reads the pages of a database.
type pageWalk struct {
	ctx      context.Context
	file     io.ReaderAt
	fileSize int64
	pageSize int64
	pages    uint64 // how many there are; the file may be longer
	seen     []bool
	unused   []uint64 // the free pages, once all were walked
	buckets  []string
	into     func(bucket string) bool // whether to walk a bucket's own pages

	faults []string // in what is read
	slips  []string // in what only writing needs: the spare meta, the list of free pages
}

type metaPage struct {
	root, freelist, pages, txid uint64
}

// walkPages walks the pages of the database in one transaction, which keeps
// them from changing. Without into it walks all and also looks that none is
// lost.
func (w *Workspace) walkPages(ctx context.Context, into func(bucket string) bool) (*pageWalk, error) {
	p := &pageWalk{ctx: ctx, into: into}
	err := w.transact(ctx, reading, func(tx *bbolt.Tx) error {
		f, err := os.Open(filepath.Join(w.dir, recordsName))
		if err != nil {
			return err
		}
		defer f.Close()
		if err := p.open(f, tx); err != nil {
			return err
		}
		if err := p.walk(); !errors.Is(err, errEnough) {
			return err
		}
		return nil
	}, nil)
	return p, err
}

func (p *pageWalk) open(f *os.File, tx *bbolt.Tx) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p.file, p.fileSize, p.pageSize = f, info.Size(), int64(tx.DB().Info().PageSize)
	return nil
}

func (p *pageWalk) walk() error {
	m, err := p.metas()
	if err != nil || m == nil {
		return err
	}
	p.pages, p.seen = m.pages, make([]bool, m.pages)
	p.seen[0], p.seen[1] = true, true
	if err := p.tree(m.root, nil, nil, p.topEntry); err != nil {
		return err
	}
	if p.into != nil || len(p.faults) > 0 {
		return nil
	}
	return p.free(m.freelist)
}

func (p *pageWalk) fault(format string, a ...any) error {
	p.faults = append(p.faults, fmt.Sprintf(format, a...))
	if len(p.faults) >= enoughFaults {
		return errEnough
	}
	return p.ctx.Err()
}

func (p *pageWalk) slip(format string, a ...any) {
	p.slips = append(p.slips, fmt.Sprintf(format, a...))
}

// metas reads the two meta pages and returns the newer. Both are whole in a
// file at rest: where one is not, bbolt quietly goes by the other, which may be
// that of the transaction before.
func (p *pageWalk) metas() (*metaPage, error) {
	var newest *metaPage
	var txids [2]uint64
	for i := range txids {
		m, what, err := p.meta(uint64(i))
		if err != nil {
			return nil, err
		}
		if what != "" {
			p.slip("meta page %d %s", i, what)
		}
		if m == nil {
			continue
		}
		txids[i] = m.txid
		if newest == nil || m.txid > newest.txid {
			newest = m
		}
	}
	if newest == nil {
		return nil, p.fault("both meta pages are damaged")
	}
	if len(p.slips) == 0 && txids[0]+1 != txids[1] && txids[1]+1 != txids[0] {
		p.slip("meta pages are of the transactions %d and %d, which do not follow each other", txids[0], txids[1])
	}
	return newest, nil
}

// meta reads a meta page, and says what is wrong with it. What bbolt would go by
// all the same is returned too.
func (p *pageWalk) meta(id uint64) (*metaPage, string, error) {
	b := make([]byte, pageHeaderSize+metaSize)
	if _, err := p.file.ReadAt(b, int64(id)*p.pageSize); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, "is cut short", nil
		}
		return nil, "", err
	}
	h, body, u := readHeader(b), b[pageHeaderSize:], binary.NativeEndian
	sum := fnv.New64a()
	sum.Write(body[:metaSummed])
	m := &metaPage{root: u.Uint64(body[16:]), freelist: u.Uint64(body[32:]), pages: u.Uint64(body[40:]), txid: u.Uint64(body[48:])}
	switch {
	case u.Uint32(body) != metaMagic || u.Uint32(body[4:]) != metaVersion || int64(u.Uint32(body[8:])) != p.pageSize:
		return nil, "is not a meta page", nil
	case u.Uint64(body[metaSummed:]) != sum.Sum64():
		return nil, "does not have its checksum", nil
	case m.pages < 2 || m.pages > uint64(p.fileSize/p.pageSize):
		return nil, "names an impossible number of pages", nil
	case h.id != id || h.flags != metaFlag || h.count != 0 || h.overflow != 0 || m.txid%2 != id:
		return m, "has a damaged header", nil
	}
	return m, "", nil
}

type pageHeader struct {
	id       uint64
	flags    uint16
	count    uint16
	overflow uint32
}

func readHeader(b []byte) pageHeader {
	u := binary.NativeEndian
	return pageHeader{id: u.Uint64(b), flags: u.Uint16(b[8:]), count: u.Uint16(b[10:]), overflow: u.Uint32(b[12:])}
}

// page reads a page and those it runs over into; nil where it is at fault.
func (p *pageWalk) page(id uint64) (pageHeader, []byte, error) {
	var h pageHeader
	if id < 2 || id >= p.pages {
		return h, nil, p.fault("page %d is named and does not exist", id)
	}
	if p.seen[id] {
		return h, nil, p.fault("page %d is named twice", id)
	}
	b := make([]byte, p.pageSize)
	if _, err := p.file.ReadAt(b, int64(id)*p.pageSize); err != nil {
		return h, nil, p.unreadable(id, err)
	}
	h = readHeader(b)
	last := id + uint64(h.overflow)
	if h.id != id || last >= p.pages {
		return h, nil, p.fault("page %d has a damaged header", id)
	}
	for i := id; i <= last; i++ {
		if p.seen[i] {
			return h, nil, p.fault("page %d runs over into page %d, which is another's", id, i)
		}
		p.seen[i] = true
	}
	if h.overflow > 0 {
		more := make([]byte, int64(h.overflow)*p.pageSize)
		if _, err := p.file.ReadAt(more, int64(id+1)*p.pageSize); err != nil {
			return h, nil, p.unreadable(id, err)
		}
		b = append(b, more...)
	}
	return h, b, nil
}

func (p *pageWalk) unreadable(id uint64, err error) error {
	if errors.Is(err, io.EOF) {
		return p.fault("page %d lies beyond the end of the file", id)
	}
	return p.fault("page %d cannot be read: %v", id, err)
}

// entry is what a walk does with an entry of a leaf page.
type entry func(flags uint32, key, value []byte) error

// tree walks a page and what is under it. Every key must be at least from and
// below to; nil means no bound.
func (p *pageWalk) tree(id uint64, from, to []byte, e entry) error {
	h, b, err := p.page(id)
	if err != nil || b == nil {
		return err
	}
	switch h.flags {
	case branchFlag:
		return p.branch(h, b, from, to, e)
	case leafFlag:
		return p.leaf(fmt.Sprintf("page %d", id), h, b, from, to, e)
	}
	return p.fault("page %d is neither branch nor leaf", id)
}

func (p *pageWalk) branch(h pageHeader, b, from, to []byte, e entry) error {
	if h.count == 0 || pageHeaderSize+int(h.count)*elementSize > len(b) {
		return p.fault("page %d has an impossible number of entries", h.id)
	}
	u := binary.NativeEndian
	keys, children := make([][]byte, h.count), make([]uint64, h.count)
	for i := range keys {
		at := pageHeaderSize + i*elementSize
		key, ok := cut(b, at, u.Uint32(b[at:]), u.Uint32(b[at+4:]))
		if !ok {
			return p.fault("page %d, entry %d lies outside of the page", h.id, i)
		}
		if !inOrder(keys[:i], key, from, to) {
			return p.fault("page %d, entry %d is out of order", h.id, i)
		}
		keys[i], children[i] = key, u.Uint64(b[at+8:])
	}
	for i, child := range children {
		until := to
		if i+1 < len(keys) {
			until = keys[i+1]
		}
		if err := p.tree(child, keys[i], until, e); err != nil {
			return err
		}
	}
	return nil
}

func (p *pageWalk) leaf(name string, h pageHeader, b, from, to []byte, e entry) error {
	if pageHeaderSize+int(h.count)*elementSize > len(b) {
		return p.fault("%s has an impossible number of entries", name)
	}
	u := binary.NativeEndian
	var keys [][]byte
	for i := range int(h.count) {
		at := pageHeaderSize + i*elementSize
		pos, keyLen, valueLen := u.Uint32(b[at+4:]), u.Uint32(b[at+8:]), u.Uint32(b[at+12:])
		key, ok := cut(b, at, pos, keyLen)
		value, fits := cut(b, at+len(key), pos, valueLen)
		if !ok || !fits {
			return p.fault("%s, entry %d lies outside of the page", name, i)
		}
		if !inOrder(keys, key, from, to) {
			return p.fault("%s, entry %d is out of order", name, i)
		}
		keys = append(keys, key)
		if err := e(u.Uint32(b[at:]), key, value); err != nil {
			return err
		}
	}
	return nil
}

// cut is n bytes of b, pos behind an element that is at.
func cut(b []byte, at int, pos, n uint32) ([]byte, bool) {
	begin := int64(at) + int64(pos)
	end := begin + int64(n)
	if end > int64(len(b)) {
		return nil, false
	}
	return b[begin:end:end], true
}

func inOrder(before [][]byte, key, from, to []byte) bool {
	if n := len(before); n > 0 && bytes.Compare(before[n-1], key) >= 0 {
		return false
	}
	return bytes.Compare(from, key) <= 0 && (to == nil || bytes.Compare(key, to) < 0)
}

// topEntry is an entry of the database's root: a bucket.
func (p *pageWalk) topEntry(flags uint32, key, value []byte) error {
	if flags != bucketEntryFlag || len(value) < bucketSize {
		return p.fault("part %.50q is not a bucket", key)
	}
	name, u := string(key), binary.NativeEndian
	p.buckets = append(p.buckets, name)
	if p.into != nil && !p.into(name) {
		return nil
	}
	root, sequence := u.Uint64(value), u.Uint64(value[8:])
	if sequence != 0 {
		return p.fault("part %.50q has a sequence, which we do not use", key)
	}
	inner := func(flags uint32, key, _ []byte) error {
		if flags != 0 {
			return p.fault("part %q, record %s is not a record", name, showKey(key))
		}
		return nil
	}
	if root != 0 {
		return p.tree(root, nil, nil, inner)
	}
	// A small bucket's only page is in its value, without a number of its own.
	page := value[bucketSize:]
	if len(page) < pageHeaderSize {
		return p.fault("part %q is cut short", name)
	}
	h := readHeader(page)
	if h.id != 0 || h.flags != leafFlag || h.overflow != 0 {
		return p.fault("part %q has a damaged header", name)
	}
	return p.leaf(fmt.Sprintf("part %q", name), h, page, nil, nil, inner)
}

// free reads the list of free pages: with those in use it must make up the whole.
func (p *pageWalk) free(id uint64) error {
	faults := len(p.faults)
	h, b, err := p.page(id)
	if len(p.faults) > faults {
		// What only writing needs does not keep us from reading.
		p.slips, p.faults = append(p.slips, p.faults[faults:]...), p.faults[:faults]
	}
	if err != nil || b == nil {
		return err
	}
	u, at, count := binary.NativeEndian, int64(pageHeaderSize), uint64(h.count)
	if count == countInPage {
		count, at = u.Uint64(b[at:]), at+8
	}
	if h.flags != freelistFlag || count > uint64(int64(len(b))-at)/8 {
		p.slip("list of free pages is damaged")
		return nil
	}
	for i := range int64(count) {
		free := u.Uint64(b[at+8*i:])
		if free < 2 || free >= p.pages || p.seen[free] {
			p.slip("list of free pages names page %d, which is not free", free)
			return nil
		}
		p.seen[free] = true
		p.unused = append(p.unused, free)
	}
	for i, seen := range p.seen {
		if !seen {
			p.slip("page %d is neither in use nor free", i)
			return nil
		}
	}
	return nil
}
