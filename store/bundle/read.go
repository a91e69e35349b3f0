package bundle

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// ErrBag means that an archive is not a bag, not whole, or not safe to unpack.
var ErrBag = errors.New("not a whole and safe archive")

// Limits bound what an archive may make us do. The zero value is the default of
// each.
type Limits struct {
	Files int   // 0: 100,000
	Bytes int64 // of all files, unpacked; 0: 64 GiB
	Ratio int64 // unpacked to packed, of a file over a mebibyte; 0: 1,000
}

func (l Limits) filled() Limits {
	if l.Files == 0 {
		l.Files = 100_000
	}
	if l.Bytes == 0 {
		l.Bytes = 64 << 30
	}
	if l.Ratio == 0 {
		l.Ratio = 1000
	}
	return l
}

// smallFile is the size up to which a file's ratio does not matter, in bytes.
const smallFile = 1 << 20

// maxTag bounds the bag's own files, which are read into memory, in bytes.
const maxTag = 64 << 20

// Contents is what an archive was found to hold, with every hash checked.
type Contents struct {
	Name    string // of its folder; none in a WACZ
	Info    []Field
	Files   map[string]Content // payload and tags, by path
	Payload string             // folder of the payload, as in "data/"; "" in a WACZ
}

// Content is a file of an archive.
type Content struct {
	Hash evidence.Hash // "" where it does not unpack
	Size int64
}

// ReadBag unpacks a zipped BagIt bag into a folder, which must be empty, and
// checks it: every file is in its manifest with its hash and every file of a
// manifest is there. The bag's own folder is left out. It refuses what could
// leave the folder, hit a device or another file, or fill the disk, before it
// writes anything. Errors: ErrBag, ErrContent, ErrPath; the folder then holds
// no more than parts and is to be removed. Where the error is a *WrongError the
// contents are those that were found all the same.
func ReadBag(ctx context.Context, r io.ReaderAt, size int64, into *os.Root, l Limits) (Contents, error) {
	c, err := readBag(ctx, r, size, into, l.filled())
	if err != nil {
		return c, fmt.Errorf("read the bag: %w", err)
	}
	return c, nil
}

func readBag(ctx context.Context, r io.ReaderAt, size int64, into *os.Root, l Limits) (Contents, error) {
	z, err := openZip(r, size)
	if err != nil {
		return Contents{}, err
	}
	root, _, ok := strings.Cut(firstName(z), "/")
	if !ok {
		return Contents{}, fmt.Errorf("%w: it has no folder", ErrBag)
	}
	c := Contents{Name: root, Payload: payloadDir}
	var wrong WrongError
	if err := c.unpackZip(ctx, z, root+"/", into, l, &wrong); err != nil {
		return Contents{}, err
	}
	if err := c.check(func(name string) ([]byte, error) { return readSmall(into, name) }, &wrong); err != nil {
		return Contents{}, err
	}
	return c, wrong.or()
}

func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if errors.Is(err, zip.ErrFormat) {
		return nil, fmt.Errorf("%w: it is no ZIP file, or cut short", ErrBag)
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // paths have a check of their own
		return nil, damage(err)
	}
	return z, nil
}

func firstName(z *zip.Reader) string {
	if len(z.File) == 0 {
		return ""
	}
	return z.File[0].Name
}

// unpackZip looks at all files of an archive and then unpacks them, without the
// folder that they all must be in. What does not unpack goes to wrong.
func (c *Contents) unpackZip(ctx context.Context, z *zip.Reader, folder string, into *os.Root, l Limits, wrong *WrongError) error {
	files, err := planZip(z, folder, l)
	if err != nil {
		return err
	}
	c.Files = make(map[string]Content, len(files))
	for _, f := range files {
		name := strings.TrimPrefix(f.Name, folder)
		got, err := unpack(ctx, into, name, f)
		if errors.Is(err, ErrBag) {
			wrong.add(Altered, name, "it does not unpack: %v", err)
		} else if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		c.Files[name] = got
	}
	return nil
}

// planZip looks at all that an archive says of its files, which must be in the
// folder, before one is unpacked.
func planZip(z *zip.Reader, folder string, l Limits) ([]*zip.File, error) {
	if len(z.File) > 2*l.Files { // folders may have entries of their own
		return nil, fmt.Errorf("%w: %d entries; at most %d are read", ErrBag, len(z.File), 2*l.Files)
	}
	seen := newNames()
	var files []*zip.File
	var total uint64
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, folder) {
			return nil, fmt.Errorf("%q: %w: it is not in the one folder of the archive", f.Name, ErrBag)
		}
		if f.Mode().IsDir() && strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			if err := checkPath(strings.TrimSuffix(f.Name, "/")); err != nil {
				return nil, err
			}
			continue
		}
		if err := checkEntry(f, l); err != nil {
			return nil, fmt.Errorf("%q: %w", f.Name, err)
		}
		if err := seen.add(f.Name); err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		files = append(files, f)
		if total > uint64(l.Bytes) || len(files) > l.Files {
			return nil, fmt.Errorf("%w: more than %d files or %d bytes", ErrBag, l.Files, l.Bytes)
		}
	}
	if err := seen.checkFolders(); err != nil {
		return nil, err
	}
	return files, checkOverlap(files)
}

func checkEntry(f *zip.File, l Limits) error {
	const encrypted = 1 // general purpose bit 0 of APPNOTE, 4.4.4
	switch {
	case !f.Mode().IsRegular():
		return fmt.Errorf("%w: it is a link or a device", ErrBag)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fmt.Errorf("%w: packed in a way (%d) that is not known", ErrBag, f.Method)
	case f.Flags&encrypted != 0:
		return fmt.Errorf("%w: it is encrypted", ErrBag)
	case f.UncompressedSize64 > uint64(l.Bytes):
		return fmt.Errorf("%w: more than %d bytes", ErrBag, l.Bytes)
	case f.UncompressedSize64 > smallFile && f.UncompressedSize64/uint64(l.Ratio) > f.CompressedSize64:
		return fmt.Errorf("%w: %d bytes packed into %d is a bomb", ErrBag, f.UncompressedSize64, f.CompressedSize64)
	}
	return nil
}

// checkOverlap refuses an archive whose entries share bytes, as the densest
// bombs do.
func checkOverlap(files []*zip.File) error {
	type extent struct{ from, to int64 }
	extents := make([]extent, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%q: %w", f.Name, damage(err))
		}
		extents = append(extents, extent{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(extents, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(extents); i++ {
		if extents[i].from < extents[i-1].to {
			return fmt.Errorf("%w: two of its files share bytes", ErrBag)
		}
	}
	return nil
}

// unpack writes one file and hashes it.
func unpack(ctx context.Context, into *os.Root, name string, f *zip.File) (Content, error) {
	r, err := f.Open()
	if err != nil {
		return Content{}, damage(err)
	}
	defer r.Close()
	if err := into.MkdirAll(path.Dir(name), 0o755); err != nil {
		return Content{}, err
	}
	w, err := into.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return Content{}, err
	}
	sum := sha256.New()
	packed := &source{r: reader{ctx, r}}
	// One byte more than it says, to see that it ends there.
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(packed, int64(f.UncompressedSize64)+1))
	if closeErr := w.Close(); err == nil {
		err = closeErr
	}
	switch {
	case ctx.Err() != nil:
		return Content{}, ctx.Err()
	case packed.err != nil:
		return Content{}, damage(packed.err)
	case err != nil:
		return Content{}, err
	case n != int64(f.UncompressedSize64):
		return Content{}, fmt.Errorf("%w: it does not have the size it says", ErrBag)
	}
	return Content{evidence.HashSum(sum.Sum(nil)), n}, nil
}

// readSmall reads one of the bag's own files.
func readSmall(dir *os.Root, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBag, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxTag+1))
	if err == nil && len(b) > maxTag {
		err = fmt.Errorf("%s: %w: more than %d bytes", name, ErrBag, maxTag)
	}
	return b, err
}
