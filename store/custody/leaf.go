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
	Actor   evidence.Hash            `json:"actor"`
	Case    evidence.ID              `json:"case,omitempty"`
	Hashes  map[string]evidence.Hash `json:"hashes,omitempty"`
	Note    string                   `json:"note,omitempty"`
	Salt    string                   `json:"salt"`
	Schema  int                      `json:"schema"`
	Subject evidence.ID              `json:"subject"`
	Time    time.Time                `json:"time"`
}

// actorForm is the canonical encoding of an actor.
type actorForm struct {
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	Salt    string `json:"salt"`
}

// NewLeaf makes the leaf of an entry, with fresh salt, and the actor to be
// stored apart from it.
func NewLeaf(e Entry, by evidence.Actor, at time.Time) (leaf, actor []byte, err error) {
	actor, err = canonical(actorForm{Account: by.Account, Name: by.Name, Salt: salt()})
	if err != nil {
		return nil, nil, err
	}
	l := Leaf{
		Schema: LeafSchema, Salt: salt(), Time: at.UTC(), Actor: evidence.HashOf(actor),
		Action: e.Action, Subject: e.Subject, Case: e.Case, Hashes: e.Hashes, Note: e.Note,
	}
	leaf, err = l.encode()
	return leaf, actor, err
}

func salt() string {
	b := make([]byte, saltLen)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode a leaf: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// encode is the canonical JSON of the leaf, the bytes that are hashed into the tree.
func (l *Leaf) encode() ([]byte, error) {
	return canonical(leafForm{
		Action: l.Action, Actor: l.Actor, Case: l.Case, Hashes: l.Hashes, Note: l.Note,
		Salt: l.Salt, Schema: l.Schema, Subject: l.Subject, Time: l.Time,
	})
}

// ParseLeaf reads a leaf. It accepts only what NewLeaf gives, so that a leaf has
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
		Schema: f.Schema, Salt: f.Salt, Time: f.Time, Actor: f.Actor,
		Action: f.Action, Subject: f.Subject, Case: f.Case, Hashes: f.Hashes, Note: f.Note,
	}
	if err := l.check(); err != nil {
		return Leaf{}, fmt.Errorf("read a leaf: %w", err)
	}
	again, err := l.encode()
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
	if _, err := evidence.ParseHash(string(l.Actor)); err != nil {
		return fmt.Errorf("its actor: %w", err)
	}
	for name, h := range l.Hashes {
		if _, err := evidence.ParseHash(string(h)); err != nil {
			return fmt.Errorf("hash %q: %w", name, err)
		}
	}
	return nil
}

// ParseActor reads an actor, which must be the one a leaf holds the hash of.
func ParseActor(b []byte, of Leaf) (Actor, error) {
	if evidence.HashOf(b) != of.Actor {
		return Actor{}, errors.New("read an actor: it is not the one that the leaf names")
	}
	var f actorForm
	if err := json.Unmarshal(b, &f); err != nil {
		return Actor{}, fmt.Errorf("read an actor: %w", err)
	}
	return Actor{evidence.Actor{Name: f.Name, Account: f.Account}, f.Salt}, nil
}
