package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/seal"
)

// credentialsPrefix begins the name of what a channel's account is signed in with.
const credentialsPrefix = "channel_"

// Credentials are what the account of a channel is signed in with, by key. They
// live where the signing key lives: in the keyring, or sealed with the
// passphrase. Errors: ErrNotFound, ErrNoKey.
func (w *Workspace) Credentials(ctx context.Context, channel string) (map[string]string, error) {
	var a about
	if err := w.View(ctx, func(*Tx) error { a = w.about(); return nil }); err != nil {
		return nil, err
	}
	at, found := a.credentials(channel)
	if !found {
		return nil, fmt.Errorf("credentials of %s: %w", channel, ErrNotFound)
	}
	secret, err := w.loadSecret(ctx, at)
	if errors.Is(err, seal.ErrNoSecret) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("credentials of %s: %w", channel, err)
	}
	values := map[string]string{}
	if err := json.Unmarshal([]byte(secret), &values); err != nil {
		return nil, fmt.Errorf("credentials of %s: %w: what is kept in %s does not read", channel, ErrNoKey, at)
	}
	return values, nil
}

// KeepCredentials keeps what the account of a channel is signed in with, in place
// of what was there. Errors: ErrNoKey.
func (w *Workspace) KeepCredentials(ctx context.Context, channel string, values map[string]string) error {
	if err := w.Unlock(ctx); err != nil {
		return fmt.Errorf("credentials of %s: %w", channel, err)
	}
	secret, err := json.Marshal(values)
	if err != nil {
		return err
	}
	a := w.about()
	name := credentialsName(channel)
	if a.Safe == safeFile {
		// A name of its own: until the change is committed the old file counts.
		name += "-" + string(evidence.HashOf([]byte(rand.Text()))[:8])
	}
	at := a.placeBeside(name)
	sealed, err := w.keepSecret(ctx, at, string(secret))
	if err != nil {
		return fmt.Errorf("credentials of %s: %w", channel, err)
	}
	var old place
	err = w.Update(ctx, func(tx *Tx) error {
		a, err := tx.about()
		if err != nil {
			return err
		}
		old, _ = a.credentials(channel)
		if at.Safe == safeFile {
			a.Files = maps.Clone(a.Files)
			delete(a.Files, old.Name)
			a.Files[at.Name] = sealed
		}
		if err := tx.putAbout(a); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.SettingsChanged, Subject: a.ID, Note: "credentials"})
	})
	spare := old
	if err != nil {
		spare = at
	}
	if spare.Safe == safeFile && spare.Name != "" && (err != nil || spare != at) {
		// Best effort: Verify tells of a file that stays, and that it may be removed.
		_ = w.forgetSecret(context.WithoutCancel(ctx), spare)
	}
	if err != nil {
		return fmt.Errorf("credentials of %s: %w", channel, err)
	}
	return nil
}

func credentialsName(channel string) string {
	return credentialsPrefix + strings.ReplaceAll(channel, "-", "_")
}

// credentials is where those of a channel are kept.
func (a *about) credentials(channel string) (place, bool) {
	name := credentialsName(channel)
	if a.Safe == safeKeyring {
		return a.placeBeside(name), true
	}
	for file := range a.Files {
		if stem, _, ok := strings.Cut(file, "-"); ok && stem == name {
			return place{safeFile, file}, true
		}
	}
	return place{}, false
}
