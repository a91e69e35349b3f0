package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// FileReport is what was found in a packet or bag. All that can be told without
// the workspace it came from holds, but for the findings.
type FileReport struct {
	Name     string        `json:"name"`
	Files    int           `json:"files"`
	Bytes    int64         `json:"bytes"`
	Log      string        `json:"log,omitempty"`        // the custody log that its proofs are of
	Key      evidence.Hash `json:"key_sha256,omitempty"` // of the public key in it: compare it with one got another way
	Exhibits []FileExhibit `json:"exhibits"`
	Findings []string      `json:"findings"`
}

// FileExhibit is one capture or attachment in a packet.
type FileExhibit struct {
	ID       evidence.ID `json:"id"`
	Manifest string      `json:"manifest"` // its path
	SealedAt string      `json:"sealed_at,omitempty"`
	Files    int         `json:"files"`    // there, as the manifest says
	Withheld int         `json:"withheld"` // that the manifest names and the packet does not hold
}

// OK reports whether nothing is wrong.
func (r *FileReport) OK() bool { return len(r.Findings) == 0 }

// VerifyFile checks a packet or bag by itself: every file against the bag's
// manifests, the checkpoint's signature, the proof of each exhibit, and each
// exhibit's files against its own manifest. It needs no workspace. What does not
// hold is a finding; the error is for what kept it from looking.
func VerifyFile(ctx context.Context, name string, p evidence.Progress) (FileReport, error) {
	r := FileReport{Name: name, Exhibits: []FileExhibit{}, Findings: []string{}}
	f, err := os.Open(name)
	if err != nil {
		return r, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return r, err
	}
	aside, err := os.MkdirTemp("", "touchstone-verify-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(aside)
	dir, err := os.OpenRoot(aside)
	if err != nil {
		return r, err
	}
	defer dir.Close()
	p.Report(evidence.Event{Stage: "verify", Subject: name, Note: "unpacking and hashing"})
	found, err := bundle.ReadBag(ctx, f, info.Size(), dir, bundle.Limits{})
	if err == nil {
		r.Files = len(found.Files)
		for _, c := range found.Files {
			r.Bytes += c.Size
		}
		err = r.proofs(found, dir)
	}
	if wrong(err) {
		r.Findings = append(r.Findings, err.Error())
		err = nil
	}
	return r, err
}

// wrong reports whether an error is about what was looked at.
func wrong(err error) bool {
	for _, kind := range []error{bundle.ErrBag, bundle.ErrPath, bundle.ErrContent, custody.ErrProof, custody.ErrSignature} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func (r *FileReport) proofs(found bundle.Contents, dir *os.Root) error {
	proven, err := bundle.ReadProofs(found, dir)
	if err != nil {
		return err
	}
	r.Log, r.Key = proven.Log, proven.Key
	unseen := map[evidence.ID]bool{}
	for id := range proven.Leaves {
		unseen[id] = true
	}
	for _, name := range sortedNames(found) {
		if path.Base(name) != "manifest.json" || !strings.HasPrefix(name, "data/") {
			continue
		}
		e, err := r.exhibit(found, dir, name, proven)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(unseen, e.ID)
		r.Exhibits = append(r.Exhibits, e)
	}
	for id := range unseen {
		r.Findings = append(r.Findings, fmt.Sprintf("there is a proof of %s, and no manifest of it", id))
	}
	slices.Sort(r.Findings)
	return nil
}

// exhibit checks a manifest against its leaf, and the files beside it against it.
func (r *FileReport) exhibit(found bundle.Contents, dir *os.Root, name string, proven bundle.Proven) (FileExhibit, error) {
	var m struct {
		Capture    evidence.ID         `json:"capture"`
		Attachment evidence.ID         `json:"attachment"`
		Artifacts  []evidence.Artifact `json:"artifacts"`
	}
	f, err := dir.Open(name)
	if err != nil {
		return FileExhibit{}, err
	}
	defer f.Close()
	e := FileExhibit{Manifest: name}
	if err := json.NewDecoder(io.LimitReader(f, maxImportedManifest)).Decode(&m); err != nil {
		r.Findings = append(r.Findings, fmt.Sprintf("%s is not a manifest: %v", name, err))
		return e, nil
	}
	e.ID = cmp.Or(m.Capture, m.Attachment)
	leaf, ok := proven.Leaves[e.ID]
	switch {
	case !ok:
		r.Findings = append(r.Findings, fmt.Sprintf("%s: there is no proof of %q", name, e.ID))
	case leaf.Hashes[custody.HashManifest] != found.Files[name].Hash:
		r.Findings = append(r.Findings, fmt.Sprintf("%s is not the manifest that was sealed for %s", name, e.ID))
	default:
		e.SealedAt = inUTC(leaf.Time)
	}
	there := map[evidence.Hash]bool{}
	for other, c := range found.Files {
		if path.Dir(other) == path.Dir(name) {
			there[c.Hash] = true
		}
	}
	for _, a := range m.Artifacts {
		if there[a.SHA256] {
			e.Files++
		} else {
			e.Withheld++
		}
	}
	return e, nil
}
