package store_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store"
	"touchstone/store/evidence"
)

// seen is what ordinary work shows of a workspace.
type seen struct {
	records map[evidence.ID]string // in JSON
	listed  []evidence.ID          // captures of any case, newest first, page by page
}

// look reads everything as commands do, each record by its ID and the captures
// through an index. Damage to one record is no reason not to show the others.
func (s *scene) look(ids []evidence.ID) (seen, error) {
	w, err := store.Open(s.w.Dir(), s.o)
	if err != nil {
		return seen{}, err
	}
	defer w.Close()
	got := seen{records: map[evidence.ID]string{}}
	var failed []error
	err = w.View(s.t.Context(), func(tx *store.Tx) error {
		for _, id := range ids {
			content, err := store.Get[json.RawMessage](tx, id)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			got.records[id] = string(content)
		}
		q := store.Query{Index: store.CapturesByOutcome, Key: string(evidence.Online), Newest: true, Limit: 7}
		for {
			page, next, err := store.Page[evidence.Capture](tx, q)
			if err != nil {
				failed = append(failed, err)
			}
			for _, c := range page {
				got.listed = append(got.listed, c.ID)
			}
			if q.Cursor = next; next == "" {
				return nil
			}
		}
	})
	return got, errors.Join(append(failed, err)...)
}

// TestADamagedDatabaseEndsNoCommandAndIsNotMadeWorse flips single bits of the
// database, reads it all as commands do and adds a capture. The process goes on
// living, or this test would not end; what it reads is right or said to be damaged;
// what could be read before a capture was added can be read after.
func TestADamagedDatabaseEndsNoCommandAndIsNotMadeWorse(t *testing.T) {
	flips := 150
	if long() {
		flips = 1000
	}
	s := newScene(t)
	for i := range 40 {
		s.seal(fmt.Sprint("page ", i))
	}
	squeeze(t, s.path("records.db"))
	// One more, so that the list of free pages is not empty.
	s.seal("last")
	var ids []evidence.ID
	for _, c := range s.caps {
		ids = append(ids, c.ID, c.Job)
	}
	before, err := s.look(ids)
	if err != nil {
		t.Fatal(err)
	}
	warned := 0
	s.o.Warn = func(error) { warned++ }
	whole := read(t, s.path("records.db"))
	rng := chance(t)
	t.Logf("records.db has %d bytes", len(whole))
	reported, refused, added, shorter, stale := 0, 0, 0, 0, 0
	for range flips {
		at, bit := rng.IntN(len(whole)), rng.IntN(8)
		flipped := slices.Clone(whole)
		flipped[at] ^= 1 << bit
		overwrite(t, s.path("records.db"), flipped)
		where := fmt.Sprintf("bit %d of byte %d", bit, at)

		warned = 0
		after, err := s.look(ids)
		if err != nil {
			reported++
			if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNewerSchema) {
				t.Errorf("%s: reading: %v, want %v", where, err, store.ErrDamaged)
			}
		}
		for id, got := range after.records {
			if got != before.records[id] && warned == 0 {
				t.Errorf("%s: %s reads as something else", where, id)
			}
		}
		switch {
		case err != nil || cmp.Equal(before, after, cmp.AllowUnexported(seen{})):
		case warned > 0:
			stale++ // the newest change is missing, and this was said
		case len(after.records) == len(before.records) && len(after.listed) < len(before.listed):
			shorter++
		default:
			t.Errorf("%s: not what was there, and nothing is said (-want +got):\n%s", where, cmp.Diff(before, after, cmp.AllowUnexported(seen{})))
		}
		if err := s.add(); err != nil {
			refused++
			if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNewerSchema) {
				t.Errorf("%s: adding: %v, want %v", where, err, store.ErrDamaged)
			}
			continue
		}
		added++
		again, _ := s.look(ids)
		if !maps.Equal(after.records, again.records) {
			t.Errorf("%s: a capture was added, and %d records read as before, not %d", where, len(again.records), len(after.records))
		}
	}
	t.Logf("%d flips: %d reported by reading, %d by a warning, %d left an entry out of a listing unnoticed; %d captures were refused, %d added and nothing lost by it",
		flips, reported, stale, shorter, refused, added)
}

// bbolt goes on with the older of its two meta pages where the newer does not
// hold, and so with the state before the newest change.
func TestWhatADamagedMetaPageHidesIsNotSaidToBeAbsent(t *testing.T) {
	s := newScene(t)
	newest := s.caps[len(s.caps)-1]
	ids := []evidence.ID{newest.ID, newest.Job}
	whole := read(t, s.path("records.db"))
	hidden := 0
	for meta := range 2 {
		flipped := slices.Clone(whole)
		flipped[meta*os.Getpagesize()+21] ^= 1 << 1 // bbolt's version
		overwrite(t, s.path("records.db"), flipped)
		got, err := s.look(ids)
		if err != nil && !errors.Is(err, store.ErrDamaged) {
			t.Errorf("meta page %d: %v, want %v", meta, err, store.ErrDamaged)
		}
		if len(got.records) < len(ids) {
			hidden++
			if err == nil {
				t.Errorf("meta page %d: %d of %d records, and nothing is said", meta, len(got.records), len(ids))
			}
		}
	}
	if hidden != 1 {
		t.Errorf("the newest change was hidden %d times, want 1: only one of the two pages is of it", hidden)
	}
}

// add seals a capture as a command does.
func (s *scene) add() error {
	o := s.o
	o.StateDir = s.t.TempDir() // what is added to one damaged copy is not to be remembered of the next
	w, err := store.Open(s.w.Dir(), o)
	if err != nil {
		return err
	}
	defer w.Close()
	j, err := putJob(s.t.Context(), w, "https://shop.example/one-more")
	if err != nil {
		return err
	}
	m := bareManifest(j)
	h, size, err := w.Blobs().Put(s.t.Context(), strings.NewReader("one more"))
	if err != nil {
		return err
	}
	m.Artifacts = []evidence.Artifact{{Role: evidence.RoleHTML, MediaType: "text/html", Size: size, SHA256: h}}
	_, err = w.Seal(s.t.Context(), m, nil)
	return err
}

// Where bbolt's tree leads round in circles, following it would fill the stack
// and end the process.
func TestABranchThatLeadsToItselfIsDamageAndNoCrash(t *testing.T) {
	s := newScene(t)
	for i := range 40 {
		s.seal(fmt.Sprint("page ", i))
	}
	whole := read(t, s.path("records.db"))
	branches := 0
	for at := 0; at < len(whole); at += os.Getpagesize() {
		if u := binary.NativeEndian; u.Uint16(whole[at+8:]) != 1 || u.Uint64(whole[at:])*uint64(os.Getpagesize()) != uint64(at) {
			continue
		}
		branches++
		circle := slices.Clone(whole)
		count := int(binary.NativeEndian.Uint16(whole[at+10:]))
		for i := range count {
			binary.NativeEndian.PutUint64(circle[at+16+16*i+8:], binary.NativeEndian.Uint64(whole[at:]))
		}
		overwrite(t, s.path("records.db"), circle)
		ids := []evidence.ID{s.caps[0].ID, s.caps[0].Job}
		for name, err := range map[string]error{"reading": second(s.look(ids)), "adding": s.add()} {
			if err != nil && !errors.Is(err, store.ErrDamaged) {
				t.Errorf("page %d leads to itself: %s: %v, want %v or none", at/os.Getpagesize(), name, err, store.ErrDamaged)
			}
		}
	}
	if branches == 0 {
		t.Fatal("there is no branch page to try this with")
	}
	t.Logf("%d branch pages", branches)
}

func second[T any](_ T, err error) error { return err }

// bbolt gives away a page that its list of free pages names, though it be in use.
func TestAListOfFreePagesThatNamesAPageInUseKeepsFromWriting(t *testing.T) {
	s := newScene(t)
	path := s.path("records.db")
	whole := read(t, path)
	u, width := binary.NativeEndian, uint64(os.Getpagesize())
	var newest []byte
	for i := range uint64(2) {
		if meta := whole[i*width+16:]; newest == nil || u.Uint64(meta[48:]) > u.Uint64(newest[48:]) {
			newest = meta
		}
	}
	root, list := u.Uint64(newest[16:]), whole[u.Uint64(newest[32:])*width:]
	if u.Uint16(list[10:]) == 0 {
		t.Fatal("no page is free")
	}
	for name, damage := range map[string]func(list []byte){
		"a page in use":        func(list []byte) { u.PutUint64(list[16:], root) },
		"one entry less":       func(list []byte) { u.PutUint16(list[10:], u.Uint16(list[10:])-1) },
		"entries without end":  func(list []byte) { u.PutUint16(list[10:], 0xffff); u.PutUint64(list[16:], 1<<40) },
		"a page of other kind": func(list []byte) { u.PutUint16(list[8:], 1) },
	} {
		t.Run(name, func(t *testing.T) {
			damaged := slices.Clone(whole)
			damage(damaged[u.Uint64(newest[32:])*width:])
			overwrite(t, path, damaged)
			if err := s.add(); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("adding: %v, want %v", err, store.ErrDamaged)
			}
			if !bytes.Equal(read(t, path), damaged) {
				t.Error("the file was written to")
			}
			if _, err := s.look([]evidence.ID{s.caps[0].ID}); err != nil {
				t.Errorf("reading needs no free page: %v", err)
			}
		})
	}
}

// A copy, and what a power cut leaves, have no sum of the list of free pages: then
// every page is looked at, and the change is made.
func TestWithoutASumOfTheListOfFreePagesAllPagesAreLookedAt(t *testing.T) {
	s := newScene(t)
	whole := read(t, s.path("records.db"))
	for i := range 2 {
		clear(whole[i*os.Getpagesize()+80 : (i+1)*os.Getpagesize()])
	}
	overwrite(t, s.path("records.db"), whole)
	s.seal("after")
	judge(t, s)
}

func TestAWalkThatLetsOthersInFindsTheSamePagesDamaged(t *testing.T) {
	s := newScene(t)
	for i := range 20 {
		s.seal(fmt.Sprint("page ", i))
	}
	squeeze(t, s.path("records.db"))
	whole := read(t, s.path("records.db"))
	rng := chance(t)
	flips, found := 40, 0
	if long() {
		flips = 1000
	}
	for range flips {
		at := rng.IntN(len(whole))
		flipped := slices.Clone(whole)
		flipped[at] ^= 1 << rng.IntN(8)
		overwrite(t, s.path("records.db"), flipped)
		alone, beside, err := store.WalkBothWays(t.Context(), s.w)
		// That a page is used twice only shows where all are seen at once.
		ofOne := slices.DeleteFunc(slices.Clone(alone), func(f string) bool { return strings.Contains(f, "named twice") || strings.Contains(f, "another's") })
		if err != nil || len(ofOne) > 0 && len(beside) == 0 || len(beside) > 0 && len(alone) == 0 {
			t.Errorf("byte %d: alone %q, beside %q, %v", at, alone, beside, err)
		}
		found += min(1, len(alone))
	}
	t.Logf("%d of %d flips damaged pages", found, flips)
}
