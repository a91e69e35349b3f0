package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// WACZ is a web archive that ReplayWeb.page and its kin open (WACZ 1.1.1).
type WACZ struct {
	Title       string
	Description string // plain text
	At          time.Time
	Software    string // as in "touchstone/1.2"
	Pages       []Page
	Archives    []File        // WARC files with one gzip member per record; goes under archive/. Opened twice each
	Extra       []File        // beside the archive, in folders of their own
	Signer      crypto.Signer // ECDSA; signs by wacz-auth 0.1.0, anonymous form
}

// Page is one page that a reader of a WACZ may begin at.
type Page struct {
	ID    evidence.ID
	URL   string
	Title string
	At    time.Time
}

// The names in a WACZ.
const (
	waczVersion     = "1.1.1"
	waczAuthVersion = "0.1.0"
	archiveDir      = "archive/"
	indexName       = "indexes/index.cdx"
	pagesName       = "pages/pages.jsonl"
	packageName     = "datapackage.json"
	digestName      = "datapackage-digest.json"
)

// resource is a file of a WACZ, as datapackage.json lists it.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// WriteWACZ writes the archive to w. It fails, and leaves w half-written, when a
// path is unsafe or there twice, a file's content is not what its hash says
// (ErrContent), or an archive is none (ErrWARC).
func WriteWACZ(ctx context.Context, w io.Writer, a WACZ) error {
	if err := checkWACZ(&a); err != nil {
		return fmt.Errorf("write the WACZ: %w", err)
	}
	z := &waczWriter{files: bagWriter{ctx: ctx, zip: zip.NewWriter(w), at: a.At.UTC()}}
	err := z.write(a)
	if closeErr := z.files.zip.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write the WACZ: %w", err)
	}
	return nil
}

func checkWACZ(a *WACZ) error {
	all := Bag{Name: "wacz"}
	for _, f := range a.Archives {
		if strings.Contains(f.Path, "/") || !strings.HasSuffix(f.Path, ".warc.gz") {
			return fmt.Errorf("%q: %w: an archive is called something.warc.gz", f.Path, ErrPath)
		}
		all.Files = append(all.Files, File{Path: archiveDir + f.Path})
	}
	for _, f := range a.Extra {
		switch dir, _, _ := strings.Cut(f.Path, "/"); dir {
		case "archive", "indexes", "pages", packageName, digestName:
			return fmt.Errorf("%q: %w: the place is the format's own", f.Path, ErrPath)
		}
		all.Files = append(all.Files, f)
	}
	if a.Signer == nil {
		return errors.New("there is no key to sign it with")
	}
	return checkBag(&all)
}

type waczWriter struct {
	files     bagWriter
	resources []resource
}

func (z *waczWriter) add(f File) error {
	h, size, err := z.files.add(f)
	if err != nil {
		return err
	}
	z.resources = append(z.resources, resource{path.Base(f.Path), f.Path, "sha256:" + string(h), size})
	return nil
}

func (z *waczWriter) write(a WACZ) error {
	var lines []string
	for _, f := range sorted(a.Archives) {
		more, err := z.index(f)
		if err != nil {
			return fmt.Errorf("index %s: %w", f.Path, err)
		}
		lines = append(lines, more...)
		f.Path = archiveDir + f.Path
		if err := z.add(f); err != nil {
			return err
		}
	}
	slices.Sort(lines)
	pages, err := pagesText(a.Pages)
	if err != nil {
		return err
	}
	for _, f := range slices.Concat([]File{Text(indexName, []byte(strings.Join(lines, ""))), Text(pagesName, pages)}, sorted(a.Extra)) {
		if err := z.add(f); err != nil {
			return err
		}
	}
	described, err := z.describe(a)
	if err != nil {
		return err
	}
	if _, _, err := z.files.add(Text(packageName, described)); err != nil {
		return err
	}
	digest, err := signPackage(described, a)
	if err != nil {
		return err
	}
	_, _, err = z.files.add(Text(digestName, digest))
	return err
}

func (z *waczWriter) index(f File) ([]string, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return cdxLines(z.files.ctx, r, f.Path)
}

// pagesText is pages.jsonl.
func pagesText(pages []Page) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	lines := []any{struct {
		Format string `json:"format"`
		ID     string `json:"id"`
		Title  string `json:"title"`
	}{"json-pages-1.0", "pages", "Captures"}}
	for _, p := range pages {
		lines = append(lines, struct {
			ID    evidence.ID `json:"id"`
			URL   string      `json:"url"`
			TS    string      `json:"ts"`
			Title string      `json:"title,omitempty"`
		}{p.ID, p.URL, p.At.UTC().Format(time.RFC3339), p.Title})
	}
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func (z *waczWriter) describe(a WACZ) ([]byte, error) {
	about := struct {
		Profile     string     `json:"profile"`
		Version     string     `json:"wacz_version"`
		Title       string     `json:"title,omitempty"`
		Description string     `json:"description,omitempty"`
		Created     string     `json:"created"`
		Software    string     `json:"software"`
		MainURL     string     `json:"mainPageUrl,omitempty"`
		MainDate    string     `json:"mainPageDate,omitempty"`
		Resources   []resource `json:"resources"`
	}{"data-package", waczVersion, a.Title, a.Description, a.At.UTC().Format(time.RFC3339), a.Software, "", "", z.resources}
	if len(a.Pages) > 0 {
		about.MainURL, about.MainDate = a.Pages[0].URL, a.Pages[0].At.UTC().Format(time.RFC3339)
	}
	b, err := json.MarshalIndent(about, "", "  ")
	return append(b, '\n'), err
}

// signedData is the anonymous form of wacz-auth 0.1.0, which allows no other fields.
type signedData struct {
	Hash      string `json:"hash"`
	Created   string `json:"created"`
	Software  string `json:"software"`
	Version   string `json:"version"`
	Signature string `json:"signature"`
	PublicKey string `json:"publicKey"`
}

// signPackage is datapackage-digest.json. What is signed is the hash as text,
// with its "sha256:"; the signature is the two numbers r and s side by side, as
// browsers' own cryptography writes and reads them and with it the programs
// that make and check this form. It wants the key as SubjectPublicKeyInfo.
func signPackage(described []byte, a WACZ) ([]byte, error) {
	hash := "sha256:" + string(evidence.HashOf(described))
	signature, err := signRaw(a.Signer, []byte(hash))
	if err != nil {
		return nil, fmt.Errorf("sign it: %w", err)
	}
	key, err := x509.MarshalPKIXPublicKey(a.Signer.Public())
	if err != nil {
		return nil, fmt.Errorf("sign it: %w", err)
	}
	b, err := json.MarshalIndent(struct {
		Path   string     `json:"path"`
		Hash   string     `json:"hash"`
		Signed signedData `json:"signedData"`
	}{packageName, hash, signedData{
		Hash: hash, Created: a.At.UTC().Format(time.RFC3339), Software: a.Software, Version: waczAuthVersion,
		Signature: base64.StdEncoding.EncodeToString(signature), PublicKey: base64.StdEncoding.EncodeToString(key),
	}}, "", "  ")
	return append(b, '\n'), err
}

// signRaw signs the SHA-256 of a message with ECDSA, in the form of IEEE P1363.
func signRaw(s crypto.Signer, message []byte) ([]byte, error) {
	public, ok := s.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key is of type %T, not ECDSA", s.Public())
	}
	sum := sha256.Sum256(message)
	der, err := s.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &pair); err != nil || len(rest) > 0 {
		return nil, errors.New("the key's signature is not ECDSA")
	}
	size := (public.Curve.Params().BitSize + 7) / 8
	raw := make([]byte, 2*size)
	pair.R.FillBytes(raw[:size])
	pair.S.FillBytes(raw[size:])
	return raw, nil
}
