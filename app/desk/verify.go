package desk

import (
	"context"
	"fmt"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// VerifyReport is what a verification found.
type VerifyReport = store.VerifyReport

// VerifyFinding is one thing that it found.
type VerifyFinding = store.Finding

// VerifyState is how one capture or attachment was found.
type VerifyState = store.State

// VerifyStatus is how one of them was found, and by whom its seal was stamped.
type VerifyStatus = store.Status

// The states of what is as it was sealed.
const (
	StateIntact    = store.StateIntact    // and stamped
	StateUnstamped = store.StateUnstamped // and not yet stamped by an authority
)

// VerifyStates lists the states, from best to worst.
var VerifyStates = []VerifyState{store.StateIntact, store.StateUnstamped, store.StateDeleted, store.StateMissing, store.StateAltered}

// VerifyOptions is how much is verified. The zero value is everything.
type VerifyOptions struct {
	Only         []evidence.ID // captures, attachments or redactions; nil is all
	Resume       bool          // go on where a run was cut short
	RemoveStrays bool          // take away files that nothing names
	// RepairIndexes makes the indexes agree with the records first.
	RepairIndexes bool
	Outside       *Outside // an anchor beside the one that this account keeps
}

// Outside is a checkpoint of the custody log that somebody kept elsewhere.
type Outside = store.Outside

// ErrOtherLog means that a checkpoint is of another workspace.
var ErrOtherLog = store.ErrOtherLog

// ReadOutside reads the checkpoint and the key of two files, as they lie in every
// packet's custody folder.
func ReadOutside(checkpoint, key string) (*Outside, error) {
	var content [2][]byte
	const most = 64 << 10 // bytes
	for i, name := range []string{checkpoint, key} {
		b, err := ReadFile(name, most)
		if err != nil {
			return nil, err
		}
		content[i] = b
	}
	outside, err := store.ReadOutside(content[0], content[1])
	if err != nil {
		return nil, fmt.Errorf("%s and %s are no checkpoint and the key that signed it: %w", checkpoint, key, err)
	}
	return outside, nil
}

// Verify checks the whole workspace again, or only the records named.
func (d *Desk) Verify(ctx context.Context, only []evidence.ID, p evidence.Progress) (VerifyReport, error) {
	return d.VerifyWith(ctx, VerifyOptions{Only: only}, p)
}

// VerifyWith checks what the options say. That it was done goes into the custody
// log, where the key is at hand and nothing is wrong: evidence that does not
// verify is left as it was found.
func (d *Desk) VerifyWith(ctx context.Context, o VerifyOptions, p evidence.Progress) (VerifyReport, error) {
	report, err := d.ws.Verify(ctx, store.VerifyOptions{Captures: o.Only, Resume: o.Resume, RemoveStrays: o.RemoveStrays, RepairIndexes: o.RepairIndexes, Outside: o.Outside}, p)
	if err != nil || !report.OK() || d.ws.Unlock(ctx) != nil {
		return report, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if o.Only == nil {
			return tx.Append(custody.Entry{Action: custody.Verified, Subject: d.ws.ID()})
		}
		for _, id := range o.Only {
			caseID, err := caseOf(tx, id)
			if err == nil {
				err = tx.Append(custody.Entry{Action: custody.Verified, Subject: id, Case: caseID})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && d.cfg.Warn != nil {
		// What was found stands, whether or not it could be written down.
		d.cfg.Warn(fmt.Errorf("the custody log does not say that this was verified: %w", err))
	}
	report.Recorded = err == nil
	return report, nil
}
