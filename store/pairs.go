package store

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// pair is one key and its value as stored.
type pair struct{ key, value []byte }

// get reads a value and checks it. Errors: ErrNotFound, ErrDamaged.
func (tx *Tx) get(bucket string, key []byte) (content []byte, err error) {
	stored, beside, err := tx.find(bucket, key)
	if errors.Is(err, ErrNotFound) {
		// A key that was damaged is not found; it lies where the right one would.
		for _, p := range beside {
			if _, damaged := unwrap(bucket, p); damaged != nil {
				return nil, damaged
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return unwrap(bucket, pair{key, stored})
}

// raw is a value as stored, copied. Errors: ErrNotFound, ErrDamaged.
func (tx *Tx) raw(bucket string, key []byte) ([]byte, error) {
	stored, _, err := tx.find(bucket, key)
	return stored, err
}

// find is a value as stored or, with ErrNotFound, the pairs it would lie between
// when the transaction began.
func (tx *Tx) find(bucket string, key []byte) (stored []byte, beside []pair, err error) {
	if tx.pages != nil {
		stored, beside, err = tx.pages.get(bucket, key)
		if tx.written == nil || err != nil && !errors.Is(err, errNoBucket) {
			return found(bucket, stored, beside, err)
		}
	}
	// The way there is sound, so bbolt, which knows what was written since, may go.
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return nil, nil, err
	}
	return found(bucket, bytes.Clone(b.Get(key)), beside, nil)
}

func found(bucket string, stored []byte, beside []pair, err error) ([]byte, []pair, error) {
	if errors.Is(err, errNoBucket) {
		err = partGone(bucket)
	} else if err == nil && stored == nil {
		err = ErrNotFound
	}
	return stored, beside, err
}

// put writes a value with its hash.
func (tx *Tx) put(bucket string, key, content []byte) error {
	return tx.write(bucket, key, wrap(bucket, key, content))
}

// mark writes a key without a value, as indexes do.
func (tx *Tx) mark(bucket string, key []byte) error { return tx.write(bucket, key, nil) }

func (tx *Tx) write(bucket string, key, value []byte) (err error) {
	if _, err := tx.raw(bucket, key); err != nil && !errors.Is(err, ErrNotFound) {
		return err // on the way there
	}
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return err
	}
	tx.wrote = true
	return b.Put(key, value)
}

func (tx *Tx) remove(bucket string, key []byte) (err error) {
	if tx.pages != nil {
		if err := tx.pages.checkAround(bucket, key); err != nil {
			return err
		}
	}
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return err
	}
	tx.removed++
	return b.Delete(key)
}

// bucket is a part of the database in a transaction that writes.
func (tx *Tx) bucket(name string) (*bbolt.Bucket, error) {
	b := tx.bolt.Bucket([]byte(name))
	if b == nil {
		return nil, partGone(name)
	}
	return b, nil
}

func partGone(name string) error { return damage(fmt.Errorf("its part %q is gone", name)) }

// span is a part of a bucket: the keys with a prefix, in one direction, after
// one of them.
type span struct {
	bucket  string
	prefix  []byte
	after   []byte // exclusive; nil: from the beginning
	reverse bool
}

// scan copies up to limit pairs out of a span. Iterating in such gulps keeps
// bbolt's cursors away from changes that the caller makes on the way.
func (tx *Tx) scan(s span, limit int) (pairs []pair, err error) {
	if tx.pages != nil {
		// As many more as may be gone since, and the next one, which bbolt looks at.
		more := 0
		if tx.written != nil {
			more = tx.removed + 1
		}
		pairs, err = tx.pages.scan(s, limit+more)
		if errors.Is(err, errNoBucket) && tx.written == nil {
			err = partGone(s.bucket)
		}
		if tx.written == nil || err != nil && !errors.Is(err, errNoBucket) {
			return pairs, err
		}
	}
	return tx.scanWritten(s, limit)
}

// scanWritten scans with what the transaction has written.
func (tx *Tx) scanWritten(s span, limit int) (pairs []pair, err error) {
	defer guard(&err)
	b, err := tx.bucket(s.bucket)
	if err != nil {
		return nil, err
	}
	c := b.Cursor()
	next := c.Next
	if s.reverse {
		next = c.Prev
	}
	for k, v := s.first(c); k != nil && len(pairs) < limit && bytes.HasPrefix(k, s.prefix); k, v = next() {
		pairs = append(pairs, pair{bytes.Clone(k), bytes.Clone(v)})
	}
	return pairs, nil
}

// first moves the cursor to where the span begins.
func (s *span) first(c *bbolt.Cursor) (k, v []byte) {
	if !s.reverse {
		if s.after == nil {
			return c.Seek(s.prefix)
		}
		k, v = c.Seek(s.after)
		if bytes.Equal(k, s.after) {
			return c.Next()
		}
		return k, v
	}
	end := s.after
	if end == nil {
		end = prefixEnd(s.prefix)
	}
	if end == nil {
		return c.Last()
	}
	if k, _ := c.Seek(end); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// prefixEnd is the first key after all that have the prefix; nil when there is none.
func prefixEnd(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			end := bytes.Clone(prefix[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}
