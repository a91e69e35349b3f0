package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"touchstone/store/blob"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// safe is a sort of place for secrets.
type safe string

const (
	safeKeyring safe = "keyring"
	safeFile    safe = "file"
)

const keyringService = "touchstone"

// passphraseAdvice ends every message about a key that cannot be had.
const passphraseAdvice = "set TOUCHSTONE_PASSPHRASE, or name a file that holds the passphrase with --passphrase-file"

// place is where the secret half of a key is kept.
type place struct {
	Safe safe   `json:"safe"`
	Name string `json:"name"` // of the keyring's entry, or of the file in the workspace's folder
}

// String is the place in a few words.
func (p place) String() string {
	if p.Safe == safeKeyring {
		return "the operating system's keyring, as " + keyringService + " / " + p.Name
	}
	return p.Name + " in the workspace, under a passphrase"
}

func (p place) keyring() seal.Keyring {
	return seal.Keyring{Service: keyringService, Name: p.Name}
}

// placeBeside is where another key of the workspace goes: the same sort of place
// as its signing key, under a name nobody else takes.
func (a *about) placeBeside(what string) place {
	if a.Safe == safeKeyring {
		return place{safeKeyring, string(a.ID) + "/" + what}
	}
	return place{safeFile, what + keySuffix}
}

// keepSecret puts a secret at its place. The hash is of the file that holds it
// sealed; "" with a keyring. Errors: ErrNoKey.
func (w *Workspace) keepSecret(ctx context.Context, at place, secret string) (evidence.Hash, error) {
	if at.Safe == safeKeyring {
		if err := at.keyring().Store(ctx, secret); err != nil {
			return "", fmt.Errorf("%w, and it belongs into %s: %w", ErrNoKey, at, err)
		}
		return "", nil
	}
	sealed, err := w.sealSecret(ctx, secret)
	if err != nil {
		return "", err
	}
	path := filepath.Join(w.dir, at.Name)
	if err := writeWhole(path, sealed, 0o600); err != nil {
		return "", fmt.Errorf("write %s: %w", path, blob.Explain(err))
	}
	return evidence.HashOf(sealed), nil
}

func (w *Workspace) sealSecret(ctx context.Context, secret string) ([]byte, error) {
	pass, err := w.passphrase(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Encrypt(secret, pass, w.options.WorkFactor)
	if err != nil {
		return nil, fmt.Errorf("seal the key: %w", err)
	}
	return sealed, nil
}

// opened are the secrets of sealed files that have been opened, by the file's name,
// and kept as long as the workspace is open, as the signing key is: to open one
// takes a second and 256 MB, and a window asks for a channel's again and again.
type opened struct {
	mu   sync.Mutex // also while one is being opened: its memory is taken once
	kept map[string]openedSecret
}

type openedSecret struct {
	sealed evidence.Hash // of the file it came from
	secret string
}

// loadSecret reads a secret from its place. Errors: ErrNoKey.
func (w *Workspace) loadSecret(ctx context.Context, at place) (string, error) {
	if at.Safe == safeKeyring {
		secret, err := at.keyring().Load(ctx)
		if err != nil {
			return "", fmt.Errorf("%w, and it is in the keyring of the account and machine that made the workspace: %w", ErrNoKey, err)
		}
		return secret, nil
	}
	path := filepath.Join(w.dir, at.Name)
	sealed, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	w.opened.mu.Lock()
	defer w.opened.mu.Unlock()
	hash := evidence.HashOf(sealed)
	if known, ok := w.opened.kept[at.Name]; ok && known.sealed == hash {
		return known.secret, nil
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
	if w.opened.kept == nil {
		w.opened.kept = map[string]openedSecret{}
	}
	w.opened.kept[at.Name] = openedSecret{sealed: hash, secret: secret}
	return secret, nil
}

// forgetSecret takes a secret away that nothing needs any more.
func (w *Workspace) forgetSecret(ctx context.Context, at place) error {
	if at.Safe == safeKeyring {
		return at.keyring().Remove(ctx)
	}
	w.opened.mu.Lock()
	delete(w.opened.kept, at.Name)
	w.opened.mu.Unlock()
	return os.Remove(filepath.Join(w.dir, at.Name))
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
