package store

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// keyChange is what a workspace says of a key that signed its log before the
// present one.
type keyChange struct {
	Size      int64  `json:"size"`      // checkpoints up to here are by the key before
	Before    string `json:"before"`    // that key's verifier
	Statement string `json:"statement"` // a custody.KeyChange, signed by both keys
}

// keyAt is the verifier of the checkpoint of the given size.
func (a *about) keyAt(size int64) string {
	for _, c := range a.Changes {
		if size <= c.Size {
			return c.Before
		}
	}
	return a.Key
}

// changesSince are the changes of key that lead from the key of a checkpoint of
// the given size to the present one, each checked to be signed by both keys and
// to begin where the one before ended. Errors: custody.ErrSignature.
func (a *about) changesSince(size int64) ([]custody.KeyChange, error) {
	var changes []custody.KeyChange
	key := a.keyAt(size)
	for _, c := range a.Changes {
		if size > c.Size {
			continue
		}
		k, err := custody.OpenKeyChange([]byte(c.Statement))
		if err != nil {
			return nil, err
		}
		if k.Size != c.Size || k.Before != c.Before || k.Before != key || k.Origin != origin(a.ID) {
			return nil, fmt.Errorf("change of key at size %d: %w: it is not the change that the workspace speaks of", c.Size, custody.ErrSignature)
		}
		changes, key = append(changes, k), k.After
	}
	if key != a.Key {
		return nil, fmt.Errorf("the key: %w: no change of key leads to it", custody.ErrSignature)
	}
	return changes, nil
}

// errRotated ends a change of key that another process was faster with.
var errRotated = errors.New("another process changed the key meanwhile: nothing was done here")

// RotateKey has the custody log signed by a new key from now on. Both keys sign
// a statement of the change, whose hash is in a leaf of the log: what was signed
// before stays good. The old key's secret half is destroyed. Errors: ErrNoKey,
// ErrNoSpace.
func (w *Workspace) RotateKey(ctx context.Context) (Key, error) {
	old, err := w.unlocked(ctx)
	if err == nil {
		err = w.rotate(ctx, old)
	}
	if err != nil {
		return Key{}, fmt.Errorf("change the signing key: %w", err)
	}
	keys, err := w.Keys(ctx)
	return keys.Log, err
}

func (w *Workspace) rotate(ctx context.Context, old note.Signer) error {
	before := w.about()
	secret, verifier, err := custody.NewKey(origin(before.ID))
	if err != nil {
		return err
	}
	next, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	// A name of its own: until the change is committed the old key is needed, and
	// two processes that change the key at once do not share a file.
	at := before.placeBeside(fmt.Sprintf("%s-%08x", signingName, next.KeyHash()))
	sealed, err := w.keepSecret(ctx, at, secret)
	if err != nil {
		return err
	}
	err = w.Update(ctx, func(tx *Tx) error {
		if w.about().Key != before.Key {
			return errRotated
		}
		change, err := tx.changeKey(verifier, old, next, w.now())
		if err != nil {
			return err
		}
		a := w.about()
		a.Changes = append(a.Changes, keyChange{Size: change.Size, Before: change.Before, Statement: string(change.Signed)})
		if at.Safe == safeFile {
			delete(a.Files, a.signing().Name)
			a.Files[at.Name] = sealed
		}
		a.Key, a.Secret = verifier, at.Name
		tx.signer = next
		if err := tx.putAbout(a); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.KeyChanged, Subject: a.ID, Note: signingName,
			Hashes: map[string]evidence.Hash{custody.HashKeyChange: evidence.HashOf(change.Signed)}})
	})
	spare := before.signing()
	if err != nil {
		spare = at
	}
	// Verify tells of a key that stays, and that it may be removed.
	if forgetErr := w.forgetSecret(context.WithoutCancel(ctx), spare); forgetErr != nil {
		w.options.Warn(fmt.Errorf("destroy the key in %s: %w", spare, forgetErr))
	}
	return err
}

// changeKey makes the statement that goes with a change of key.
func (tx *Tx) changeKey(verifier string, old, next note.Signer, at time.Time) (custody.KeyChange, error) {
	last, err := tx.Checkpoint()
	if err != nil {
		return custody.KeyChange{}, err
	}
	return custody.SignKeyChange(last, tx.w.about().Key, verifier, at, old, next)
}

// proveKeyChanges are all changes of key, each with the proof of its leaf in the
// tree of the given size.
func (tx *Tx) proveKeyChanges(size int64) ([]custody.ProvenKeyChange, error) {
	a := tx.w.about()
	changes, err := a.changesSince(0)
	if err != nil {
		return nil, err
	}
	var proven []custody.ProvenKeyChange
	for _, c := range changes {
		// The leaf comes next after the leaves that the statement speaks of.
		_, leaf, err := tx.leaf(number(c.Size))
		if err != nil {
			return nil, err
		}
		p, err := custody.Prove(leaf, a.ID, c.Size, size, tx)
		if err != nil {
			return nil, err
		}
		proven = append(proven, custody.ProvenKeyChange{KeyChange: c, Proof: p})
	}
	return proven, nil
}

// Key is the public side of a key, and where its secret half is kept.
type Key struct {
	Algorithm   string        `json:"algorithm"`          // Ed25519, or ECDSA and its curve
	Fingerprint evidence.Hash `json:"fingerprint"`        // SHA-256 of the public key in DER, as openssl gives it
	Verifier    string        `json:"verifier,omitempty"` // of the log's keys: name, hash and key, as in a C2SP signed note
	PEM         string        `json:"pem"`                // the public key
	Certificate string        `json:"certificate,omitempty"`
	Kept        string        `json:"kept,omitempty"` // where the secret half is, in words; "" once it is destroyed
	Since       time.Time     `json:"since"`
	FirstSize   int64         `json:"first_size,omitempty"` // of the log's keys: the first checkpoint they signed
}

// Keys are the keys of a workspace.
type Keys struct {
	Log      Key   `json:"log"`
	Past     []Key `json:"past"`               // that signed the log before, oldest first
	Document *Key  `json:"document,omitempty"` // nil until it is first needed
}

// Keys tells of the workspace's keys. It needs no secret.
func (w *Workspace) Keys(ctx context.Context) (Keys, error) {
	var a about
	if err := w.View(ctx, func(*Tx) error { a = w.about(); return nil }); err != nil {
		return Keys{}, err
	}
	changes, err := a.changesSince(0)
	if err != nil {
		return Keys{}, fmt.Errorf("%s is %w: %w", recordsName, ErrDamaged, err)
	}
	keys := Keys{Past: []Key{}}
	since, first := a.Created, int64(1)
	for _, c := range changes {
		k, err := logKey(c.Before, since, first)
		if err != nil {
			return Keys{}, err
		}
		keys.Past = append(keys.Past, k)
		since, first = c.At, c.Size+1
	}
	if keys.Log, err = logKey(a.Key, since, first); err != nil {
		return Keys{}, err
	}
	keys.Log.Kept = a.signing().String()
	if a.Document != nil {
		keys.Document, err = a.Document.public()
	}
	return keys, err
}

func logKey(verifier string, since time.Time, first int64) (Key, error) {
	text, err := custody.KeyPEM(verifier)
	if err != nil {
		return Key{}, fmt.Errorf("%s is %w: %w", recordsName, ErrDamaged, err)
	}
	return Key{Algorithm: "Ed25519", Fingerprint: fingerprint(text), Verifier: verifier, PEM: string(text), Since: since, FirstSize: first}, nil
}

func (d *documentKey) public() (*Key, error) {
	c, err := x509.ParseCertificate(d.Certificate)
	if err != nil {
		return nil, fmt.Errorf("%s is %w: certificate of the document key: %w", recordsName, ErrDamaged, err)
	}
	key, ok := c.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%s is %w: certificate of the document key: its key is of type %T, not ECDSA", recordsName, ErrDamaged, c.PublicKey)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: c.RawSubjectPublicKeyInfo})
	return &Key{
		Algorithm: "ECDSA " + key.Params().Name, Fingerprint: fingerprint(public), PEM: string(public), Kept: d.Place.String(), Since: d.Since,
		Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.Certificate})),
	}, nil
}

// fingerprint is the hash of a public key in DER.
func fingerprint(text []byte) evidence.Hash {
	block, _ := pem.Decode(text)
	return evidence.HashOf(block.Bytes)
}
