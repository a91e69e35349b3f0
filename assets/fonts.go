package assets

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
)

//go:embed fonts/*.ttf.gz
var fontFiles embed.FS

// Font names one of the TrueType fonts that travel with the program. Where each
// comes from, and its licence, is in fonts/README.md.
type Font string

// The fonts. NotoSans is the text face; the others stand in for scripts it
// lacks, in the order of Fonts.
const (
	NotoSans         Font = "NotoSans-Regular"
	NotoSansSemiBold Font = "NotoSans-SemiBold"
	NotoSansSC       Font = "NotoSansSC-Regular"
	NotoSansKR       Font = "NotoSansKR-Regular"
	NotoSansArabic   Font = "NotoSansArabic-Regular"
	NotoSansThai     Font = "NotoSansThai-Regular"
	DejaVuSans       Font = "DejaVuSans"
	DejaVuSansMono   Font = "DejaVuSansMono"
)

// Fonts lists every font.
var Fonts = [...]Font{
	NotoSans, NotoSansSemiBold, NotoSansSC, NotoSansKR, NotoSansArabic,
	NotoSansThai, DejaVuSans, DejaVuSansMono,
}

// TTF is the font's file, in memory of its own.
func (f Font) TTF() ([]byte, error) {
	packed, err := fontFiles.ReadFile("fonts/" + string(f) + ".ttf.gz")
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", f, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", f, err)
	}
	ttf, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", f, err)
	}
	return ttf, nil
}
