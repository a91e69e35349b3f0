package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"touchstone/store"
	"touchstone/store/evidence"
)

func TestOpenSaysInOneLineWhyAFolderWillNotDo(t *testing.T) {
	tests := []struct {
		name string
		lay  func(t *testing.T, dir string, o *store.Options)
		want error
		say  []string
	}{
		{
			name: "a folder of holiday pictures",
			lay:  func(t *testing.T, dir string, _ *store.Options) { write(t, filepath.Join(dir, "beach.jpg"), "jpg") },
			want: store.ErrNotWorkspace, say: []string{"beach.jpg", "records.db", "--workspace"},
		},
		{
			name: "a file",
			lay:  func(t *testing.T, dir string, _ *store.Options) { write(t, dir, "text") },
			want: store.ErrNotWorkspace, say: []string{"is a file"},
		},
		{
			name: "an absent folder that must not be made",
			lay:  func(_ *testing.T, _ string, o *store.Options) { o.NoCreate = true },
			want: store.ErrNoWorkspace, say: []string{"--workspace"},
		},
		{
			name: "a folder below a file",
			lay:  func(t *testing.T, dir string, _ *store.Options) { write(t, filepath.Dir(dir), "text") },
			want: store.ErrUnwritable, say: []string{"--workspace"},
		},
		{
			name: "no passphrase and no keyring",
			lay:  func(_ *testing.T, _ string, o *store.Options) { o.Passphrase = nil },
			want: store.ErrNoKey, say: []string{"TOUCHSTONE_PASSPHRASE", "--passphrase-file"},
		},
		{
			name: "an empty passphrase and no keyring",
			lay: func(_ *testing.T, _ string, o *store.Options) {
				o.Passphrase = func(context.Context) (string, error) { return "", nil }
			},
			want: store.ErrNoKey, say: []string{"TOUCHSTONE_PASSPHRASE"},
		},
		{
			name: "a newer workspace",
			lay: func(t *testing.T, dir string, o *store.Options) {
				w := open(t, dir, *o)
				if err := store.SetSchema(t.Context(), w, 7); err != nil {
					t.Fatal(err)
				}
			},
			want: store.ErrNewerSchema, say: []string{"schema 7, this one knows 3", "update Touchstone"},
		},
		{
			name: "blobs without records",
			lay: func(t *testing.T, dir string, o *store.Options) {
				sealOne(t, open(t, dir, *o), "https://shop.example/", map[evidence.Role]string{evidence.RoleHTML: "x"})
				remove(t, filepath.Join(dir, "records.db"))
			},
			want: store.ErrDamaged, say: []string{"records.db is gone"},
		},
		{
			name: "blobs and an emptied database",
			lay: func(t *testing.T, dir string, o *store.Options) {
				sealOne(t, open(t, dir, *o), "https://shop.example/", map[evidence.Role]string{evidence.RoleHTML: "x"})
				if err := os.Truncate(filepath.Join(dir, "records.db"), 0); err != nil {
					t.Fatal(err)
				}
			},
			want: store.ErrDamaged, say: []string{"records.db", "cut short to 0 bytes"},
		},
		{
			name: "a database cut in half",
			lay: func(t *testing.T, dir string, o *store.Options) {
				open(t, dir, *o)
				if err := os.Truncate(filepath.Join(dir, "records.db"), 16<<10); err != nil {
					t.Fatal(err)
				}
			},
			want: store.ErrDamaged, say: []string{"records.db", "cut short"},
		},
		{
			name: "a database of nonsense",
			lay: func(t *testing.T, dir string, _ *store.Options) {
				write(t, filepath.Join(dir, "records.db"), strings.Repeat("nonsense", 10000))
			},
			want: store.ErrDamaged, say: []string{"records.db"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, o := filepath.Join(t.TempDir(), "parent", "ws"), options(t)
			tt.lay(t, dir, &o)
			before := tree(t, filepath.Dir(filepath.Dir(dir)))
			w, err := store.Open(dir, o)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got workspace %v, error %v; want %v", w, err, tt.want)
			}
			for _, say := range tt.say {
				if !strings.Contains(err.Error(), say) {
					t.Errorf("error %q does not say %q", err, say)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is more than a line", err)
			}
			if after := tree(t, filepath.Dir(filepath.Dir(dir))); after != before {
				t.Errorf("the folder was touched:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
}

func TestAnInterruptedMakingIsRepeated(t *testing.T) {
	for _, left := range [][]string{{"README.txt"}, {"README.txt", "key.age"}, {"README.txt", "key.age", "records.db"}, {".key.age-123"}} {
		t.Run(strings.Join(left, " "), func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range left {
				write(t, filepath.Join(dir, name), "")
			}
			w := open(t, dir, options(t))
			if r := verify(t, w); !r.OK() {
				t.Errorf("findings %+v", r.Findings)
			}
		})
	}
}

func TestManyOpenersOfAnAbsentFolderMakeOneWorkspace(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	ids := make([]evidence.ID, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			w, err := store.Open(dir, o)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			ids[i] = w.ID()
			if err := w.Unlock(t.Context()); err != nil {
				t.Errorf("unlock: %v", err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("workspaces %v, want one", ids)
		}
	}
	if r := verify(t, open(t, dir, o)); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestSealingNeedsTheKeyAndLeavesNothingWithoutIt(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	open(t, dir, o).Close()
	tests := []struct {
		name string
		pass func(context.Context) (string, error)
		say  string
	}{
		{"no passphrase", nil, "TOUCHSTONE_PASSPHRASE"},
		{"a wrong passphrase", func(context.Context) (string, error) { return "wrong", nil }, "the passphrase is wrong"},
		{"a passphrase file that is gone", func(context.Context) (string, error) { return "", os.ErrNotExist }, "does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := o
			o.Passphrase = tt.pass
			w := open(t, dir, o)
			m := manifest(t, w, addJob(t, w, "https://shop.example/"), nil)
			if _, err := w.Seal(t.Context(), m, nil); !errors.Is(err, store.ErrNoKey) || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("got %v, want %v saying %q", err, store.ErrNoKey, tt.say)
			}
			if err := w.Unlock(t.Context()); !errors.Is(err, store.ErrNoKey) {
				t.Errorf("unlock: got %v, want %v", err, store.ErrNoKey)
			}
			if r := verify(t, w); !r.OK() || r.Captures != 0 || len(r.Notes) != 0 {
				t.Errorf("report %+v, want no captures and nothing left behind", r)
			}
		})
	}
}

func TestTheKeyLivesInTheKeyringWhereThereIsOne(t *testing.T) {
	keyring.MockInit() // a keyring in memory, by the library itself
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	o.NoKeyring, o.Passphrase = false, nil
	w := open(t, dir, o)
	sealOne(t, w, "https://shop.example/", nil)
	w.Close()
	if _, err := os.Stat(filepath.Join(dir, "key.age")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("key.age: %v, want none", err)
	}
	w = open(t, dir, o)
	sealOne(t, w, "https://shop.example/2", nil)
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}

	keyring.MockInit() // another machine: an empty keyring
	w = open(t, dir, o)
	if r := verify(t, w); !r.OK() {
		t.Errorf("verification without the key: findings %+v", r.Findings)
	}
	if err := w.Unlock(t.Context()); !errors.Is(err, store.ErrNoKey) || !strings.Contains(err.Error(), "keyring") {
		t.Errorf("unlock: got %v, want %v that names the keyring", err, store.ErrNoKey)
	}
}

func TestWithoutAKeyringTheKeyIsSealedInAFile(t *testing.T) {
	keyring.MockInitWithError(errors.New("no secret service"))
	dir, o := filepath.Join(t.TempDir(), "ws"), options(t)
	o.NoKeyring = false
	sealOne(t, open(t, dir, o), "https://shop.example/", nil)
	b, err := os.ReadFile(filepath.Join(dir, "key.age"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "age-encryption.org/v1\n-> scrypt ") {
		t.Errorf("key.age begins with %q", b[:40])
	}
}

func TestOneProcessHoldsTheQueue(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	release, err := w.Hold(store.Queue)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Hold(store.Queue)
	if !errors.Is(err, store.ErrHeld) || !strings.Contains(err.Error(), "process ") {
		t.Errorf("second hold: got %v, want %v that names the process", err, store.ErrHeld)
	}
	other, err := w.Hold(store.Outbox)
	if err != nil {
		t.Errorf("the outbox: %v", err)
	} else if err := other(); err != nil {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if release, err = w.Hold(store.Queue); err != nil {
		t.Fatalf("hold after release: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if r := verify(t, w); !r.OK() {
		t.Errorf("locks left behind are findings: %+v", r.Findings)
	}
}

func TestAClosedWorkspaceSaysSo(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	w.Close()
	if err := w.View(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v, want %v", err, os.ErrClosed)
	}
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// tree lists what is under a folder.
func tree(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || strings.Contains(path, "/state") {
			return err
		}
		b.WriteString(path)
		if !d.IsDir() {
			b.WriteString(" " + info.ModTime().String())
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAWorkspaceThatIsReplacedWhileOpenIsLeftAlone(t *testing.T) {
	o := options(t)
	w, other := open(t, filepath.Join(t.TempDir(), "ws"), o), open(t, filepath.Join(t.TempDir(), "other"), o)
	j := addJob(t, w, "https://shop.example/")
	if err := os.Rename(w.Dir(), w.Dir()+".away"); err != nil {
		t.Fatal(err)
	}
	if err := w.View(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("moved away: %v, want it gone", err)
	}
	if err := os.Rename(other.Dir(), w.Dir()); err != nil {
		t.Fatal(err)
	}
	before := read(t, filepath.Join(w.Dir(), "records.db"))
	_, addErr := putJob(t.Context(), w, "https://shop.example/second")
	_, sealErr := w.Seal(t.Context(), bareManifest(j), nil)
	_, verifyErr := w.Verify(t.Context(), store.VerifyOptions{}, evidence.Quiet)
	for name, err := range map[string]error{
		"view": w.View(t.Context(), func(*store.Tx) error { return nil }), "add": addErr, "seal": sealErr, "verify": verifyErr,
	} {
		if !errors.Is(err, store.ErrReplaced) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %v in one line", name, err, store.ErrReplaced)
		}
	}
	if !bytes.Equal(read(t, filepath.Join(w.Dir(), "records.db")), before) {
		t.Error("the other workspace's records were changed")
	}
	// Put back, it goes on.
	if err := errors.Join(os.Rename(w.Dir(), w.Dir()+".other"), os.Rename(w.Dir()+".away", w.Dir())); err != nil {
		t.Fatal(err)
	}
	sealOne(t, w, "https://shop.example/after", nil)
}
