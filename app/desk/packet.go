package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"touchstone/assets"
	"touchstone/report/notice"
	"touchstone/report/packet"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Edition is for whom a packet is.
type Edition = packet.Edition

// The editions.
const (
	PlatformEdition = packet.Platform // names nobody of our side; without cookies and traffic
	ClientEdition   = packet.Client   // with who captured, and each listing's status
	CourtEdition    = packet.Court    // everything, with an index and a draft certificate
)

// PacketProblem is something that a packet could not show.
type PacketProblem = packet.Problem

// PacketOrder says which packet to write, for whom and where to.
type PacketOrder struct {
	Notice   evidence.ID
	Edition  Edition
	Out      string // for WritePacket. .pdf: the document alone; .zip: a bag with the evidence around it
	MaxBytes int64  // of a document; 0 for what the channel takes, else 50 MB. What is larger comes in volumes
	MaxPages int    // of a document; 0 for any number
	// Signer signs in place of the workspace's own key; nil for that key.
	Signer *packet.Signer
}

// WritePacket makes the packet of a notice. Files that are there already are
// replaced only when the new ones are whole. Volumes of a .pdf are written beside
// it, as in OUT-volume-01.pdf. Errors: *InputError, *CovertError, *NotClearedError,
// store.ErrNoKey.
func (d *Desk) WritePacket(ctx context.Context, o PacketOrder, p evidence.Progress) (_ packet.Summary, err error) {
	if err := packetName(o.Out); err != nil {
		return packet.Summary{}, err
	}
	proof, err := d.ProofPacket(ctx, o, p)
	if err != nil {
		return packet.Summary{}, err
	}
	defer func() { err = errors.Join(err, proof.Close()) }()
	return proof.Save(ctx, o.Out)
}

// packetName checks that a packet may be written to a file. Errors: *InputError.
func packetName(out string) error {
	if ext := strings.ToLower(filepath.Ext(out)); ext != ".pdf" && ext != ".zip" {
		return &InputError{fmt.Errorf("a packet is a .pdf or a .zip, and %s is neither", filepath.Base(out))}
	}
	return replaceable(out)
}

// enter writes into the log that the notice's evidence is opened for a packet, or
// that its files have left.
func (w *packetWriter) enter(ctx context.Context, a custody.Action, files ...evidence.Hash) error {
	e := custody.Entry{Action: a, Subject: w.order.Notice, Case: w.dossier.Notice.Case, Note: strings.TrimSpace("packet " + string(w.order.Edition))}
	return w.d.ws.Update(ctx, func(tx *store.Tx) error {
		if len(files) == 0 {
			return tx.Append(e)
		}
		for _, h := range files {
			e.Hashes = map[string]evidence.Hash{custody.HashFile: h}
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// WriteCasePacket makes the packet of the newest notice of a case; where there is
// none, of a draft about all its listings that were found infringing.
func (d *Desk) WriteCasePacket(ctx context.Context, caseID evidence.ID, out string, p evidence.Progress) (packet.Summary, error) {
	notices, err := AllBy[evidence.Notice](ctx, d, store.NoticesByCase, string(caseID))
	if err != nil {
		return packet.Summary{}, err
	}
	if len(notices) > 0 {
		return d.WritePacket(ctx, PacketOrder{Notice: notices[len(notices)-1].ID, Out: out}, p)
	}
	n, _, err := d.NewNotice(ctx, NoticeOrder{
		Case: caseID, Channel: JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, GoodFaith: true,
	})
	if err != nil {
		return packet.Summary{}, err
	}
	return d.WritePacket(ctx, PacketOrder{Notice: n.ID, Out: out}, p)
}

// packetWriter is the making of one packet.
type packetWriter struct {
	d        *Desk
	order    PacketOrder
	progress evidence.Progress
	dossier  notice.Dossier
	covert   *covert
	signer   *packet.Signer
	temp     string // the folder of the documents
	summary  packet.Summary
	seen     strings.Builder // the documents' text
	// certificate is the draft of a certification of the case, for a court; nil for
	// other editions, and for a notice outside a case.
	certificate *certificate
}

// newPacket gathers what the packet is made of, and checks that it may leave.
func (d *Desk) newPacket(ctx context.Context, o PacketOrder, p evidence.Progress) (*packetWriter, error) {
	w := &packetWriter{d: d, order: o, progress: p, signer: o.Signer}
	var err error
	if w.dossier, err = d.Dossier(ctx, o.Notice); err != nil {
		return nil, err
	}
	if o.Edition != PlatformEdition {
		if err := w.nameOurs(ctx); err != nil {
			return nil, err
		}
		for _, e := range w.dossier.Exhibits {
			w.dossier.Documents = append(w.dossier.Documents, e.Photos...)
		}
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	w.covert = newCovert(settings.Covert)
	if err := d.cleared(ctx, w.dossier.Exhibits); err != nil {
		return nil, err
	}
	if o.Edition == PlatformEdition && o.MaxBytes == 0 {
		w.order.MaxBytes = attachmentLimit(w.dossier.Notice.Channel)
	}
	if w.signer == nil {
		if w.signer, err = d.documentSigner(ctx); err != nil {
			return nil, err
		}
	}
	if w.signer.Stamp == nil && len(settings.Authorities) > 0 {
		signer := *w.signer
		signer.Stamp = func(ctx context.Context, signature []byte) ([]byte, error) {
			return d.stampSignature(ctx, settings.Authorities, signature)
		}
		w.signer = &signer
	}
	return w, nil
}

// attachmentLimit is how large a file the channel takes, in bytes; 0 where that is
// not known, or is more than mail takes.
func attachmentLimit(channel string) int64 {
	about, err := takedown.Describe(channel)
	if err != nil || about.Attachments == nil || about.Attachments.MaxBytes > packet.DefaultVolume {
		return 0
	}
	return int64(about.Attachments.MaxBytes)
}

// nameOurs puts into the manifests who captured, by what proxy and profile.
func (w *packetWriter) nameOurs(ctx context.Context) error {
	for i := range w.dossier.Exhibits {
		e := &w.dossier.Exhibits[i]
		a, ok := e.Capture.Artifact(evidence.RoleConfidential)
		if !ok {
			continue
		}
		c, err := w.d.confidential(ctx, a)
		if err != nil {
			return err
		}
		e.Manifest.Operator = c.Operator
		e.Manifest.Settings.Proxy, e.Manifest.Settings.Profile = cmp.Or(c.Proxy, e.Manifest.Settings.Proxy), cmp.Or(c.Profile, e.Manifest.Settings.Profile)
	}
	return nil
}

// print writes the documents into their folder.
func (w *packetWriter) print(ctx context.Context) error {
	open := func(volume int) (io.WriteCloser, error) { return os.Create(w.document(volume)) }
	files := packet.OpenFunc(func(h evidence.Hash) (io.ReadSeekCloser, error) { return w.d.ws.Blobs().Open(h) })
	draft, err := w.certify(ctx)
	if err != nil {
		return err
	}
	w.summary, err = packet.WriteVolumes(ctx, open, w.dossier, files, packet.Options{
		Now: w.d.cfg.Now(), Recipient: w.d.channelTitle(w.dossier.Notice.Channel), Edition: w.order.Edition, Tool: w.d.cfg.Tool,
		Draft: draft, Signer: w.signer, MaxVolume: w.order.MaxBytes, MaxPages: w.order.MaxPages, Scratch: w.temp, Progress: w.progress,
		Seen: func(line string) { w.seen.WriteString(line + "\n") },
	})
	if err != nil {
		return err
	}
	return w.covert.check("the document", w.seen.String())
}

// certify drafts the certification that a court's edition holds; nil for others.
func (w *packetWriter) certify(ctx context.Context) (*packet.Draft, error) {
	if w.order.Edition != CourtEdition || w.dossier.Case == nil {
		return nil, nil
	}
	c, err := w.d.certificate(ctx, w.dossier.Case.Name, w.progress)
	if err != nil {
		return nil, err
	}
	w.certificate = &c
	draft, err := c.draft(w.d.cfg.Now())
	return &draft, err
}

func (w *packetWriter) document(volume int) string {
	return filepath.Join(w.temp, fmt.Sprintf("document-%02d.pdf", volume))
}

// documents are the documents' names in a bag or beside each other.
func (w *packetWriter) documents(base string) map[int]string {
	names := map[int]string{0: base + ".pdf"}
	for _, v := range w.summary.Volumes {
		names[v.Number] = fmt.Sprintf("%s-volume-%02d.pdf", base, v.Number)
	}
	return names
}

// placePDF puts the documents where they were asked for, the one that names the
// others last.
func (w *packetWriter) placePDF(_ context.Context, out string) ([]evidence.Hash, error) {
	names := w.documents(strings.TrimSuffix(out, filepath.Ext(out)))
	names[0] = out
	var hashes []evidence.Hash
	for _, v := range w.summary.Volumes {
		if err := w.place(v.Number, names[v.Number]); err != nil {
			return nil, err
		}
		hashes = append(hashes, v.SHA256)
	}
	return append(hashes, w.summary.SHA256), w.place(0, names[0])
}

func (w *packetWriter) place(volume int, name string) error {
	_, err := writeWhole(name, func(out io.Writer) error { return w.copyDocument(out, volume) })
	return err
}

// copyDocument copies a document as it was made.
func (w *packetWriter) copyDocument(out io.Writer, volume int) error {
	f, err := os.Open(w.document(volume))
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, sum), f); err != nil {
		return err
	}
	if evidence.HashSum(sum.Sum(nil)) != w.hashOf(volume) {
		return errors.New("the document was changed after it was made: make it again")
	}
	return nil
}

// placeZIP writes a bag with the documents, the notice for machines, the evidence
// and its proofs.
func (w *packetWriter) placeZIP(ctx context.Context, out string) ([]evidence.Hash, error) {
	bag, err := w.bag(ctx)
	if err != nil {
		return nil, err
	}
	hash, err := writeWhole(out, func(out io.Writer) error { return bundle.WriteBag(ctx, out, bag) })
	return []evidence.Hash{hash}, err
}

func (w *packetWriter) bag(ctx context.Context) (bundle.Bag, error) {
	var asJSON, asCSV bytes.Buffer
	if err := errors.Join(notice.WriteJSON(&asJSON, w.dossier), notice.WriteCSV(&asCSV, w.dossier)); err != nil {
		return bundle.Bag{}, err
	}
	schema, err := assets.Schemas.ReadFile("schemas/notice.json")
	if err != nil {
		return bundle.Bag{}, err
	}
	bag := bundle.Bag{
		Name: "takedown-packet-" + string(w.dossier.Notice.ID), At: w.d.cfg.Now(),
		Info: []bundle.Field{{Label: "Source-Organization", Value: w.dossier.Brand.Owner.Name}, {Label: "External-Identifier", Value: string(w.dossier.Notice.ID)},
			{Label: "Internal-Sender-Description", Value: editionTitle(w.order.Edition)}},
		Files: []bundle.File{bundle.Text("notice.json", asJSON.Bytes()), bundle.Text("listings.csv", asCSV.Bytes()),
			bundle.Text("notice.schema.json", schema)},
	}
	for volume, name := range w.documents("notice") {
		bag.Files = append(bag.Files, bundle.File{Path: name, Hash: w.hashOf(volume), Open: func() (io.ReadCloser, error) { return os.Open(w.document(volume)) }})
	}
	gathered, err := w.evidence(ctx)
	if err != nil {
		return bag, err
	}
	bag.Files = append(bag.Files, gathered.files...)
	if w.order.Edition == CourtEdition {
		if err := w.addForCourt(ctx, &bag, gathered); err != nil {
			return bag, err
		}
	}
	for _, f := range bag.Files {
		if err := w.search(f, gathered.types[f.Path]); err != nil {
			return bag, err
		}
	}
	proofs, err := w.d.ws.Proofs(ctx, gathered.sealed)
	if err != nil {
		return bag, err
	}
	proofFiles, err := bundle.ProofFiles(proofs, gathered.exhibits)
	if err != nil {
		return bag, err
	}
	howTo, err := bundle.HowToVerify(proofs, gathered.exhibits)
	if err != nil {
		return bag, err
	}
	bag.Files = append(bag.Files, proofFiles...)
	bag.Tags = append(bag.Tags, bundle.Text("HOW-TO-VERIFY.txt", howTo))
	return bag, nil
}

func editionTitle(e Edition) string {
	switch e {
	case ClientEdition:
		return "Edition for the client: names who captured. Not to be handed on."
	case CourtEdition:
		return "Edition for the court: evidence as captured, with cookies and network traffic."
	}
	return "Edition for the marketplace."
}

func (w *packetWriter) hashOf(volume int) evidence.Hash {
	if volume == 0 {
		return w.summary.SHA256
	}
	return w.summary.Volumes[volume-1].SHA256
}

// search looks for names of the covert list in a file of the bag.
func (w *packetWriter) search(f bundle.File, mediaType string) error {
	if len(w.covert.terms) == 0 || path.Ext(f.Path) == ".pdf" && mediaType == "" {
		return nil // the text of our own documents has been looked through
	}
	if mediaType == "" && path.Ext(f.Path) == ".json" {
		mediaType = "application/json"
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return w.covert.checkFile(f.Path, mediaType, r)
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
