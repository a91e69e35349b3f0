package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// signingName begins the name of a signing key that is not a workspace's first.
const signingName = "key"

// newKey is a signing key that is not yet at its place.
type newKey struct {
	verifier string
	signer   note.Signer
	safe     safe
	sealed   []byte // what key.age will hold; nil with a keyring
}

// origin names the log of a workspace in its checkpoints and key.
func origin(id evidence.ID) string { return "touchstone/" + string(id) }

// makeKey makes the signing key of a new workspace. It goes to the keyring, or,
// where there is none, is sealed with the passphrase. Errors: ErrNoKey.
func (w *Workspace) makeKey(ctx context.Context, id evidence.ID) (newKey, error) {
	secret, verifier, err := custody.NewKey(origin(id))
	if err != nil {
		return newKey{}, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return newKey{}, err
	}
	k := newKey{verifier: verifier, signer: signer}
	if !w.options.NoKeyring {
		if err := (place{safeKeyring, string(id)}).keyring().Store(ctx, secret); err == nil {
			k.safe = safeKeyring
			return k, nil
		} else if !errors.Is(err, seal.ErrNoKeyring) {
			return newKey{}, err
		}
	}
	k.safe = safeFile
	k.sealed, err = w.sealSecret(ctx, secret)
	return k, err
}

// signing is where the key that signs the custody log is kept.
func (a *about) signing() place {
	if a.Safe == safeKeyring {
		return place{safeKeyring, cmp.Or(a.Secret, string(a.ID))}
	}
	return place{safeFile, cmp.Or(a.Secret, keyName)}
}

// Unlock loads the signing key, so that a missing passphrase is known before
// long work. Errors: ErrNoKey.
func (w *Workspace) Unlock(ctx context.Context) error {
	_, err := w.unlocked(ctx)
	return err
}

// unlocked is the signing key, outside of a transaction: what we know of it may
// be old by then, and its place empty.
func (w *Workspace) unlocked(ctx context.Context) (note.Signer, error) {
	for {
		known := w.about().Key
		s, err := w.signer(ctx)
		if err == nil {
			return s, nil
		}
		if viewErr := w.View(ctx, func(*Tx) error { return nil }); viewErr != nil {
			return nil, errors.Join(err, viewErr)
		}
		if w.about().Key == known {
			return nil, err
		}
	}
}

// signer is the signing key, loaded once and kept in memory until the key
// changes, be it by another process.
func (w *Workspace) signer(ctx context.Context) (note.Signer, error) {
	w.keyMu.Lock()
	defer w.keyMu.Unlock()
	a := w.about()
	if w.key != nil && w.keyOf == a.Key {
		return w.key, nil
	}
	secret, err := w.loadSecret(ctx, a.signing())
	if err != nil {
		return nil, err
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("%w: what is kept is not a key: %w", ErrNoKey, err)
	}
	if err := fits(s, a.Key); err != nil {
		return nil, err
	}
	w.key, w.keyOf = s, a.Key
	return s, nil
}

// fits reports an error unless the signer is the secret half of the verifier.
func fits(s note.Signer, verifier string) error {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return fmt.Errorf("%s: %w: public key: %w", recordsName, ErrDamaged, err)
	}
	sig, err := s.Sign([]byte(verifier))
	if err != nil {
		return err
	}
	if s.Name() != v.Name() || !v.Verify([]byte(verifier), sig) {
		return fmt.Errorf("%w, and the one that was found is another workspace's", ErrNoKey)
	}
	return nil
}

// PublicKey is the key that the custody log's checkpoints are verified with, as
// a verifier of golang.org/x/mod/sumdb/note and as PEM for openssl.
func (w *Workspace) PublicKey() (verifier string, pem []byte, err error) {
	key := w.about().Key
	pem, err = custody.KeyPEM(key)
	return key, pem, err
}
