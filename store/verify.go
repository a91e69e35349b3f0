package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Verify checks everything again: the pages of the database, every record and
// index, the custody log and its checkpoints, the anchor, and every file by
// hashing it. It needs no key and lets others work meanwhile: it reads the
// database in short transactions. A workspace that does not hold is a report
// with findings; the error is for what kept it from looking. Errors: ErrOtherLog.
func (w *Workspace) Verify(ctx context.Context, o VerifyOptions, p evidence.Progress) (VerifyReport, error) {
	start := time.Now()
	if log := origin(w.about().ID); o.Outside != nil && o.Outside.checkpoint.Origin != log {
		return VerifyReport{}, fmt.Errorf("%w: it says %.100q, and this one's log is %q", ErrOtherLog, o.Outside.checkpoint.Origin, log)
	}
	var repaired Repair
	if o.RepairIndexes {
		var err error
		if repaired, err = w.RepairIndexes(ctx, p); err != nil {
			return VerifyReport{}, err
		}
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	v := &verifier{w: w, ctx: ctx, options: o, progress: p, named: map[blobKey]bool{}, altered: map[evidence.Hash]string{}, stamped: map[evidence.ID][]SealStamp{}}
	v.report = VerifyReport{Workspace: w.about().ID, Anchor: noAnchor, Repaired: repaired, Findings: []Finding{}, Notes: []Finding{}}
	var err error
	if v.passed, err = w.openPassed(o.Resume); err != nil {
		return v.report, fmt.Errorf("verify %s: remember what was read: %w", w.dir, err)
	}
	err = v.run()
	if closeErr := v.passed.close(err == nil); err == nil {
		err = closeErr
	}
	if err != nil {
		return v.report, fmt.Errorf("verify %s: %w", w.dir, err)
	}
	order := func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Problem, b.Problem))
	}
	slices.SortStableFunc(v.report.Findings, order)
	slices.SortStableFunc(v.report.Notes, order)
	v.report.Statuses = v.statuses()
	v.report.Took = time.Since(start)
	return v.report, nil
}

const noAnchor = "no outside anchor"

// verifier is one run of Verify.
type verifier struct {
	w        *Workspace
	ctx      context.Context
	options  VerifyOptions
	progress evidence.Progress

	newest  custody.Checkpoint // the log is checked up to here; what comes later is the next run's
	said    about              // what the workspace said of itself then
	named   map[blobKey]bool   // the blobs that records name
	altered map[evidence.Hash]string

	looked  []Status
	stamped map[evidence.ID][]SealStamp // captures and attachments under a stamp that holds
	passed  *passed

	mu     sync.Mutex // guards altered and report while blobs are hashed
	report VerifyReport
}

// blobKey is the beginning of a hash (16 digits): enough to tell whether any record names a
// blob, in memory for millions of them.
type blobKey [16]byte

func (v *verifier) run() error {
	sound, err := v.pages()
	if err != nil {
		return err
	}
	if err := v.files(sound); err != nil {
		return err
	}
	// Blobs first: whatever a record names then is there already.
	if err := v.blobs(); err != nil {
		return err
	}
	if !sound {
		v.tellAltered()
		return nil
	}
	for _, step := range []func() error{v.about, v.log, v.records, v.indexes, v.stamps, v.anchors} {
		if err := step(); err != nil {
			return err
		}
	}
	v.tellAltered()
	return v.strays()
}

func (v *verifier) find(p Problem, path string, id evidence.ID, format string, a ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.report.Findings = append(v.report.Findings, Finding{p, path, id, fmt.Sprintf(format, a...)})
}

func (v *verifier) note(p Problem, path string, id evidence.ID, format string, a ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.report.Notes = append(v.report.Notes, Finding{p, path, id, fmt.Sprintf(format, a...)})
}

func (v *verifier) tell(stage, subject string, done, total int64) {
	v.progress.Report(evidence.Event{Stage: "verify", Subject: subject, Note: stage, Done: done, Total: total})
}

// blame turns damage of the database into a finding and passes on any other
// error. A workspace that was made newer meanwhile is such an error.
func (v *verifier) blame(err error, id evidence.ID) error {
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotFound) {
		v.find(Damaged, recordsName, id, "%v", err)
		return nil
	}
	return err
}

// pages looks at the database as a file. It reports whether the records can be
// read without danger.
func (v *verifier) pages() (sound bool, err error) {
	v.tell("pages", recordsName, 0, 0)
	p, whole, err := v.w.walkBeside(v.ctx)
	if err != nil {
		return false, v.blame(err, "")
	}
	if !whole {
		v.note(Unchecked, recordsName, "", "others worked on it all the while: whether pages are lost or used twice was not looked at")
	}
	for _, what := range slices.Concat(p.faults, p.slips) {
		v.find(Damaged, recordsName, "", "%s", what)
	}
	if len(p.faults) > 0 {
		v.find(Damaged, recordsName, "", "its records were not read, because its pages are damaged: put back a backup")
		return false, nil
	}
	for _, name := range buckets() {
		if !slices.Contains(p.buckets, name) {
			v.find(Damaged, recordsName, "", "its part %q is gone", name)
		}
	}
	for _, name := range p.buckets {
		if !slices.Contains(buckets(), name) {
			v.find(Stray, recordsName, "", "it has a part %.50q, which is not ours", name)
		}
	}
	return true, nil
}

// files looks at what is in the folder beside the database and the blobs. sound
// says that the database can be asked what belongs there.
func (v *verifier) files(sound bool) error {
	entries, wanted, err := v.folder(sound)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		want, ours := wanted[name]
		switch {
		case name == recordsName || isLock(name):
		case (name == blobsName || name == scratchName) && e.IsDir():
		case ours:
			if err := v.file(name, want); err != nil {
				return err
			}
		case isTemp(name) || isLitter(name) || isSpareKey(name) || name == keyName && len(v.w.about().Changes) > 0:
			v.note(Stray, name, "", "is not part of the workspace; it may be removed")
		default:
			v.find(Stray, name, "", "is not part of the workspace")
		}
	}
	for name := range wanted {
		if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == name }) {
			v.find(Missing, name, "", "is part of the workspace")
		}
	}
	return nil
}

// folder lists what is in the folder and what should be, both of one moment:
// others may change a key meanwhile, which brings another file.
func (v *verifier) folder(sound bool) ([]os.DirEntry, map[string]evidence.Hash, error) {
	for {
		wanted := v.w.about().Files
		entries, err := os.ReadDir(v.w.dir)
		if err != nil || !sound {
			return entries, wanted, err
		}
		// Every transaction learns what the workspace says of itself.
		err = v.w.View(v.ctx, func(*Tx) error { return nil })
		if errors.Is(err, ErrDamaged) {
			return entries, wanted, nil // told where the records are checked
		}
		if err != nil || maps.Equal(wanted, v.w.about().Files) {
			return entries, wanted, err
		}
	}
}

func (v *verifier) file(name string, want evidence.Hash) error {
	info, err := os.Lstat(filepath.Join(v.w.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // taken away since it was listed: the next run says whether it should be there
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		v.find(Altered, name, "", "is not a plain file")
		return nil
	}
	f, err := os.Open(filepath.Join(v.w.dir, name))
	if err != nil {
		v.find(Altered, name, "", "cannot be read: %v", err)
		return nil
	}
	defer f.Close()
	got, _, err := blob.Sum(v.ctx, f, make([]byte, 32<<10), nil)
	if err == nil && got != want {
		v.find(Altered, name, "", "has the SHA-256 %s; it was made with %s", got, want)
	}
	return err
}

// batch is how many pairs are read in one transaction at most.
const batch = 512

// each calls check for every pair of a bucket, in short transactions.
func (v *verifier) each(bucket string, check func(*Tx, pair) error) error {
	s := span{bucket: bucket}
	for done := false; ; {
		err := v.w.View(v.ctx, func(tx *Tx) error {
			start := time.Now()
			pairs, err := tx.scan(s, batch)
			if err != nil {
				return err
			}
			for _, p := range pairs {
				if time.Since(start) > shareOfVerify {
					return nil
				}
				s.after = p.key
				if err := check(tx, p); err != nil {
					return err
				}
			}
			done = len(pairs) < batch
			return nil
		})
		if err != nil {
			return v.blame(err, "")
		}
		if done {
			return nil
		}
		if err := pause(v.ctx, shareOfWriters); err != nil {
			return err
		}
	}
}

// about checks what the workspace says of itself, and pins the checkpoint up to
// which the log is checked.
func (v *verifier) about() error {
	err := v.each(workspaceBucket, func(tx *Tx, p pair) error {
		if _, err := unwrap(workspaceBucket, p); err != nil {
			return v.blame(err, "")
		}
		if key := string(p.key); key != schemaKey && key != aboutKey {
			v.find(Stray, recordsName, "", "part %q has a record %s, which is not ours", workspaceBucket, showKey(p.key))
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = v.w.View(v.ctx, func(tx *Tx) (err error) {
		v.said = v.w.about()
		if v.newest, err = tx.Checkpoint(); err != nil {
			return err
		}
		size, err := tx.logSize()
		if err == nil && size != v.newest.Size {
			v.find(BadLog, recordsName, "", "the custody log has %d leaves, its newest checkpoint speaks of %d", size, v.newest.Size)
		}
		if err != nil {
			return err
		}
		return v.sworn(tx, tx.w.about().ID)
	})
	return v.blame(err, "")
}
