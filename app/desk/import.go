package desk

import (
	"context"
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
	"touchstone/store/seal"
)

// ErrNotImportable means that a bag is not one of captures that proves itself.
var ErrNotImportable = errors.New("not a bag of sealed captures")

// Import takes the captures of a bag that another workspace exported into a case,
// which is opened where there is none of the name; "" is the case's name in the
// bag. The bag is unpacked aside and checked whole: paths, sizes, hashes, and the
// proof of each capture. Only then, and all at once, it is in: the bag as it
// came, its files, and a record that says whose log proves them. It stays
// evidence of that workspace, and is not among our own captures. Errors:
// *InputError for a file that is no bag at all, ErrNotImportable.
func (d *Desk) Import(ctx context.Context, file, caseName string, p evidence.Progress) (evidence.Import, error) {
	i, err := d.importBag(ctx, file, caseName, p)
	if errors.Is(err, bundle.ErrBag) || errors.Is(err, bundle.ErrPath) || errors.Is(err, bundle.ErrContent) ||
		errors.Is(err, custody.ErrProof) || errors.Is(err, custody.ErrSignature) {
		err = fmt.Errorf("%w: %w", ErrNotImportable, err)
	}
	if err != nil {
		return evidence.Import{}, fmt.Errorf("import %s: nothing was taken in: %w", file, err)
	}
	return i, nil
}

// Imports lists the bags that came in, all or those of the case with the name,
// oldest first.
func (d *Desk) Imports(ctx context.Context, caseName string) ([]evidence.Import, error) {
	if caseName == "" {
		return All[evidence.Import](ctx, d, evidence.KindImport)
	}
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return nil, err
	}
	return AllBy[evidence.Import](ctx, d, store.ImportsByCase, string(c.ID))
}

func (d *Desk) importBag(ctx context.Context, file, caseName string, p evidence.Progress) (evidence.Import, error) {
	f, size, err := OpenFile(file)
	if err != nil {
		return evidence.Import{}, err
	}
	defer f.Close()
	if kind, err := archiveOf(f); err != nil {
		return evidence.Import{}, err
	} else if kind == tarArchive {
		return evidence.Import{}, &InputError{errors.New("it looks like a backup: touchstone restore makes a workspace of it")}
	} else if kind != zipArchive {
		return evidence.Import{}, &InputError{errors.New("it is no bag (.zip): touchstone export --format bagit writes one")}
	}
	scratch, release, err := d.ws.Scratch()
	if err != nil {
		return evidence.Import{}, err
	}
	defer release()
	dir, err := os.OpenRoot(scratch)
	if err != nil {
		return evidence.Import{}, err
	}
	defer dir.Close()
	p.Report(evidence.Event{Stage: "import", Subject: file, Note: "checking"})
	found, err := bundle.ReadBag(ctx, f, size, dir, bundle.Limits{})
	if err != nil {
		return evidence.Import{}, err
	}
	proven, err := bundle.ReadProofs(found, dir)
	if err != nil {
		return evidence.Import{}, err
	}
	i := evidence.Import{At: d.cfg.Now().UTC(), Name: found.Name, Size: size, Log: proven.Log, Key: proven.Key}
	if i.Captures, err = importedCaptures(found, dir, proven); err != nil {
		return evidence.Import{}, err
	}
	if caseName == "" {
		caseName = strings.TrimSpace(found.Lookup("Touchstone-Case"))
	}
	if caseName == "" {
		return evidence.Import{}, &InputError{errors.New("it names no case: name one with --case")}
	}
	return d.takeIn(ctx, i, caseName, f, found, dir, p)
}

// importedCaptures reads the captures of a bag: each is in the proven log with
// its manifest, and the manifest names every file beside it.
func importedCaptures(found bundle.Contents, dir *os.Root, proven bundle.Proven) ([]evidence.ImportedCapture, error) {
	var captures []evidence.ImportedCapture
	for _, name := range sortedNames(found) {
		if ok, _ := path.Match("data/captures/*/manifest.json", name); !ok {
			continue
		}
		c, err := importedCapture(found, dir, proven, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if slices.ContainsFunc(captures, func(o evidence.ImportedCapture) bool { return o.Capture == c.Capture }) {
			return nil, fmt.Errorf("%s: %w: capture %s is there twice", name, ErrNotImportable, c.Capture)
		}
		captures = append(captures, c)
	}
	if len(captures) == 0 {
		return nil, &InputError{errors.New("it holds no captures")}
	}
	return captures, nil
}

func sortedNames(found bundle.Contents) []string {
	names := make([]string, 0, len(found.Files))
	for name := range found.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// maxImportedManifest bounds what of a manifest is read, in bytes.
const maxImportedManifest = 64 << 20

func importedCapture(found bundle.Contents, dir *os.Root, proven bundle.Proven, name string) (evidence.ImportedCapture, error) {
	f, err := dir.Open(name)
	if err != nil {
		return evidence.ImportedCapture{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxImportedManifest))
	if err != nil {
		return evidence.ImportedCapture{}, err
	}
	m, err := seal.ParseManifest(b)
	if err != nil {
		return evidence.ImportedCapture{}, fmt.Errorf("%w: %w", ErrNotImportable, err)
	}
	content := found.Files[name]
	leaf, ok := proven.Leaves[m.Capture]
	if !ok || leaf.Action != custody.CaptureSealed || leaf.Hashes[custody.HashManifest] != content.Hash {
		return evidence.ImportedCapture{}, fmt.Errorf("%w: no proof says that %s was sealed with this manifest", ErrNotImportable, m.Capture)
	}
	whole := seal.CaptureOf(m, content.Hash, content.Size)
	c := evidence.ImportedCapture{
		Capture: whole.ID, URL: whole.URL, Outcome: whole.Outcome, StartedAt: whole.StartedAt, SealedAt: leaf.Time, Manifest: content.Hash,
		Artifacts: []evidence.Artifact{}, Withheld: []evidence.Artifact{},
	}
	if whole.Facts != nil {
		c.Title = whole.Facts.Title
	}
	beside := map[evidence.Hash]int64{}
	for other, o := range found.Files {
		if path.Dir(other) == path.Dir(name) {
			beside[o.Hash] = o.Size
		}
	}
	for _, a := range whole.Artifacts {
		if size, there := beside[a.SHA256]; there && size == a.Size {
			c.Artifacts = append(c.Artifacts, a)
		} else {
			c.Withheld = append(c.Withheld, a)
		}
		delete(beside, a.SHA256)
	}
	if len(beside) > 0 {
		return c, fmt.Errorf("%w: beside it lie files that it does not name", ErrNotImportable)
	}
	return c, nil
}

// takeIn keeps the files and then, in one transaction, the record with its leaf.
func (d *Desk) takeIn(ctx context.Context, i evidence.Import, caseName string, bag *os.File, found bundle.Contents, dir *os.Root, p evidence.Progress) (evidence.Import, error) {
	if err := d.ws.Unlock(ctx); err != nil {
		return i, err
	}
	var err error
	if _, err = bag.Seek(0, io.SeekStart); err != nil {
		return i, err
	}
	var size int64
	if i.Bag, size, err = d.ws.Blobs().Put(ctx, bag); err != nil {
		return i, err
	}
	if size != i.Size {
		return i, fmt.Errorf("%w: it changed while it was read", ErrNotImportable)
	}
	wanted := map[evidence.Hash]bool{}
	for _, c := range i.Captures {
		for _, a := range c.Artifacts {
			wanted[a.SHA256] = true
		}
	}
	for n, name := range sortedNames(found) {
		p.Report(evidence.Event{Stage: "import", Subject: name, Note: "taking in", Done: int64(n), Total: int64(len(found.Files))})
		h := found.Files[name].Hash
		if !wanted[h] {
			continue
		}
		delete(wanted, h)
		if err := d.takeFile(ctx, dir, name, h); err != nil {
			return i, fmt.Errorf("%s: %w", name, err)
		}
	}
	c, err := d.EnsureCase(ctx, caseName)
	if err != nil {
		return i, err
	}
	before, err := AllBy[evidence.Import](ctx, d, store.ImportsByCase, string(c.ID))
	if err != nil {
		return i, err
	}
	if n := slices.IndexFunc(before, func(b evidence.Import) bool { return b.Bag == i.Bag }); n >= 0 {
		return i, fmt.Errorf("it came in before, as %s", before[n].ID)
	}
	i.ID, i.Case = evidence.NewID(evidence.KindImport, i.At), c.ID
	return i, d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, i.ID, i); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.Imported, Subject: i.ID, Case: i.Case, Note: "bagit",
			Hashes: map[string]evidence.Hash{custody.HashFile: i.Bag}})
	})
}

func (d *Desk) takeFile(ctx context.Context, dir *os.Root, name string, want evidence.Hash) error {
	f, err := dir.Open(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	defer f.Close()
	got, _, err := d.ws.Blobs().Put(ctx, f)
	if err == nil && got != want {
		err = fmt.Errorf("%w: it changed while it was read", bundle.ErrContent)
	}
	return err
}
