package desk

import (
	"context"
	"errors"
	"strings"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// AddNote writes something down about a record. A privileged note is kept in
// the records only: no log, packet or export tells of it.
func (d *Desk) AddNote(ctx context.Context, subject evidence.ID, text string, privileged bool) (evidence.Note, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return evidence.Note{}, errors.New("an empty note says nothing")
	}
	now := d.cfg.Now().UTC()
	n := evidence.Note{
		ID: evidence.NewID(evidence.KindNote, now), Subject: subject, Text: text, Privileged: privileged,
		By: d.actorName(), At: now,
	}
	err := d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		if n.Case, err = caseOf(tx, subject); err != nil {
			return err
		}
		if err := store.Put(tx, n.ID, n); err != nil || privileged {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.NoteAdded, Subject: n.ID, Case: n.Case})
	})
	return n, err
}
