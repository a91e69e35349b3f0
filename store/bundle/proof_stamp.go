package bundle

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"touchstone/assets"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
)

// ProvenStamp is a time stamp in an archive that holds.
type ProvenStamp struct {
	Signer    string    `json:"signer"` // the authority's certificate's subject
	Time      time.Time `json:"time"`   // by the authority's clock
	Root      string    `json:"root"`   // the subject of the certificate that it rests on
	Known     bool      `json:"known"`  // that root comes with Touchstone; otherwise it came with the archive, whose maker chose it
	Qualified bool      `json:"qualified"`
}

// readStamps checks the stamps as stampFiles wrote them, and the way of each leaf
// to the checkpoint that was stamped. Errors: ErrBag, custody.ErrProof.
func readStamps(c Contents, dir *os.Root, log string) (map[evidence.ID][]ProvenStamp, error) {
	known, err := stamp.ParseCertificates(assets.TSARoots())
	if err != nil {
		return nil, err
	}
	stamps := map[evidence.ID][]ProvenStamp{}
	for n := 1; ; n++ {
		folder := c.Payload + stampDir(n) + "/"
		if _, there := c.Files[folder+"response.tsr"]; !there {
			return stamps, nil
		}
		s, checkpoint, err := readStamp(dir, folder, log, known)
		if err != nil {
			return nil, fmt.Errorf("time stamp %d: %w", n, err)
		}
		for name := range c.Files {
			in, ours := strings.CutPrefix(name, folder)
			id, isPath := strings.CutSuffix(in, "/path.txt")
			if !ours || !isPath || strings.Contains(id, "/") {
				continue
			}
			if err := climb(dir, c.Payload+custodyDir+id+"/leaf.json", name, checkpoint.Root); err != nil {
				return nil, fmt.Errorf("time stamp %d: %s: %w", n, id, err)
			}
			stamps[evidence.ID(id)] = append(stamps[evidence.ID(id)], s)
		}
	}
}

func readStamp(dir *os.Root, folder, log string, known []*x509.Certificate) (ProvenStamp, custody.Checkpoint, error) {
	content := map[string][]byte{}
	for _, name := range []string{"checkpoint", "request.tsq", "response.tsr", "root.pem"} {
		b, err := readSmall(dir, folder+name)
		if err != nil {
			return ProvenStamp{}, custody.Checkpoint{}, err
		}
		content[name] = b
	}
	checkpoint, err := custody.ParseCheckpoint(content["checkpoint"])
	if err != nil {
		return ProvenStamp{}, checkpoint, fmt.Errorf("%w: %w", ErrBag, err)
	}
	request, err := stamp.ParseRequest(content["request.tsq"])
	if err != nil {
		return ProvenStamp{}, checkpoint, fmt.Errorf("%w: %w", ErrBag, err)
	}
	if request.Digest != sha256.Sum256(content["checkpoint"]) || checkpoint.Origin != log {
		return ProvenStamp{}, checkpoint, fmt.Errorf("%w: it is of something else than the checkpoint beside it", custody.ErrProof)
	}
	named, err := stamp.ParseCertificates(content["root.pem"])
	if err != nil {
		return ProvenStamp{}, checkpoint, fmt.Errorf("%w: %w", ErrBag, err)
	}
	token, err := stamp.Verify(request, content["response.tsr"], slices.Concat(known, named))
	if err != nil {
		return ProvenStamp{}, checkpoint, fmt.Errorf("%w: %w", custody.ErrProof, err)
	}
	root := token.Chain[len(token.Chain)-1]
	return ProvenStamp{
		Signer: token.Chain[0].Subject.String(), Time: token.Time, Root: root.Subject.String(),
		Known: slices.ContainsFunc(known, root.Equal), Qualified: token.Qualified,
	}, checkpoint, nil
}

// climb goes from a leaf up the path that pathText wrote, and checks that it ends
// at the root. Errors: ErrBag, custody.ErrProof.
func climb(dir *os.Root, leafName, pathName string, root tlog.Hash) error {
	leaf, err := readSmall(dir, leafName)
	if err != nil {
		return err
	}
	path, err := readSmall(dir, pathName)
	if err != nil {
		return err
	}
	at := tlog.RecordHash(leaf)
	for line := range strings.Lines(string(path)) {
		on, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		other, err := tlog.ParseHash(text)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w: %w", pathName, ErrBag, err)
		case on == side(true):
			at = tlog.NodeHash(other, at)
		case on == side(false):
			at = tlog.NodeHash(at, other)
		default:
			return fmt.Errorf("%s: %w: %.20q is no side", pathName, ErrBag, on)
		}
	}
	if at != root {
		return fmt.Errorf("%s: %w: it does not lead to the root that was stamped", pathName, custody.ErrProof)
	}
	return nil
}
