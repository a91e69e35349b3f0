package custody

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"touchstone/store/evidence"
)

// LeafSchema is the version of the form a leaf has.
const LeafSchema = 1

// saltLen is the length of a leaf's salt in bytes.
const saltLen = 16

// leafForm is the canonical encoding of a leaf: names in alphabetical order.
type leafForm struct {
	Action  Action                   `json:"action"`
	Actor   actorForm                `json:"actor"`
	Case    evidence.ID              `json:"case,omitempty"`
	Hashes  map[string]evidence.Hash `json:"hashes,omitempty"`
	Note    string                   `json:"note,omitempty"`
	Salt    string                   `json:"salt"`
	Schema  int                      `json:"schema"`
	Subject evidence.ID              `json:"subject"`
	Time    time.Time                `json:"time"`
}

type actorForm struct {
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
}

// NewLeaf makes the leaf of an entry, with fresh salt.
func NewLeaf(e Entry, by evidence.Actor, at time.Time) Leaf {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	return Leaf{
		Schema: LeafSchema, Salt: hex.EncodeToString(salt), Time: at.UTC(), Actor: by,
		Action: e.Action, Subject: e.Subject, Case: e.Case, Hashes: e.Hashes, Note: e.Note,
	}
}

// Encode is the canonical JSON of the leaf, the bytes that are hashed into the tree.
func (l Leaf) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(leafForm{
		Action: l.Action, Actor: actorForm{Account: l.Actor.Account, Name: l.Actor.Name}, Case: l.Case,
		Hashes: l.Hashes, Note: l.Note, Salt: l.Salt, Schema: l.Schema, Subject: l.Subject, Time: l.Time,
	})
	if err != nil {
		return nil, fmt.Errorf("encode a leaf: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ParseLeaf reads a leaf. It accepts only what Encode gives, so that a leaf has
// one form.
func ParseLeaf(b []byte) (Leaf, error) {
	var f leafForm
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return Leaf{}, fmt.Errorf("read a leaf: %w", err)
	}
	if f.Schema != LeafSchema {
		return Leaf{}, fmt.Errorf("read a leaf: it has schema %d, this Touchstone knows %d", f.Schema, LeafSchema)
	}
	l := Leaf{
		Schema: f.Schema, Salt: f.Salt, Time: f.Time, Actor: evidence.Actor{Name: f.Actor.Name, Account: f.Actor.Account},
		Action: f.Action, Subject: f.Subject, Case: f.Case, Hashes: f.Hashes, Note: f.Note,
	}
	if err := l.check(); err != nil {
		return Leaf{}, fmt.Errorf("read a leaf: %w", err)
	}
	again, err := l.Encode()
	if err != nil {
		return Leaf{}, err
	}
	if !bytes.Equal(again, b) {
		return Leaf{}, errors.New("read a leaf: it is not in canonical form")
	}
	return l, nil
}

func (l *Leaf) check() error {
	if salt, err := hex.DecodeString(l.Salt); err != nil || len(salt) != saltLen {
		return fmt.Errorf("its salt is not %d hexadecimal digits", 2*saltLen)
	}
	if l.Action == "" || l.Subject == "" || l.Time.IsZero() {
		return errors.New("it lacks its action, subject or time")
	}
	for name, h := range l.Hashes {
		if _, err := evidence.ParseHash(string(h)); err != nil {
			return fmt.Errorf("hash %q: %w", name, err)
		}
	}
	return nil
}
