package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

//go:embed certificate.txt
var certificateText string

// ErrUnverified means that evidence is not what was sealed.
var ErrUnverified = errors.New("the evidence does not verify: touchstone verify says what is wrong")

// certificate is what a draft certification tells.
type certificate struct {
	Case       evidence.Case
	Workspace  evidence.ID
	At         string
	Tool       evidence.Tool
	Executable evidence.Hash
	System     string
	Makers     []maker
	Profiles   string
	Verified   string
	Leaves     int64
	Root       string
	Key        string
	Anchor     string
	Records    []certified
	Deleted    []evidence.Tombstone
}

// maker is a program and a browser that made some of the captures.
type maker struct {
	Name     string
	Browser  string
	Hash     evidence.Hash
	Captures int
}

// certified is one record of the table.
type certified struct {
	Number    int
	ID        evidence.ID
	What, At  string
	Entry     int64
	Stamps    []string // by whom and when
	Manifest  evidence.Hash
	Artifacts []evidence.Artifact
}

// WriteCertificate writes the draft of a certification under FRE 902(13) and
// (14) of all that a case has, for counsel to finish, to a file: as text to be
// edited, or where its name ends in .pdf, as a document to be read. It verifies
// the evidence first. Errors: ErrUnverified, ErrNoCase.
func (d *Desk) WriteCertificate(ctx context.Context, caseName, out string, p evidence.Progress) error {
	c, err := d.certificate(ctx, caseName, p)
	if err != nil {
		return err
	}
	write := c.text
	if strings.EqualFold(filepath.Ext(out), ".pdf") {
		write = func(w io.Writer) error { return c.pdf(ctx, w, d.cfg.Now()) }
	}
	hash, err := writeWhole(out, write)
	if err != nil {
		return fmt.Errorf("write the certificate %s: %w", out, err)
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		return tx.Append(custody.Entry{Action: custody.Exported, Subject: c.Case.ID, Case: c.Case.ID, Note: "certificate",
			Hashes: map[string]evidence.Hash{custody.HashFile: hash}})
	})
}

// text writes the certification as plain text.
func (c *certificate) text(w io.Writer) error {
	t, err := template.New("certificate").Parse(certificateText)
	if err != nil {
		return err
	}
	return t.Execute(w, c)
}

func (d *Desk) certificate(ctx context.Context, caseName string, p evidence.Progress) (certificate, error) {
	c := certificate{
		Workspace: d.ws.ID(), At: inUTC(d.cfg.Now()), Tool: d.cfg.Tool, System: evidence.ThisSystem().OS + " on " + evidence.ThisSystem().Arch,
	}
	var err error
	if c.Case, err = d.Case(ctx, caseName); err != nil {
		return c, err
	}
	if c.Executable, err = ownExecutable(); err != nil {
		return c, fmt.Errorf("hash the program's own executable: %w", err)
	}
	captures, err := AllBy[evidence.Capture](ctx, d, store.CapturesByCase, string(c.Case.ID))
	if err != nil {
		return c, err
	}
	attachments, err := AllBy[evidence.Attachment](ctx, d, store.AttachmentsByCase, string(c.Case.ID))
	if err != nil {
		return c, err
	}
	if c.Deleted, err = AllBy[evidence.Tombstone](ctx, d, store.TombstonesByCase, string(c.Case.ID)); err != nil {
		return c, err
	}
	for _, e := range captures {
		c.Records = append(c.Records, certified{ID: e.ID, What: cmp.Or(e.FinalURL, e.URL), At: inUTC(e.FinishedAt), Manifest: e.Manifest, Artifacts: e.Artifacts})
	}
	for _, e := range attachments {
		what := fmt.Sprintf("%s, %s, attached %s", e.Name, e.Kind, inUTC(e.AttachedAt))
		c.Records = append(c.Records, certified{ID: e.ID, What: what, At: e.ObtainedAt.String(), Manifest: e.Manifest, Artifacts: e.Artifacts})
	}
	if err := d.tellMakers(&c, captures); err != nil {
		return c, err
	}
	if err := d.tellVerified(ctx, &c, p); err != nil {
		return c, err
	}
	return c, d.tellLog(ctx, &c)
}

func inUTC(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func ownExecutable() (evidence.Hash, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return evidence.HashSum(sum.Sum(nil)), nil
}

// tellMakers counts the programs and browsers that the captures' manifests name.
func (d *Desk) tellMakers(c *certificate, captures []evidence.Capture) error {
	count, fresh := map[maker]int{}, 0
	for _, e := range captures {
		m, err := d.ws.Manifest(e)
		if err != nil {
			return err
		}
		name := strings.TrimSpace(fmt.Sprintf("%s %s %s", m.Tool.Name, m.Tool.Version, m.Tool.Commit))
		count[maker{Name: name, Browser: cmp.Or(m.Browser.Product, "unknown"), Hash: m.Browser.Executable}]++
		if m.Settings.Profile == freshProfile {
			fresh++
		}
	}
	for m, n := range count {
		m.Captures = n
		c.Makers = append(c.Makers, m)
	}
	slices.SortFunc(c.Makers, func(a, b maker) int {
		return cmp.Or(b.Captures-a.Captures, strings.Compare(a.Name, b.Name), strings.Compare(a.Browser, b.Browser))
	})
	c.Profiles = "an empty profile"
	if fresh < len(captures) {
		c.Profiles = fmt.Sprintf("an empty profile (%d of %d captures) or a copy of a named one", fresh, len(captures))
	}
	return nil
}

func (d *Desk) tellVerified(ctx context.Context, c *certificate, p evidence.Progress) error {
	ids := []evidence.ID{}
	for _, r := range c.Records {
		ids = append(ids, r.ID)
	}
	report, err := d.Verify(ctx, ids, p)
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("certify %q: %w", c.Case.Name, ErrUnverified)
	}
	c.Anchor, c.Leaves = report.Anchor, report.Leaves
	c.Verified = fmt.Sprintf("%d records with %d files (%d bytes): all as they were sealed.", len(ids), report.Blobs, report.Bytes)
	return nil
}

// tellLog finds each record's entry in the custody log, its time stamps, and the
// log's state.
func (d *Desk) tellLog(ctx context.Context, c *certificate) error {
	return d.ws.View(ctx, func(tx *store.Tx) error {
		newest, err := tx.Checkpoint()
		if err != nil {
			return err
		}
		c.Leaves, c.Root = newest.Size, newest.Root.String()
		if c.Key, _, err = d.ws.PublicKey(); err != nil {
			return err
		}
		for i := range c.Records {
			r := &c.Records[i]
			r.Number = i + 1
			stamps, err := tx.StampsOf(r.ID)
			if err != nil {
				return err
			}
			for _, s := range stamps {
				r.Stamps = append(r.Stamps, StampLine(s))
			}
			for e, err := range tx.Log(r.ID) {
				if err != nil {
					return err
				}
				if e.Leaf.Hashes[custody.HashManifest] == r.Manifest {
					r.Entry = e.Index
					break
				}
			}
		}
		return nil
	})
}
