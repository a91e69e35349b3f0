package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// How long a verification keeps writers out at a time, and how long it then stays
// away: those of other processes look for their turn every few milliseconds.
const (
	shareOfVerify  = 10 * time.Millisecond
	shareOfWriters = 2 * time.Millisecond
)

// patientWalks is how often a walk that others disturbed is begun again.
const patientWalks = 2

// walkBeside walks all pages while others work. bbolt never writes to a page that
// the state before the newest needs, so a state can be read in peace until the
// second change after it. Where changes come faster than that, the pages are
// walked a little at a time, each as it then is; what only holds of all pages
// together, that none is lost or used twice, is then not known, which whole tells.
func (w *Workspace) walkBeside(ctx context.Context) (p *pageWalk, whole bool, err error) {
	for range patientWalks {
		p, undisturbed, err := w.walkOnce(ctx)
		if err != nil || undisturbed {
			return p, true, err
		}
	}
	p, err = w.walkSlices(ctx)
	return p, false, err
}

// walkOnce walks one state of the pages, and reports whether it stayed.
func (w *Workspace) walkOnce(ctx context.Context) (p *pageWalk, undisturbed bool, err error) {
	f, err := os.Open(filepath.Join(w.dir, recordsName))
	if err != nil {
		return nil, false, explainOpen(recordsName, err)
	}
	defer f.Close()
	var r pageReader
	if err := w.transact(ctx, reading, func(t transaction) error {
		r = *t.pages
		return nil
	}, nil); err != nil {
		return nil, false, err
	}
	r.file, r.loaded = f, map[uint64]*page{}
	if p, err = walk(ctx, &r, nil); err != nil {
		return nil, false, err
	}
	var now uint64
	err = w.transact(ctx, reading, func(t transaction) error {
		now = t.pages.meta.txid
		return nil
	}, nil)
	sound := len(p.faults)+len(p.slips) == 0
	// A process that was killed in its change may have written to pages all the same.
	return p, now == r.meta.txid || sound && now == r.meta.txid+1, err
}

// walkSlices walks bucket after bucket in short transactions.
func (w *Workspace) walkSlices(ctx context.Context) (*pageWalk, error) {
	top, err := w.walkPages(ctx, func(string) bool { return false })
	if err != nil || len(top.faults) > 0 {
		return top, err
	}
	for _, name := range top.buckets {
		after, done := []byte(nil), false
		for !done && err == nil {
			err = w.transact(ctx, reading, func(t transaction) (err error) {
				after, done, err = t.pages.slice(name, after)
				return err
			}, nil)
			if err == nil && !done {
				err = pause(ctx, shareOfWriters)
			}
		}
		if errors.Is(err, ErrDamaged) {
			err = top.fault(err)
		}
		if err != nil {
			return top, err
		}
	}
	err = w.transact(ctx, reading, func(t transaction) error {
		top.slips = slices.Clone(t.pages.slips)
		if _, err := t.pages.freeSum(); err != nil {
			top.slip("%v", err)
		}
		return nil
	}, nil)
	return top, err
}

// slice goes over a part of a bucket for a while, and says where it left off.
func (r *pageReader) slice(bucket string, after []byte) (last []byte, done bool, err error) {
	c, err := r.cursor(bucket)
	if errors.Is(err, errNoBucket) {
		err = partGone(bucket)
	}
	if err != nil {
		return nil, false, err
	}
	start := time.Now()
	for err = c.begin(span{after: after}); err == nil; err = c.next() {
		at, ok := c.entry()
		if !ok || time.Since(start) > shareOfVerify {
			return after, !ok, nil
		}
		if at.flags != 0 {
			err = notRecord(bucket, at.key)
			break
		}
		after = at.key
	}
	return nil, false, damage(err)
}
