package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"touchstone/assets"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
)

// DueStamp is a stamp that an authority of the settings has yet to give.
type DueStamp struct {
	Stamp   evidence.Stamp // queued or refused
	Request stamp.Request
}

// DueStamps prepares a request to each authority of the settings that has not
// stamped what is newest in the custody log. One stamp of the newest checkpoint
// covers everything below it, so there is one request to each however much was
// done since the last. Each is recorded as queued before anything is sent.
func (w *Workspace) DueStamps(ctx context.Context) ([]DueStamp, error) {
	settings, err := w.Settings(ctx)
	if err != nil || len(settings.Authorities) == 0 {
		return nil, err
	}
	var due []DueStamp
	err = w.Update(ctx, func(tx *Tx) error {
		due = due[:0]
		last, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		if settings, err = tx.Settings(); err != nil {
			return err
		}
		for _, a := range settings.Authorities {
			d, needed, err := tx.dueStamp(a, last)
			if err != nil {
				return fmt.Errorf("stamp by %s: %w", a.Name, err)
			}
			if needed {
				due = append(due, d)
			}
		}
		return nil
	})
	return due, err
}

// dueStamp prepares the request to one authority.
func (tx *Tx) dueStamp(a evidence.Authority, last custody.Checkpoint) (d DueStamp, needed bool, err error) {
	stamped, err := tx.stampedBy(a.Name)
	if err != nil {
		return d, false, err
	}
	for _, state := range []evidence.StampState{evidence.StampQueued, evidence.StampRefused} {
		for s, err := range EachBy[evidence.Stamp](tx, StampsByState, string(state)) {
			if err != nil {
				return d, false, err
			}
			if s.Authority == a.Name {
				d.Stamp = s // asked before in vain: the same record goes on
			}
		}
	}
	if needed, err = tx.worthAStamp(stamped); err != nil || !needed {
		return d, false, err
	}
	if d.Request, err = stamp.NewRequest(last.Signed); err != nil {
		return d, false, err
	}
	if d.Stamp.ID == "" {
		now := tx.w.now()
		d.Stamp = evidence.Stamp{ID: evidence.NewID(evidence.KindStamp, now), Authority: a.Name, State: evidence.StampQueued, QueuedAt: now}
	}
	d.Stamp.URL, d.Stamp.Roots = a.URL, a.Roots
	d.Stamp.Size, d.Stamp.Checkpoint = last.Size, evidence.HashOf(last.Signed)
	return d, true, Put(tx, d.Stamp.ID, d.Stamp)
}

// stampedBy is how many leaves the newest stamp by an authority covers. It looks
// from the newest record back.
func (tx *Tx) stampedBy(authority string) (int64, error) {
	for p, err := range tx.all(span{bucket: string(evidence.KindStamp), reverse: true}) {
		if err != nil {
			return 0, err
		}
		s, err := unwrapAs[evidence.Stamp](string(evidence.KindStamp), p)
		if err != nil {
			return 0, err
		}
		if s.Authority == authority && s.State == evidence.StampGranted {
			return s.Size, nil
		}
	}
	return 0, nil
}

// worthAStamp reports whether there is more than other stamps among the leaves
// from a number on. A stamp is itself told of by a leaf; were that worth a stamp,
// there would be no end.
func (tx *Tx) worthAStamp(from int64) (bool, error) {
	s := span{bucket: leafBucket}
	if from > 0 {
		s.after = number(from - 1)
	}
	for p, err := range tx.all(s) {
		if err != nil {
			return false, err
		}
		e, _, err := tx.leaf(p.key)
		if err != nil {
			return false, err
		}
		if e.Leaf.Action != custody.Stamped {
			return true, nil
		}
	}
	return false, nil
}

// KeepStamp checks an authority's response and keeps it whole, with the
// certificates it rests on. A response that does not hold is not kept: the stamp
// stays due, and says why. Errors: those of stamp.Verify, ErrNoKey.
func (w *Workspace) KeepStamp(ctx context.Context, d DueStamp, response []byte) (evidence.Stamp, error) {
	s := d.Stamp
	roots, err := w.StampRoots(s.Roots)
	if err != nil {
		return s, fmt.Errorf("stamp by %s: %w", s.Authority, err)
	}
	token, err := stamp.Verify(d.Request, response, roots)
	if err != nil {
		return w.refuseStamp(ctx, d, fmt.Errorf("stamp by %s: %w", s.Authority, err))
	}
	if err := w.Unlock(ctx); err != nil {
		return s, err
	}
	for _, f := range []struct {
		to      *evidence.Hash
		content []byte
	}{{&s.Request, d.Request.DER}, {&s.Response, response}, {&s.Chain, stamp.EncodeCertificates(token.Chain)}} {
		if *f.to, _, err = w.blobs.Put(ctx, bytes.NewReader(f.content)); err != nil {
			return s, fmt.Errorf("stamp by %s: %w", s.Authority, err)
		}
	}
	s.State, s.Error, s.Attempts = evidence.StampGranted, "", s.Attempts+1
	s.Time, s.Signer, s.Policy, s.Serial = token.Time, token.Chain[0].Subject.String(), token.Policy, token.Serial.String()
	s.Qualified = token.Qualified
	err = w.Update(ctx, func(tx *Tx) error {
		now, err := Get[evidence.Stamp](tx, s.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if now.State == evidence.StampGranted { // another process was faster: this is one more
			s.ID = evidence.NewID(evidence.KindStamp, w.now())
		}
		if err := Put(tx, s.ID, s); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.Stamped, Subject: s.ID, Hashes: map[string]evidence.Hash{
			custody.HashFile: s.Response, custody.HashCheckpoint: s.Checkpoint,
		}})
	})
	return s, err
}

// DeferStamp records that an authority was not reached, and why. The stamp stays
// due.
func (w *Workspace) DeferStamp(ctx context.Context, d DueStamp, why error) error {
	_, err := w.failStamp(ctx, d, evidence.StampQueued, why)
	return err
}

func (w *Workspace) refuseStamp(ctx context.Context, d DueStamp, why error) (evidence.Stamp, error) {
	s, err := w.failStamp(ctx, d, evidence.StampRefused, why)
	return s, errors.Join(why, err)
}

func (w *Workspace) failStamp(ctx context.Context, d DueStamp, state evidence.StampState, why error) (s evidence.Stamp, err error) {
	err = w.Update(ctx, func(tx *Tx) error {
		if s, err = Get[evidence.Stamp](tx, d.Stamp.ID); err != nil || s.State == evidence.StampGranted {
			return err
		}
		s.State, s.Error, s.Attempts = state, why.Error(), s.Attempts+1
		return Put(tx, s.ID, s)
	})
	return s, err
}

// StampRoots are the roots a stamp may lead to: those that come with the program,
// and those the user named.
func (w *Workspace) StampRoots(own evidence.Hash) ([]*x509.Certificate, error) {
	roots, err := stamp.ParseCertificates(assets.TSARoots())
	if err != nil || own == "" {
		return roots, err
	}
	text, err := w.smallBlob(own)
	if err != nil {
		return nil, fmt.Errorf("roots: %w", err)
	}
	named, err := stamp.ParseCertificates(text)
	return slices.Concat(roots, named), err
}

// maxSmallBlob bounds requests, responses and certificates, in bytes.
const maxSmallBlob = 4 << 20

// smallBlob reads a blob whole, checked against its name. Errors:
// blob.ErrMissing, ErrDamaged.
func (w *Workspace) smallBlob(h evidence.Hash) ([]byte, error) {
	f, err := w.blobs.Open(h)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSmallBlob))
	if err == nil && evidence.HashOf(b) != h {
		err = fmt.Errorf("%s is %w", w.blobs.Path(h), ErrDamaged)
	}
	return b, err
}

// StampsOf are the granted stamps that cover a capture's or attachment's seal:
// for each authority the earliest, which proves most.
func (tx *Tx) StampsOf(sealed evidence.ID) ([]evidence.Stamp, error) {
	index := int64(-1)
	for e, err := range tx.Log(sealed) {
		if err != nil {
			return nil, err
		}
		if e.Leaf.Action == custody.CaptureSealed || e.Leaf.Action == custody.Attached {
			index = e.Index
			break
		}
	}
	if index < 0 {
		return nil, fmt.Errorf("the seal of %s: %w", sealed, ErrNotFound)
	}
	granted, err := tx.granted()
	return covering(granted, index), err
}

func (tx *Tx) granted() (stamps []evidence.Stamp, err error) {
	for s, err := range EachBy[evidence.Stamp](tx, StampsByState, string(evidence.StampGranted)) {
		if err != nil {
			return nil, err
		}
		stamps = append(stamps, s)
	}
	return stamps, nil
}

// covering are the stamps that cover a leaf: for each authority the earliest.
func covering(granted []evidence.Stamp, index int64) []evidence.Stamp {
	earliest := map[string]evidence.Stamp{}
	for _, s := range granted {
		if have, ok := earliest[s.Authority]; s.Size > index && (!ok || s.Time.Before(have.Time)) {
			earliest[s.Authority] = s
		}
	}
	return slices.SortedFunc(maps.Values(earliest), byTime)
}

func byTime(a, b evidence.Stamp) int {
	return cmp.Or(a.Time.Compare(b.Time), strings.Compare(string(a.ID), string(b.ID)))
}

// proveStamps are the stamps that cover the leaves of the proofs, each with the
// checkpoint it stamps and the proofs of those leaves under that checkpoint.
func (tx *Tx) proveStamps(proofs []custody.Proof) ([]custody.StampedCheckpoint, error) {
	granted, err := tx.granted()
	if err != nil {
		return nil, err
	}
	used := map[evidence.ID][]custody.Proof{}
	for _, p := range proofs {
		for _, s := range covering(granted, p.Index) {
			earlier, err := custody.Prove(p.Leaf, p.Subject, p.Index, s.Size, tx)
			if err != nil {
				return nil, err
			}
			used[s.ID] = append(used[s.ID], earlier)
		}
	}
	var stamped []custody.StampedCheckpoint
	slices.SortFunc(granted, byTime)
	for _, s := range granted {
		if used[s.ID] == nil {
			continue
		}
		one, err := tx.stamped(s)
		if err != nil {
			return nil, fmt.Errorf("stamp %s: %w", s.ID, err)
		}
		one.Proofs = used[s.ID]
		stamped = append(stamped, one)
	}
	return stamped, nil
}

// stamped is a stamp with what it rests on, checked once more.
func (tx *Tx) stamped(s evidence.Stamp) (custody.StampedCheckpoint, error) {
	signed, err := tx.get(checkpointBucket, number(s.Size))
	if err != nil {
		return custody.StampedCheckpoint{}, err
	}
	checkpoint, err := custody.ParseCheckpoint(signed)
	if err != nil {
		return custody.StampedCheckpoint{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	request, err1 := tx.w.smallBlob(s.Request)
	response, err2 := tx.w.smallBlob(s.Response)
	roots, err3 := tx.w.StampRoots(s.Roots)
	if err := errors.Join(err1, err2, err3); err != nil {
		return custody.StampedCheckpoint{}, err
	}
	r, err := stamp.ParseRequest(request)
	if err != nil {
		return custody.StampedCheckpoint{}, err
	}
	token, err := stamp.Verify(r, response, roots)
	if err == nil && evidence.HashSum(r.Digest[:]) != evidence.HashOf(signed) {
		err = fmt.Errorf("%w than the checkpoint of size %d", stamp.ErrImprint, s.Size)
	}
	if err != nil {
		return custody.StampedCheckpoint{}, err
	}
	root := len(token.Chain) - 1
	return custody.StampedCheckpoint{
		Authority: s.Authority, Signer: s.Signer, Time: token.Time, Qualified: token.Qualified, Checkpoint: checkpoint,
		Request: request, Response: response,
		// A signer that is its own root is both: openssl takes no empty file.
		Chain: stamp.EncodeCertificates(token.Chain[:max(root, 1)]), Root: stamp.EncodeCertificates(token.Chain[root:]),
	}, nil
}
