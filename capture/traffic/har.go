package traffic

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteHAR writes v as HAR 1.2. Bodies are streamed, as text where they are
// UTF-8 text and in base64 elsewhere. Fields that HAR does not know start with
// an underscore. It stops between entries when ctx is done.
func WriteHAR(ctx context.Context, w io.Writer, v Visit) error {
	h := &harWriter{w: bufio.NewWriterSize(w, 64<<10)}
	h.raw(`{"log":`)
	h.open(newHARLog(v))
	h.raw(`,"entries":[`)
	separator := "\n"
	for _, x := range v.Exchanges {
		if h.err == nil {
			h.err = ctx.Err()
		}
		if h.err != nil {
			break
		}
		if x.crossedNetwork() {
			h.raw(separator)
			h.entry(x, v)
			separator = ",\n"
		}
	}
	h.raw("\n]}}\n")
	if h.err == nil {
		h.err = h.w.Flush()
	}
	if h.err != nil {
		return fmt.Errorf("write HAR: %w", h.err)
	}
	return nil
}

// harWriter writes JSON in pieces, so that no body is ever held whole. After
// the first error it does nothing.
type harWriter struct {
	w   *bufio.Writer
	err error
}

func (h *harWriter) raw(s string) {
	if h.err == nil {
		_, h.err = h.w.WriteString(s)
	}
}

// open writes v, which must encode to a JSON object with at least one field,
// without its closing brace: more fields follow.
func (h *harWriter) open(v any) {
	h.raw(strings.TrimSuffix(h.encode(v), "}"))
}

// encode is v's JSON. Unlike json.Marshal it leaves markup readable.
func (h *harWriter) encode(v any) string {
	if h.err != nil {
		return ""
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	h.err = e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

func (h *harWriter) entry(x *Exchange, v Visit) {
	h.open(newHAREntry(x, v.Started))
	h.raw(`,"response":`)
	h.open(newHARResponse(x))
	h.raw(`,"content":`)
	content := newHARContent(x)
	if x.Body.Size() > 0 && !isText(x.MediaType, x.Body) {
		content.Encoding = "base64"
	}
	h.open(content)
	switch {
	case x.Body.Size() == 0:
	case content.Encoding == "base64":
		h.raw(`,"text":"`)
		h.base64(x.Body)
		h.raw(`"`)
	default:
		h.raw(`,"text":"`)
		h.text(x.Body)
		h.raw(`"`)
	}
	h.raw(`}}}`)
}

// text writes body, which must be UTF-8, as the inside of a JSON string.
func (h *harWriter) text(body Body) {
	r := newRuneReader(body)
	for h.err == nil {
		p, err := r.next()
		if err == io.EOF {
			return
		}
		if err != nil {
			h.err = err
			return
		}
		quoted := h.encode(string(p))
		h.raw(strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`))
	}
}

// base64 writes body as the inside of a JSON string.
func (h *harWriter) base64(body Body) {
	if h.err != nil {
		return
	}
	e := base64.NewEncoder(base64.StdEncoding, h.w)
	if _, h.err = io.Copy(e, body.Open()); h.err == nil {
		h.err = e.Close()
	}
}

// isText reports whether body is UTF-8 text of a kind that people read. A body
// that cannot be read is not.
func isText(mediaType string, body Body) bool {
	if !textual(mediaType) {
		return false
	}
	r := newRuneReader(body)
	for {
		p, err := r.next()
		if err != nil {
			return err == io.EOF
		}
		if !utf8.Valid(p) {
			return false
		}
	}
}

func textual(mediaType string) bool {
	m, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	m = strings.TrimSpace(m)
	if strings.HasPrefix(m, "text/") || strings.HasSuffix(m, "+json") || strings.HasSuffix(m, "+xml") {
		return true
	}
	switch m {
	case "application/json", "application/javascript", "application/x-javascript",
		"application/ecmascript", "application/xml", "application/x-www-form-urlencoded":
		return true
	}
	return false
}

// runeReader reads a body in pieces that end between UTF-8 sequences.
type runeReader struct {
	r    *bufio.Reader
	last int
}

func newRuneReader(body Body) *runeReader {
	return &runeReader{r: bufio.NewReaderSize(body.Open(), 32<<10)}
}

// next is the next piece, valid until the call after. A sequence that the body
// ends in the middle of stays in the last piece.
func (r *runeReader) next() ([]byte, error) {
	_, _ = r.r.Discard(r.last) // of what was peeked before
	p, err := r.r.Peek(16 << 10)
	if len(p) == 0 {
		return nil, err
	}
	if err == nil {
		p = cutPartialRune(p)
	}
	r.last = len(p)
	return p, nil
}

// cutPartialRune drops a UTF-8 sequence off the end of p that goes on after it.
func cutPartialRune(p []byte) []byte {
	for i := 1; i < utf8.UTFMax && i < len(p); i++ {
		tail := p[len(p)-i:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return p[:len(p)-i]
			}
			return p
		}
	}
	return p
}
