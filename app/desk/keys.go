package desk

import (
	"context"

	"touchstone/store"
)

// Key is the public side of a key, and where its secret half is kept.
type Key = store.Key

// Keys are the keys of a workspace.
type Keys = store.Keys

// Keys tells of the workspace's keys.
func (d *Desk) Keys(ctx context.Context) (Keys, error) { return d.ws.Keys(ctx) }

// RotateKey has the custody log signed by a new key from now on.
func (d *Desk) RotateKey(ctx context.Context) (Key, error) { return d.ws.RotateKey(ctx) }
