package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"touchstone/store/evidence"
)

// gulp is how many records an iteration copies at a time.
const gulp = 128

// Get reads a record; any kind can be read as a json.RawMessage. Errors:
// ErrNotFound, with ErrDeleted where it was deleted; ErrDamaged.
func Get[T any](tx *Tx, id evidence.ID) (T, error) {
	var v T
	k, err := kindToRead[T](id.Kind())
	if err != nil {
		return v, err
	}
	content, err := tx.get(string(k.name), []byte(id))
	if errors.Is(err, ErrNotFound) {
		return v, tx.gone(id)
	}
	if err != nil {
		return v, err
	}
	err = decode(string(k.name), []byte(id), content, &v)
	return v, err
}

// Put writes a record and its index entries. A record that the custody log
// speaks of gets a leaf record_changed, unless the transaction appends one about
// it: what was once sworn to cannot change in silence.
func Put[T any](tx *Tx, id evidence.ID, v T) error {
	k, err := kindFor[T](id.Kind())
	if err != nil {
		return err
	}
	now := k.tell(v)
	if now.id != id {
		return fmt.Errorf("put %s: the record calls itself %q", id, now.id)
	}
	if _, err := evidence.ParseID(string(id)); err != nil {
		return err
	}
	before, err := tx.describe(k, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	content, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("put %s: %w", id, err)
	}
	if err := tx.reindex(id, before.keys, now.keys); err != nil {
		return fmt.Errorf("put %s: %w", id, err)
	}
	if err := tx.put(string(k.name), []byte(id), content); err != nil {
		return fmt.Errorf("put %s: %w", id, err)
	}
	tx.written[id] = true
	return nil
}

// describe reads what the store needs to know of a record.
func (tx *Tx) describe(k kind, id evidence.ID) (described, error) {
	content, err := tx.get(string(k.name), []byte(id))
	if err != nil {
		return described{}, err
	}
	d, err := k.read(content)
	if err != nil {
		return described{}, fmt.Errorf("%s is %w: %w", id, ErrDamaged, err)
	}
	return d, nil
}

// Each yields all records of a kind in the order of their IDs, which is that of
// their making. After an error it goes on with the next record.
func Each[T any](tx *Tx, name evidence.Kind) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		k, err := kindToRead[T](name)
		if err != nil {
			yield(none, err)
			return
		}
		for p, err := range tx.all(span{bucket: string(k.name)}) {
			v, err := none, err
			if err == nil {
				v, err = unwrapAs[T](string(k.name), p)
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// all yields every pair of a span. An error ends it.
func (tx *Tx) all(s span) iter.Seq2[pair, error] {
	return func(yield func(pair, error) bool) {
		for {
			pairs, err := tx.scan(s, gulp)
			if err == nil {
				err = tx.ctx.Err()
			}
			if err != nil {
				yield(pair{}, err)
				return
			}
			for _, p := range pairs {
				if !yield(p, nil) {
					return
				}
			}
			if len(pairs) < gulp {
				return
			}
			s.after = pairs[len(pairs)-1].key
		}
	}
}

func unwrapAs[T any](bucket string, p pair) (T, error) {
	var v T
	content, err := unwrap(bucket, p)
	if err != nil {
		return v, err
	}
	err = decode(bucket, p.key, content, &v)
	return v, err
}
