package desk

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/language"
)

// InputError means that something a person stated cannot be meant so.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// OpenFile opens a file that a person named, and tells its size in bytes. What is no
// file is refused before it is opened: a pipe or a device may never end. Errors:
// *InputError, fs.ErrNotExist.
func OpenFile(name string) (*os.File, int64, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, 0, err
	case info.IsDir():
		return nil, 0, &InputError{fmt.Errorf("%s is a folder: name a file", name)}
	case !info.Mode().IsRegular():
		return nil, 0, &InputError{fmt.Errorf("%s is a pipe or a device: copy what comes out of it into a file first", name)}
	}
	f, err := os.Open(name)
	return f, info.Size(), err
}

// ReadFile reads a file that a person named, which may have so many bytes at most.
// Errors as OpenFile's.
func ReadFile(name string, most int64) ([]byte, error) {
	f, size, err := OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > most {
		return nil, &InputError{fmt.Errorf("%s has %d bytes, and such a file has %d at most", name, size, most)}
	}
	return io.ReadAll(io.LimitReader(f, most))
}

// notBook is the error of reading a workbook; in a person's words where the file
// is none.
func notBook(err error) error {
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, excelize.ErrWorkbookFileFormat) {
		return &InputError{errNotBook}
	}
	return err
}

// notJSON is the error of reading JSON; in a person's words where the text ends too
// soon.
func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &InputError{errors.New("it ends before its JSON does: it is cut short, or no JSON")}
	}
	return err
}

// country is the ISO 3166 code of a country, in capitals; "" stays "".
func country(name, code string) (string, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if code == "" || code == "EU" {
		return code, nil
	}
	if r, err := language.ParseRegion(code); err == nil && len(code) == 2 && r.IsCountry() {
		return r.Canonicalize().String(), nil
	}
	return "", &InputError{fmt.Errorf("%s: %q is no country: want its two letters in ISO 3166, as in DE, or EU", name, code)}
}

// pastDay checks a day that cannot be yet to come.
func pastDay(name, day string, now time.Time) error {
	if err := checkDay(name, day); err != nil {
		return &InputError{err}
	}
	if day > now.Add(eastmost).UTC().Format(time.DateOnly) {
		return &InputError{fmt.Errorf("%s: %s is yet to come", name, day)}
	}
	return nil
}

// contentKind is what sort of file begins so.
func contentKind(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte("%PDF-")):
		return "pdf"
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return "zip"
	case bytes.HasPrefix(start, []byte("-----BEGIN ")):
		return "pem"
	case bytes.IndexByte(start, 0) >= 0:
		return "binary"
	}
	return "text"
}

// contentKinds are those of the files that are written, by their extension.
var contentKinds = map[string]string{".pdf": "pdf", ".zip": "zip", ".wacz": "zip", ".xlsx": "zip", ".csv": "text", ".txt": "text", ".pem": "pem"}

// replaceable refuses to write into a folder that is not there, and over a file
// that is not of the kind which its name says: it is somebody's, and not an
// earlier version of what is to be written.
func replaceable(out string) error {
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return &InputError{fmt.Errorf("there is no folder %s", filepath.Dir(out))}
	}
	info, err := os.Stat(out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular(): // and not opened: a pipe may be waited for without end
		return &InputError{fmt.Errorf("%s is there already and is no file: choose another name", out)}
	}
	f, err := os.Open(out)
	if err != nil {
		return err
	}
	defer f.Close()
	start := make([]byte, 512)
	n, err := f.Read(start)
	kind, known := contentKinds[strings.ToLower(filepath.Ext(out))]
	switch {
	case errors.Is(err, io.EOF) || !known:
		return nil // an empty file is lost by nobody
	case err != nil:
		return err
	case contentKind(start[:n]) != kind:
		return &InputError{fmt.Errorf("%s is there already and is something else: choose another name", out)}
	}
	return nil
}
