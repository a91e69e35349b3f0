package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"

	"golang.org/x/mod/sumdb/tlog"

	"touchstone/store/custody"
	"touchstone/store/evidence"

	_ "embed"
)

// The files of proofs, in the payload.
const (
	custodyDir    = "custody/"
	signedName    = custodyDir + "checkpoint"           // as signed: body, empty line, signature
	bodyName      = custodyDir + "checkpoint-body"      // the three lines that are signed
	signatureName = custodyDir + "checkpoint-signature" // the bare 64 bytes
	keyName       = custodyDir + "public-key.pem"
)

// Exhibit is one capture in a bag, as its proofs speak of it.
type Exhibit struct {
	Capture  evidence.ID
	URL      string
	Manifest string // path of its manifest in the payload; its artifacts lie beside it
}

// ProofFiles are the files under data/custody/ that let a stranger check the exhibits
// with sha256sum and openssl alone, as HowToVerify tells: the signed checkpoint,
// the public key and the proof of each exhibit. They tell nothing about what
// else is in the log. They belong to the payload of a Bag. An exhibit without a proof is an
// error.
func ProofFiles(set custody.ProofSet, exhibits []Exhibit) ([]File, error) {
	signature, err := set.Checkpoint.Signature()
	if err != nil {
		return nil, fmt.Errorf("write proofs: %w", err)
	}
	files := []File{
		Text(signedName, set.Checkpoint.Signed),
		Text(bodyName, set.Checkpoint.Body()),
		Text(signatureName, signature),
		Text(keyName, set.KeyPEM),
	}
	for _, e := range exhibits {
		i := slices.IndexFunc(set.Proofs, func(p custody.Proof) bool { return p.Subject == e.Capture })
		if i < 0 {
			return nil, fmt.Errorf("write proofs: there is none of %s", e.Capture)
		}
		p := set.Proofs[i]
		proof, err := proofJSON(p, set.Checkpoint)
		if err != nil {
			return nil, fmt.Errorf("write the proof of %s: %w", p.Subject, err)
		}
		dir := custodyDir + string(p.Subject) + "/"
		files = append(files,
			Text(dir+"leaf.json", p.Leaf),
			Text(dir+"path.txt", pathText(p, set.Checkpoint.Size)),
			Text(dir+"proof.json", proof),
		)
	}
	changes, err := keyChangeFiles(set)
	if err != nil {
		return nil, fmt.Errorf("write proofs: %w", err)
	}
	return slices.Concat(files, changes, stampFiles(set)), nil
}

// pathText is what the shell in HOW-TO-VERIFY.txt reads: a side and a hash a line.
func pathText(p custody.Proof, size int64) []byte {
	var b bytes.Buffer
	for _, s := range p.Steps(size) {
		fmt.Fprintf(&b, "%s %s\n", side(s.Left), s.Hash)
	}
	return b.Bytes()
}

func side(left bool) string {
	if left {
		return "left"
	}
	return "right"
}

// proofForm is a proof for people and programs. Hashes are in base64, as in the
// checkpoint.
type proofForm struct {
	Capture   evidence.ID     `json:"capture"`
	Log       string          `json:"log"`
	Index     int64           `json:"leaf_index"`
	Size      int64           `json:"tree_size"`
	Root      tlog.Hash       `json:"root_hash"`
	LeafHash  tlog.Hash       `json:"leaf_hash"`
	Path      []stepForm      `json:"path"`
	Leaf      json.RawMessage `json:"leaf"`
	Algorithm string          `json:"algorithm"`
}

type stepForm struct {
	Side string    `json:"side"`
	Hash tlog.Hash `json:"hash"`
}

func proofJSON(p custody.Proof, c custody.Checkpoint) ([]byte, error) {
	form := proofForm{
		Capture: p.Subject, Log: c.Origin, Index: p.Index, Size: c.Size, Root: c.Root,
		LeafHash: tlog.RecordHash(p.Leaf), Path: []stepForm{}, Leaf: p.Leaf,
		Algorithm: "RFC 6962: a leaf's hash is SHA-256(0x00, leaf.json), a node's is SHA-256(0x01, left, right)",
	}
	for _, s := range p.Steps(c.Size) {
		form.Path = append(form.Path, stepForm{side(s.Left), s.Hash})
	}
	b, err := json.MarshalIndent(form, "", "  ")
	return append(b, '\n'), err
}

//go:embed howto.txt
var howToText string

// HowToVerify is the text of HOW-TO-VERIFY.txt, a tag of a Bag. Its indented lines are commands
// that a POSIX shell runs as they stand.
func HowToVerify(set custody.ProofSet, exhibits []Exhibit) ([]byte, error) {
	t, err := template.New("how to verify").Funcs(template.FuncMap{"quote": quote, "dir": path.Dir, "line": oneLine}).Parse(howToText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		Size      int64
		Log       string
		Exhibits  []Exhibit
		Stamps    []stampSteps
		Times     []string
		Changes   []string // their folders under data/custody
		Qualified bool
	}{set.Checkpoint.Size, set.Checkpoint.Origin, exhibits, stampStepsOf(set), SealTimes(set, exhibits), changeDirs(set), anyQualified(set)})
	return b.Bytes(), err
}

// quote makes a payload's path one word of a shell command.
func quote(p string) string {
	return "'" + strings.ReplaceAll(payloadDir+p, "'", `'\''`) + "'"
}

// oneLine keeps a URL from ending or indenting its line: what comes after would
// be taken for a command.
func oneLine(s string) string {
	one := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(one)
}
