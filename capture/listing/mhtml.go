package listing

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"touchstone/store/evidence"
)

// isMHTML reports whether body begins like a mail message with several parts,
// the form browsers save whole pages in (RFC 2557).
func isMHTML(body []byte) bool {
	head := body[:min(len(body), 4096)]
	if i := bytes.Index(head, []byte("\n\r\n")); i >= 0 {
		head = head[:i]
	} else if i := bytes.Index(head, []byte("\n\n")); i >= 0 {
		head = head[:i]
	}
	head = bytes.ToLower(head)
	return bytes.Contains(head, []byte("multipart/related")) && !bytes.HasPrefix(bytes.TrimSpace(head), []byte("<"))
}

// readMHTML takes the page and the hashes of its pictures from an MHTML file.
func readMHTML(body []byte) (Document, error) {
	r := bufio.NewReader(bytes.NewReader(body))
	head, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		return Document{}, err
	}
	_, params, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil {
		return Document{}, err
	}
	d := Document{URL: head.Get("Snapshot-Content-Location"), Loaded: map[string]evidence.Hash{}}
	parts := multipart.NewReader(r, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d, errWithoutPage(d, err)
		}
		if err := d.take(part); err != nil {
			return d, errWithoutPage(d, err)
		}
	}
	return d, errWithoutPage(d, nil)
}

// errWithoutPage forgives a broken end where the page itself was read.
func errWithoutPage(d Document, err error) error {
	if d.HTML != nil {
		return nil
	}
	if err == nil {
		return ErrNoPage
	}
	return err
}

// take reads one part: the first HTML part is the page, the others are frames.
func (d *Document) take(part *multipart.Part) error {
	var r io.Reader = part
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(part)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, part)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	location, kind := part.Header.Get("Content-Location"), part.Header.Get("Content-Type")
	if d.HTML == nil && (strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "application/xhtml")) {
		d.HTML, d.ContentType = content, kind
		if d.URL == "" {
			d.URL = location
		}
		return nil
	}
	if location != "" {
		d.Loaded[location] = evidence.HashOf(content)
	}
	return nil
}
