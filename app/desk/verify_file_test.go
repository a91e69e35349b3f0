package desk_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/store"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

func verifyFile(t *testing.T, file string) desk.FileReport {
	t.Helper()
	r, err := desk.VerifyFile(t.Context(), file, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// leftCase is a case of one stamped capture as everything that leaves a
// workspace: bag, web archive and backup.
func leftCase(t *testing.T) (files map[string]string, c evidence.Capture) {
	t.Helper()
	d, market := atWork(t)
	authority := stamptest.Start(t, stamptest.Options{EC: true})
	if err := d.AddAuthority(t.Context(), "test", authority.URL, authority.Roots); err != nil {
		t.Fatal(err)
	}
	c = captured(t, d, market, "Handbags", 1)[0]
	dir := t.TempDir()
	files = map[string]string{"bag": filepath.Join(dir, "case.zip"), "wacz": filepath.Join(dir, "case.wacz"), "backup": filepath.Join(dir, "all.tar")}
	export(t, d, desk.ExportOrder{Case: "Handbags", Format: desk.ExportBagIt, Out: files["bag"], Full: true})
	export(t, d, desk.ExportOrder{Case: "Handbags", Format: desk.ExportWACZ, Out: files["wacz"]})
	if _, err := d.Backup(t.Context(), files["backup"], evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	return files, c
}

// howToVerify is HOW-TO-VERIFY.txt of an archive.
func howToVerify(t *testing.T, file string) string {
	t.Helper()
	var text []byte
	rezip(t, file, func(files map[string][]byte, _ string) {
		for name, b := range files {
			if strings.HasSuffix(name, "HOW-TO-VERIFY.txt") {
				text = b
			}
		}
	})
	return string(text)
}

func TestAFileThatLeftVerifiesByItself(t *testing.T) {
	files, c := leftCase(t)
	for _, kind := range []string{"bag", "wacz"} {
		r := verifyFile(t, files[kind])
		if !r.OK() || len(r.Exhibits) != 1 {
			t.Fatalf("%s: %+v", kind, r)
		}
		e := r.Exhibits[0]
		if e.ID != c.ID || e.State != store.StateIntact || len(e.Stamps) != 1 || (e.Withheld == 0) != (kind == "bag") {
			t.Errorf("%s: exhibit %+v", kind, e)
		}
		if s := e.Stamps[0]; s.Known || s.Time.Before(c.FinishedAt.Add(-2*time.Second)) || s.Signer == "" || s.Root == "" {
			t.Errorf("%s: stamp %+v", kind, s)
		}
		if text := howToVerify(t, files[kind]); !strings.Contains(text, string(c.ID)+"\n  was in the log when test stamped it: "+e.Stamps[0].Time.Format(time.RFC3339)+" ("+e.Stamps[0].Signer+")") {
			t.Errorf("%s: HOW-TO-VERIFY.txt does not say when it was stamped:\n%s", kind, text)
		}
		if (r.SignedBy != "") != (kind == "wacz") {
			t.Errorf("%s: signed as a whole by %q", kind, r.SignedBy)
		}
	}
	r := verifyFile(t, files["backup"])
	if !r.OK() || r.Workspace == nil || len(r.Workspace.Statuses) != 1 || r.Workspace.Statuses[0].State != store.StateIntact || r.Workspace.Stamps != 1 {
		t.Errorf("backup: %+v", r)
	}

	// What was done to it, what is found, and how the exhibit stands.
	in := func(files map[string][]byte, end string) string {
		for name := range files {
			if strings.HasSuffix(name, end) && !strings.Contains(name, "redacted") {
				return name
			}
		}
		t.Fatalf("no %s", end)
		return ""
	}
	for _, tt := range []struct {
		name    string
		edit    func(files map[string][]byte, root string)
		problem store.Problem
		state   desk.VerifyState
	}{
		{"a page changed", func(f map[string][]byte, _ string) {
			name := in(f, "/html.html")
			f[name] = append(bytes.Clone(f[name]), ' ')
		}, store.Altered, store.StateAltered},
		{"a page taken out", func(f map[string][]byte, _ string) { delete(f, in(f, "/html.html")) }, store.Missing, store.StateMissing},
		{"a page put beside", func(f map[string][]byte, _ string) {
			f[filepath.Dir(in(f, "/html.html"))+"/more.html"] = []byte("more")
		}, store.Stray, store.StateAltered},
		{"the manifest taken out", func(f map[string][]byte, _ string) { delete(f, in(f, "/manifest.json")) }, store.Missing, store.StateMissing},
		{"a stamp changed", func(f map[string][]byte, _ string) {
			name := in(f, "/response.tsr")
			f[name] = bytes.Clone(f[name])
			f[name][len(f[name])/2] ^= 1
		}, store.Altered, store.StateUnstamped},
	} {
		for _, kind := range []string{"bag", "wacz"} {
			t.Run(kind+": "+tt.name, func(t *testing.T) {
				r := verifyFile(t, rezip(t, files[kind], tt.edit))
				found := false
				for _, f := range r.Findings {
					found = found || f.Problem == tt.problem
				}
				if !found || len(r.Exhibits) != 1 || r.Exhibits[0].State != tt.state {
					t.Errorf("exhibits %+v, findings %v; want %s and %s", r.Exhibits, r.Findings, tt.problem, tt.state)
				}
			})
		}
	}
	t.Run("bag: a page changed, and the bag's manifests with it", func(t *testing.T) {
		r := verifyFile(t, rezip(t, files["bag"], func(f map[string][]byte, root string) {
			name := in(f, "/html.html")
			f[name] = append(bytes.Clone(f[name]), ' ')
			rehash(f, root)
		}))
		if len(r.Findings) != 1 || r.Findings[0].Problem != store.Altered || r.Exhibits[0].State != store.StateAltered {
			t.Errorf("exhibits %+v, findings %v", r.Exhibits, r.Findings)
		}
	})
	t.Run("wacz: the signature taken from another hash", func(t *testing.T) {
		r := verifyFile(t, rezip(t, files["wacz"], func(f map[string][]byte, _ string) {
			f["datapackage.json"] = append(f["datapackage.json"], '\n')
		}))
		if r.OK() {
			t.Errorf("report %+v", r)
		}
	})
	t.Run("backup: what it begins with is written over", func(t *testing.T) {
		content, err := os.ReadFile(files["backup"])
		if err != nil {
			t.Fatal(err)
		}
		clear(content[:512])
		damaged := filepath.Join(t.TempDir(), "all.tar")
		if err := os.WriteFile(damaged, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if r := verifyFile(t, damaged); r.OK() || strings.Contains(r.Findings[0].What, "ZIP") {
			t.Errorf("findings %v, want that it is no whole tar file", r.Findings)
		}
	})
	for kind, file := range files {
		t.Run(kind+": flipped and cut short", func(t *testing.T) { flipAndCut(t, file) })
	}
}

// flipAndCut changes bits and lengths of a file. Each must be told, unless the bit
// means nothing, as in the padding of a tar file: then all must read as before.
func flipAndCut(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sound := packed(t, content)
	broken := filepath.Join(t.TempDir(), filepath.Base(file))
	const flips = 6
	for i := range flips {
		at := len(content) * (2*i + 1) / (2 * flips)
		changed := bytes.Clone(content)
		changed[at] ^= 1
		for _, b := range [][]byte{changed, content[:at]} {
			if err := os.WriteFile(broken, b, 0o644); err != nil {
				t.Fatal(err)
			}
			if r := verifyFile(t, broken); r.OK() && (len(b) < len(content) || !maps.Equal(packed(t, b), sound)) {
				t.Errorf("at byte %d of %d (%d bytes left): nothing found", at, len(content), len(b))
			}
		}
	}
}

// packed are the files of an archive, by Go's own readers.
func packed(t *testing.T, archive []byte) map[string]evidence.Hash {
	t.Helper()
	files := map[string]evidence.Hash{}
	add := func(name string, r io.Reader) {
		b, err := io.ReadAll(r)
		if err != nil {
			b = []byte(err.Error())
		}
		files[name] = evidence.HashOf(b)
	}
	if z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive))); err == nil {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				continue
			}
			add(f.Name, r)
			r.Close()
		}
		return files
	}
	in := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := in.Next()
		if err != nil {
			return files
		}
		add(h.Name, in)
	}
}
