package custody

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrSignature means that a checkpoint is not signed by the key it must be signed by.
var ErrSignature = errors.New("signature does not fit")

// Checkpoint is a signed statement of the log's size and root. Its form is a
// C2SP tlog-checkpoint: origin, size and root in base64, one a line, then an
// empty line and the signature of the three lines.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Signed []byte // the whole note
}

// Sign makes the checkpoint of a log of the given size.
func Sign(origin string, size int64, r tlog.HashReader, s note.Signer) (Checkpoint, error) {
	root, err := tlog.TreeHash(size, r)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign a checkpoint: %w", err)
	}
	body := fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
	signed, err := note.Sign(&note.Note{Text: body}, s)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return Checkpoint{Origin: origin, Size: size, Root: root, Signed: signed}, nil
}

// ParseCheckpoint reads a checkpoint without looking at its signature.
func ParseCheckpoint(signed []byte) (Checkpoint, error) {
	body, _, ok := bytes.Cut(signed, []byte("\n\n"))
	lines := strings.Split(string(body), "\n")
	if !ok || len(lines) != 3 || lines[0] == "" {
		return Checkpoint{}, errors.New("read a checkpoint: it is not three lines and a signature")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %q is not a size", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %q is not a hash", lines[2])
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root, Signed: signed}, nil
}

// OpenCheckpoint reads a checkpoint that must be signed by v and by nobody
// else. Errors: ErrSignature.
func OpenCheckpoint(signed []byte, v note.Verifier) (Checkpoint, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %d: %w: %w", c.Size, ErrSignature, err)
	}
	// note.Open lets pass, beside ours, signatures by keys it does not know, and
	// base64 with stray bits at its end: bytes that nobody vouches for.
	sig := n.Sigs[0]
	raw, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
	if err != nil || len(n.Sigs) > 1 || len(n.UnverifiedSigs) > 0 ||
		string(signed) != fmt.Sprintf("%s\n\u2014 %s %s\n", n.Text, sig.Name, base64.StdEncoding.EncodeToString(raw)) {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %d: %w: there is more in it than one signature", c.Size, ErrSignature)
	}
	return c, nil
}

// Body is what is signed: three lines, each with its end.
func (c *Checkpoint) Body() []byte {
	body, _, _ := bytes.Cut(c.Signed, []byte("\n\n"))
	return append(bytes.Clone(body), '\n')
}

// Signature is the bare Ed25519 signature of the Body, 64 bytes.
func (c *Checkpoint) Signature() ([]byte, error) {
	_, sig, _ := bytes.Cut(c.Signed, []byte("\n\n"))
	fields := strings.Fields(string(sig))
	if len(fields) != 3 {
		return nil, errors.New("checkpoint has no signature line")
	}
	raw, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(raw) != keyHashLen+ed25519Len {
		return nil, errors.New("checkpoint's signature is not Ed25519")
	}
	return raw[keyHashLen:], nil
}

// A note's signature begins with four bytes of its key's hash.
const (
	keyHashLen = 4
	ed25519Len = 64
)
