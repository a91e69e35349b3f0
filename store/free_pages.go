package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// bbolt's list of free pages has no checksum, and a page in use that it names is
// overwritten by the next change. So each change leaves a sum of the list in the
// unused rest of its meta page, and the next one compares. Where there is none,
// as after a power cut or in a copy, all pages are walked instead.
const (
	freeSumAt    = pageHeaderSize + metaSize // in the meta page
	freeSumSize  = len(freeSumMagic) + 8 + sha256.Size
	freeSumMagic = "tsfree1\n"
)

// fitToWrite finds out whether a change would make matters worse. Errors: ErrDamaged.
func (t *transaction) fitToWrite(ctx context.Context) error {
	r := t.pages
	if len(r.slips) > 0 {
		// The change would take the place of what the damaged page may have told.
		return damage(errors.New(r.slips[0]))
	}
	want, err := r.freeSum()
	if err != nil {
		return damage(err)
	}
	have := make([]byte, len(want))
	if _, err := r.file.ReadAt(have, r.freeSumAt()); err == nil && bytes.Equal(have, want) {
		return nil
	}
	p, err := walk(ctx, r, nil)
	if err != nil {
		return err
	}
	for _, what := range append(p.faults, p.slips...) {
		return damage(errors.New(what))
	}
	return nil
}

// sumFree leaves the sum of the list of free pages for the next change. What
// keeps it from doing so only makes that one slow.
func (t *transaction) sumFree() {
	info, err := t.file.Stat()
	if err != nil {
		return
	}
	r, err := newPageReader(t.file, info.Size(), int64(t.db.Info().PageSize))
	if err != nil {
		return
	}
	if sum, err := r.freeSum(); err == nil {
		_, _ = t.file.WriteAt(sum, r.freeSumAt())
	}
}

func (r *pageReader) freeSumAt() int64 { return int64(r.meta.txid%2)*r.width + freeSumAt }

// freeSum is what stands in the meta page where the list of free pages is whole.
func (r *pageReader) freeSum() ([]byte, error) {
	h, b, err := r.read(r.meta.freelist)
	if err != nil {
		return nil, err
	}
	if _, err := freePages(h, b); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	out := binary.BigEndian.AppendUint64(append(make([]byte, 0, freeSumSize), freeSumMagic...), r.meta.txid)
	return append(out, sum[:]...), nil
}
