package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// The buckets of the custody log.
const (
	leafBucket       = "log.leaf"       // number -> leaf
	actorBucket      = "log.actor"      // number -> who acted
	nodeBucket       = "log.node"       // tlog's stored hash index -> hash
	checkpointBucket = "log.checkpoint" // size -> signed checkpoint
	subjectBucket    = "log.subject"    // subject, separator, number: an index
)

// Append adds a leaf to the custody log. A leaf holds the hash its subject's
// record has when the transaction ends, whatever the order of Put and Append.
func (tx *Tx) Append(e custody.Entry) error {
	if tx.written == nil {
		return errors.New("append to the custody log: this transaction only reads")
	}
	if e.Action == "" || e.Subject == "" {
		return fmt.Errorf("append to the custody log: action %q and subject %q must be there", e.Action, e.Subject)
	}
	tx.pending = append(tx.pending, e)
	return nil
}

// writeLog writes the leaves of the transaction and the checkpoint over them. It
// returns nil when there are none.
func (tx *Tx) writeLog() (*custody.Checkpoint, error) {
	if err := tx.addChanged(); err != nil {
		return nil, err
	}
	if len(tx.pending) == 0 {
		return nil, nil
	}
	signer := tx.signer
	if signer == nil {
		var err error
		if signer, err = tx.w.signer(tx.ctx); err != nil {
			return nil, err
		}
	}
	size, err := tx.logSize()
	if err != nil {
		return nil, err
	}
	if err := tx.noticeClock(size); err != nil {
		return nil, err
	}
	for _, e := range tx.pending {
		if err := tx.writeLeaf(size, e); err != nil {
			return nil, fmt.Errorf("append %s to the custody log: %w", e.Action, err)
		}
		size++
	}
	c, err := custody.Sign(origin(tx.w.about().ID), size, tx, signer)
	if err != nil {
		return nil, err
	}
	return &c, tx.put(checkpointBucket, number(size), c.Signed)
}

// steadyClock is how far a clock may be set back without a word: time servers do
// that, a little.
const steadyClock = time.Second

// noticeClock puts a leaf before the others where this computer's clock was set
// back since the last one.
func (tx *Tx) noticeClock(size int64) error {
	if size == 0 {
		return nil
	}
	last, _, err := tx.leaf(number(size - 1))
	if errors.Is(err, ErrDamaged) {
		return nil // what comes after it stands all the same
	}
	if err != nil {
		return err
	}
	back := last.Leaf.Time.Sub(tx.w.now())
	if back <= steadyClock {
		return nil
	}
	tx.w.options.Warn(fmt.Errorf("this computer's clock was set back by %s; the custody log says so", back.Round(time.Second)))
	told := custody.Entry{Action: custody.ClockSetBack, Subject: tx.w.about().ID, Note: back.Round(time.Millisecond).String()}
	tx.pending = slices.Insert(tx.pending, 0, told)
	return nil
}

// addChanged adds a leaf for each record the log speaks of that was written
// without one.
func (tx *Tx) addChanged() error {
	told := map[evidence.ID]bool{}
	for _, e := range tx.pending {
		told[e.Subject] = true
	}
	for _, id := range slices.Sorted(maps.Keys(tx.written)) {
		if told[id] {
			continue
		}
		spoken, err := tx.scan(span{bucket: subjectBucket, prefix: indexPrefix(string(id))}, 1)
		if err != nil {
			return err
		}
		if len(spoken) > 0 {
			tx.pending = append(tx.pending, custody.Entry{Action: custody.RecordChanged, Subject: id})
		}
	}
	return nil
}

func (tx *Tx) writeLeaf(n int64, e custody.Entry) error {
	hashes := maps.Clone(e.Hashes)
	record, err := tx.recordHash(e.Subject)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil {
		if hashes == nil {
			hashes = map[string]evidence.Hash{}
		}
		hashes[custody.HashRecord] = record
	}
	e.Hashes = hashes
	by, err := tx.actor()
	if err != nil {
		return err
	}
	leaf, actor, err := custody.NewLeaf(e, by, tx.w.now())
	if err != nil {
		return err
	}
	if err := tx.put(actorBucket, number(n), actor); err != nil {
		return err
	}
	nodes, err := tlog.StoredHashes(n, leaf, tx)
	if err != nil {
		return err
	}
	for i, h := range nodes {
		if err := tx.put(nodeBucket, number(tlog.StoredHashIndex(0, n)+int64(i)), h[:]); err != nil {
			return err
		}
	}
	if err := tx.mark(subjectBucket, subjectEntry(e.Subject, number(n))); err != nil {
		return err
	}
	return tx.put(leafBucket, number(n), leaf)
}

// subjectEntry is the entry of the index by subject that finds a leaf.
func subjectEntry(subject evidence.ID, number []byte) []byte {
	return append(indexPrefix(string(subject)), number...)
}

// recordHash is the hash of a record's JSON as stored. Errors: ErrNotFound, also
// for a subject that is not a record.
func (tx *Tx) recordHash(id evidence.ID) (evidence.Hash, error) {
	bucket, key := string(id.Kind()), []byte(id)
	if id == tx.w.about().ID {
		bucket, key = workspaceBucket, []byte(aboutKey)
	} else if _, ok := kinds[id.Kind()]; !ok {
		return "", ErrNotFound
	}
	content, err := tx.get(bucket, key)
	if err != nil {
		return "", err
	}
	return evidence.HashOf(content), nil
}

// ReadHashes makes a transaction a tlog.HashReader.
func (tx *Tx) ReadHashes(at []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(at))
	for i, n := range at {
		content, err := tx.get(nodeBucket, number(n))
		if err != nil {
			return nil, fmt.Errorf("custody log, node %d: %w", n, err)
		}
		if len(content) != tlog.HashSize {
			return nil, fmt.Errorf("custody log, node %d is %w: it has %d bytes", n, ErrDamaged, len(content))
		}
		hashes[i] = tlog.Hash(content)
	}
	return hashes, nil
}

// Checkpoint is the newest checkpoint of the custody log, as stored: its
// signature is checked by Verify.
func (tx *Tx) Checkpoint() (custody.Checkpoint, error) {
	last, err := tx.scan(span{bucket: checkpointBucket, reverse: true}, 1)
	if err != nil {
		return custody.Checkpoint{}, err
	}
	if len(last) == 0 {
		return custody.Checkpoint{}, fmt.Errorf("custody log is %w: it has no checkpoint", ErrDamaged)
	}
	signed, err := unwrap(checkpointBucket, last[0])
	if err != nil {
		return custody.Checkpoint{}, err
	}
	c, err := custody.ParseCheckpoint(signed)
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return c, nil
}

// logSize is the number of leaves.
func (tx *Tx) logSize() (int64, error) {
	last, err := tx.scan(span{bucket: leafBucket, reverse: true}, 1)
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return leafNumber(last[0].key)
}

func leafNumber(key []byte) (int64, error) {
	if len(key) != 8 || key[0] >= 0x80 {
		return 0, fmt.Errorf("custody log is %w: %x is not the number of a leaf", ErrDamaged, key)
	}
	return int64(binary.BigEndian.Uint64(key)) + 1, nil
}

// LogEntry is one leaf of the custody log, its place in it and who acted.
type LogEntry struct {
	Index int64
	Leaf  custody.Leaf
	Actor evidence.Actor
}

// Log yields the custody log, oldest first; only the leaves about a subject
// unless that is empty. After an error it goes on with the next leaf.
func (tx *Tx) Log(subject evidence.ID) iter.Seq2[LogEntry, error] {
	return func(yield func(LogEntry, error) bool) {
		s := span{bucket: leafBucket}
		if subject != "" {
			s = span{bucket: subjectBucket, prefix: indexPrefix(string(subject))}
		}
		for p, err := range tx.all(s) {
			var e LogEntry
			if err == nil {
				e, _, err = tx.leaf(p.key[len(s.prefix):])
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// leaf reads a leaf, also as the bytes that are hashed into the tree.
func (tx *Tx) leaf(key []byte) (LogEntry, []byte, error) {
	after, err := leafNumber(key)
	if err != nil {
		return LogEntry{}, nil, err
	}
	content, err := tx.get(leafBucket, key)
	if err != nil {
		return LogEntry{}, nil, fmt.Errorf("custody log, leaf %d: %w", after-1, err)
	}
	l, err := custody.ParseLeaf(content)
	if err != nil {
		return LogEntry{}, nil, fmt.Errorf("custody log, leaf %d is %w: %w", after-1, ErrDamaged, err)
	}
	e := LogEntry{Index: after - 1, Leaf: l}
	who, err := tx.get(actorBucket, key)
	if err == nil {
		var a custody.Actor
		a, err = custody.ParseActor(who, l)
		e.Actor = a.Actor
	}
	if err != nil {
		return LogEntry{}, nil, fmt.Errorf("custody log, actor of leaf %d is %w: %w", after-1, ErrDamaged, err)
	}
	return e, content, nil
}

// lastWord is the newest leaf about a subject. Errors: ErrNotFound.
func (tx *Tx) lastWord(subject evidence.ID) (LogEntry, error) {
	prefix := indexPrefix(string(subject))
	last, err := tx.scan(span{bucket: subjectBucket, prefix: prefix, reverse: true}, 1)
	if err != nil {
		return LogEntry{}, err
	}
	if len(last) == 0 {
		return LogEntry{}, ErrNotFound
	}
	e, _, err := tx.leaf(last[0].key[len(prefix):])
	return e, err
}
