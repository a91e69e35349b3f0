package store

import (
	"maps"
	"slices"
	"sync"

	"touchstone/store/evidence"
)

// Stand is a state of the records: it grows with each change, whichever process
// makes it.
type Stand uint64

// Stand is the state that a reading transaction sees.
func (tx *Tx) Stand() Stand { return Stand(tx.pages.meta.txid) }

// ChangedSince lists the records that were written since a state, some of them more
// than once, so that what was made of the records can be kept up with them without
// reading them all again. known is false where it cannot be told: another process
// made a change, or took a record away, or it is too long ago.
func (tx *Tx) ChangedSince(s Stand) (ids []evidence.ID, known bool) {
	return tx.w.journal.since(s, tx.Stand())
}

// journalled is how many records written are remembered.
const journalled = 1 << 14

// journal remembers which records the newest changes of this process wrote.
type journal struct {
	mu      sync.Mutex
	changes []change // oldest first
	records int      // in all of them
}

type change struct {
	stand Stand // that it made
	ids   []evidence.ID
}

// add remembers a change. It is called while no other change can be made.
func (j *journal) add(stand Stand, written map[evidence.ID]bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.changes = append(j.changes, change{stand, slices.Collect(maps.Keys(written))})
	j.records += len(written)
	drop := 0
	for j.records > journalled || len(j.changes)-drop > journalled {
		j.records -= len(j.changes[drop].ids)
		drop++
	}
	j.changes = slices.Delete(j.changes, 0, drop)
}

func (j *journal) since(s, now Stand) (ids []evidence.ID, known bool) {
	if s > now {
		return nil, false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	at, _ := slices.BinarySearchFunc(j.changes, s+1, func(c change, s Stand) int {
		return int(int64(c.stand) - int64(s))
	})
	for want := s + 1; want <= now; want++ {
		if at == len(j.changes) || j.changes[at].stand != want {
			return nil, false
		}
		ids = append(ids, j.changes[at].ids...)
		at++
	}
	return ids, true
}
