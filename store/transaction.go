package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Tx is a transaction. It is good only inside the function it was given to, and
// for one goroutine.
type Tx struct {
	ctx     context.Context
	w       *Workspace
	bolt    *bbolt.Tx
	pending []custody.Entry      // leaves to write when the transaction ends
	written map[evidence.ID]bool // records put
	signer  note.Signer          // of the checkpoint; nil for the workspace's own
	said    *about               // what putAbout wrote
	then    []func()             // to be called once the transaction is committed, while others are still kept out
}

// View runs fn in a reading transaction. Neither View nor Update may be called
// from inside fn: it would wait for itself.
func (w *Workspace) View(ctx context.Context, fn func(*Tx) error) error {
	return w.transact(ctx, reading, func(b *bbolt.Tx) error {
		tx := &Tx{ctx: ctx, w: w, bolt: b}
		if err := tx.begin(); err != nil {
			return err
		}
		return fn(tx)
	}, nil)
}

// Update runs fn in a writing transaction: all of it is kept, or nothing. It
// needs the signing key when the custody log grows (see Append, Put). Errors:
// ErrNoKey, ErrNoSpace, ErrUnwritable, and those of fn.
func (w *Workspace) Update(ctx context.Context, fn func(*Tx) error) error {
	var newest *custody.Checkpoint // to be remembered outside
	tx := &Tx{ctx: ctx, w: w, written: map[evidence.ID]bool{}}
	return w.transact(ctx, writing, func(b *bbolt.Tx) error {
		tx.bolt = b
		if err := tx.begin(); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		signed, err := tx.writeLog()
		if err == nil && signed != nil && tx.fitsAnchor(*signed) {
			newest = signed
		}
		return err
	}, func() {
		if tx.said != nil {
			w.know(*tx.said)
		}
		if newest != nil {
			w.dropAnchor(*newest)
		}
		for _, do := range tx.then {
			do()
		}
	})
}

// pair is one key and its value as stored.
type pair struct{ key, value []byte }

// get reads a value and checks it. Errors: ErrNotFound, ErrDamaged.
func (tx *Tx) get(bucket string, key []byte) (content []byte, err error) {
	stored, err := tx.raw(bucket, key)
	if err != nil {
		return nil, err
	}
	return unwrap(bucket, pair{key, stored})
}

// raw is a value as stored, copied. Errors: ErrNotFound.
func (tx *Tx) raw(bucket string, key []byte) (stored []byte, err error) {
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return nil, err
	}
	stored = b.Get(key)
	if stored == nil {
		return nil, ErrNotFound
	}
	return bytes.Clone(stored), nil
}

// put writes a value with its hash.
func (tx *Tx) put(bucket string, key, content []byte) (err error) {
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return err
	}
	return b.Put(key, wrap(bucket, key, content))
}

// mark writes a key without a value, as indexes do.
func (tx *Tx) mark(bucket string, key []byte) (err error) {
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return err
	}
	return b.Put(key, nil)
}

func (tx *Tx) remove(bucket string, key []byte) (err error) {
	defer guard(&err)
	b, err := tx.bucket(bucket)
	if err != nil {
		return err
	}
	return b.Delete(key)
}

func (tx *Tx) bucket(name string) (*bbolt.Bucket, error) {
	b := tx.bolt.Bucket([]byte(name))
	if b == nil {
		return nil, fmt.Errorf("%s is %w: its part %q is gone", recordsName, ErrDamaged, name)
	}
	return b, nil
}

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

// wrap puts the hash over bucket, key and content in front of the content.
func wrap(bucket string, key, content []byte) []byte {
	sum := valueSum(bucket, key, content)
	return append(sum[:], content...)
}

// unwrap checks a stored value and gives its content. Errors: ErrDamaged.
func unwrap(bucket string, p pair) ([]byte, error) {
	if len(p.value) < sha256.Size {
		return nil, fmt.Errorf("%s: record %s of %q is %w: it is cut short", recordsName, showKey(p.key), bucket, ErrDamaged)
	}
	content := p.value[sha256.Size:]
	if valueSum(bucket, p.key, content) != [sha256.Size]byte(p.value) {
		return nil, fmt.Errorf("%s: record %s of %q is %w: it does not have the hash it was written with", recordsName, showKey(p.key), bucket, ErrDamaged)
	}
	return content, nil
}

func valueSum(bucket string, key, content []byte) [sha256.Size]byte {
	// Lengths in front keep a byte from moving between the parts unnoticed.
	b := make([]byte, 0, 16+len(bucket)+len(key)+len(content))
	b = binary.BigEndian.AppendUint64(b, uint64(len(bucket)))
	b = append(b, bucket...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(key)))
	b = append(b, key...)
	return sha256.Sum256(append(b, content...))
}

// showKey is a key as messages show it: as text, or as a number where it is one.
func showKey(key []byte) string {
	if len(key) == 8 && key[0] == 0 {
		return fmt.Sprint(binary.BigEndian.Uint64(key))
	}
	return fmt.Sprintf("%.100q", key)
}

// number is a key that sorts as the number does.
func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// decode reads JSON that was checked already; what does not fit is damage all the same.
func decode(bucket string, key, content []byte, v any) error {
	if err := json.Unmarshal(content, v); err != nil {
		return fmt.Errorf("%s: record %s of %q is %w: %w", recordsName, showKey(key), bucket, ErrDamaged, err)
	}
	return nil
}
