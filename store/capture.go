package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// Seal keeps a capture for good: its manifest as a blob, then in one transaction
// the capture's record, its job as done, a custody leaf with a new checkpoint,
// and whatever also writes. The artifacts' blobs must be there already. also may
// be nil; it runs last, so it may put the capture again with more said, or the
// job as queued for another attempt. Errors: ErrSealed, ErrNotFound for the job,
// blob.ErrMissing, ErrNoKey, ErrNoSpace.
func (w *Workspace) Seal(ctx context.Context, m evidence.Manifest, also func(*Tx, evidence.Capture) error) (evidence.Capture, error) {
	c, err := w.sealCapture(ctx, m, also)
	if err != nil {
		return evidence.Capture{}, fmt.Errorf("seal %s: %w", m.Capture, err)
	}
	return c, nil
}

func (w *Workspace) sealCapture(ctx context.Context, m evidence.Manifest, also func(*Tx, evidence.Capture) error) (evidence.Capture, error) {
	if m.Schema == 0 {
		m.Schema = evidence.ManifestSchema
	}
	encoded, err := seal.EncodeManifest(m)
	if err != nil {
		return evidence.Capture{}, err
	}
	hash, size, err := w.putManifest(ctx, encoded, m.Artifacts)
	if err != nil {
		return evidence.Capture{}, err
	}
	c := seal.CaptureOf(m, hash, size)
	err = w.Update(ctx, func(tx *Tx) error { return tx.seal(&c, also) })
	return c, err
}

// putManifest keeps a manifest's bytes once all it lists is there.
func (w *Workspace) putManifest(ctx context.Context, encoded []byte, listed []evidence.Artifact) (evidence.Hash, int64, error) {
	if err := w.haveAll(listed); err != nil {
		return "", 0, err
	}
	// Before the transaction: opening a sealed key takes a second, during which
	// nobody else could work.
	if err := w.Unlock(ctx); err != nil {
		return "", 0, err
	}
	hash, size, err := w.blobs.Put(ctx, bytes.NewReader(encoded))
	if err != nil {
		return "", 0, fmt.Errorf("manifest: %w", err)
	}
	return hash, size, nil
}

// haveAll checks that artifacts' blobs are there. A seal looks again in its
// transaction: a deletion may have taken them meanwhile.
func (w *Workspace) haveAll(artifacts []evidence.Artifact) error {
	for _, a := range artifacts {
		size, err := w.blobs.Size(a.SHA256)
		if err == nil && size != a.Size {
			err = fmt.Errorf("%s: %w: it has %d bytes, not %d", w.blobs.Path(a.SHA256), blob.ErrAltered, size, a.Size)
		}
		if err != nil {
			return fmt.Errorf("artifact %s: %w", a.Role, err)
		}
	}
	return nil
}

func (tx *Tx) seal(c *evidence.Capture, also func(*Tx, evidence.Capture) error) error {
	if _, err := tx.raw(string(evidence.KindCapture), []byte(c.ID)); err == nil {
		return ErrSealed
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	if err := tx.w.haveAll(c.Artifacts); err != nil {
		return err
	}
	job, err := Get[evidence.Job](tx, c.Job)
	if err != nil {
		return fmt.Errorf("its job: %w", err)
	}
	job.State, job.Capture, job.Attempts = evidence.JobDone, c.ID, max(job.Attempts, c.Attempt)
	if err := Put(tx, job.ID, job); err != nil {
		return err
	}
	if err := Put(tx, c.ID, *c); err != nil {
		return err
	}
	if also != nil {
		if err := also(tx, *c); err != nil {
			return err
		}
		if *c, err = Get[evidence.Capture](tx, c.ID); err != nil {
			return err
		}
	}
	return tx.Append(custody.Entry{
		Action: custody.CaptureSealed, Subject: c.ID, Case: c.Case,
		Hashes: map[string]evidence.Hash{custody.HashManifest: c.Manifest},
	})
}

// maxManifest bounds how much of a blob is read as a manifest, in bytes.
const maxManifest = 64 << 20

// Manifest reads the manifest of a capture, checked against its hash. Errors:
// blob.ErrMissing, blob.ErrAltered.
func (w *Workspace) Manifest(c evidence.Capture) (evidence.Manifest, error) {
	b, err := w.readManifest(c.Manifest)
	if err != nil {
		return evidence.Manifest{}, fmt.Errorf("manifest of %s: %w", c.ID, err)
	}
	m, err := seal.ParseManifest(b)
	if err != nil {
		return evidence.Manifest{}, fmt.Errorf("manifest of %s: %w", c.ID, err)
	}
	return m, nil
}

func (w *Workspace) readManifest(h evidence.Hash) ([]byte, error) {
	f, err := w.blobs.Open(h)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return nil, err
	}
	if evidence.HashOf(b) != h {
		return nil, fmt.Errorf("%s: %w", w.blobs.Path(h), blob.ErrAltered)
	}
	return b, nil
}

// Proofs shows that the seals of captures and attachments are in the custody log, under its newest
// checkpoint. It needs no key. Errors: ErrNotFound.
func (w *Workspace) Proofs(ctx context.Context, captures []evidence.ID) (custody.ProofSet, error) {
	var set custody.ProofSet
	err := w.View(ctx, func(tx *Tx) (err error) {
		if set.Checkpoint, err = tx.Checkpoint(); err != nil {
			return err
		}
		set.Key = w.about().Key
		if set.KeyPEM, err = custody.KeyPEM(set.Key); err != nil {
			return err
		}
		if set.Changes, err = tx.proveKeyChanges(set.Checkpoint.Size); err != nil {
			return err
		}
		for _, id := range captures {
			p, err := tx.proof(id, set.Checkpoint.Size)
			if err != nil {
				return fmt.Errorf("proof for %s: %w", id, err)
			}
			set.Proofs = append(set.Proofs, p)
		}
		set.Stamps, err = tx.proveStamps(set.Proofs)
		return err
	})
	if err != nil {
		return custody.ProofSet{}, err
	}
	// What is handed to a stranger holds, or is not handed out.
	if err := set.Check(); err != nil {
		return custody.ProofSet{}, err
	}
	return set, nil
}

func (tx *Tx) proof(sealed evidence.ID, size int64) (custody.Proof, error) {
	for e, err := range tx.Log(sealed) {
		if err != nil {
			return custody.Proof{}, err
		}
		if e.Leaf.Action != custody.CaptureSealed && e.Leaf.Action != custody.Attached {
			continue
		}
		_, leaf, err := tx.leaf(number(e.Index))
		if err != nil {
			return custody.Proof{}, err
		}
		return custody.Prove(leaf, sealed, e.Index, size, tx)
	}
	return custody.Proof{}, fmt.Errorf("its seal: %w", ErrNotFound)
}
