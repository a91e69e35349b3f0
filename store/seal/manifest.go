// Package seal makes and reads what gives evidence its weight: the manifest of a
// capture in the one form its hash is taken over, and the safe that the signing
// key is kept in. It knows no records and no layout of the workspace.
package seal

import (
	"errors"
	"fmt"

	"touchstone/store/evidence"
)

// EncodeManifest gives the bytes of a manifest that are stored and hashed:
// indented JSON that a person can read, with a line's end.
func EncodeManifest(m evidence.Manifest) ([]byte, error) {
	if err := checkManifest(&m); err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return encode(m)
}

// ParseManifest reads a manifest. Fields it does not know are left out: they are
// of a later version of the same schema.
func ParseManifest(b []byte) (evidence.Manifest, error) {
	var m evidence.Manifest
	if err := decode(b, &m); err != nil {
		return evidence.Manifest{}, err
	}
	if err := checkManifest(&m); err != nil {
		return evidence.Manifest{}, fmt.Errorf("read a manifest: %w", err)
	}
	return m, nil
}

func checkManifest(m *evidence.Manifest) error {
	if id, err := evidence.ParseID(string(m.Capture)); err != nil || id.Kind() != evidence.KindCapture {
		return fmt.Errorf("%q does not name a capture", m.Capture)
	}
	return checkForm(m.Schema, m.Artifacts)
}

// checkForm checks what manifests of all sorts have.
func checkForm(schema int, artifacts []evidence.Artifact) error {
	if schema < 1 || schema > evidence.ManifestSchema {
		return fmt.Errorf("it has schema %d, this Touchstone knows %d", schema, evidence.ManifestSchema)
	}
	for _, a := range artifacts {
		if _, err := evidence.ParseHash(string(a.SHA256)); err != nil {
			return fmt.Errorf("artifact %s: %w", a.Role, err)
		}
		if a.Size < 0 {
			return fmt.Errorf("artifact %s: its size is %d", a.Role, a.Size)
		}
		if a.Role == evidence.RoleManifest {
			return errors.New("it lists itself")
		}
	}
	return nil
}

// CaptureOf is the record of the capture that a manifest with the given hash
// and size tells of.
func CaptureOf(m evidence.Manifest, hash evidence.Hash, size int64) evidence.Capture {
	missing := m.Missing
	if missing == nil {
		missing = []evidence.Missing{}
	}
	return evidence.Capture{
		ID: m.Capture, Job: m.Job, Attempt: m.Attempt, Case: m.Case, Listing: m.Listing,
		URL: m.URL, FinalURL: m.FinalURL, Outcome: m.Outcome, Reason: m.Reason,
		Complete: m.Complete, Missing: missing, HTTPStatus: m.HTTPStatus,
		StartedAt: m.StartedAt, FinishedAt: m.FinishedAt,
		Artifacts: withManifest(m.Artifacts, hash, size), Facts: m.Facts, Manifest: hash, Recheck: m.Recheck, Set: m.Set,
	}
}
