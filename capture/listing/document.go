package listing

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"touchstone/store/evidence"
)

// Document is a page as it was captured or saved.
type Document struct {
	URL         string // the page's address, after redirects
	HTML        []byte
	ContentType string // as the server sent it; its charset is used where the page names none
	// Loaded maps the URL of each resource that the page loaded to its SHA-256.
	Loaded map[string]evidence.Hash
}

// maxSaved is the most bytes that Open reads, after decompression.
const maxSaved = 256 << 20

// ErrNoPage says that a file holds no HTML page.
var ErrNoPage = errors.New("no HTML page in it")

// Open reads a saved page: HTML, gzipped HTML, or MHTML, told apart by their
// content, not by their name. Of MHTML it also takes the page's URL and the
// hashes of the pictures. The name is for error messages.
func Open(r io.Reader, name string) (Document, error) {
	br := bufio.NewReader(r)
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		zr, err := gzip.NewReader(br)
		if err != nil {
			return Document{}, fmt.Errorf("unpack %s: %w", name, err)
		}
		defer zr.Close()
		br = bufio.NewReader(zr)
	}
	body, err := io.ReadAll(io.LimitReader(br, maxSaved+1))
	if err != nil {
		return Document{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(body) > maxSaved {
		return Document{}, fmt.Errorf("read %s: larger than %d MiB", name, maxSaved>>20)
	}
	if isMHTML(body) {
		d, err := readMHTML(body)
		if err != nil {
			return Document{}, fmt.Errorf("read %s as MHTML: %w", name, err)
		}
		return d, nil
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return Document{}, fmt.Errorf("read %s: %w", name, ErrNoPage)
	}
	return Document{HTML: body}, nil
}
