package packet

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
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

// rewriter turns what gofpdf writes into the document: the same objects, with
// the pictures in place of their stand-ins and numbered in the order of the
// pages, the properties in full Unicode, and a catalogue that names the
// language, which gofpdf cannot.
type rewriter struct {
	out     io.Writer
	n       int64 // bytes written
	spool   *spool
	source  []byte
	offsets []int64 // of the source's objects, by number
	moved   []int64 // of the objects written
}

var errSource = errors.New("gofpdf wrote a document of another shape than expected")

var (
	xrefEntry  = regexp.MustCompile(`(?m)^(\d{10}) 00000 n`)
	startXref  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)
	pictureRef = regexp.MustCompile(`/I([0-9a-f]+) (\d+) 0 R`)
	pictureNo  = regexp.MustCompile(mark + `(\d{8})`)
)

func (w *rewriter) write(source []byte, p properties) error {
	w.source = source
	end := startXref.FindSubmatch(source)
	if end == nil {
		return errSource
	}
	xref, err := strconv.Atoi(string(end[1]))
	if err != nil || xref > len(source) {
		return errSource
	}
	w.offsets = []int64{0}
	for _, m := range xrefEntry.FindAllSubmatch(source[xref:], -1) {
		at, err := strconv.ParseInt(string(m[1]), 10, 64)
		if err != nil || at >= int64(xref) {
			return errSource
		}
		w.offsets = append(w.offsets, at)
	}
	last := len(w.offsets) - 1 // the catalogue; the properties are before it
	if last < 4 || !bytes.Contains(w.object(last, xref), []byte("/Type /Catalog")) {
		return errSource
	}
	w.moved = make([]int64, last+1)
	if err := w.printf("%%PDF-1.7\n%%\xE2\xE3\xCF\xD3\n"); err != nil {
		return err
	}
	pictures, slots, err := w.pictures(xref)
	if err != nil {
		return err
	}
	if err := w.objects(xref, pictures, slots); err != nil {
		return err
	}
	w.begin(last - 1)
	if err := w.printf("%d 0 obj\n<<\n%s>>\nendobj\n", last-1, p.info()); err != nil {
		return err
	}
	w.begin(last)
	if err := w.printf("%s", p.catalogue(w.object(last, xref))); err != nil {
		return err
	}
	return w.trailer(last)
}

// object is the source's text of an object, from its number to the next object.
func (w *rewriter) object(n, xref int) []byte {
	from, to := w.offsets[n], int64(xref)
	for _, at := range w.offsets[1:] {
		if at > from && at < to {
			to = at
		}
	}
	return w.source[from:to]
}

// pictures finds the stand-ins: which object numbers they take up, sorted, and
// for each of gofpdf's names of a picture its place in the spool.
func (w *rewriter) pictures(xref int) (names map[string]int, slots []int, err error) {
	names = map[string]int{}
	for _, ref := range pictureRef.FindAllSubmatch(w.object(2, xref), -1) {
		slot, err := strconv.Atoi(string(ref[2]))
		if err != nil || slot >= len(w.offsets) {
			return nil, nil, errSource
		}
		no := pictureNo.FindSubmatch(w.object(slot, xref))
		if no == nil {
			return nil, nil, errSource
		}
		i, err := strconv.Atoi(string(no[1]))
		if err != nil || i >= len(w.spool.pictures) {
			return nil, nil, errSource
		}
		names[string(ref[1])] = i
		slots = append(slots, slot)
	}
	if len(slots) != len(w.spool.pictures) {
		return nil, nil, errSource
	}
	slices.Sort(slots)
	return names, slots, nil
}

// objects writes all objects but the last two, in the order of the source. The
// i-th picture of the spool takes the i-th slot.
func (w *rewriter) objects(xref int, names map[string]int, slots []int) error {
	order := make([]int, 0, len(w.offsets))
	for n := 1; n < len(w.offsets)-2; n++ {
		order = append(order, n)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(w.offsets[a], w.offsets[b]) })
	ends := make(map[int]int64, len(order))
	for i, n := range order {
		ends[n] = w.offsets[len(w.offsets)-2]
		if i+1 < len(order) {
			ends[n] = w.offsets[order[i+1]]
		}
	}
	for _, n := range order {
		w.begin(n)
		text := w.source[w.offsets[n]:ends[n]]
		if i, found := slices.BinarySearch(slots, n); found {
			if err := w.picture(n, w.spool.pictures[i]); err != nil {
				return err
			}
			continue
		}
		if n == 2 {
			text = pictureRef.ReplaceAllFunc(text, func(ref []byte) []byte {
				name := string(pictureRef.FindSubmatch(ref)[1])
				return fmt.Appendf(nil, "/I%s %d 0 R", name, slots[names[name]])
			})
		}
		if err := w.raw(text); err != nil {
			return err
		}
	}
	return nil
}

func (w *rewriter) picture(n int, p spooled) error {
	err := w.printf("%d 0 obj\n<</Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d>>\nstream\n",
		n, p.width, p.height, p.size)
	if err != nil {
		return err
	}
	copied, err := io.Copy(w.out, io.NewSectionReader(w.spool.file, p.at, p.size))
	w.n += copied
	if err != nil {
		return err
	}
	return w.printf("\nendstream\nendobj\n")
}

func (w *rewriter) trailer(last int) error {
	at := w.n
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", last+1)
	for _, offset := range w.moved[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	// The file's identifier (ISO 32000-1, 14.4), from its layout: the same
	// content has the same one.
	id := sha256.Sum256(b.Bytes())
	fmt.Fprintf(&b, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/ID [<%X> <%X>]\n>>\nstartxref\n%d\n%%%%EOF\n",
		last+1, last, last-1, id[:16], id[:16], at)
	return w.raw(b.Bytes())
}

func (w *rewriter) begin(object int) { w.moved[object] = w.n }

func (w *rewriter) raw(b []byte) error {
	n, err := w.out.Write(b)
	w.n += int64(n)
	return err
}

func (w *rewriter) printf(format string, args ...any) error {
	return w.raw(fmt.Appendf(nil, format, args...))
}

// info is the body of the document's information dictionary.
func (p *properties) info() string {
	var b strings.Builder
	for _, e := range [][2]string{{"Title", p.title}, {"Subject", p.subject}, {"Author", p.author}, {"Creator", p.creator}, {"Producer", "gofpdf"}} {
		if e[1] != "" {
			fmt.Fprintf(&b, "/%s %s\n", e[0], textString(e[1]))
		}
	}
	date := p.made.UTC().Format("20060102150405") + "Z"
	fmt.Fprintf(&b, "/CreationDate (D:%s)\n/ModDate (D:%s)\n", date, date)
	return b.String()
}

// catalogue is gofpdf's, with the language and with the title, not the file's
// name, over the viewer's window.
func (p *properties) catalogue(source []byte) string {
	extra := "/ViewerPreferences <</DisplayDocTitle true>>\n"
	if p.language != "" {
		extra += "/Lang " + textString(p.language) + "\n"
	}
	return strings.Replace(string(source), "/Type /Catalog\n", "/Type /Catalog\n"+extra, 1)
}

// textString writes a string of any script in the form PDF has for it, UTF-16
// with a byte order mark (ISO 32000-1, 7.9.2.2).
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}
