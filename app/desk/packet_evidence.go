package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

// disclosed are the artifacts that leave with a packet that is not for the court.
// Cookies, the network records that repeat them, and who captured stay; the
// manifest names their hashes all the same.
var disclosed = []evidence.Role{
	evidence.RoleManifest, evidence.RoleScreenshot, evidence.RoleViewport, evidence.RoleHTML, evidence.RoleMHTML,
	evidence.RoleCertificates, evidence.RoleFacts,
}

// repeated are the artifacts that say again what a screenshot shows: where a part
// of that is blacked out, they stay.
var repeated = []evidence.Role{evidence.RoleViewport, evidence.RoleHTML, evidence.RoleMHTML, evidence.RoleFacts}

// packetEvidence is the evidence in a packet's bag.
type packetEvidence struct {
	files    []bundle.File
	types    map[string]string // media type, by path
	about    [][]string        // rows of the court's index
	sealed   []evidence.ID
	exhibits []bundle.Exhibit
}

// evidence gathers the files of the exhibits and the documents of the right.
func (w *packetWriter) evidence(ctx context.Context) (*packetEvidence, error) {
	g := &packetEvidence{types: map[string]string{}}
	for i := range w.dossier.Exhibits {
		e := &w.dossier.Exhibits[i]
		if e.Capture.ID == "" {
			continue
		}
		folder := fmt.Sprintf("evidence/exhibit-%02d", i+1)
		if err := w.exhibit(g, folder, e); err != nil {
			return nil, err
		}
		g.sealed = append(g.sealed, e.Capture.ID)
		g.exhibits = append(g.exhibits, bundle.Exhibit{Capture: e.Capture.ID, URL: e.Capture.URL, Manifest: path.Join(folder, "manifest.json")})
	}
	for i, a := range w.dossier.Documents {
		folder := fmt.Sprintf("rights/%02d", i+1)
		for _, f := range a.Artifacts {
			name := fileName(f)
			switch {
			case f.Role == evidence.RoleAttachment:
				name = bundle.Name(a.Name)
			case f.Role == evidence.RoleConfidential && w.order.Edition != CourtEdition:
				continue
			}
			w.add(g, path.Join(folder, name), f, string(a.Kind)+" "+a.Name)
		}
		g.sealed = append(g.sealed, a.ID)
		g.exhibits = append(g.exhibits, bundle.Exhibit{Capture: a.ID, URL: a.Name, Manifest: path.Join(folder, "manifest.json")})
	}
	return g, ctx.Err()
}

func (w *packetWriter) add(g *packetEvidence, name string, a evidence.Artifact, about string) {
	g.files = append(g.files, bundle.File{Path: name, Hash: a.SHA256, Open: func() (io.ReadCloser, error) { return w.d.ws.Blobs().Open(a.SHA256) }})
	g.types[name] = a.MediaType
	g.about = append(g.about, []string{name, string(a.Role), fmt.Sprint(a.Size), string(a.SHA256), about})
}

// exhibit adds the files of one capture that leave in this edition. In place of a
// picture with parts blacked out goes the one made of it, under redacted/.
func (w *packetWriter) exhibit(g *packetEvidence, folder string, e *notice.Exhibit) error {
	court := w.order.Edition == CourtEdition
	var list []made
	for _, a := range e.Capture.Artifacts {
		blacked := slices.IndexFunc(e.Redactions, func(r evidence.Redaction) bool { return r.Original.SHA256 == a.SHA256 })
		switch {
		case court:
			w.add(g, path.Join(folder, fileName(a)), a, e.Capture.URL)
		case !slices.Contains(disclosed, a.Role):
		case blacked >= 0:
			r := e.Redactions[blacked]
			w.add(g, path.Join("redacted", folder, fileName(r.Redacted)), r.Redacted, "made of "+string(a.SHA256))
			list = append(list, made{File: fileName(r.Redacted), Role: a.Role, From: a.SHA256, SHA256: r.Redacted.SHA256, Reason: r.Reason})
		case len(e.Redactions) > 0 && slices.Contains(repeated, a.Role):
		default:
			w.add(g, path.Join(folder, fileName(a)), a, e.Capture.URL)
		}
	}
	if len(list) == 0 {
		return nil
	}
	b, err := json.MarshalIndent(list, "", "  ")
	g.files = append(g.files, bundle.Text(path.Join("redacted", folder, "redacted-from.json"), append(b, '\n')))
	return err
}

// addForCourt adds an index of the evidence and the draft of a certification.
func (w *packetWriter) addForCourt(ctx context.Context, bag *bundle.Bag, g *packetEvidence) error {
	var index bytes.Buffer
	c := csv.NewWriter(&index)
	c.Write([]string{"file", "what", "bytes", "sha256", "of"}) // errors stay in c until Flush
	for _, row := range g.about {
		for i := range row {
			row[i] = notice.Harmless(row[i])
		}
		c.Write(row)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	bag.Files = append(bag.Files, bundle.Text("index.csv", index.Bytes()))
	if w.certificate == nil {
		return nil
	}
	var text, pdf bytes.Buffer
	if err := errors.Join(w.certificate.text(&text), w.certificate.pdf(ctx, &pdf, w.d.cfg.Now())); err != nil {
		return err
	}
	bag.Files = append(bag.Files, bundle.Text("certificate.txt", text.Bytes()), bundle.Text("certificate.pdf", pdf.Bytes()))
	return nil
}

// confidential reads who captured, by what proxy and profile.
func (d *Desk) confidential(ctx context.Context, a evidence.Artifact) (c evidence.Confidential, err error) {
	if err := d.ws.Blobs().Verify(ctx, a.SHA256); err != nil {
		return c, err
	}
	f, err := d.ws.Blobs().Open(a.SHA256)
	if err != nil {
		return c, err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(&c); err != nil {
		return c, fmt.Errorf("read the %s of a capture: %w", a.Role, err)
	}
	return c, nil
}

// redactions are the newest of each of a capture's pictures.
func redactions(tx *store.Tx, capture evidence.ID) ([]evidence.Redaction, error) {
	all, err := collect(store.EachBy[evidence.Redaction](tx, store.RedactionsByOriginal, string(capture)))
	if err != nil {
		return nil, err
	}
	var newest []evidence.Redaction
	for _, r := range slices.Backward(all) {
		if !slices.ContainsFunc(newest, func(n evidence.Redaction) bool { return n.Original.SHA256 == r.Original.SHA256 }) {
			newest = append(newest, r)
		}
	}
	return newest, nil
}

// documents are the certificates of a notice's right and the authorisations of its
// brand, as attached.
func documents(tx *store.Tx, n evidence.Notice) ([]evidence.Attachment, error) {
	var out []evidence.Attachment
	for _, to := range []evidence.ID{n.Right, n.Brand} {
		all, err := collect(store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(to)))
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if vouches(a, n) {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// vouches reports whether an attachment is a certificate of the notice's right, or an
// authorisation to act for the brand's owner.
func vouches(a evidence.Attachment, n evidence.Notice) bool {
	return a.To == n.Right && a.Kind == evidence.AttachedCertificate || a.To == n.Brand && a.Kind == evidence.AttachedAuthorisation
}
