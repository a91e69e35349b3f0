package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt believes its pages: a flipped bit can send it round in circles until
// the stack or the memory is full, which ends the process, and no recover helps.
// So pages are read here, by code that believes nothing. The form of the file is
// that of go.etcd.io/bbolt v1.5.0, internal/common: integers have the order of
// the machine's bytes.
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

// mostOverflow bounds how many pages one runs over into: more than the longest
// record or list of free pages needs, and little enough to read into memory.
const mostOverflow = 1 << 14

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

// page is a branch or a leaf, read and found whole in itself.
type page struct {
	pageHeader
	keys     [][]byte
	values   [][]byte // of a leaf
	flags    []uint32 // of a leaf's entries
	children []uint64 // of a branch
	used     int      // bytes
}

func (p *page) isLeaf() bool { return p.children == nil }

// pageFile is the database as a file of pages.
type pageFile struct {
	file  io.ReaderAt
	size  int64  // of the file
	width int64  // of a page
	pages uint64 // how many there are; the file may be longer
}

// read reads a page with those it runs over into. What is wrong with it is the
// error, which is a fault of the file unless errors.Is tells of something else.
func (f *pageFile) read(id uint64) (pageHeader, []byte, error) {
	var h pageHeader
	if id < 2 || id >= f.pages {
		return h, nil, fmt.Errorf("page %d is named and does not exist", id)
	}
	b := make([]byte, f.width)
	if _, err := f.file.ReadAt(b, int64(id)*f.width); err != nil {
		return h, nil, unreadable(id, err)
	}
	h = readHeader(b)
	if h.id != id || h.overflow > mostOverflow || id+uint64(h.overflow) >= f.pages {
		return h, nil, fmt.Errorf("page %d has a damaged header", id)
	}
	if h.overflow > 0 {
		more := make([]byte, int64(h.overflow)*f.width)
		if _, err := f.file.ReadAt(more, int64(id+1)*f.width); err != nil {
			return h, nil, unreadable(id, err)
		}
		b = append(b, more...)
	}
	return h, b, nil
}

func unreadable(id uint64, err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("page %d lies beyond the end of the file", id)
	}
	return fmt.Errorf("page %d cannot be read: %w", id, err)
}

// parsePage reads the entries of a branch or leaf, which must lie in the page and
// be in order.
func parsePage(name string, h pageHeader, b []byte) (*page, error) {
	if pageHeaderSize+int(h.count)*elementSize > len(b) {
		return nil, fmt.Errorf("%s has an impossible number of entries", name)
	}
	var p *page
	var err error
	switch {
	case h.flags == branchFlag && h.count == 0:
		return nil, fmt.Errorf("%s has an impossible number of entries", name)
	case h.flags == branchFlag:
		p, err = parseBranch(name, h, b)
	case h.flags == leafFlag:
		p, err = parseLeaf(name, h, b)
	default:
		return nil, fmt.Errorf("%s is neither branch nor leaf", name)
	}
	if err != nil {
		return nil, err
	}
	return p, p.check(name, len(b))
}

func parseBranch(name string, h pageHeader, b []byte) (*page, error) {
	u := binary.NativeEndian
	p := &page{pageHeader: h, used: pageHeaderSize, keys: make([][]byte, h.count), children: make([]uint64, h.count)}
	for i := range p.keys {
		at := pageHeaderSize + i*elementSize
		key, ok := cut(b, at, u.Uint32(b[at:]), u.Uint32(b[at+4:]))
		if !ok {
			return nil, fmt.Errorf("%s, entry %d lies outside of the page", name, i)
		}
		p.keys[i], p.children[i] = key, u.Uint64(b[at+8:])
		p.used += elementSize + len(key)
	}
	return p, nil
}

func parseLeaf(name string, h pageHeader, b []byte) (*page, error) {
	u := binary.NativeEndian
	p := &page{pageHeader: h, used: pageHeaderSize, keys: make([][]byte, h.count), values: make([][]byte, h.count), flags: make([]uint32, h.count)}
	for i := range p.keys {
		at := pageHeaderSize + i*elementSize
		pos, keyLen, valueLen := u.Uint32(b[at+4:]), u.Uint32(b[at+8:]), u.Uint32(b[at+12:])
		key, ok := cut(b, at, pos, keyLen)
		value, fits := cut(b, at+len(key), pos, valueLen)
		if !ok || !fits {
			return nil, fmt.Errorf("%s, entry %d lies outside of the page", name, i)
		}
		p.keys[i], p.values[i], p.flags[i] = key, value, u.Uint32(b[at:])
		p.used += elementSize + len(key) + len(value)
	}
	return p, nil
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

// check looks that the entries are in order and need as many pages as they have,
// which are size bytes.
func (p *page) check(name string, size int) error {
	width := size / int(p.overflow+1)
	if p.overflow > 0 && p.used <= size-width {
		return fmt.Errorf("%s runs over further than it needs", name)
	}
	for i := 1; i < len(p.keys); i++ {
		if bytes.Compare(p.keys[i-1], p.keys[i]) >= 0 {
			return fmt.Errorf("%s, entry %d is out of order", name, i)
		}
	}
	return nil
}

// within checks a page against what the branch above says of it: from is its
// first key, and all are below to. nil means that nothing is said.
func (p *page) within(from, to []byte) error {
	if len(p.keys) == 0 {
		if from == nil && to == nil {
			return nil
		}
		return fmt.Errorf("page %d is empty", p.id)
	}
	if from != nil && !bytes.Equal(p.keys[0], from) || to != nil && bytes.Compare(p.keys[len(p.keys)-1], to) >= 0 {
		return fmt.Errorf("page %d does not have the keys that the page above says", p.id)
	}
	return nil
}

// child is what a branch says of its child: the page, its first key, and the
// key that comes after it, for the last child to.
func (p *page) child(i int, to []byte) (id uint64, from, until []byte) {
	if i+1 < len(p.keys) {
		to = p.keys[i+1]
	}
	return p.children[i], p.keys[i], to
}

// bucketRoot reads an entry of the database's root: a bucket, whose only page may
// be in the entry itself.
func bucketRoot(key, value []byte, flags uint32) (root uint64, inline *page, err error) {
	u := binary.NativeEndian
	if flags != bucketEntryFlag || len(value) < bucketSize {
		return 0, nil, fmt.Errorf("part %.50q is not a bucket", key)
	}
	root, sequence := u.Uint64(value), u.Uint64(value[8:])
	if sequence != 0 {
		return 0, nil, fmt.Errorf("part %.50q has a sequence, which we do not use", key)
	}
	if root != 0 {
		return root, nil, nil
	}
	b := value[bucketSize:]
	if len(b) < pageHeaderSize {
		return 0, nil, fmt.Errorf("part %.50q is cut short", key)
	}
	h := readHeader(b)
	if h.id != 0 || h.flags != leafFlag || h.overflow != 0 {
		return 0, nil, fmt.Errorf("part %.50q has a damaged header", key)
	}
	inline, err = parsePage(fmt.Sprintf("part %.50q", key), h, b)
	return 0, inline, err
}

type metaPage struct {
	root, freelist, pages, txid uint64
}

// metas reads the two meta pages and returns the newer, and what is wrong with
// them. Both are whole in a file at rest: where one is not, bbolt quietly goes by
// the other, which may be that of the transaction before.
func (f *pageFile) metas() (newest *metaPage, slips []string, err error) {
	var txids [2]uint64
	for i := range txids {
		m, what, err := f.meta(uint64(i))
		if err != nil {
			return nil, nil, err
		}
		if what != "" {
			slips = append(slips, fmt.Sprintf("meta page %d %s", i, what))
		}
		if m == nil {
			continue
		}
		txids[i] = m.txid
		if newest == nil || m.txid > newest.txid {
			newest = m
		}
	}
	if newest != nil && len(slips) == 0 && txids[0]+1 != txids[1] && txids[1]+1 != txids[0] {
		slips = append(slips, fmt.Sprintf("meta pages are of the transactions %d and %d, which do not follow each other", txids[0], txids[1]))
	}
	return newest, slips, nil
}

// meta reads a meta page, and says what is wrong with it. What bbolt would go by
// all the same is returned too.
func (f *pageFile) meta(id uint64) (*metaPage, string, error) {
	b := make([]byte, pageHeaderSize+metaSize)
	if _, err := f.file.ReadAt(b, int64(id)*f.width); err != nil {
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
	case u.Uint32(body) != metaMagic || u.Uint32(body[4:]) != metaVersion || int64(u.Uint32(body[8:])) != f.width:
		return nil, "is not a meta page", nil
	case u.Uint64(body[metaSummed:]) != sum.Sum64():
		return nil, "does not have its checksum", nil
	case m.pages < 2 || m.pages > uint64(f.size/f.width):
		return nil, "names an impossible number of pages", nil
	case h.id != id || h.flags != metaFlag || h.count != 0 || h.overflow != 0 || m.txid%2 != id:
		return m, "has a damaged header", nil
	}
	return m, "", nil
}

// freePages reads the list of free pages.
func freePages(h pageHeader, b []byte) ([]uint64, error) {
	u, at, count := binary.NativeEndian, int64(pageHeaderSize), uint64(h.count)
	if count == countInPage {
		count, at = u.Uint64(b[at:]), at+8
	}
	if h.flags != freelistFlag || count > uint64(int64(len(b))-at)/8 {
		return nil, errors.New("list of free pages is damaged")
	}
	free := make([]uint64, count)
	for i := range free {
		free[i] = u.Uint64(b[at+8*int64(i):])
	}
	return free, nil
}
