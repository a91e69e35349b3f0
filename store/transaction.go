package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Tx is a transaction. It is good only inside the function it was given to, and
// for one goroutine.
type Tx struct {
	ctx context.Context
	w   *Workspace
	transaction
	pending []custody.Entry      // leaves to write when the transaction ends
	written map[evidence.ID]bool // records put
	signer  note.Signer          // of the checkpoint; nil for the workspace's own
	said    *about               // what putAbout wrote
	wrote   bool                 // anything
	removed int                  // keys taken out
	erased  bool                 // a record was
	then    []func()             // to be called once the transaction is committed, while others are still kept out
}

// View runs fn in a reading transaction. Neither View nor Update may be called
// from inside fn: it would wait for itself.
func (w *Workspace) View(ctx context.Context, fn func(*Tx) error) error {
	return w.transact(ctx, reading, func(t transaction) error {
		tx := &Tx{ctx: ctx, w: w, transaction: t}
		if err := tx.begin(); err != nil {
			return err
		}
		if len(t.pages.slips) > 0 && !w.warned.Swap(true) {
			w.options.Warn(fmt.Errorf("the newest changes may be missing: %w", damage(errors.New(t.pages.slips[0]))))
		}
		return fn(tx)
	}, nil)
}

// errUnchanged ends a writing transaction in which nothing was written.
var errUnchanged = errors.New("nothing was written")

// Update runs fn in a writing transaction: all of it is kept, or nothing. It
// needs the signing key when the custody log grows (see Append, Put). Errors:
// ErrNoKey, ErrNoSpace, ErrUnwritable, and those of fn.
func (w *Workspace) Update(ctx context.Context, fn func(*Tx) error) error {
	var newest *custody.Checkpoint // to be remembered outside
	tx := &Tx{ctx: ctx, w: w, written: map[evidence.ID]bool{}}
	err := w.transact(ctx, writing, func(t transaction) error {
		tx.transaction = t
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
		if err == nil && !tx.wrote && tx.removed == 0 && len(tx.then) == 0 {
			return errUnchanged
		}
		return err
	}, func() {
		if !tx.erased {
			w.journal.add(tx.Stand()+1, tx.written)
		}
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
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
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
