package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// withheld are the artifacts that leave only with the full edition: they hold
// cookies or tell who captured.
var withheld = []evidence.Role{evidence.RoleCookies, evidence.RoleHAR, evidence.RoleWARC, evidence.RoleActs, evidence.RoleConfidential}

// sealedFiles is what a case's evidence is in an export.
type sealedFiles struct {
	files    []bundle.File // as sealed, and the proofs
	redacted []bundle.File // made for the export
	archives map[evidence.ID]bundle.File
	exhibits []bundle.Exhibit
	proofs   custody.ProofSet
}

// subject is a capture or an attachment, as its folder shows it.
type subject struct {
	id        evidence.ID
	folder    string
	shown     string // URL or name
	artifacts []evidence.Artifact
}

// subjects lists the evidence with a readable folder each.
func (e *export) subjects() []subject {
	var all []subject
	for _, c := range e.captures {
		name := fmt.Sprintf("%s_%s_%s", bundle.Name(c.Title()), c.StartedAt.UTC().Format(time.DateOnly), c.ID)
		all = append(all, subject{c.ID, "captures/" + name, c.URL, c.Artifacts})
	}
	for _, a := range e.attachments {
		name := fmt.Sprintf("%s_%s_%s", bundle.Name(a.Name), a.AttachedAt.UTC().Format(time.DateOnly), a.ID)
		all = append(all, subject{a.ID, "attachments/" + name, a.Name, a.Artifacts})
	}
	return all
}

// sealed gathers the files of the evidence, what is made in place of those that
// stay, and the proofs.
func (e *export) sealed(ctx context.Context) (sealedFiles, error) {
	s := sealedFiles{archives: map[evidence.ID]bundle.File{}}
	all := e.subjects()
	ids := make([]evidence.ID, 0, len(all))
	for i, sub := range all {
		e.tell(sub.shown, i, len(all))
		if err := e.gather(ctx, sub, &s); err != nil {
			return s, fmt.Errorf("%s: %w", sub.id, err)
		}
		ids = append(ids, sub.id)
		s.exhibits = append(s.exhibits, bundle.Exhibit{Capture: sub.id, URL: sub.shown, Manifest: path.Join(sub.folder, "manifest.json")})
	}
	e.summary.Attachments = len(e.attachments)
	e.tell("", len(all), len(all))
	var err error
	if s.proofs, err = e.d.ws.Proofs(ctx, ids); err != nil {
		return s, err
	}
	proofs, err := bundle.ProofFiles(s.proofs, s.exhibits)
	s.files = append(s.files, proofs...)
	return s, err
}

// made is an entry of redacted-from.json.
type made struct {
	File     string        `json:"file"`
	SHA256   evidence.Hash `json:"sha256"`
	Role     evidence.Role `json:"role"`
	From     evidence.Hash `json:"from_sha256"` // of the original, which the manifest names
	Replaced int           `json:"values_replaced,omitempty"`
	Reason   string        `json:"reason,omitempty"`
}

// gather adds the files of one capture or attachment.
func (e *export) gather(ctx context.Context, sub subject, s *sealedFiles) error {
	pictures, err := AllBy[evidence.Redaction](ctx, e.d, store.RedactionsByOriginal, string(sub.id))
	if err != nil {
		return err
	}
	var list []made
	folder := path.Join("redacted", sub.folder)
	names := map[string]int{}
	for _, a := range sub.artifacts {
		name := distinct(names, fileName(a))
		if a.Role == evidence.RoleAttachment {
			name = distinct(names, bundle.Name(sub.shown))
		}
		black, blacked := newestOf(pictures, a.SHA256)
		stays := !e.order.Full && (blacked || slices.Contains(withheld, a.Role))
		if !stays {
			f := e.blob(path.Join(sub.folder, name), a.SHA256)
			s.files = append(s.files, f)
			e.summary.Files++
			if a.Role == evidence.RoleWARC {
				s.archives[sub.id] = f
			}
			continue
		}
		e.summary.Withheld++
		m := made{File: name, Role: a.Role, From: a.SHA256}
		if blacked {
			m.SHA256, m.Reason = black.Redacted.SHA256, black.Reason
			s.redacted = append(s.redacted, e.blob(path.Join(folder, name), black.Redacted.SHA256))
		} else {
			f, err := e.redact(ctx, a, path.Join(folder, name), &m)
			if err != nil {
				return err
			}
			if f.Open == nil {
				continue
			}
			s.redacted = append(s.redacted, f)
			if a.Role == evidence.RoleWARC {
				s.archives[sub.id] = f
			}
		}
		list = append(list, m)
	}
	if len(list) == 0 {
		return nil
	}
	e.summary.Redacted += len(list)
	b, err := json.MarshalIndent(list, "", "  ")
	s.redacted = append(s.redacted, bundle.Text(path.Join(folder, "redacted-from.json"), append(b, '\n')))
	return err
}

// newestOf is the newest of the redactions of an artifact; they are in the order
// in which they were made.
func newestOf(redactions []evidence.Redaction, original evidence.Hash) (evidence.Redaction, bool) {
	for _, r := range slices.Backward(redactions) {
		if r.Original.SHA256 == original {
			return r, true
		}
	}
	return evidence.Redaction{}, false
}

// distinct keeps two artifacts of one role from having one name.
func distinct(names map[string]int, name string) string {
	names[name]++
	if n := names[name]; n > 1 {
		ext := path.Ext(name)
		return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
	}
	return name
}

func (e *export) blob(name string, h evidence.Hash) bundle.File {
	return bundle.File{Path: name, Hash: h, Open: func() (io.ReadCloser, error) { return e.d.ws.Blobs().Open(h) }}
}

// redact makes a file without secrets out of an artifact of the network's
// traffic. Other artifacts give none. One that cannot be read is told as a
// problem and stays: better too little leaves than too much.
func (e *export) redact(ctx context.Context, a evidence.Artifact, name string, m *made) (bundle.File, error) {
	open := func() (io.ReadCloser, error) { return e.d.ws.Blobs().Open(a.SHA256) }
	var into func(w io.Writer) (bundle.Redaction, error)
	switch a.Role {
	case evidence.RoleWARC:
		into = func(w io.Writer) (bundle.Redaction, error) { return bundle.RedactWARC(ctx, w, open, a.SHA256) }
	case evidence.RoleHAR:
		into = func(w io.Writer) (bundle.Redaction, error) {
			r, err := open()
			if err != nil {
				return bundle.Redaction{}, err
			}
			defer r.Close()
			return bundle.RedactHAR(ctx, w, r, a.SHA256)
		}
	default:
		return bundle.File{}, nil
	}
	if err := e.d.ws.Blobs().Verify(ctx, a.SHA256); err != nil {
		return bundle.File{}, err
	}
	var did bundle.Redaction
	temp := filepath.Join(e.aside.Dir, string(a.SHA256))
	hash, err := fill(temp, func(w io.Writer) (err error) {
		did, err = into(w)
		return err
	})
	if ctx.Err() != nil {
		return bundle.File{}, ctx.Err()
	}
	var disk *os.PathError
	if errors.As(err, &disk) {
		return bundle.File{}, err
	}
	if err != nil {
		e.problem("the %s of %s stays: its secrets cannot be taken out: %v", a.Role, path.Base(path.Dir(name)), err)
		return bundle.File{}, nil
	}
	m.SHA256, m.Replaced = hash, did.Values
	e.summary.Secrets += did.Values
	return bundle.File{Path: name, Hash: hash, Open: func() (io.ReadCloser, error) { return os.Open(temp) }}, nil
}
