package desk_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func TestABagComesInAsEvidenceOfAnotherWorkspace(t *testing.T) {
	d, market := atWork(t)
	mine := captured(t, d, market, "Umbrella", 2)
	out := filepath.Join(t.TempDir(), "case.zip")
	export(t, d, desk.ExportOrder{Case: "Umbrella", Format: desk.ExportBagIt, Out: out})
	there, _ := atWork(t)
	i, err := there.Import(t.Context(), out, "", evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(i.Captures) != len(mine) {
		t.Fatalf("%d captures came in, %d left", len(i.Captures), len(mine))
	}
	for _, c := range i.Captures {
		if len(c.Withheld) != 4 || len(c.Artifacts) < 5 {
			t.Errorf("%s: %d files, %d withheld", c.Capture, len(c.Artifacts), len(c.Withheld))
		}
		for _, a := range c.Artifacts {
			read(t, there, a.SHA256)
		}
	}
	again, err := desk.Get[evidence.Import](t.Context(), there, i.ID)
	if err != nil || again.Bag != i.Bag {
		t.Errorf("read again: %+v, %v", again, err)
	}
	matter, err := there.Case(t.Context(), "Umbrella")
	if err != nil || matter.ID != i.Case {
		t.Errorf("case %+v, %v", matter, err)
	}
	if r, err := there.Verify(t.Context(), nil, evidence.Quiet); err != nil || !r.OK() || len(r.Notes) > 0 {
		t.Errorf("findings %+v, notes %+v, %v", r.Findings, r.Notes, err)
	}
	if _, err := there.Import(t.Context(), out, "", evidence.Quiet); err == nil {
		t.Error("it came in twice")
	}
}

func TestABagThatDoesNotProveItselfStaysOut(t *testing.T) {
	d, market := atWork(t)
	captured(t, d, market, "Umbrella", 1)
	out := filepath.Join(t.TempDir(), "case.zip")
	export(t, d, desk.ExportOrder{Case: "Umbrella", Format: desk.ExportBagIt, Out: out})
	there, _ := atWork(t)
	tests := []struct {
		name string
		edit func(files map[string][]byte, root string)
	}{
		{"a page changed, and the manifests of the bag with it", func(f map[string][]byte, root string) {
			change(f, ".html", func(b []byte) []byte { return append(b, ' ') })
			rehash(f, root)
		}},
		{"a capture's manifest changed, and those of the bag with it", func(f map[string][]byte, root string) {
			change(f, "/manifest.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"online"`), []byte(`"removed"`), 1) })
			rehash(f, root)
		}},
		{"a leaf changed", func(f map[string][]byte, root string) {
			change(f, "/leaf.json", func(b []byte) []byte { return bytes.Replace(b, []byte("capture_sealed"), []byte("capture_sealeD"), 1) })
			rehash(f, root)
		}},
		{"the key replaced", func(f map[string][]byte, root string) {
			change(f, "/public-key.pem", func(b []byte) []byte { b[60] ^= 3; return b })
			rehash(f, root)
		}},
		{"no proofs", func(f map[string][]byte, root string) {
			for name := range f {
				if strings.Contains(name, "/custody/") {
					delete(f, name)
				}
			}
			rehash(f, root)
		}},
		{"a file beside a capture that its manifest does not name", func(f map[string][]byte, root string) {
			for name := range f {
				if strings.HasSuffix(name, "/manifest.json") {
					f[path.Dir(name)+"/planted.html"] = []byte("planted")
				}
			}
			rehash(f, root)
		}},
		{"a page changed", func(f map[string][]byte, _ string) {
			change(f, ".html", func(b []byte) []byte { return append(b, ' ') })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := rezip(t, out, tt.edit)
			if i, err := there.Import(t.Context(), file, "", evidence.Quiet); err == nil {
				t.Errorf("it came in: %+v", i)
			} else {
				t.Log(err)
			}
			r, err := there.Verify(t.Context(), nil, evidence.Quiet)
			if err != nil || !r.OK() || r.Blobs != 0 || r.Records != 0 || len(r.Notes) > 0 {
				t.Errorf("left behind: %+v, %v", r, err)
			}
			left, err := filepath.Glob(filepath.Join(there.Dir(), "scratch*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func change(files map[string][]byte, end string, edit func([]byte) []byte) {
	for name, b := range files {
		if strings.HasSuffix(name, end) && strings.Contains(name, "/data/") {
			files[name] = edit(bytes.Clone(b))
			return
		}
	}
}

// rehash makes the bag's own manifests anew, as a careful forger would.
func rehash(files map[string][]byte, root string) {
	var payload, tags strings.Builder
	var octets, count int
	for name, b := range files {
		if in, ok := strings.CutPrefix(name, root+"/data/"); ok {
			payload.WriteString(string(evidence.HashOf(b)) + "  data/" + in + "\n")
			octets, count = octets+len(b), count+1
		}
	}
	files[root+"/manifest-sha256.txt"] = []byte(payload.String())
	info := strings.Split(string(files[root+"/bag-info.txt"]), "Payload-Oxum")[0]
	files[root+"/bag-info.txt"] = []byte(info)
	for name, b := range files {
		in := strings.TrimPrefix(name, root+"/")
		if !strings.HasPrefix(in, "data/") && in != "tagmanifest-sha256.txt" {
			tags.WriteString(string(evidence.HashOf(b)) + "  " + in + "\n")
		}
	}
	files[root+"/tagmanifest-sha256.txt"] = []byte(tags.String())
}

// rezip copies an archive with its files edited.
func rezip(t testing.TB, file string, edit func(files map[string][]byte, root string)) string {
	t.Helper()
	r, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	files, root := map[string][]byte{}, ""
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
		in.Close()
		root, _, _ = strings.Cut(f.Name, "/")
	}
	edit(files, root)
	out := filepath.Join(t.TempDir(), "edited.zip")
	w, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	z := zip.NewWriter(w)
	for name, b := range files {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored: a WACZ is read in pieces
		if err == nil {
			_, err = f.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}
