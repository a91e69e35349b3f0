package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
	"github.com/zalando/go-keyring"
)

// Errors a caller decides by.
var (
	ErrNoSecret      = errors.New("no such secret")
	ErrNoKeyring     = errors.New("the operating system offers no keyring")
	ErrBadPassphrase = errors.New("the passphrase is wrong")
)

// Encrypt seals a secret with a passphrase, in the age format
// (age-encryption.org/v1, scrypt). workFactor is log2 of scrypt's cost; 0 is
// 18, about a second.
func Encrypt(secret, passphrase string, workFactor int) ([]byte, error) {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	if workFactor != 0 {
		to.SetWorkFactor(workFactor)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, secret); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// maxWorkFactor bounds what a file can make us compute: 2^22 takes a quarter of
// a minute and 4 GiB.
const maxWorkFactor = 22

// Decrypt opens what Encrypt sealed. Errors: ErrBadPassphrase.
func Decrypt(sealed []byte, passphrase string) (string, error) {
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return "", err
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	var mismatch *age.NoIdentityMatchError
	if errors.As(err, &mismatch) {
		return "", ErrBadPassphrase
	}
	if err != nil {
		return "", err
	}
	secret, err := io.ReadAll(r)
	return string(secret), err
}

// keyringLimit is how long a keyring may take. Secret Service hangs where its
// dialog cannot be shown.
const keyringLimit = 3 * time.Second

// Keyring is one entry of the operating system's keyring. Errors of its methods:
// ErrNoKeyring.
type Keyring struct {
	Service string
	Name    string
}

// Load reads the secret. Errors: ErrNoSecret.
func (k Keyring) Load(ctx context.Context) (string, error) {
	return k.within(ctx, func() (string, error) { return keyring.Get(k.Service, k.Name) })
}

// Store writes the secret, in place of what was there.
func (k Keyring) Store(ctx context.Context, secret string) error {
	_, err := k.within(ctx, func() (string, error) { return "", keyring.Set(k.Service, k.Name, secret) })
	return err
}

// Remove forgets the secret. Errors: ErrNoSecret.
func (k Keyring) Remove(ctx context.Context) error {
	_, err := k.within(ctx, func() (string, error) { return "", keyring.Delete(k.Service, k.Name) })
	return err
}

// within runs a call to the keyring. One that hangs is left behind: it cannot be
// cancelled, and ends with the process.
func (k Keyring) within(ctx context.Context, call func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, keyringLimit)
	defer cancel()
	type answer struct {
		secret string
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		secret, err := call()
		done <- answer{secret, err}
	}()
	select {
	case a := <-done:
		switch {
		case errors.Is(a.err, keyring.ErrNotFound):
			return "", fmt.Errorf("keyring entry %s/%s: %w", k.Service, k.Name, ErrNoSecret)
		case a.err != nil:
			return "", fmt.Errorf("%w: %w", ErrNoKeyring, a.err)
		}
		return a.secret, nil
	case <-ctx.Done():
		return "", fmt.Errorf("%w: it did not answer within %v", ErrNoKeyring, keyringLimit)
	}
}
