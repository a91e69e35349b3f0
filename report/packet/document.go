package packet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// properties are what the document says about itself.
type properties struct {
	title, subject, author, creator string
	language                        string // as in en or zh
	made                            time.Time
}

// document writes the file: what gofpdf made, with fonts cut down to what was
// drawn, pictures, attached files, properties in full Unicode, and a signature,
// all of which gofpdf cannot. It goes from the first byte to the last and holds no
// more than one object.
type document struct {
	out     io.Writer
	n       int64
	sum     hash.Hash
	offsets []int64 // of the objects, by number less one

	properties properties
	faces      []*face
	pictures   []spooled
	spool      *spool
	attached   []attachedFile
	signer     *Signer
}

// attachedFile is a file within the document.
type attachedFile struct {
	name, mediaType, about string
	content                []byte
}

// write writes the document made of what gofpdf wrote. The problem says why its
// signature has no time stamp though it was asked for.
func (d *document) write(ctx context.Context, text []byte) (problem string, err error) {
	s, err := parseSource(text)
	if err != nil {
		return "", err
	}
	d.sum = sha256.New()
	d.offsets = make([]int64, s.last)
	field, signature := 0, 0
	if d.signer != nil {
		field, signature = d.number(), d.number()
	}
	if err := d.printf("%%PDF-1.7\n%%\xE2\xE3\xCF\xD3\n"); err != nil {
		return "", err
	}
	if err := d.copy(s, field); err != nil {
		return "", err
	}
	fonts, err := d.fonts()
	if err != nil {
		return "", err
	}
	xobjects, err := d.images()
	if err != nil {
		return "", err
	}
	if err := d.object(resourcesNumber, "<</ProcSet [/PDF /Text /ImageC] /Font <<%s>> /XObject <<%s>>>>", fonts, xobjects); err != nil {
		return "", err
	}
	names, err := d.files()
	if err != nil {
		return "", err
	}
	if err := d.object(s.last-1, "<<\n%s>>", d.properties.info()); err != nil {
		return "", err
	}
	if err := d.object(s.last, "<<%s>>", d.catalogue(s, names, field)); err != nil {
		return "", err
	}
	if d.signer == nil {
		return "", d.raw(d.ending(s.last))
	}
	if err := d.object(field, "<</Type /Annot /Subtype /Widget /FT /Sig /T %s /F 132 /Rect [0 0 0 0] /P %d 0 R /V %d 0 R>>",
		textString("Signature"), firstPageNumber, signature); err != nil {
		return "", err
	}
	return d.sign(ctx, signature, s.last)
}

// copy writes gofpdf's objects but those that are made anew. The first page gets
// the field that a signature needs.
func (d *document) copy(s *source, field int) error {
	for _, o := range s.objects {
		if o.number == resourcesNumber || o.number >= s.last-1 {
			continue
		}
		body := s.body(o)
		if o.number == firstPageNumber && field != 0 {
			var err error
			if body, err = withField(body, field); err != nil {
				return err
			}
		}
		d.offsets[o.number-1] = d.n
		if err := d.raw(body); err != nil {
			return err
		}
	}
	return nil
}

// withField adds the field to the page's annotations.
func withField(page []byte, field int) ([]byte, error) {
	if annots := []byte("/Annots ["); bytes.Contains(page, annots) {
		return bytes.Replace(page, annots, fmt.Appendf(nil, "/Annots [%d 0 R ", field), 1), nil
	}
	resources := []byte("/Resources 2 0 R")
	if !bytes.Contains(page, resources) {
		return nil, errSource
	}
	return bytes.Replace(page, resources, fmt.Appendf(resources, "\n/Annots [%d 0 R]", field), 1), nil
}

// images writes the pictures and returns how pages name them.
func (d *document) images() (string, error) {
	var names strings.Builder
	for i, p := range d.pictures {
		n := d.number()
		fmt.Fprintf(&names, "/P%d %d 0 R ", i+1, n)
		head := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent 8 /Filter /DCTDecode", p.width, p.height, p.space)
		if err := d.stream(n, head, p.size, io.NewSectionReader(d.spool.file, p.at, p.size)); err != nil {
			return "", err
		}
	}
	return names.String(), nil
}

// files writes what is attached and returns the catalogue's entry for it.
func (d *document) files() (string, error) {
	if len(d.attached) == 0 {
		return "", nil
	}
	var names strings.Builder
	for i, a := range d.attached {
		file, spec := d.number(), d.number()
		head := fmt.Sprintf("/Type /EmbeddedFile /Subtype /%s /Params <</Size %d>>", nameOf(a.mediaType), len(a.content))
		if err := d.packed(file, head, a.content); err != nil {
			return "", err
		}
		err := d.object(spec, "<</Type /Filespec /F %s /UF %s /Desc %s /AFRelationship /Supplement /EF <</F %d 0 R>>>>",
			textString(a.name), textString(a.name), textString(a.about), file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&names, "%s %d 0 R ", textString(fmt.Sprintf("%04d %s", i+1, a.name)), spec)
	}
	return "/Names <</EmbeddedFiles <</Names [" + names.String() + "]>>>>\n", nil
}

// nameOf writes a text as a name (ISO 32000-1, 7.3.5), without its slash.
func nameOf(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' || strings.IndexByte("#()<>[]{}/%", c) >= 0 {
			fmt.Fprintf(&b, "#%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// catalogue is the root of the document.
func (d *document) catalogue(s *source, names string, field int) string {
	var b strings.Builder
	b.WriteString("\n/Type /Catalog\n/Pages 1 0 R\n/ViewerPreferences <</DisplayDocTitle true>>\n")
	if s.outline != 0 {
		fmt.Fprintf(&b, "/Outlines %d 0 R\n/PageMode /UseOutlines\n", s.outline)
	}
	if d.properties.language != "" {
		fmt.Fprintf(&b, "/Lang %s\n", textString(d.properties.language))
	}
	b.WriteString(names)
	if field != 0 {
		fmt.Fprintf(&b, "/AcroForm <</Fields [%d 0 R] /SigFlags 3>>\n", field) // signatures exist; nothing but appending keeps them
	}
	return b.String()
}

// ending is the table of objects and the trailer, as they follow here.
func (d *document) ending(root int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(d.offsets)+1)
	for _, offset := range d.offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	// The file's identifier (ISO 32000-1, 14.4), from what is written so far: the
	// same content has the same one.
	id := d.sum.Sum(nil)[:16]
	fmt.Fprintf(&b, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/ID [<%X> <%X>]\n>>\nstartxref\n%d\n%%%%EOF\n",
		len(d.offsets)+1, root, root-1, id, id, d.n)
	return b.Bytes()
}

// number gives out the number of an object to come.
func (d *document) number() int {
	d.offsets = append(d.offsets, 0)
	return len(d.offsets)
}

// object writes an object's content.
func (d *document) object(number int, format string, args ...any) error {
	d.offsets[number-1] = d.n
	return d.printf("%d 0 obj\n"+format+"\nendobj\n", append([]any{number}, args...)...)
}

// packed writes a stream, compressed.
func (d *document) packed(number int, head string, content []byte) error {
	data, err := deflate(content)
	if err != nil {
		return err
	}
	return d.stream(number, head+" /Filter /FlateDecode", int64(len(data)), bytes.NewReader(data))
}

// stream writes a stream of a size.
func (d *document) stream(number int, head string, size int64, content io.Reader) error {
	d.offsets[number-1] = d.n
	if err := d.printf("%d 0 obj\n<<%s /Length %d>>\nstream\n", number, head, size); err != nil {
		return err
	}
	n, err := io.Copy(io.MultiWriter(d.out, d.sum), content)
	d.n += n
	if err != nil {
		return err
	}
	if n != size {
		return io.ErrUnexpectedEOF
	}
	return d.printf("\nendstream\nendobj\n")
}

func (d *document) raw(b []byte) error {
	d.sum.Write(b)
	n, err := d.out.Write(b)
	d.n += int64(n)
	return err
}

func (d *document) printf(format string, args ...any) error {
	return d.raw(fmt.Appendf(nil, format, args...))
}

// info is the body of the document's information dictionary.
func (p *properties) info() string {
	var b strings.Builder
	for _, e := range [][2]string{{"Title", p.title}, {"Subject", p.subject}, {"Author", p.author}, {"Creator", p.creator}, {"Producer", "gofpdf"}} {
		if e[1] != "" {
			fmt.Fprintf(&b, "/%s %s\n", e[0], textString(e[1]))
		}
	}
	fmt.Fprintf(&b, "/CreationDate %s\n/ModDate %s\n", dateString(p.made), dateString(p.made))
	return b.String()
}

func dateString(t time.Time) string { return "(D:" + t.UTC().Format("20060102150405") + "Z)" }

// textString writes a string of any script in the form PDF has for it, UTF-16
// with a byte order mark (ISO 32000-1, 7.9.2.2).
func textString(s string) string { return fmt.Sprintf("<%X>", utf16String(s)) }

// utf16String is a text in UTF-16, the higher byte first, with a byte order mark.
func utf16String(s string) string {
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}
