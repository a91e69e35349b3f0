package custody

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/evidence"
)

// ErrProof means that a proof does not lead to the root it should.
var ErrProof = errors.New("proof does not hold")

// Proof shows that one leaf is in the tree of a checkpoint.
type Proof struct {
	Subject evidence.ID
	Index   int64
	Leaf    []byte // as hashed
	Path    tlog.RecordProof
}

// Prove makes the proof that leaf number index is in the tree of the given size.
func Prove(leaf []byte, subject evidence.ID, index, size int64, r tlog.HashReader) (Proof, error) {
	path, err := tlog.ProveRecord(size, index, r)
	if err != nil {
		return Proof{}, fmt.Errorf("prove leaf %d: %w", index, err)
	}
	return Proof{Subject: subject, Index: index, Leaf: leaf, Path: path}, nil
}

// Check tries the proof against a checkpoint. Errors: ErrProof.
func (p *Proof) Check(c Checkpoint) error {
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, tlog.RecordHash(p.Leaf)); err != nil {
		return fmt.Errorf("leaf %d: %w: %w", p.Index, ErrProof, err)
	}
	return nil
}

// Step is one step from a leaf's hash up to the root: the other hash, and
// whether it stands to the left.
type Step struct {
	Left bool
	Hash tlog.Hash
}

// Steps says on which side each hash of the path stands, in a tree of the given size.
func (p *Proof) Steps(size int64) []Step {
	sides := make([]bool, 0, len(p.Path))
	// RFC 6962, 2.1.1: the path to leaf m of a tree of n splits n at the largest
	// power of two below it, from the root down.
	for m, n := p.Index, size; n > 1; {
		k := int64(1)
		for k<<1 < n {
			k <<= 1
		}
		if m < k {
			sides, n = append(sides, false), k
		} else {
			sides, m, n = append(sides, true), m-k, n-k
		}
	}
	steps := make([]Step, 0, len(p.Path))
	for i, h := range p.Path {
		if at := len(sides) - 1 - i; at >= 0 {
			steps = append(steps, Step{Left: sides[at], Hash: h})
		}
	}
	return steps
}

// ProofSet is what a stranger needs to check some leaves: nothing in it tells
// about the others.
type ProofSet struct {
	Checkpoint Checkpoint
	Key        string // verifier in the form of golang.org/x/mod/sumdb/note
	KeyPEM     []byte // the same key for openssl
	Proofs     []Proof
	Changes    []ProvenKeyChange   // of the key, oldest first: who was told an earlier key can follow them
	Stamps     []StampedCheckpoint // earliest first; none where the time rests on our own clock
}

// StampedCheckpoint is an earlier checkpoint that a time stamping authority stamped, with
// the proofs of what was under it.
type StampedCheckpoint struct {
	Authority  string    // as the user calls it
	Signer     string    // as its certificate does
	Time       time.Time // by the authority's clock
	Qualified  bool      // it says that it is qualified under eIDAS
	Checkpoint Checkpoint
	Request    []byte // DER
	Response   []byte // DER
	Chain      []byte // PEM: the signer's certificate and those between
	Root       []byte // PEM
	Proofs     []Proof
}

// ProvenKeyChange is a change of key with the proof of the leaf that holds the
// hash of its statement.
type ProvenKeyChange struct {
	KeyChange
	Proof Proof
}

// Check tries the checkpoint's signature and every proof. Errors: ErrSignature, ErrProof.
func (s *ProofSet) Check() error {
	v, err := note.NewVerifier(s.Key)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	c, err := OpenCheckpoint(s.Checkpoint.Signed, v)
	if err != nil {
		return err
	}
	for i := range s.Proofs {
		if err := s.Proofs[i].Check(c); err != nil {
			return err
		}
	}
	for _, stamped := range s.Stamps {
		for i := range stamped.Proofs {
			if err := stamped.Proofs[i].Check(stamped.Checkpoint); err != nil {
				return fmt.Errorf("as stamped by %s: %w", stamped.Authority, err)
			}
		}
	}
	for i := range s.Changes {
		if err := s.Changes[i].Proof.Check(c); err != nil {
			return err
		}
	}
	return nil
}

// CheckGrowth tries whether the log grew from older to newer by appending only;
// r reads the newer log. Errors: ErrProof.
func CheckGrowth(older, newer Checkpoint, r tlog.HashReader) error {
	if older.Size > newer.Size {
		return fmt.Errorf("%w: a log of %d leaves cannot have grown to %d", ErrProof, older.Size, newer.Size)
	}
	if older.Size == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(newer.Size, older.Size, r)
	if err != nil {
		return fmt.Errorf("prove growth from %d to %d leaves: %w", older.Size, newer.Size, err)
	}
	if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("%w: the first %d leaves are not those of the older log: %w", ErrProof, older.Size, err)
	}
	return nil
}
