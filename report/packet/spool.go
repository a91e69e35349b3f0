package packet

import (
	"fmt"
	"os"
	"sync"
)

// spool keeps the pictures of a packet on disk until its documents are written:
// gofpdf would hold them in memory three times over. It is safe for concurrent
// use.
type spool struct {
	file *os.File
	mu   sync.Mutex
	end  int64
}

// spooled is a picture in the spool's file, a JPEG.
type spooled struct {
	at, size      int64
	width, height int
	space         string // DeviceRGB or DeviceGray
}

// newSpool makes a spool in a folder, "" for the system's.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "packet-*.jpegs")
	if err != nil {
		return nil, err
	}
	return &spool{file: f}, nil
}

func (p *spool) close() error {
	if err := p.file.Close(); err != nil {
		return err
	}
	return os.Remove(p.file.Name())
}

// add keeps a picture.
func (p *spool) add(data []byte, width, height int, space string) (spooled, error) {
	p.mu.Lock()
	at := p.end
	p.end += int64(len(data))
	p.mu.Unlock()
	if _, err := p.file.WriteAt(data, at); err != nil {
		return spooled{}, fmt.Errorf("keep a picture: %w", err)
	}
	return spooled{at, int64(len(data)), width, height, space}, nil
}

// place draws a picture of the spool; x and y are its upper left corner.
func (s *sheet) place(p spooled, x, y, w, h float64) {
	s.pictures = append(s.pictures, p)
	s.pdf.RawWriteStr(fmt.Sprintf("q %.2f 0 0 %.2f %.2f %.2f cm /P%d Do Q", w/point, h/point, x/point, (pageHeight-y-h)/point, len(s.pictures)))
}
