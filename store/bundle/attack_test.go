package bundle_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/store/bundle"
)

// entry is a file of a hostile archive.
type entry struct {
	name    string
	content string
	mode    fs.FileMode
}

// hostile is an archive with more entries.
func hostile(t testing.TB, archive []byte, more ...entry) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range from.File {
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range more {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func seedWACZ(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = bundle.WriteWACZ(t.Context(), &out, bundle.WACZ{Title: "case", At: at, Software: "touchstone/1", Signer: key,
		Archives: []bundle.File{bundle.Text("a.warc.gz", warc(t, [2]string{responseHead, response}))},
		Extra:    []bundle.File{bundle.Text("captures/c", []byte("c")), bundle.Text("captures/longer.html", []byte(strings.Repeat("<h1>replica", 100)))}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// target is a kind of archive and its reader.
type target struct {
	name, in string // in is a folder of the payload
	sound    []byte
	read     func(t testing.TB, archive []byte, l bundle.Limits) (dir string, err error)
}

func targets(t testing.TB) []target {
	return []target{
		{"bag", "bag/data/", zipped(t, seedBag()), func(t testing.TB, archive []byte, l bundle.Limits) (string, error) {
			_, dir, err := readBag(t, archive, l)
			return dir, err
		}},
		{"WACZ", "captures/", seedWACZ(t), func(t testing.TB, archive []byte, l bundle.Limits) (string, error) {
			dir := filepath.Join(t.TempDir(), "into")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			_, _, err = bundle.ReadWACZ(t.Context(), bytes.NewReader(archive), int64(len(archive)), root, l)
			beside, globErr := filepath.Glob(filepath.Join(filepath.Dir(dir), "*"))
			if globErr != nil || len(beside) != 1 {
				t.Errorf("beside the folder: %v, %v", beside, globErr)
			}
			return dir, err
		}},
	}
}

func TestASoundArchiveReads(t *testing.T) {
	for _, to := range targets(t) {
		if _, err := to.read(t, to.sound, bundle.Limits{}); err != nil {
			t.Errorf("%s: %v", to.name, err)
		}
	}
}

func TestAHostileArchiveIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	many := func(in string) (all []entry) {
		for i := range 300 {
			all = append(all, entry{name: fmt.Sprintf("%smany%d", in, i)})
		}
		return all
	}
	for _, to := range targets(t) {
		add := func(more ...entry) []byte { return hostile(t, to.sound, more...) }
		for _, tt := range []struct {
			name    string
			archive []byte
		}{
			{"a path out of the folder", add(entry{name: to.in + "../../../escaped"})},
			{"a path out and in again", add(entry{name: to.in + "../" + to.in + "x"})},
			{"an absolute path", add(entry{name: "/tmp/escaped"})},
			{"a path with backslashes", add(entry{name: to.in + `..\..\escaped`})},
			{"a share of Windows", add(entry{name: `\\server\share\escaped`})},
			{"a drive", add(entry{name: to.in + "C:escaped"})},
			{"another stream of a file", add(entry{name: to.in + "c:hidden"})},
			{"a NUL in a name", add(entry{name: to.in + "c\x00.html"})},
			{"an end of line in a name", add(entry{name: to.in + "a\nb"})},
			{"a name that shows as another", add(entry{name: to.in + "gpj\u202eexe"})},
			{"bytes that are not text", add(entry{name: to.in + "a\xff"})},
			{"a device of Windows", add(entry{name: to.in + "aux.txt"})},
			{"a name that Windows cuts", add(entry{name: to.in + "c."})},
			{"an empty part of a path", add(entry{name: to.in + "/x"})},
			{"a folder out of the folder", add(entry{name: to.in + "../../../escaped/", mode: fs.ModeDir})},
			{"a symbolic link", add(entry{name: to.in + "link", content: "/etc/passwd", mode: fs.ModeSymlink})},
			{"a named pipe", add(entry{name: to.in + "pipe", mode: fs.ModeNamedPipe})},
			{"a device", add(entry{name: to.in + "device", mode: fs.ModeDevice})},
			{"a name that differs by case only", add(entry{name: to.in + "C"})},
			{"names that differ by how they are composed", add(entry{name: to.in + "\u00e9"}, entry{name: to.in + "e\u0301"})},
			{"the same name twice", add(entry{name: to.in + "c"})},
			{"a file that is also a folder", add(entry{name: to.in + "c/d"})},
			{"a bomb", add(entry{name: to.in + "bomb", content: strings.Repeat("\x00", 3<<19)})},
			{"more bytes than are allowed", add(entry{name: to.in + "a1", content: noise(900 << 10)}, entry{name: to.in + "a2", content: noise(900 << 10)}, entry{name: to.in + "a3", content: noise(900 << 10)})},
			{"too many files", add(many(to.in)...)},
			{"files that share bytes", overlapped(t, to.sound)},
			{"an encrypted file", patched(t, to.sound, 8, func(flags uint16) uint16 { return flags | 1 })},
			{"a way of packing that is not known", patched(t, to.sound, 10, func(uint16) uint16 { return 99 })},
			{"cut short by half", to.sound[:len(to.sound)/2]},
			{"cut short by a byte", to.sound[:len(to.sound)-1]},
			{"nothing in it", []byte("PK\x05\x06" + strings.Repeat("\x00", 18))},
			{"no archive", []byte("hello")},
			{"no bytes", nil},
		} {
			t.Run(to.name+": "+tt.name, func(t *testing.T) {
				dir, err := to.read(t, tt.archive, bundle.Limits{Files: 100, Bytes: 2 << 20, Ratio: 100})
				if !errors.Is(err, bundle.ErrBag) && !errors.Is(err, bundle.ErrPath) {
					t.Errorf("got %v, want %v or %v", err, bundle.ErrBag, bundle.ErrPath)
				}
				if out, _ := sh(t, dir, "find . -type f"); out != "" {
					t.Errorf("written: %s", out)
				}
			})
		}
		// An archive in the archive is a file like any other.
		nested := add(entry{name: to.in + "nested.zip", content: string(hostile(t, to.sound, entry{name: to.in + "bomb", content: strings.Repeat("\x00", 4<<20)}))})
		for name, archive := range map[string][]byte{"a file that nothing names": add(entry{name: to.in + "extra", content: "x"}), "an archive with a bomb in it that nothing names": nested} {
			if _, err := to.read(t, archive, bundle.Limits{Bytes: 2 << 20, Ratio: 100}); !errors.Is(err, bundle.ErrBag) {
				t.Errorf("%s: %s: got %v, want %v", to.name, name, err, bundle.ErrBag)
			}
		}
	}
}

// noise is text that does not pack.
func noise(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return string(b)
}

// directory is where the entries of an archive's central directory begin.
func directory(t testing.TB, archive []byte) []int {
	t.Helper()
	var at []int
	for i := 0; i+4 <= len(archive); i++ {
		if string(archive[i:i+4]) == "PK\x01\x02" {
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		t.Fatal("no central directory")
	}
	return at
}

// patched changes two bytes of the first entry of the central directory.
func patched(t testing.TB, archive []byte, offset int, change func(uint16) uint16) []byte {
	b := bytes.Clone(archive)
	field := b[directory(t, b)[0]+offset:]
	binary.LittleEndian.PutUint16(field, change(binary.LittleEndian.Uint16(field)))
	return b
}

// overlapped makes the second entry's content that of the first.
func overlapped(t testing.TB, archive []byte) []byte {
	b := bytes.Clone(archive)
	const method, sizes, offset = 10, 16, 42 // of the fields, the second up to the name's length
	at := directory(t, b)
	copy(b[at[1]+method:at[1]+method+2], b[at[0]+method:])
	copy(b[at[1]+sizes:at[1]+sizes+12], b[at[0]+sizes:])
	copy(b[at[1]+offset:at[1]+offset+4], b[at[0]+offset:])
	return b
}

func TestAHostileBackupIsRefused(t *testing.T) {
	sound := tarred(t, map[string]string{"records.db": "db"})
	// with puts entries before the end of a sound one.
	with := func(headers ...tar.Header) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, h := range headers {
			if err := w.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, strings.Repeat("x", int(h.Size))); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		return append(b.Bytes(), sound...)
	}
	file := func(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name, Size: 1} }
	var many []tar.Header
	for i := range 200 {
		many = append(many, file(fmt.Sprintf("bag/data/%d", i)))
	}
	huge := with(file("bag/data/huge"))
	copy(huge[124:136], "77777777777\x00") // eight gibibytes, it says
	mendTar(huge[:512])
	for _, tt := range []struct {
		name    string
		archive []byte
	}{
		{"a path out of the folder", with(file("bag/data/../../../x"))},
		{"an absolute path", with(file("/tmp/x"))},
		{"a path with backslashes", with(file(`bag/data/..\x`))},
		{"a device of Windows", with(file("bag/data/con"))},
		{"names that differ by case only", with(file("bag/data/Records.db"))},
		{"a symbolic link", with(tar.Header{Typeflag: tar.TypeSymlink, Name: "bag/data/l", Linkname: "/etc/passwd"})},
		{"a hard link", with(tar.Header{Typeflag: tar.TypeLink, Name: "bag/data/l", Linkname: "bag/data/records.db"})},
		{"a named pipe", with(tar.Header{Typeflag: tar.TypeFifo, Name: "bag/data/p"})},
		{"a folder", with(tar.Header{Typeflag: tar.TypeDir, Name: "bag/data/d/"})},
		{"a file with holes", append(holed(t), sound...)},
		{"more bytes than are allowed, or there", huge},
		{"too many files", with(many...)},
		{"a file that nothing names", with(file("bag/data/extra"))},
		{"cut short", sound[:len(sound)/2]},
		{"no bytes", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := bundle.ReadTar(t.Context(), bytes.NewReader(tt.archive), small, nil)
			if !errors.Is(err, bundle.ErrBag) && !errors.Is(err, bundle.ErrPath) {
				t.Errorf("got %v, want %v or %v", err, bundle.ErrBag, bundle.ErrPath)
			}
		})
	}
}

// holed is the entry of a file of a gibibyte that holds one byte, as GNU tar
// writes it.
func holed(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	const block, kind, size, mapAt, realAt = 512, 156, 124, 386, 483 // fields of GNU's old form
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "bag/data/holes", Size: block, Format: tar.FormatGNU}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, block)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	h := b.Bytes()
	h[kind] = tar.TypeGNUSparse
	copy(h[mapAt:], "00000000000\x00")
	copy(h[mapAt+12:], "00000001000\x00")
	copy(h[realAt:], "10000000000\x00")
	mendTar(h[:block])
	return h
}
