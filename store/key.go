package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// safe is where the secret half of a key is.
type safe string

const (
	safeKeyring safe = "keyring"
	safeFile    safe = "file"
)

const keyringService = "touchstone"

// passphraseAdvice ends every message about a key that cannot be had.
const passphraseAdvice = "set TOUCHSTONE_PASSPHRASE, or name a file that holds the passphrase with --passphrase-file"

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
		if err := keyringEntry(id).Store(ctx, secret); err == nil {
			k.safe = safeKeyring
			return k, nil
		} else if !errors.Is(err, seal.ErrNoKeyring) {
			return newKey{}, err
		}
	}
	pass, err := w.passphrase(ctx)
	if err != nil {
		return newKey{}, err
	}
	k.safe = safeFile
	k.sealed, err = seal.Encrypt(secret, pass, w.options.WorkFactor)
	if err != nil {
		return newKey{}, fmt.Errorf("seal the signing key: %w", err)
	}
	return k, nil
}

func keyringEntry(id evidence.ID) seal.Keyring {
	return seal.Keyring{Service: keyringService, Name: string(id)}
}

func (w *Workspace) passphrase(ctx context.Context) (string, error) {
	if w.options.Passphrase == nil {
		return "", fmt.Errorf("%w, and it is kept under a passphrase here: %s", ErrNoKey, passphraseAdvice)
	}
	pass, err := w.options.Passphrase(ctx)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	if pass == "" {
		return "", fmt.Errorf("%w, and it is kept under a passphrase here: %s", ErrNoKey, passphraseAdvice)
	}
	return pass, nil
}

// Unlock loads the signing key, so that a missing passphrase is known before
// long work. Errors: ErrNoKey.
func (w *Workspace) Unlock(ctx context.Context) error {
	_, err := w.signer(ctx)
	return err
}

// signer is the signing key, loaded once and kept in memory.
func (w *Workspace) signer(ctx context.Context) (note.Signer, error) {
	w.keyMu.Lock()
	defer w.keyMu.Unlock()
	if w.key != nil {
		return w.key, nil
	}
	secret, err := w.loadSecret(ctx)
	if err != nil {
		return nil, err
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("%w: what is kept is not a key: %w", ErrNoKey, err)
	}
	if err := fits(s, w.about.Key); err != nil {
		return nil, err
	}
	w.key = s
	return s, nil
}

func (w *Workspace) loadSecret(ctx context.Context) (string, error) {
	if w.about.Safe == safeKeyring {
		secret, err := keyringEntry(w.about.ID).Load(ctx)
		if err != nil {
			return "", fmt.Errorf("%w, and it is in the keyring of the account and machine that made the workspace: %w", ErrNoKey, err)
		}
		return secret, nil
	}
	path := filepath.Join(w.dir, keyName)
	sealed, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	pass, err := w.passphrase(ctx)
	if err != nil {
		return "", err
	}
	secret, err := seal.Decrypt(sealed, pass)
	if errors.Is(err, seal.ErrBadPassphrase) {
		return "", fmt.Errorf("%w to open %s: %w: %s", ErrNoKey, path, err, passphraseAdvice)
	}
	if err != nil {
		return "", fmt.Errorf("%w, but %s does not open: %w", ErrNoKey, path, err)
	}
	return secret, nil
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
	pem, err = custody.KeyPEM(w.about.Key)
	return w.about.Key, pem, err
}
