package store

import (
	"errors"
	"time"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
)

// clockSlack is how far our clock may be ahead of an authority's before it is
// worth a note.
const clockSlack = 5 * time.Minute

// stamps checks every time stamp, and finds which captures each covers.
func (v *verifier) stamps() error {
	var holding []evidence.Stamp
	err := v.each(string(evidence.KindStamp), func(tx *Tx, p pair) error {
		s, err := unwrapAs[evidence.Stamp](string(evidence.KindStamp), p)
		if err != nil || s.State != evidence.StampGranted {
			return nil // damage is told where the records are checked
		}
		v.tell("time stamps", string(s.ID), int64(v.report.Stamps), 0)
		good, err := v.stamp(tx, s)
		if good {
			v.report.Stamps++
			holding = append(holding, s)
		}
		return v.blame(err, s.ID)
	})
	if err != nil {
		return err
	}
	return v.seals(holding)
}

// stamp checks one: its response, what it stamps, and what its record says of it.
func (v *verifier) stamp(tx *Tx, s evidence.Stamp) (good bool, err error) {
	wrong := func(format string, a ...any) {
		good = false
		v.find(BadStamp, recordsName, s.ID, "the stamp by %s: "+format, append([]any{s.Authority}, a...)...)
	}
	request, err1 := v.w.smallBlob(s.Request)
	response, err2 := v.w.smallBlob(s.Response)
	roots, err3 := v.w.StampRoots(s.Roots)
	if err := errors.Join(err1, err2, err3); err != nil {
		if !errors.Is(err, blob.ErrMissing) && !errors.Is(err, ErrDamaged) {
			wrong("%v", err) // the others are told where the blobs are checked
		}
		return false, nil
	}
	good = true
	r, err := stamp.ParseRequest(request)
	if err != nil {
		wrong("%v", err)
		return false, nil
	}
	token, err := stamp.Verify(r, response, roots)
	if err != nil {
		wrong("%v", err)
		return false, nil
	}
	if !token.Time.Equal(s.Time) || token.Serial.String() != s.Serial || token.Qualified != s.Qualified {
		wrong("its record says %s, number %s, and it says %s, number %s", s.Time, s.Serial, token.Time, token.Serial)
	}
	signed, err := tx.get(checkpointBucket, number(s.Size))
	if errors.Is(err, ErrNotFound) {
		wrong("the custody log has no checkpoint of size %d", s.Size)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if evidence.HashOf(signed) != s.Checkpoint || evidence.HashSum(r.Digest[:]) != s.Checkpoint {
		wrong("it stamps something else than the checkpoint of size %d", s.Size)
	}
	told, err := tx.lastWord(s.ID)
	if errors.Is(err, ErrNotFound) || err == nil && (told.Leaf.Action != custody.Stamped || told.Leaf.Hashes[custody.HashFile] != s.Response) {
		wrong("the custody log does not tell of it")
	} else if err != nil {
		return false, err
	}
	return good, v.clockAt(tx, s)
}

// clockAt compares our clock with the authority's: what was sealed before the
// stamp cannot be dated after it.
func (v *verifier) clockAt(tx *Tx, s evidence.Stamp) error {
	e, _, err := tx.leaf(number(s.Size - 1))
	if err != nil {
		return err
	}
	if ahead := e.Leaf.Time.Sub(s.Time); ahead > clockSlack {
		v.note(BadStamp, recordsName, s.ID, "leaf %d of the custody log is dated %s after it was stamped by %s: this computer's clock was ahead", e.Index, ahead.Round(time.Second), s.Authority)
	}
	return nil
}

// seals notes which stamps cover each seal, and counts the captures without any.
func (v *verifier) seals(holding []evidence.Stamp) error {
	return v.each(leafBucket, func(tx *Tx, p pair) error {
		e, _, err := tx.leaf(p.key)
		if errors.Is(err, ErrDamaged) {
			return nil // told where the log is checked
		}
		if err != nil {
			return err
		}
		if e.Leaf.Action != custody.CaptureSealed && e.Leaf.Action != custody.Attached {
			return nil
		}
		var stamps []SealStamp
		for _, s := range covering(holding, e.Index) {
			stamps = append(stamps, SealStamp{Authority: s.Authority, Signer: s.Signer, Time: s.Time, Strength: s.Strength()})
		}
		if len(stamps) > 0 {
			v.stamped[e.Leaf.Subject] = stamps
		} else if e.Leaf.Action == custody.CaptureSealed {
			v.report.Unstamped++
		}
		return nil
	})
}
