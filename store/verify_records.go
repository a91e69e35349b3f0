package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// records checks every record: that it reads, that the indexes find it, that it
// is as the custody log last said, and that the blobs it names are there.
func (v *verifier) records() error {
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[name]
		err := v.each(string(name), func(tx *Tx, p pair) error {
			v.report.Records++
			v.tell("records", string(p.key), int64(v.report.Records), 0)
			return v.blame(v.record(tx, k, p), evidence.ID(p.key))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) record(tx *Tx, k kind, p pair) error {
	content, err := unwrap(string(k.name), p)
	if err != nil {
		return err
	}
	d, err := k.read(content)
	if err != nil {
		return fmt.Errorf("record is %w: %w", ErrDamaged, err)
	}
	id := evidence.ID(p.key)
	if d.id != id {
		return fmt.Errorf("record is %w: it calls itself %q", ErrDamaged, d.id)
	}
	for _, key := range d.keys {
		if _, err := tx.raw(string(key.index), indexEntry(key, id)); errors.Is(err, ErrNotFound) {
			v.find(BadIndex, recordsName, id, "index %s does not find it under %.100q", key.index, key.key)
		} else if err != nil {
			return err
		}
	}
	for _, f := range d.files {
		v.fileOf(id, f)
	}
	if err := v.particular(tx, k.name, content); err != nil {
		return err
	}
	return v.sworn(tx, id)
}

// particular checks what only records of one kind have.
func (v *verifier) particular(tx *Tx, name evidence.Kind, content []byte) error {
	switch name {
	case evidence.KindCapture:
		return v.capture(tx, content)
	case evidence.KindAttachment:
		return v.attachment(tx, content)
	case evidence.KindTombstone:
		return v.tombstone(tx, content)
	}
	return nil
}

// fileOf checks a blob that a record names. Its content was hashed before.
func (v *verifier) fileOf(id evidence.ID, f fileRef) {
	if _, err := evidence.ParseHash(string(f.hash)); err != nil {
		v.find(Damaged, recordsName, id, "its %s: %v", f.role, err)
		return
	}
	v.named[keyOf(f.hash)] = true
	if what, altered := v.altered[f.hash]; altered {
		v.find(Altered, v.blobPath(f.hash), id, "the %s of %s %s", f.role, id, what)
		return
	}
	size, err := v.w.blobs.Size(f.hash)
	switch {
	case errors.Is(err, blob.ErrMissing):
		v.find(Missing, v.blobPath(f.hash), id, "the %s of %s is gone", f.role, id)
	case err != nil:
		v.find(Altered, v.blobPath(f.hash), id, "the %s of %s cannot be read: %v", f.role, id, err)
	case f.size != unknownSize && size != f.size:
		v.find(Altered, v.blobPath(f.hash), id, "the %s of %s has %d bytes, its record says %d", f.role, id, size, f.size)
	}
}

// capture checks that a capture was sealed in the custody log with the manifest
// it names, and that the manifest tells what the record tells.
func (v *verifier) capture(tx *Tx, content []byte) error {
	var c evidence.Capture
	if err := decode(string(evidence.KindCapture), nil, content, &c); err != nil {
		return err
	}
	v.report.Captures++
	v.look(c.ID, StateIntact)
	if err := v.sealed(tx, c.ID, custody.CaptureSealed, c.Manifest); err != nil {
		return err
	}
	m, err := v.w.Manifest(c)
	if errors.Is(err, blob.ErrMissing) || errors.Is(err, blob.ErrAltered) {
		return nil // told where the blobs are checked
	}
	if err != nil {
		v.find(Altered, v.blobPath(c.Manifest), c.ID, "%v", err)
		return nil
	}
	size, err := v.w.blobs.Size(c.Manifest)
	if err != nil {
		return err
	}
	told := seal.CaptureOf(m, c.Manifest, size)
	// A capture may be filed under another case or listing later; that its record
	// is as last sworn to is checked against the log.
	told.Case, told.Listing = c.Case, c.Listing
	if !sameRecord(told, c) {
		v.find(Unrecorded, recordsName, c.ID, "its record and its manifest do not tell the same")
	}
	return nil
}

// sealed checks that the custody log has a seal with the manifest.
func (v *verifier) sealed(tx *Tx, id evidence.ID, by custody.Action, manifest evidence.Hash) error {
	for e, err := range tx.Log(id) {
		if err != nil {
			return err
		}
		if e.Leaf.Action == by && e.Leaf.Hashes[custody.HashManifest] == manifest {
			return nil
		}
	}
	v.find(Unrecorded, recordsName, id, "the custody log has no seal of %s with the manifest it names", id)
	return nil
}

// attachment checks an attachment as capture does a capture.
func (v *verifier) attachment(tx *Tx, content []byte) error {
	var a evidence.Attachment
	if err := decode(string(evidence.KindAttachment), nil, content, &a); err != nil {
		return err
	}
	v.report.Attachments++
	v.look(a.ID, StateIntact)
	if err := v.sealed(tx, a.ID, custody.Attached, a.Manifest); err != nil {
		return err
	}
	m, err := v.w.AttachmentManifest(a)
	if errors.Is(err, blob.ErrMissing) || errors.Is(err, blob.ErrAltered) {
		return nil // told where the blobs are checked
	}
	if err != nil {
		v.find(Altered, v.blobPath(a.Manifest), a.ID, "%v", err)
		return nil
	}
	size, err := v.w.blobs.Size(a.Manifest)
	if err != nil {
		return err
	}
	told := seal.AttachmentOf(m, a.Manifest, size)
	// Who obtained it is in the confidential artifact, whose hash is in the manifest.
	told.Case, told.ObtainedBy = a.Case, a.ObtainedBy
	if !sameRecord(told, a) {
		v.find(Unrecorded, recordsName, a.ID, "its record and its manifest do not tell the same")
	}
	return nil
}

// sameRecord compares records as they are stored: JSON does not tell an empty
// list from none.
func sameRecord[T any](a, b T) bool {
	one, err1 := json.Marshal(a)
	two, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(one, two)
}

// sworn checks a record against the newest leaf of the custody log about it. A
// record that the log does not speak of has only its own hash.
func (v *verifier) sworn(tx *Tx, id evidence.ID) error {
	last, err := tx.lastWord(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	said, ok := last.Leaf.Hashes[custody.HashRecord]
	if !ok {
		v.find(Unrecorded, recordsName, id, "leaf %d of the custody log (%s) speaks of no record %s, but there is one", last.Index, last.Leaf.Action, id)
		return nil
	}
	have, err := tx.recordHash(id)
	if err != nil {
		return err
	}
	if have != said {
		v.find(Unrecorded, recordsName, id, "the record is not as leaf %d of the custody log (%s) says", last.Index, last.Leaf.Action)
	}
	return nil
}

// indexes checks that the indexes name nothing else. Records were found to have
// all their entries; so only where there are more entries than those are they
// looked up one by one.
func (v *verifier) indexes() error {
	for _, ix := range slices.Sorted(maps.Keys(indexes)) {
		err := v.each(string(ix), func(tx *Tx, p pair) error {
			return v.blame(v.indexEntry(tx, ix, p), "")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) indexEntry(tx *Tx, ix Index, p pair) error {
	id, what, err := tx.judgeEntry(ix, p)
	if errors.Is(err, ErrDamaged) {
		return nil // told where the records are checked
	}
	if err == nil && what != "" {
		v.find(BadIndex, recordsName, id, "%s", what)
	}
	return err
}

// judgeEntry says what is wrong with an entry of an index, and about which
// record; "" when nothing is.
func (tx *Tx) judgeEntry(ix Index, p pair) (id evidence.ID, what string, err error) {
	cut := bytes.LastIndexByte(p.key, separator)
	id = evidence.ID(p.key[cut+1:])
	if cut < 0 || id.Kind() != indexes[ix] || len(p.value) != 0 {
		return "", fmt.Sprintf("index %s has an entry %.100q that is none", ix, p.key), nil
	}
	d, err := tx.describe(kinds[indexes[ix]], id)
	if errors.Is(err, ErrNotFound) {
		return id, fmt.Sprintf("index %s names it, and there is no such record", ix), nil
	}
	if err != nil || d.foundBy(ix, p.key[:cut+1]) {
		return id, "", err
	}
	return id, fmt.Sprintf("index %s finds it under %.100q, where it does not belong", ix, p.key[:cut]), nil
}
