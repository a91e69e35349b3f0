package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"touchstone/report/notice"
	"touchstone/report/packet"
	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// disclosed are the artifacts that leave with a packet. Cookies, the network
// records that repeat them, and who captured stay; the manifest names their
// hashes all the same.
var disclosed = []evidence.Role{
	evidence.RoleManifest, evidence.RoleScreenshot, evidence.RoleViewport, evidence.RoleHTML, evidence.RoleMHTML,
	evidence.RoleCertificates, evidence.RoleFacts,
}

// WritePacket makes the packet of a notice at a path: the document alone when it
// ends in .pdf, a bag with the evidence around it when it ends in .zip. A file
// that is there already is replaced only when the new one is whole.
func (d *Desk) WritePacket(ctx context.Context, id evidence.ID, out string, p evidence.Progress) (packet.Summary, error) {
	write := d.writePDF
	switch ext := strings.ToLower(filepath.Ext(out)); ext {
	case ".pdf":
	case ".zip":
		write = d.writeZIP
	default:
		return packet.Summary{}, &InputError{fmt.Errorf("a packet is a .pdf or a .zip, and %s is neither", filepath.Base(out))}
	}
	dossier, err := d.Dossier(ctx, id)
	if err != nil {
		return packet.Summary{}, err
	}
	if err := d.logPacket(ctx, custody.EvidenceOpened, dossier.Notice, ""); err != nil {
		return packet.Summary{}, err
	}
	var summary packet.Summary
	hash, err := writeWhole(out, func(w io.Writer) error {
		summary, err = write(ctx, w, dossier, p)
		return err
	})
	if err != nil {
		return summary, fmt.Errorf("write the packet %s: %w", out, err)
	}
	for _, f := range notice.Check(dossier, d.cfg.Now()) {
		if f.Severity == notice.Error {
			summary.Problems = append(summary.Problems, packet.Problem{Subject: f.Subject, What: "the notice must not leave as it is: " + f.What})
		}
	}
	return summary, d.logPacket(ctx, custody.Exported, dossier.Notice, hash)
}

// logPacket enters in the log that a notice's evidence is opened for its packet,
// or that the packet with the hash has left.
func (d *Desk) logPacket(ctx context.Context, a custody.Action, n evidence.Notice, file evidence.Hash) error {
	e := custody.Entry{Action: a, Subject: n.ID, Case: n.Case, Note: "packet"}
	if file != "" {
		e.Hashes = map[string]evidence.Hash{custody.HashFile: file}
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error { return tx.Append(e) })
}

// WriteCasePacket makes the packet of the newest notice of a case; where there is
// none, of a draft about all its listings that were found infringing.
func (d *Desk) WriteCasePacket(ctx context.Context, caseID evidence.ID, out string, p evidence.Progress) (packet.Summary, error) {
	notices, err := AllBy[evidence.Notice](ctx, d, store.NoticesByCase, string(caseID))
	if err != nil {
		return packet.Summary{}, err
	}
	if len(notices) > 0 {
		return d.WritePacket(ctx, notices[len(notices)-1].ID, out, p)
	}
	n, _, err := d.NewNotice(ctx, NoticeOrder{
		Case: caseID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, GoodFaith: true,
	})
	if err != nil {
		return packet.Summary{}, err
	}
	return d.WritePacket(ctx, n.ID, out, p)
}

func (d *Desk) writePDF(ctx context.Context, w io.Writer, dossier notice.Dossier, p evidence.Progress) (packet.Summary, error) {
	files := packet.OpenFunc(func(h evidence.Hash) (io.ReadSeekCloser, error) { return d.ws.Blobs().Open(h) })
	return packet.WritePDF(ctx, w, dossier, files, packet.Options{
		Now: d.cfg.Now(), Recipient: d.channelTitle(dossier.Notice.Channel), Tool: d.cfg.Tool, Progress: p,
	})
}

func (d *Desk) writeZIP(ctx context.Context, w io.Writer, dossier notice.Dossier, p evidence.Progress) (packet.Summary, error) {
	var pdf, asJSON, asCSV bytes.Buffer
	summary, err := d.writePDF(ctx, &pdf, dossier, p)
	if err != nil {
		return summary, err
	}
	if err := errors.Join(notice.WriteJSON(&asJSON, dossier), notice.WriteCSV(&asCSV, dossier)); err != nil {
		return summary, err
	}
	bag := bundle.Bag{
		Name: "takedown-packet-" + string(dossier.Notice.ID), At: d.cfg.Now(),
		Info:  []bundle.Field{{Label: "Source-Organization", Value: dossier.Brand.Owner.Name}, {Label: "External-Identifier", Value: string(dossier.Notice.ID)}},
		Files: []bundle.File{bundle.Text("notice.pdf", pdf.Bytes()), bundle.Text("notice.json", asJSON.Bytes()), bundle.Text("listings.csv", asCSV.Bytes())},
	}
	var captures []evidence.ID
	var exhibits []bundle.Exhibit
	for i, e := range dossier.Exhibits {
		if e.Capture.ID == "" {
			continue
		}
		folder := fmt.Sprintf("evidence/exhibit-%02d", i+1)
		bag.Files = append(bag.Files, d.exhibitFiles(folder, e.Capture)...)
		captures = append(captures, e.Capture.ID)
		exhibits = append(exhibits, bundle.Exhibit{Capture: e.Capture.ID, URL: e.Capture.URL, Manifest: path.Join(folder, "manifest.json")})
	}
	proofs, err := d.ws.Proofs(ctx, captures)
	if err != nil {
		return summary, err
	}
	proofFiles, err := bundle.ProofFiles(proofs, exhibits)
	if err != nil {
		return summary, err
	}
	howTo, err := bundle.HowToVerify(proofs, exhibits)
	if err != nil {
		return summary, err
	}
	bag.Files = append(bag.Files, proofFiles...)
	bag.Tags = append(bag.Tags, bundle.Text("HOW-TO-VERIFY.txt", howTo))
	return summary, bundle.WriteBag(ctx, w, bag)
}

// exhibitFiles are the artifacts of one capture that leave.
func (d *Desk) exhibitFiles(folder string, c evidence.Capture) []bundle.File {
	var files []bundle.File
	for _, role := range disclosed {
		for _, a := range c.Artifacts {
			if a.Role == role {
				files = append(files, bundle.File{Path: path.Join(folder, fileName(a)), Hash: a.SHA256,
					Open: func() (io.ReadCloser, error) { return d.ws.Blobs().Open(a.SHA256) }})
			}
		}
	}
	return files
}

// fileName is the name an artifact has outside the workspace.
func fileName(a evidence.Artifact) string {
	ext := map[string]string{
		"image/png": ".png", "text/html": ".html", "multipart/related": ".mhtml", "application/json": ".json",
		"application/x-pem-file": ".pem", "application/pem-certificate-chain": ".pem", "application/warc": ".warc.gz",
		"application/jsonl": ".jsonl", "application/pdf": ".pdf", "video/webm": ".webm", "video/mp4": ".mp4",
	}[strings.Split(a.MediaType, ";")[0]]
	name := string(a.Role)
	if a.Role == evidence.RoleHAR {
		ext = ".har"
	}
	if a.Role == evidence.RoleScreenshot && a.Index > 0 {
		name = fmt.Sprintf("%s-%03d", name, a.Index)
	}
	return name + ext
}

// writeForm writes a workbook that a person is to fill in. One that is there
// already may be filled in, and is left alone.
func writeForm(out string, write func(io.Writer) error) error {
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("write the workbook %s: there is such a file already; choose another name", out)
	}
	_, err := writeWhole(out, write)
	return err
}

// writeWhole writes a file under a temporary name and puts it in its place when
// it is whole, so that a failure leaves neither half a file nor no file.
func writeWhole(out string, write func(io.Writer) error) (evidence.Hash, error) {
	if err := replaceable(out); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".touchstone-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum := sha256.New()
	if err := write(io.MultiWriter(f, sum)); err != nil {
		return "", err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return evidence.HashSum(sum.Sum(nil)), os.Rename(f.Name(), out)
}
