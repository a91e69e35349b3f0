package custody

import (
	"bytes"
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
	if err := openNote(signed, v); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %d: %w", c.Size, err)
	}
	return c, nil
}

// OpenCheckpointBy reads a checkpoint that must be signed by the public key in PEM
// and by nobody else, and makes the key's verifier. Errors: ErrSignature.
func OpenCheckpointBy(signed, key []byte) (c Checkpoint, verifier string, err error) {
	if c, err = ParseCheckpoint(signed); err != nil {
		return Checkpoint{}, "", err
	}
	if verifier, err = Verifier(c.Origin, key); err != nil {
		return Checkpoint{}, "", fmt.Errorf("read the public key: %w", err)
	}
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Checkpoint{}, "", fmt.Errorf("read the public key: %w", err)
	}
	c, err = OpenCheckpoint(signed, v)
	return c, verifier, err
}

// Body is what is signed: three lines, each with its end.
func (c *Checkpoint) Body() []byte {
	body, _, _ := bytes.Cut(c.Signed, []byte("\n\n"))
	return append(bytes.Clone(body), '\n')
}

// Signature is the bare Ed25519 signature of the Body, 64 bytes.
func (c *Checkpoint) Signature() ([]byte, error) {
	all, err := bareSignatures(c.Signed)
	if err != nil || len(all) != 1 {
		return nil, errors.New("checkpoint has not one Ed25519 signature")
	}
	return all[0], nil
}
