package packet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // scanned certificates
	"io"
	"slices"
	"strings"

	"golang.org/x/image/draw"

	"touchstone/report/packet/pdfpage"
	"touchstone/report/packet/strip"
	"touchstone/store/evidence"
)

// paper is a document that supports the notice: a register's certificate, an
// authorisation.
type paper struct {
	*evidence.Attachment
	file    evidence.Artifact
	parts   []part
	content []byte // of one that is attached as it is
	note    string // what of an attached file is not shown, as a sentence
	problem string
}

const (
	maxAttached = 20_000_000 // bytes of a file that is attached to the document
	maxShown    = 40         // pages of a file that are shown
)

// papers makes ready the documents of the dossier: pictures to be shown, other
// files to be attached.
func (p *printing) readPapers(ctx context.Context, d developer) error {
	for i := range p.dossier.Documents {
		a := &p.dossier.Documents[i]
		one := paper{Attachment: a}
		var ok bool
		if one.file, ok = a.Artifact(evidence.RoleAttachment); !ok {
			continue
		}
		err := one.read(ctx, d)
		if errors.Is(err, errSpool) || ctx.Err() != nil {
			return err
		}
		if err != nil {
			one.parts, one.content = nil, nil
			one.problem = fmt.Sprintf("The file %s (SHA-256 %s) is not enclosed: %v.", a.Name, one.file.SHA256, err)
			p.problem(a.ID, one.problem)
		}
		p.papers = append(p.papers, one)
	}
	return nil
}

func (p *paper) read(ctx context.Context, d developer) (err error) {
	switch p.file.MediaType {
	case "image/png":
		p.parts, err = d.cutTile(ctx, p.file, &cuts{})
	case "image/jpeg":
		var content []byte
		if content, err = d.read(p.file.SHA256); err != nil {
			return err
		}
		img, err := decode(content)
		if err != nil {
			return err
		}
		kept, err := d.encode(img)
		if err != nil {
			return err
		}
		p.parts = []part{wholePart(kept)}
	default:
		if p.file.Size > maxAttached {
			return fmt.Errorf("it has %s bytes, more than is attached to a document", digits(p.file.Size))
		}
		if p.content, err = d.read(p.file.SHA256); err == nil && p.file.MediaType == "application/pdf" {
			err = p.draw(ctx, d)
		}
	}
	return err
}

// draw makes pictures of a PDF's pages. One that cannot be drawn is attached all
// the same.
func (p *paper) draw(ctx context.Context, d developer) error {
	pages, err := pdfpage.Draw(ctx, p.content, maxShown, func(img *image.RGBA) error {
		kept, err := d.encode(img)
		if err == nil {
			p.parts = append(p.parts, wholePart(kept))
		}
		return err
	})
	if errors.Is(err, pdfpage.ErrUnreadable) {
		p.note = fmt.Sprintf("Not all of its pages are shown here: %v.", err)
		return nil
	}
	if pages > len(p.parts) {
		p.note = fmt.Sprintf("Of its %d pages the first %d are shown here.", pages, len(p.parts))
	}
	return err
}

// wholePart is a picture that is not cut.
func wholePart(s spooled) part {
	scale := min(textWidth/float64(s.width), partHeight/float64(s.height), maxScale)
	return part{spooled: s, across: s.width, bottom: s.height, scale: scale}
}

// read reads a file and checks its hash.
func (d *developer) read(h evidence.Hash) ([]byte, error) {
	f, err := d.files.Open(h)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, 200_000_000))
	if err == nil && evidence.HashOf(content) != h {
		err = errHash
	}
	return content, err
}

// decode reads a PNG or JPEG onto white.
func decode(content []byte) (*image.RGBA, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("it is not a picture in PNG or JPEG: %w", err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxDecoded/config.Height {
		return nil, fmt.Errorf("%w: it has %d x %d pixels", strip.ErrFormat, config.Width, config.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out, nil
}

// documents sets the papers behind the notice.
func (m *maker) documents() {
	s := m.sheet
	for i, p := range m.papers {
		s.page()
		if i == 0 {
			m.note("Supporting documents", 0)
		}
		head := word(attachmentKinds, p.Kind)
		m.note(head+"  "+clip(p.Name, 120), 1)
		s.para(styleOver, strings.ToUpper(head))
		s.space(1)
		s.para(styleHeading, clip(p.Name, 200))
		s.space(2)
		m.sheet.pairs([][2]string{{"Obtained", p.ObtainedAt.String()}, {"Type of file", p.file.MediaType}, {"Bytes", digits(p.file.Size)}, {"SHA-256", string(p.file.SHA256)}})
		switch {
		case p.problem != "":
			m.banner("Not enclosed", p.problem)
		case p.content != nil:
			s.space(2)
			follow := ""
			if len(p.parts) > 0 {
				follow = "Its pages follow. "
			}
			s.para(styleBody, follow+"The file is attached to this document as it is: open it from the viewer's list of attachments. "+p.note)
		}
		s.space(3)
		for n, part := range p.parts {
			if p.file.MediaType == "application/pdf" {
				m.sheetOf(part, n+1, len(p.parts), p.Name)
				continue
			}
			m.scan(part)
		}
	}
}

// sheetOf sets a page of a paper on a page of its own, framed as the sheet it is.
func (m *maker) sheetOf(p part, n, of int, name string) {
	s := m.sheet
	s.page()
	s.para(styleSmall, fmt.Sprintf("%s, page %d of %d", clip(name, 120), n, of))
	s.space(1)
	width, height := float64(p.across)*p.scale, float64(p.bottom)*p.scale
	if room := bottom - s.y; height > room {
		width, height = width*room/height, room
	}
	x := left + (textWidth-width)/2
	s.place(p.spooled, x, s.y, width, height)
	s.stroke(rule, 0.2)
	s.pdf.Rect(x, s.y, width, height, "D")
	s.y += height
}

// scan sets a picture of a paper, on a page of its own unless there is room.
func (m *maker) scan(p part) {
	s := m.sheet
	width, height := float64(p.across)*p.scale, float64(p.bottom-p.top)*p.scale
	if room := bottom - s.y; height > room && room < height*0.7 {
		s.page()
	}
	if room := bottom - s.y; height > room {
		width, height = width*room/height, room
	}
	s.place(p.spooled, left+(textWidth-width)/2, s.y, width, height)
	s.y += height + 2
}

// attached are the files that go into the document as they are.
func (m *maker) attached() []attachedFile {
	var out []attachedFile
	if m.volume != nil {
		return out
	}
	for _, p := range m.papers {
		if p.content != nil {
			out = append(out, attachedFile{name: p.Name, mediaType: p.file.MediaType, about: word(attachmentKinds, p.Kind), content: p.content})
		}
	}
	return slices.Clip(out)
}

var attachmentKinds = map[evidence.AttachmentKind]string{
	evidence.AttachedCertificate:   "Certificate of the right",
	evidence.AttachedAuthorisation: "Authorisation",
	evidence.AttachedPhoto:         "Photo of the test purchase",
	evidence.AttachedDocument:      "Document of the test purchase",
}
