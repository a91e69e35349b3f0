package bundle

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"touchstone/store/evidence"
)

// RedactHAR copies a HAR file without its secrets, as RedactWARC does a WARC
// file: in headers and in the lists of cookies. What only is laid out otherwise
// than the original means the same. The log's _redactedFrom names the original. It
// holds one string of the file in memory at a time.
func RedactHAR(ctx context.Context, w io.Writer, r io.Reader, original evidence.Hash) (Redaction, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	h := &harRedaction{in: json.NewDecoder(reader{ctx, r}), out: out, original: original}
	h.in.UseNumber()
	err := h.value("", 0)
	if err == nil {
		if _, more := h.in.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more after its end")
		}
	}
	if err == nil {
		h.raw("\n")
		err = errors.Join(h.err, out.Flush())
	}
	if err != nil {
		return Redaction{}, fmt.Errorf("redact a HAR: %w", err)
	}
	return h.found, nil
}

// harRedaction copies JSON piece by piece. After the first error of writing it
// does nothing.
type harRedaction struct {
	in       *json.Decoder
	out      *bufio.Writer
	original evidence.Hash
	found    Redaction
	err      error
}

// maxDepth bounds how deep values may lie in each other: HAR needs eight.
const maxDepth = 100

// value copies the next value, which is that of a field with the given name.
func (h *harRedaction) value(name string, depth int) error {
	switch name {
	case "headers":
		return h.pairs(func(p map[string]any) int {
			name, _ := p["name"].(string)
			value, ok := p["value"].(string)
			if !ok {
				return 0
			}
			clean, n := redactHeader(name, value)
			p["value"] = clean
			return n
		})
	case "cookies":
		return h.pairs(func(p map[string]any) int {
			p["value"] = redacted
			return 1
		})
	}
	if depth > maxDepth {
		return errors.New("its values lie too deep in each other")
	}
	t, err := h.in.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return h.object(name, depth)
	case json.Delim('['):
		return h.array(depth)
	}
	return h.encode(t)
}

func (h *harRedaction) object(name string, depth int) error {
	h.raw("{")
	separator := ""
	if name == "log" {
		h.raw(`"_redactedFrom":"sha256:` + string(h.original) + `"`)
		separator = ","
	}
	for h.in.More() {
		key, err := h.in.Token()
		if err != nil {
			return err
		}
		field, ok := key.(string)
		if !ok {
			return fmt.Errorf("%v is not the name of a field", key)
		}
		h.raw(separator)
		separator = ","
		if err := h.encode(field); err != nil {
			return err
		}
		h.raw(":")
		if err := h.value(field, depth+1); err != nil {
			return err
		}
	}
	h.raw("}")
	_, err := h.in.Token()
	return err
}

func (h *harRedaction) array(depth int) error {
	h.raw("[")
	separator := ""
	for h.in.More() {
		h.raw(separator)
		separator = ",\n"
		if err := h.value("", depth+1); err != nil {
			return err
		}
	}
	h.raw("]")
	_, err := h.in.Token()
	return err
}

// pairs copies a list of names and values, each cleaned.
func (h *harRedaction) pairs(clean func(map[string]any) int) error {
	var pairs []map[string]any
	if err := h.in.Decode(&pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		if p != nil {
			h.found.Values += clean(p)
		}
	}
	return h.encode(pairs)
}

func (h *harRedaction) raw(s string) {
	if h.err == nil {
		_, h.err = h.out.WriteString(s)
	}
}

// encode writes a value as JSON. Unlike json.Marshal it leaves markup readable.
func (h *harRedaction) encode(v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	h.raw(strings.TrimSuffix(b.String(), "\n"))
	return nil
}
