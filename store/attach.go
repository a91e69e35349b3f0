package store

import (
	"context"
	"errors"
	"fmt"

	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// Attach keeps a file from outside for good, as Seal does a capture: its
// manifest as a blob, then its record and a custody leaf in one transaction. The
// artifacts' blobs must be there already, and so must what it belongs to. Errors:
// ErrSealed, ErrNotFound, blob.ErrMissing, ErrNoKey, ErrNoSpace.
func (w *Workspace) Attach(ctx context.Context, m evidence.AttachmentManifest) (evidence.Attachment, error) {
	a, err := w.sealAttachment(ctx, m)
	if err != nil {
		return evidence.Attachment{}, fmt.Errorf("attach %s: %w", m.Name, err)
	}
	return a, nil
}

func (w *Workspace) sealAttachment(ctx context.Context, m evidence.AttachmentManifest) (evidence.Attachment, error) {
	if m.Schema == 0 {
		m.Schema = evidence.ManifestSchema
	}
	encoded, err := seal.EncodeAttachment(m)
	if err != nil {
		return evidence.Attachment{}, err
	}
	hash, size, err := w.putManifest(ctx, encoded, m.Artifacts)
	if err != nil {
		return evidence.Attachment{}, err
	}
	a := seal.AttachmentOf(m, hash, size)
	err = w.Update(ctx, func(tx *Tx) error {
		if _, err := tx.raw(string(evidence.KindAttachment), []byte(a.ID)); err == nil {
			return ErrSealed
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := w.haveAll(a.Artifacts); err != nil {
			return err
		}
		if _, err := tx.recordHash(a.To); err != nil {
			return fmt.Errorf("what it belongs to, %s: %w", a.To, err)
		}
		if err := Put(tx, a.ID, a); err != nil {
			return err
		}
		file, _ := a.Artifact(evidence.RoleAttachment)
		return tx.Append(custody.Entry{
			Action: custody.Attached, Subject: a.ID, Case: a.Case, Note: string(a.Kind),
			Hashes: map[string]evidence.Hash{custody.HashManifest: a.Manifest, custody.HashFile: file.SHA256},
		})
	})
	return a, err
}

// AttachmentManifest reads the manifest of an attachment, checked against its
// hash. Errors: blob.ErrMissing, blob.ErrAltered.
func (w *Workspace) AttachmentManifest(a evidence.Attachment) (evidence.AttachmentManifest, error) {
	b, err := w.readManifest(a.Manifest)
	if err != nil {
		return evidence.AttachmentManifest{}, fmt.Errorf("manifest of %s: %w", a.ID, err)
	}
	m, err := seal.ParseAttachment(b)
	if err != nil {
		return m, fmt.Errorf("manifest of %s: %w", a.ID, err)
	}
	return m, nil
}
