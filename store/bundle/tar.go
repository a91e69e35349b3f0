package bundle

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// TarBag is a BagIt bag that is being written as an uncompressed tar file, one
// file after the other, so that a writing that was interrupted can be gone on
// with.
type TarBag struct {
	out     *os.File
	tar     *tar.Writer
	root    string
	at      time.Time
	seen    names
	payload []line
	octets  int64
}

// tarBlock is what a tar file is made of, in bytes.
const tarBlock = 512

// ResumeTar begins a bag in a file, or goes on with the one that an interrupted
// writing left there: what keep accepts of its first files stays, the rest is
// cut off. keep is told a path in the payload and the hash its content has.
func ResumeTar(ctx context.Context, out *os.File, name string, at time.Time, keep func(path string, h evidence.Hash, size int64) bool) (*TarBag, error) {
	if err := checkPath(name); err != nil || strings.Contains(name, "/") {
		return nil, fmt.Errorf("write the bag: name %q: %w", name, ErrPath)
	}
	t := &TarBag{out: out, root: name + "/", at: at.UTC().Truncate(time.Second), seen: newNames()}
	end, err := t.kept(ctx, keep)
	if err == nil {
		err = out.Truncate(end)
	}
	if err == nil {
		_, err = out.Seek(end, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("write the bag: %w", err)
	}
	t.tar = tar.NewWriter(out)
	if end == 0 {
		err = t.add(ctx, bagitName, int64(len(bagitText)), strings.NewReader(bagitText))
		if err != nil {
			return nil, fmt.Errorf("write the bag: %w", err)
		}
	}
	return t, nil
}

// kept enters what is there already and says where it ends.
func (t *TarBag) kept(ctx context.Context, keep func(string, evidence.Hash, int64) bool) (end int64, err error) {
	in := &position{r: reader{ctx, t.out}}
	files := tar.NewReader(in)
	for first := true; ; first = false {
		h, err := files.Next()
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if err != nil {
			return end, nil // what cannot be read is not kept
		}
		name, ok := strings.CutPrefix(h.Name, t.root)
		if !ok || h.Typeflag != tar.TypeReg {
			return end, nil
		}
		sum := sha256.New()
		n, err := io.Copy(sum, files)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if err != nil || n != h.Size {
			return end, nil
		}
		if first {
			if name != bagitName || n != int64(len(bagitText)) {
				return 0, nil
			}
		} else {
			hash := evidence.HashSum(sum.Sum(nil))
			path, ok := strings.CutPrefix(name, payloadDir)
			if !ok || t.seen.add(name) != nil || !keep(path, hash, n) {
				return end, nil
			}
			t.payload, t.octets = append(t.payload, line{hash, name}), t.octets+n
		}
		end = (in.n + tarBlock - 1) / tarBlock * tarBlock
	}
}

// position counts what is read.
type position struct {
	r io.Reader
	n int64
}

func (p *position) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n += int64(n)
	return n, err
}

// Has reports whether the payload has a file at the path.
func (t *TarBag) Has(path string) bool {
	_, there := t.seen.paths[t.seen.key(payloadDir+path)]
	return there
}

// Len is the number of files in the payload.
func (t *TarBag) Len() int { return len(t.payload) }

// Add writes a file of the payload, whose size must be known before. Errors:
// ErrContent, ErrPath; the bag is then good for nothing but to be resumed.
func (t *TarBag) Add(ctx context.Context, f File, size int64) error {
	name := payloadDir + f.Path
	if err := t.seen.add(name); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	defer r.Close()
	sum := sha256.New()
	if err := t.add(ctx, name, size, io.TeeReader(r, sum)); err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	got := evidence.HashSum(sum.Sum(nil))
	if f.Hash != "" && f.Hash != got {
		return fmt.Errorf("%s: %w: it is %s, not %s", f.Path, ErrContent, got, f.Hash)
	}
	t.payload, t.octets = append(t.payload, line{got, name}), t.octets+size
	return nil
}

func (t *TarBag) add(ctx context.Context, name string, size int64, r io.Reader) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: t.root + name, Size: size, Mode: 0o644, ModTime: t.at}
	if err := t.tar.WriteHeader(h); err != nil {
		return err
	}
	n, err := io.Copy(t.tar, reader{ctx, r})
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("%w: it has %d bytes, not %d", ErrContent, n, size)
	}
	return t.tar.Flush()
}

// Finish writes the bag's own files and the end, down to the disk.
func (t *TarBag) Finish(ctx context.Context, info []Field) error {
	slices.SortFunc(t.payload, func(a, b line) int { return strings.Compare(a.path, b.path) })
	b := Bag{Name: strings.TrimSuffix(t.root, "/"), At: t.at, Info: info, Files: make([]File, len(t.payload))}
	own := map[string][]byte{infoName: infoText(b, t.octets), manifestName: manifestText(t.payload)}
	tagged := []line{{evidence.HashOf([]byte(bagitText)), bagitName}}
	for _, name := range []string{infoName, manifestName} {
		tagged = append(tagged, line{evidence.HashOf(own[name]), name})
	}
	own[tagmanName] = manifestText(tagged)
	for _, name := range []string{infoName, manifestName, tagmanName} {
		if err := t.add(ctx, name, int64(len(own[name])), strings.NewReader(string(own[name]))); err != nil {
			return fmt.Errorf("write the bag: %s: %w", name, err)
		}
	}
	if err := t.tar.Close(); err != nil {
		return fmt.Errorf("write the bag: %w", err)
	}
	return t.out.Sync()
}

// ReadTar reads a bag out of a tar file, calling payload for each file under
// data/ with its path there, and checks it as ReadBag does. payload must read its
// file to the end; nil only checks. What was handed to payload counts only when
// ReadTar returns no error. Errors as ReadBag's, and those of payload.
func ReadTar(ctx context.Context, r io.Reader, l Limits, payload func(path string, size int64, r io.Reader) error) (Contents, error) {
	c, err := readTar(ctx, r, l.filled(), payload)
	if err != nil {
		return c, fmt.Errorf("read the bag: %w", err)
	}
	return c, nil
}

func readTar(ctx context.Context, r io.Reader, l Limits, payload func(string, int64, io.Reader) error) (Contents, error) {
	c := Contents{Files: map[string]Content{}, Payload: payloadDir}
	own := map[string][]byte{}
	seen := newNames()
	var total int64
	files := tar.NewReader(reader{ctx, r})
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if ctx.Err() != nil {
			return c, ctx.Err()
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return c, fmt.Errorf("%w: it is no tar file, or cut short", ErrBag)
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return c, damage(err)
		}
		root, name, ok := strings.Cut(h.Name, "/")
		if c.Name == "" {
			c.Name = root
		}
		if !ok || root != c.Name {
			return c, fmt.Errorf("%q: %w: it is not in the one folder of the bag", h.Name, ErrBag)
		}
		if h.Typeflag != tar.TypeReg || sparse(h) {
			return c, fmt.Errorf("%q: %w: it is not a plain file", h.Name, ErrBag)
		}
		if err := seen.add(h.Name); err != nil {
			return c, err
		}
		if total += h.Size; total > l.Bytes || total < 0 || len(c.Files) == l.Files {
			return c, fmt.Errorf("%w: more than %d files or %d bytes: it is cut short, or says that it holds more than it does", ErrBag, l.Files, l.Bytes)
		}
		if c.Files[name], err = tarFile(name, h.Size, files, own, payload); err != nil {
			return c, fmt.Errorf("%q: %w", h.Name, err)
		}
	}
	if err := seen.checkFolders(); err != nil {
		return c, err
	}
	var wrong WrongError
	err := c.check(func(name string) ([]byte, error) {
		b, ok := own[name]
		if !ok {
			return nil, fmt.Errorf("%w: it has no %s: it was not written to its end", ErrBag, name)
		}
		return b, nil
	}, &wrong)
	if err != nil {
		return c, err
	}
	return c, wrong.or()
}

// sparse reports whether a file has holes, which make it larger than what the
// archive holds of it.
func sparse(h *tar.Header) bool {
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// tarFile reads one file: into own, or by way of payload.
func tarFile(name string, size int64, r io.Reader, own map[string][]byte, payload func(string, int64, io.Reader) error) (Content, error) {
	sum := sha256.New()
	n := &position{r: io.TeeReader(r, sum)}
	var err error
	if path, ok := strings.CutPrefix(name, payloadDir); !ok {
		if size > maxTag {
			return Content{}, fmt.Errorf("%w: more than %d bytes", ErrBag, maxTag)
		}
		own[name], err = io.ReadAll(n)
	} else if payload != nil {
		err = payload(path, size, n)
	} else {
		_, err = io.Copy(io.Discard, n)
	}
	if err == nil && n.n != size {
		err = fmt.Errorf("%w: it is cut short", ErrBag)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: it is cut short", ErrBag)
	}
	return Content{evidence.HashSum(sum.Sum(nil)), n.n}, err
}
