package desk

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"touchstone/store"
)

// Key is the public side of a key, and where its secret half is kept.
type Key = store.Key

// Keys are the keys of a workspace.
type Keys = store.Keys

// Keys tells of the workspace's keys.
func (d *Desk) Keys(ctx context.Context) (Keys, error) { return d.ws.Keys(ctx) }

// WritePublicKey writes the public key that checks the custody log to a .pem file.
func (d *Desk) WritePublicKey(ctx context.Context, out string) error {
	if !strings.EqualFold(filepath.Ext(out), ".pem") {
		return &InputError{fmt.Errorf("%s: a key's file ends in .pem", out)}
	}
	keys, err := d.Keys(ctx)
	if err != nil {
		return err
	}
	_, err = writeWhole(out, func(w io.Writer) error {
		_, err := io.WriteString(w, keys.Log.PEM)
		return err
	})
	return err
}

// RotateKey has the custody log signed by a new key from now on.
func (d *Desk) RotateKey(ctx context.Context) (Key, error) { return d.ws.RotateKey(ctx) }
