package packet

import (
	"context"
	"errors"
	"io"
	"math"

	"touchstone/report/notice"
)

// writeWhole writes the packet of the dossier as one document, however large.
func writeWhole(ctx context.Context, w io.Writer, d notice.Dossier, f Files, o Options) (Summary, error) {
	return writeHooked(ctx, w, d, f, o, nil)
}

// writeHooked is writeWhole with a hook that is told of every run of text drawn.
func writeHooked(ctx context.Context, w io.Writer, d notice.Dossier, f Files, o Options, hook func(drawn)) (_ Summary, err error) {
	o.MaxVolume, o.MaxPages = math.MaxInt64, 0
	p, err := newPrinting(&d, o)
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, p.spool.close()) }()
	p.hook = hook
	err = p.write(ctx, func(int) (io.WriteCloser, error) { return unclosed{w}, nil }, f)
	return p.summary, err
}

// unclosed is a writer that its owner closes.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
