package packet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"os"

	"github.com/jung-kurt/gofpdf"
)

// spool keeps the pictures of a document on disk until it is written. gofpdf
// would hold them in memory three times over, and would number them in an order
// that differs from run to run. So it is given stand-ins of one pixel, and the
// rewriter puts the pictures in their place.
type spool struct {
	file     *os.File
	end      int64
	pictures []spooled
	dot      []byte // a JPEG of one pixel
}

// spooled is a picture in the spool's file.
type spooled struct {
	at, size      int64
	width, height int
}

func newSpool() (*spool, error) {
	var dot bytes.Buffer
	if err := jpeg.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1)), nil); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "packet-*.jpegs")
	if err != nil {
		return nil, err
	}
	return &spool{file: f, dot: dot.Bytes()}, nil
}

func (p *spool) close() error {
	if err := p.file.Close(); err != nil {
		return err
	}
	return os.Remove(p.file.Name())
}

// mark begins the JPEG comment by which a stand-in is recognised.
const mark = "picture of the packet "

// add keeps a JPEG and registers its stand-in under the name returned.
func (p *spool) add(pdf *gofpdf.Fpdf, data []byte) (name string, err error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	if _, err := p.file.WriteAt(data, p.end); err != nil {
		return "", fmt.Errorf("keep a picture: %w", err)
	}
	name = fmt.Sprintf("%s%08d", mark, len(p.pictures))
	p.pictures = append(p.pictures, spooled{p.end, int64(len(data)), config.Width, config.Height})
	p.end += int64(len(data))
	// A comment segment after the start-of-image marker (ITU T.81, B.2.4.5).
	standIn := append([]byte{0xFF, 0xD8, 0xFF, 0xFE}, binary.BigEndian.AppendUint16(nil, uint16(len(name)+2))...)
	standIn = append(append(standIn, name...), p.dot[2:]...)
	pdf.RegisterImageOptionsReader(name, gofpdf.ImageOptions{ImageType: "jpg"}, bytes.NewReader(standIn))
	return name, pdf.Error()
}

// place draws a picture of the spool.
func (s *sheet) place(name string, x, y, w, h float64) {
	s.pdf.ImageOptions(name, x, y, w, h, false, gofpdf.ImageOptions{ImageType: "jpg"}, 0, "")
}
