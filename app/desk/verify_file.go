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
	"path/filepath"
	"slices"
	"strings"

	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// FileReport is what was found in a packet, bag, web archive or backup. All that
// can be told without the workspace it came from holds, but for the findings.
type FileReport struct {
	Name      string          `json:"name"`
	Files     int             `json:"files"`
	Bytes     int64           `json:"bytes"`
	Log       string          `json:"log,omitempty"`                 // the custody log that its proofs are of
	Key       evidence.Hash   `json:"key_sha256,omitempty"`          // of the public key in it: compare it with one got another way
	SignedBy  evidence.Hash   `json:"document_key_sha256,omitempty"` // of the key that signed a web archive as a whole
	Exhibits  []FileExhibit   `json:"exhibits"`
	Findings  []store.Finding `json:"findings"`
	Workspace *VerifyReport   `json:"workspace,omitempty"` // of a backup: how the workspace in it was found
}

// FileExhibit is one capture or attachment in a packet, bag or web archive.
type FileExhibit struct {
	ID       evidence.ID          `json:"id"`
	State    VerifyState          `json:"state"`
	Manifest string               `json:"manifest"` // its path
	SealedAt string               `json:"sealed_at,omitempty"`
	Files    int                  `json:"files"`    // there, as the manifest says
	Withheld int                  `json:"withheld"` // that the manifest names and the file does not hold
	Stamps   []bundle.ProvenStamp `json:"stamps"`   // time stamps that cover its seal
}

// OK reports whether nothing is wrong.
func (r *FileReport) OK() bool { return len(r.Findings) == 0 }

// VerifyFile checks a packet, bag, web archive (WACZ) or backup by itself. It
// needs no workspace. A packet, bag or web archive is unpacked into the temporary
// folder: every file is checked against the archive's own list, the checkpoint's
// signature, the proof of each exhibit, its time stamps, and its files against its
// own manifest. A backup is restored there and verified as a workspace is. What
// does not hold is a finding; the error is for what kept it from looking.
func VerifyFile(ctx context.Context, name string, p evidence.Progress) (FileReport, error) {
	r := FileReport{Name: name, Exhibits: []FileExhibit{}, Findings: []store.Finding{}}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return r, &InputError{fmt.Errorf("%s is a folder: a workspace is checked by touchstone verify --workspace DIR", name)}
	}
	f, size, err := OpenFile(name)
	if err != nil {
		return r, err
	}
	defer f.Close()
	kind, err := archiveOf(f)
	if err != nil {
		return r, err
	}
	if err := evidenceFile(f, kind); err != nil {
		return r, err
	}
	aside, err := store.NewAside("")
	if err != nil {
		return r, err
	}
	defer aside.Close()
	p.Report(evidence.Event{Stage: "verify", Subject: name, Note: "unpacking and hashing"})
	if kind == tarArchive || kind == noArchive && strings.EqualFold(filepath.Ext(name), ".tar") {
		return r, r.backup(ctx, name, aside.Dir, p)
	}
	return r, r.archive(ctx, f, size, aside.Dir)
}

// evidenceFile refuses what is easily taken for a file of evidence and is none, so
// that nobody takes it for damaged evidence.
func evidenceFile(f *os.File, kind archive) error {
	if kind == pdfDocument {
		return &InputError{fmt.Errorf("%s is a PDF, whose signature any PDF viewer checks, or pdfsig: of a packet touchstone verify takes the .zip", f.Name())}
	}
	if ending := strings.ToLower(filepath.Ext(f.Name())); kind == noArchive && !slices.Contains([]string{".zip", ".wacz", ".tar"}, ending) {
		return &InputError{fmt.Errorf("%s is no packet or bag (.zip), web archive (.wacz) or backup: there is nothing in it that could be checked", f.Name())}
	}
	return nil
}

// archive is what a file begins like.
type archive int

const (
	noArchive archive = iota
	zipArchive
	tarArchive
	pdfDocument
)

// archiveOf looks at how a file begins.
func archiveOf(f *os.File) (archive, error) {
	const (
		tarMagic   = "ustar" // POSIX.1-1988
		tarMagicAt = 257
	)
	head := make([]byte, tarMagicAt+len(tarMagic))
	n, err := f.ReadAt(head, 0)
	switch begins := string(head[:n]); {
	case err != nil && !errors.Is(err, io.EOF):
		return noArchive, err
	case strings.HasPrefix(begins, "%PDF-"):
		return pdfDocument, nil
	case strings.HasPrefix(begins, "PK"):
		return zipArchive, nil
	case strings.HasSuffix(begins, tarMagic) && n == len(head):
		return tarArchive, nil
	}
	return noArchive, nil
}

// backup restores a backup aside and takes over what was found.
func (r *FileReport) backup(ctx context.Context, name, aside string, p evidence.Progress) error {
	restored, err := store.Restore(ctx, name, filepath.Join(aside, "workspace"), store.Options{StateDir: aside}, store.RestoreOptions{}, p)
	if restored.Verified.Findings != nil {
		r.Workspace = &restored.Verified
		r.Files, r.Bytes = restored.Verified.Blobs, restored.Verified.Bytes
		r.Findings = append(r.Findings, restored.Verified.Findings...)
	}
	if errors.Is(err, store.ErrNotBackup) || errors.Is(err, store.ErrDamaged) {
		if len(r.Findings) == 0 {
			r.blame(err)
		}
		return nil
	}
	return err
}

// archive unpacks a bag or web archive and looks at what is in it.
func (r *FileReport) archive(ctx context.Context, f *os.File, size int64, aside string) error {
	dir, err := os.OpenRoot(aside)
	if err != nil {
		return err
	}
	defer dir.Close()
	var found bundle.Contents
	if bundle.IsWACZ(f, size) {
		var signed bundle.Signed
		found, signed, err = bundle.ReadWACZ(ctx, f, size, dir, bundle.Limits{})
		r.SignedBy = signed.Key
	} else {
		found, err = bundle.ReadBag(ctx, f, size, dir, bundle.Limits{})
	}
	r.Files = len(found.Files)
	for _, c := range found.Files {
		r.Bytes += c.Size
	}
	var files *bundle.WrongError
	if err == nil || errors.As(err, &files) {
		err = errors.Join(err, r.proofs(found, dir, files))
	}
	if err == nil || !wrong(err) {
		return err
	}
	r.blame(err)
	return nil
}

// wrong reports whether an error is about what was looked at.
func wrong(err error) bool {
	for _, kind := range []error{bundle.ErrBag, bundle.ErrPath, bundle.ErrContent, bundle.ErrSigned, custody.ErrProof, custody.ErrSignature} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// blame makes findings of an error: one of each file that it lists.
func (r *FileReport) blame(err error) {
	var files *bundle.WrongError
	if !errors.As(err, &files) {
		r.find(store.Damaged, "", "", "%v", err)
		return
	}
	for _, f := range files.All {
		r.find(store.Problem(f.Problem), f.Path, "", "%s", f.What)
	}
}

func (r *FileReport) find(p store.Problem, path string, id evidence.ID, format string, a ...any) {
	r.Findings = append(r.Findings, store.Finding{Problem: p, Path: path, ID: id, What: fmt.Sprintf(format, a...)})
}

// proofs checks the proofs and then each exhibit.
func (r *FileReport) proofs(found bundle.Contents, dir *os.Root, files *bundle.WrongError) error {
	proven, err := bundle.ReadProofs(found, dir)
	if wrong(err) {
		r.find(store.Damaged, "", "", "%v", err)
		err = nil
	}
	if err != nil {
		return err
	}
	r.Log, r.Key = proven.Log, proven.Key
	unseen := map[evidence.ID]bool{}
	for id := range proven.Leaves {
		unseen[id] = true
	}
	for _, name := range sortedNames(found) {
		if path.Base(name) != "manifest.json" || !strings.HasPrefix(name, found.Payload) {
			continue
		}
		e, err := r.exhibit(found, dir, name, proven, files)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(unseen, e.ID)
		r.Exhibits = append(r.Exhibits, e)
	}
	for id := range unseen {
		r.find(store.Missing, "", id, "there is a proof of it, and no manifest")
		r.Exhibits = append(r.Exhibits, FileExhibit{ID: id, State: store.StateMissing, Stamps: proven.Stamps[id]})
	}
	slices.SortFunc(r.Exhibits, func(a, b FileExhibit) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

// exhibit checks a manifest against its leaf, and the files beside it against it.
func (r *FileReport) exhibit(found bundle.Contents, dir *os.Root, name string, proven bundle.Proven, files *bundle.WrongError) (FileExhibit, error) {
	before := len(r.Findings)
	e := FileExhibit{Manifest: name, State: store.StateIntact, Stamps: []bundle.ProvenStamp{}}
	var m struct {
		Capture    evidence.ID         `json:"capture"`
		Attachment evidence.ID         `json:"attachment"`
		Artifacts  []evidence.Artifact `json:"artifacts"`
	}
	f, err := dir.Open(name)
	if err != nil {
		return e, err
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxImportedManifest)).Decode(&m); err != nil {
		r.find(store.Damaged, name, "", "it is not a manifest: %v", err)
		e.State = store.StateAltered
		return e, nil
	}
	e.ID = cmp.Or(m.Capture, m.Attachment)
	leaf, ok := proven.Leaves[e.ID]
	switch {
	case !ok:
		r.find(store.BadLog, name, e.ID, "there is no proof of it")
	case leaf.Hashes[custody.HashManifest] != found.Files[name].Hash:
		r.find(store.Altered, name, e.ID, "it is not the manifest that was sealed")
	default:
		e.SealedAt = inUTC(leaf.Time)
		e.Stamps = append(e.Stamps, proven.Stamps[e.ID]...)
	}
	r.beside(&e, found, m.Artifacts, files)
	switch {
	case len(r.Findings) > before:
		e.State = store.StateAltered
	case e.State == store.StateIntact && len(e.Stamps) == 0:
		e.State = store.StateUnstamped
	}
	return e, nil
}

// beside compares the files of an exhibit with those its manifest names. What is
// wrong with a file by the archive's own list counts too.
func (r *FileReport) beside(e *FileExhibit, found bundle.Contents, named []evidence.Artifact, files *bundle.WrongError) {
	// A web archive keeps network records in a place of their own.
	browsed := "archive/" + string(e.ID) + ".warc.gz"
	there := map[evidence.Hash]bool{found.Files[browsed].Hash: true}
	unnamed := map[string]evidence.Hash{}
	for name, c := range found.Files {
		if path.Dir(name) == path.Dir(e.Manifest) {
			there[c.Hash] = true
			if name != e.Manifest {
				unnamed[name] = c.Hash
			}
		}
	}
	names := map[evidence.Hash]bool{}
	for _, a := range named {
		names[a.SHA256] = true
		if there[a.SHA256] {
			e.Files++
		} else {
			e.Withheld++
		}
	}
	if files != nil {
		for _, f := range files.All {
			if path.Dir(f.Path) != path.Dir(e.Manifest) && f.Path != browsed {
				continue
			}
			delete(unnamed, f.Path)
			if f.Problem != bundle.Missing {
				e.State = store.StateAltered
			} else if e.State != store.StateAltered {
				e.State = store.StateMissing
			}
		}
	}
	for name, h := range unnamed {
		if !names[h] {
			r.find(store.Altered, name, e.ID, "the manifest beside it names no file with this content")
		}
	}
}
