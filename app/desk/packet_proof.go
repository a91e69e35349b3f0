package desk

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"touchstone/report/notice"
	"touchstone/report/packet"
	"touchstone/report/packet/pdfpage"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// PacketProof is a packet that is made and has not left: its pages can be looked
// at, and what is saved are the very bytes that were. It is safe for concurrent
// use, but for Close.
type PacketProof struct {
	w       *packetWriter
	release func() error

	mu     sync.Mutex
	reader *pdfpage.Reader // of one document at a time; nil for none
	file   *os.File
	volume int // whose they are
}

// ProofDocument is one of a proof's documents.
type ProofDocument struct {
	Volume int // 0 for the notice
	Pages  int
}

// ProofPacket makes the packet of a notice in a folder of its own, which Close
// takes away. Errors: *CovertError, *NotClearedError, store.ErrNoKey.
func (d *Desk) ProofPacket(ctx context.Context, o PacketOrder, p evidence.Progress) (*PacketProof, error) {
	w, err := d.newPacket(ctx, o, p)
	if err != nil {
		return nil, err
	}
	proof := &PacketProof{w: w}
	if w.temp, proof.release, err = d.ws.Scratch(); err != nil {
		return nil, fmt.Errorf("make the packet of %s: %w", o.Notice, err)
	}
	err = w.enter(ctx, custody.EvidenceOpened)
	if err == nil {
		err = w.print(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("make the packet of %s: %w", o.Notice, errors.Join(err, proof.Close()))
	}
	return proof, nil
}

// LookAtPacket is ProofPacket of which pages are drawn at once: what draws them is
// made ready beside it.
func (d *Desk) LookAtPacket(ctx context.Context, o PacketOrder, p evidence.Progress) (proof *PacketProof, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return pdfpage.Prepare(ctx) })
	g.Go(func() (err error) {
		proof, err = d.ProofPacket(ctx, o, p)
		return err
	})
	if err := g.Wait(); err != nil {
		if proof != nil {
			err = errors.Join(err, proof.Close())
		}
		return nil, err
	}
	return proof, nil
}

// Summary is what came out.
func (f *PacketProof) Summary() packet.Summary { return f.w.summary }

// Documents lists the documents: the notice, and the volumes that it names.
func (f *PacketProof) Documents() []ProofDocument {
	s := f.w.summary
	documents := []ProofDocument{{Pages: s.Pages}}
	for _, v := range s.Volumes {
		documents[0].Pages -= v.Pages
		documents = append(documents, ProofDocument{v.Number, v.Pages})
	}
	return documents
}

// Page draws a page of a document, counted from 0, as large as goes into so many
// pixels.
func (f *PacketProof) Page(ctx context.Context, volume, page int, within image.Point) (*image.RGBA, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.reader == nil || f.volume != volume {
		if err := errors.Join(f.shut(), f.open(ctx, volume)); err != nil {
			return nil, fmt.Errorf("open the packet: %w", err)
		}
	}
	img, err := f.reader.Page(ctx, page, within)
	if err != nil {
		return nil, fmt.Errorf("draw page %d: %w", page+1, err)
	}
	return img, nil
}

func (f *PacketProof) open(ctx context.Context, volume int) error {
	file, err := os.Open(f.w.document(volume))
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		f.reader, err = pdfpage.Open(ctx, file, info.Size())
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.file, f.volume = file, volume
	return nil
}

// shut lets go of the document that is open, if any.
func (f *PacketProof) shut() error {
	if f.reader == nil {
		return nil
	}
	err := errors.Join(f.reader.Close(), f.file.Close())
	f.reader, f.file = nil, nil
	return err
}

// Save writes the packet: a .pdf, with its volumes beside it, or a .zip with the
// evidence around them. Errors: *InputError, *CovertError.
func (f *PacketProof) Save(ctx context.Context, out string) (packet.Summary, error) {
	summary := f.w.summary
	if err := packetName(out); err != nil {
		return summary, err
	}
	place := f.w.placePDF
	if strings.EqualFold(filepath.Ext(out), ".zip") {
		place = f.w.placeZIP
	}
	hashes, err := place(ctx, out)
	if err != nil {
		return summary, fmt.Errorf("write the packet %s: %w", out, err)
	}
	findings, err := f.w.d.findings(ctx, f.w.dossier)
	if err != nil {
		return summary, err
	}
	summary.Problems = slices.Clone(summary.Problems)
	for _, g := range findings {
		if g.Severity == notice.Error {
			summary.Problems = append(summary.Problems, packet.Problem{Subject: g.Subject, What: "the notice must not leave as it is: " + g.What})
		}
	}
	return summary, f.w.enter(ctx, custody.Exported, hashes...)
}

// Close takes the documents away.
func (f *PacketProof) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.shut(), f.release())
}
