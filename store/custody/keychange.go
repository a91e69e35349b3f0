package custody

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// keyChangeForm is the first line of a key change: it keeps its signatures from
// being taken for those of a checkpoint, whose first line is the log's name.
const keyChangeForm = "touchstone/key-change/v1"

// KeyChange is the statement that a log's checkpoints are signed by another key
// from here on. Both keys sign it. A leaf of the log, the next one, holds its
// hash.
type KeyChange struct {
	Origin string
	Size   int64     // of the log when the key changed: checkpoints up to here are by Before, later ones by After
	Root   tlog.Hash // of the log then
	Before string    // verifiers
	After  string
	At     time.Time
	Signed []byte // the whole note: seven lines, an empty one, and two signatures
}

// SignKeyChange makes the statement that the log with the checkpoint goes on
// under another key. before and after are the verifiers of the two signers.
func SignKeyChange(last Checkpoint, before, after string, at time.Time, old, next note.Signer) (KeyChange, error) {
	k := KeyChange{Origin: last.Origin, Size: last.Size, Root: last.Root, Before: before, After: after, At: at.UTC()}
	signed, err := note.Sign(&note.Note{Text: k.text()}, old, next)
	if err != nil {
		return KeyChange{}, fmt.Errorf("sign a change of key: %w", err)
	}
	return OpenKeyChange(signed)
}

func (k *KeyChange) text() string {
	return strings.Join([]string{
		keyChangeForm, k.Origin, strconv.FormatInt(k.Size, 10), k.Root.String(), k.Before, k.After, k.At.Format(time.RFC3339Nano),
	}, "\n") + "\n"
}

// OpenKeyChange reads a statement that must be signed by both keys it names and
// by nobody else. Errors: ErrSignature.
func OpenKeyChange(signed []byte) (KeyChange, error) {
	k, err := parseKeyChange(signed)
	if err != nil {
		return KeyChange{}, fmt.Errorf("read a change of key: %w", err)
	}
	var keys [2]note.Verifier
	for i, verifier := range []string{k.Before, k.After} {
		if keys[i], err = note.NewVerifier(verifier); err != nil {
			return KeyChange{}, fmt.Errorf("read a change of key: %w", err)
		}
		if keys[i].Name() != k.Origin {
			return KeyChange{}, fmt.Errorf("read a change of key: key %q is not of the log %s", keys[i].Name(), k.Origin)
		}
	}
	if err := openNote(signed, keys[:]...); err != nil {
		return KeyChange{}, fmt.Errorf("change of key at size %d: %w", k.Size, err)
	}
	return k, nil
}

func parseKeyChange(signed []byte) (KeyChange, error) {
	body, _, ok := strings.Cut(string(signed), "\n\n")
	lines := strings.Split(body, "\n")
	if !ok || len(lines) != 7 || lines[0] != keyChangeForm {
		return KeyChange{}, errors.New("it is not seven lines and signatures")
	}
	size, err := strconv.ParseInt(lines[2], 10, 64)
	if err != nil || size < 0 {
		return KeyChange{}, fmt.Errorf("%q is not a size", lines[2])
	}
	root, err := tlog.ParseHash(lines[3])
	if err != nil {
		return KeyChange{}, fmt.Errorf("%q is not a hash", lines[3])
	}
	at, err := time.Parse(time.RFC3339Nano, lines[6])
	if err != nil {
		return KeyChange{}, fmt.Errorf("%q is not a time", lines[6])
	}
	k := KeyChange{Origin: lines[1], Size: size, Root: root, Before: lines[4], After: lines[5], At: at, Signed: signed}
	if k.text() != body+"\n" {
		return KeyChange{}, errors.New("it is not in canonical form")
	}
	if k.Before == k.After {
		return KeyChange{}, errors.New("both keys are the same")
	}
	return k, nil
}

// Body is what is signed: seven lines, each with its end.
func (k *KeyChange) Body() []byte { return []byte(k.text()) }

// Signatures are the bare Ed25519 signatures of the Body by both keys.
func (k *KeyChange) Signatures() (before, after []byte, err error) {
	all, err := bareSignatures(k.Signed)
	if err != nil || len(all) != 2 {
		return nil, nil, errors.New("change of key has not two signatures")
	}
	return all[0], all[1], nil
}

// openNote checks that a note is signed by the keys, in their order, and holds
// nothing more. Errors: ErrSignature.
func openNote(signed []byte, keys ...note.Verifier) error {
	n, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	// note.Open lets pass, beside ours, signatures by keys it does not know, and
	// base64 with stray bits at its end: bytes that nobody vouches for.
	want := n.Text + "\n"
	for i, sig := range n.Sigs {
		raw, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
		if err != nil || i >= len(keys) || sig.Hash != keys[i].KeyHash() {
			return fmt.Errorf("%w: it is not signed by the keys it must be, one after the other", ErrSignature)
		}
		want += fmt.Sprintf("\u2014 %s %s\n", sig.Name, base64.StdEncoding.EncodeToString(raw))
	}
	if len(n.Sigs) != len(keys) || string(signed) != want {
		return fmt.Errorf("%w: it must hold %d signatures and nothing more", ErrSignature, len(keys))
	}
	return nil
}

// A note's signature begins with four bytes of its key's hash.
const (
	keyHashLen = 4
	ed25519Len = 64
)

// bareSignatures are the Ed25519 signatures of a note, 64 bytes each.
func bareSignatures(signed []byte) ([][]byte, error) {
	_, lines, _ := strings.Cut(string(signed), "\n\n")
	var all [][]byte
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return nil, errors.New("a signature line is not one")
		}
		raw, err := base64.StdEncoding.DecodeString(fields[2])
		if err != nil || len(raw) != keyHashLen+ed25519Len {
			return nil, errors.New("a signature is not Ed25519")
		}
		all = append(all, raw[keyHashLen:])
	}
	return all, nil
}
