package store

import (
	"errors"
	"fmt"
	"path"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"touchstone/store/blob"
	"touchstone/store/evidence"
)

// hashBuffer is how much of a blob is read at a time, in bytes.
const hashBuffer = 256 << 10

// blobs hashes the blobs, all of them or those of the captures asked for, several
// at once. What is altered is kept until it is known which record it belongs to.
func (v *verifier) blobs() error {
	only, err := v.wanted()
	if err != nil {
		return err
	}
	var total int64
	var done atomic.Int64
	for f, err := range v.w.blobs.List() {
		if err == nil && f.Hash != "" && (only == nil || only[f.Hash]) {
			total += f.Size
		}
	}
	files := make(chan blob.File)
	group, ctx := errgroup.WithContext(v.ctx)
	for range v.options.Workers {
		group.Go(func() error {
			buf := make([]byte, hashBuffer)
			for f := range files {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := v.blob(f, buf); err != nil {
					return err
				}
				v.tell("blobs", path.Join(blobsName, f.Path), done.Add(f.Size), total)
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(files)
		for f, err := range v.w.blobs.List() {
			if v.oddity(f, err) || only != nil && !only[f.Hash] {
				continue
			}
			select {
			case files <- f:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

// oddity tells what List found that is not a blob.
func (v *verifier) oddity(f blob.File, err error) bool {
	name := path.Join(blobsName, f.Path)
	switch {
	case err != nil && f.Hash != "":
		v.alter(f.Hash, fmt.Sprintf("cannot be read: %v", err))
	case err != nil:
		v.find(Altered, name, "", "cannot be read: %v", err)
	case f.Partial:
		v.note(Stray, name, "", "is the beginning of a blob whose writing was interrupted; it may be removed")
	case f.Hash == "" && isLitter(path.Base(f.Path)):
		v.note(Stray, name, "", "is not part of the workspace; it may be removed")
	case f.Hash == "":
		v.find(Stray, name, "", "is not a blob at its place")
	default:
		return false
	}
	return true
}

func (v *verifier) blob(f blob.File, buf []byte) error {
	if v.options.Resume && v.passed.has(f) {
		v.mu.Lock()
		v.report.Resumed++
		v.mu.Unlock()
		return nil
	}
	r, err := v.w.blobs.OpenPath(f.Path)
	if err != nil {
		v.alter(f.Hash, fmt.Sprintf("cannot be read: %v", err))
		return nil
	}
	defer r.Close()
	got, size, err := blob.Sum(v.ctx, r, buf, nil)
	if ctxErr := v.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	v.mu.Lock()
	v.report.Blobs++
	v.report.Bytes += size
	v.mu.Unlock()
	if err != nil {
		v.alter(f.Hash, fmt.Sprintf("cannot be read: %v", err))
	} else if got != f.Hash {
		v.alter(f.Hash, fmt.Sprintf("has the SHA-256 %s; its name is what it was", got))
	} else {
		v.passed.add(f)
	}
	return nil
}

func (v *verifier) alter(h evidence.Hash, what string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.altered[h] = what
}

// wanted are the blobs of the captures asked for; nil means all.
func (v *verifier) wanted() (map[evidence.Hash]bool, error) {
	if v.options.Captures == nil {
		return nil, nil
	}
	only := map[evidence.Hash]bool{}
	err := v.w.View(v.ctx, func(tx *Tx) error {
		for _, id := range v.options.Captures {
			k, ok := kinds[id.Kind()]
			if !ok {
				return fmt.Errorf("%s names no record", id)
			}
			d, err := tx.describe(k, id)
			if errors.Is(err, ErrDamaged) {
				continue // the records' own check says so
			}
			if errors.Is(err, ErrNotFound) {
				return tx.gone(id)
			}
			if err != nil {
				return err
			}
			for _, f := range d.files {
				only[f.hash] = true
			}
		}
		return nil
	})
	return only, err
}

// tellAltered tells of the altered blobs that no record was found to name.
func (v *verifier) tellAltered() {
	for h, what := range v.altered {
		if !v.named[keyOf(h)] {
			v.find(Altered, v.blobPath(h), "", "%s", what)
		}
	}
}

// strays tells of blobs that no record names: a capture that was interrupted, or
// is under way, has put them. If asked, it removes those that no capture can be
// waiting for any more; but only where all is well: a record that does not read
// may name them.
func (v *verifier) strays() error {
	if v.options.Captures != nil {
		return nil
	}
	before := v.w.now().Add(-inUse)
	for f, err := range v.w.blobs.List() {
		if err != nil || !f.Partial && (f.Hash == "" || v.named[keyOf(f.Hash)] || v.altered[f.Hash] != "") {
			continue
		}
		if v.options.RemoveStrays && v.report.OK() && f.Put.Before(before) {
			if err := v.removeStray(f); err != nil {
				return err
			}
			continue
		}
		if f.Hash != "" {
			v.note(Stray, v.blobPath(f.Hash), "", "is named by no record; a capture that was interrupted or is under way has put it")
		}
	}
	return nil
}

func (v *verifier) removeStray(f blob.File) error {
	remove := func() error { return v.w.blobs.Remove(f.Hash) }
	if f.Partial {
		remove = func() error { return v.w.blobs.RemovePartial(f) }
	}
	if err := remove(); err != nil {
		return err
	}
	v.report.Removed = append(v.report.Removed, path.Join(blobsName, f.Path))
	return nil
}

func (v *verifier) blobPath(h evidence.Hash) string { return path.Join(blobsName, v.w.blobs.Path(h)) }

func keyOf(h evidence.Hash) blobKey { return blobKey([]byte(h[:16])) }
