package store

import (
	"context"
	"fmt"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Settings are what the user has chosen for the workspace; nothing, until
// something was.
func (tx *Tx) Settings() (evidence.WorkspaceSettings, error) {
	for s, err := range Each[evidence.WorkspaceSettings](tx, evidence.KindSettings) {
		return s, err
	}
	return evidence.WorkspaceSettings{}, nil
}

// Settings are what the user has chosen for the workspace.
func (w *Workspace) Settings(ctx context.Context) (s evidence.WorkspaceSettings, err error) {
	err = w.View(ctx, func(tx *Tx) error {
		s, err = tx.Settings()
		return err
	})
	return s, err
}

// ChangeSettings changes what the user has chosen. The custody log tells of it:
// the settings say who acts and which authorities are trusted. Errors: ErrNoKey,
// and those of change.
func (w *Workspace) ChangeSettings(ctx context.Context, change func(*evidence.WorkspaceSettings) error) (s evidence.WorkspaceSettings, err error) {
	if err := w.Unlock(ctx); err != nil {
		return s, fmt.Errorf("change the settings: %w", err)
	}
	err = w.Update(ctx, func(tx *Tx) error {
		if s, err = tx.Settings(); err != nil {
			return err
		}
		if err := change(&s); err != nil {
			return err
		}
		s.ChangedAt = w.now()
		if s.ID == "" {
			s.ID = evidence.NewID(evidence.KindSettings, s.ChangedAt)
		}
		if err := Put(tx, s.ID, s); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.SettingsChanged, Subject: s.ID})
	})
	return s, err
}

// actor is who acts: as told when the workspace was opened, with the name from
// the settings where none was given.
func (tx *Tx) actor() (evidence.Actor, error) {
	a := tx.w.options.Actor
	if a.Name != "" {
		return a, nil
	}
	s, err := tx.Settings()
	a.Name = s.Operator
	return a, err
}
