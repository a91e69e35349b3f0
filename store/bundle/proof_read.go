package bundle

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Proven is what the proofs in a bag show.
type Proven struct {
	Log    string        // name of the custody log
	Key    evidence.Hash // of its public key in DER: whose it is, the bag cannot say
	Leaves map[evidence.ID]custody.Leaf
	Stamps map[evidence.ID][]ProvenStamp // that cover the leaf, in the order of the archive
}

// ReadProofs checks the proofs of an unpacked archive, as ProofFiles made them:
// the checkpoint's signature by the key in it, the way of each leaf to the
// checkpoint's root, and the time stamps. Where one of these does not hold, what
// was read before it is given with the error. Errors: ErrBag, custody.ErrSignature, custody.ErrProof.
func ReadProofs(c Contents, dir *os.Root) (Proven, error) {
	p, err := readProofs(c, dir)
	if err != nil {
		return p, fmt.Errorf("read the proofs: %w", err)
	}
	return p, nil
}

func readProofs(c Contents, dir *os.Root) (Proven, error) {
	signed, err := readSmall(dir, c.Payload+signedName)
	if err != nil {
		return Proven{}, err
	}
	pemKey, err := readSmall(dir, c.Payload+keyName)
	if err != nil {
		return Proven{}, err
	}
	checkpoint, _, err := custody.OpenCheckpointBy(signed, pemKey)
	if errors.Is(err, custody.ErrSignature) {
		return Proven{}, err
	}
	if err != nil {
		return Proven{}, fmt.Errorf("%w: %w", ErrBag, err)
	}
	der, _ := pem.Decode(pemKey)
	p := Proven{Log: checkpoint.Origin, Key: evidence.HashOf(der.Bytes), Leaves: map[evidence.ID]custody.Leaf{}}
	for name := range c.Files {
		in, ours := strings.CutPrefix(name, c.Payload+custodyDir)
		id, isLeaf := strings.CutSuffix(in, "/leaf.json")
		if !ours || !isLeaf || strings.Contains(id, "/") {
			continue
		}
		leaf, err := readProof(dir, c.Payload+custodyDir+id+"/", evidence.ID(id), checkpoint)
		if err != nil {
			return Proven{}, fmt.Errorf("%s: %w", id, err)
		}
		p.Leaves[evidence.ID(id)] = leaf
	}
	p.Stamps, err = readStamps(c, dir, checkpoint.Origin)
	return p, err
}

// readProof reads a leaf that must be in the log, and about the record.
func readProof(dir *os.Root, folder string, id evidence.ID, c custody.Checkpoint) (custody.Leaf, error) {
	leaf, err := readSmall(dir, folder+"leaf.json")
	if err != nil {
		return custody.Leaf{}, err
	}
	b, err := readSmall(dir, folder+"proof.json")
	if err != nil {
		return custody.Leaf{}, err
	}
	var form proofForm
	if err := json.Unmarshal(b, &form); err != nil {
		return custody.Leaf{}, fmt.Errorf("%w: %w", ErrBag, err)
	}
	proof := custody.Proof{Subject: id, Index: form.Index, Leaf: leaf, Path: make(tlog.RecordProof, 0, len(form.Path))}
	for _, s := range form.Path {
		proof.Path = append(proof.Path, s.Hash)
	}
	if form.Index < 0 || form.Index >= c.Size {
		return custody.Leaf{}, fmt.Errorf("%w: leaf %d of a log of %d", custody.ErrProof, form.Index, c.Size)
	}
	if err := proof.Check(c); err != nil {
		return custody.Leaf{}, err
	}
	l, err := custody.ParseLeaf(leaf)
	if err != nil {
		return l, fmt.Errorf("%w: %w", ErrBag, err)
	}
	if l.Subject != id {
		return l, fmt.Errorf("%w: the leaf is about %s", custody.ErrProof, l.Subject)
	}
	return l, nil
}
