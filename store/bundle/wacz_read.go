package bundle

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"

	"touchstone/store/evidence"
)

// ErrSigned means that a WACZ is not signed, or not by the key it names.
var ErrSigned = errors.New("the signature does not hold")

// Signed is who signed a WACZ, as it says itself.
type Signed struct {
	Key      evidence.Hash // of the public key in DER: whose it is, the WACZ cannot say
	Created  string
	Software string
}

// IsWACZ reports whether a ZIP archive says that it is a WACZ.
func IsWACZ(r io.ReaderAt, size int64) bool {
	z, err := openZip(r, size)
	if err != nil {
		return false
	}
	for _, f := range z.File {
		if f.Name == packageName {
			return true
		}
	}
	return false
}

// ReadWACZ unpacks a WACZ into a folder, which must be empty, and checks it as
// ReadBag does a bag: datapackage.json takes the place of the manifests, and is
// signed as WriteWACZ signs it. Errors: ErrSigned, those of ReadBag.
func ReadWACZ(ctx context.Context, r io.ReaderAt, size int64, into *os.Root, l Limits) (Contents, Signed, error) {
	c, s, err := readWACZ(ctx, r, size, into, l.filled())
	if err != nil {
		return c, s, fmt.Errorf("read the WACZ: %w", err)
	}
	return c, s, nil
}

func readWACZ(ctx context.Context, r io.ReaderAt, size int64, into *os.Root, l Limits) (Contents, Signed, error) {
	z, err := openZip(r, size)
	if err != nil {
		return Contents{}, Signed{}, err
	}
	var c Contents
	var wrong WrongError
	if err := c.unpackZip(ctx, z, "", into, l, &wrong); err != nil {
		return Contents{}, Signed{}, err
	}
	digest, err := readSmall(into, digestName)
	if err != nil {
		return Contents{}, Signed{}, err
	}
	described, err := readSmall(into, packageName)
	if err != nil {
		return Contents{}, Signed{}, err
	}
	s, err := checkDigest(digest, described)
	if err != nil {
		return c, s, err
	}
	if err := c.checkResources(described, &wrong); err != nil {
		return Contents{}, s, err
	}
	return c, s, wrong.or()
}

// checkDigest checks datapackage-digest.json.
func checkDigest(digest, described []byte) (Signed, error) {
	var d struct {
		Path   string      `json:"path"`
		Hash   string      `json:"hash"`
		Signed *signedData `json:"signedData"`
	}
	if err := json.Unmarshal(digest, &d); err != nil {
		return Signed{}, fmt.Errorf("%s: %w: %w", digestName, ErrBag, err)
	}
	if d.Signed == nil {
		return Signed{}, fmt.Errorf("%s: %w: it holds none", digestName, ErrSigned)
	}
	key, err := base64.StdEncoding.DecodeString(d.Signed.PublicKey)
	if err != nil {
		return Signed{}, fmt.Errorf("%s: %w: its key: %w", digestName, ErrSigned, err)
	}
	signature, err := base64.StdEncoding.DecodeString(d.Signed.Signature)
	if err != nil {
		return Signed{}, fmt.Errorf("%s: %w: %w", digestName, ErrSigned, err)
	}
	s := Signed{Key: evidence.HashOf(key), Created: d.Signed.Created, Software: d.Signed.Software}
	if err := verifyRaw(key, []byte(d.Signed.Hash), signature); err != nil {
		return s, fmt.Errorf("%s: %w: %w", digestName, ErrSigned, err)
	}
	if want := "sha256:" + string(evidence.HashOf(described)); d.Path != packageName || d.Hash != want || d.Signed.Hash != want {
		return s, fmt.Errorf("%w: %s is %s, and the hash that was signed is %s", ErrContent, packageName, want, d.Signed.Hash)
	}
	return s, nil
}

// verifyRaw checks what signRaw made.
func verifyRaw(key, message, signature []byte) error {
	parsed, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return err
	}
	public, ok := parsed.(*ecdsa.PublicKey)
	if !ok {
		return fmt.Errorf("the key is of type %T, not ECDSA", parsed)
	}
	half := (public.Params().BitSize + 7) / 8
	sum := sha256.Sum256(message)
	if len(signature) != 2*half ||
		!ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])) {
		return errors.New("it is not by the key beside it")
	}
	return nil
}

// checkResources compares the files with those that datapackage.json names.
func (c *Contents) checkResources(described []byte, wrong *WrongError) error {
	var p struct {
		Resources []resource `json:"resources"`
	}
	if err := json.Unmarshal(described, &p); err != nil {
		return fmt.Errorf("%s: %w: %w", packageName, ErrBag, err)
	}
	listed := map[string]bool{packageName: true, digestName: true}
	for _, r := range p.Resources {
		hash, ok := strings.CutPrefix(r.Hash, "sha256:")
		want, err := evidence.ParseHash(hash)
		if !ok || err != nil || listed[r.Path] {
			return fmt.Errorf("%s: %w: %q has no SHA-256 there, or is there twice", packageName, ErrBag, r.Path)
		}
		listed[r.Path] = true
		c.compare(r.Path, want, packageName, wrong)
	}
	for name := range c.Files {
		if !listed[name] {
			wrong.add(Stray, name, "%s does not name it", packageName)
		}
	}
	return nil
}
