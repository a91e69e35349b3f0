// Package pdfpage draws pages of PDF files: certificates of registers, letters of
// authorisation, our own packets. Most come from outside, so PDFium draws them as
// WebAssembly in a sandbox of its own, without files, network or environment, with
// little memory and within a time.
package pdfpage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// ErrUnreadable means that a file is no PDF that can be drawn: it is damaged, wants
// a password, or takes too long.
var ErrUnreadable = errors.New("its pages cannot be drawn")

// The measures of a page drawn, and what drawing may take.
const (
	maxWidth  = 1240 // pixels: A4 at 150 to the inch
	maxHeight = 2480
	maxMemory = 4096 // pages of 64 KiB
	maxTime   = 60 * time.Second
)

// compiled keeps PDFium's machine code for the next file: to make it takes seconds.
var compiled = sync.OnceValue(wazero.NewCompilationCache)

// Prepare makes ready to draw, which takes seconds the first time.
func Prepare(ctx context.Context) error {
	pool, err := start(ctx)
	if err != nil {
		return err
	}
	return pool.Close()
}

// start starts PDFium, which ends with the context.
func start(ctx context.Context) (pdfium.Pool, error) {
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, Stdout: io.Discard, Stderr: io.Discard,
		FSConfig: wazero.NewFSConfig(),
		RuntimeConfig: wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(maxMemory).WithCloseOnContextDone(true).WithCompilationCache(compiled()),
	})
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	return pool, nil
}

// Reader draws pages of one PDF in any order, one at a time. It is safe for
// concurrent use.
type Reader struct {
	pool pdfium.Pool
	kill context.CancelFunc // ends PDFium, whatever it does

	mu       sync.Mutex
	pdf      pdfium.Pdfium
	document references.FPDF_DOCUMENT
	pages    int
}

// Open opens a PDF of a size in bytes, of which it reads what the pages drawn need.
// The context limits the opening only. Errors: ErrUnreadable.
func Open(ctx context.Context, file io.ReadSeeker, size int64) (*Reader, error) {
	life, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, kill)()
	pool, err := start(life)
	if err != nil {
		kill()
		return nil, err
	}
	r := &Reader{pool: pool, kill: kill}
	if err := r.open(ctx, file, size); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Reader) open(ctx context.Context, file io.ReadSeeker, size int64) (err error) {
	if r.pdf, err = r.pool.GetInstance(maxTime); err != nil {
		return fmt.Errorf("start PDFium: %w", err)
	}
	// The first start, which compiles, is not held against the file.
	defer time.AfterFunc(maxTime, r.kill).Stop()
	opened, err := r.pdf.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: size})
	if err != nil {
		return unreadable(ctx, err)
	}
	r.document = opened.Document
	count, err := r.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: r.document})
	if err != nil {
		return unreadable(ctx, err)
	}
	r.pages = count.PageCount
	return nil
}

// Pages is how many there are.
func (r *Reader) Pages() int { return r.pages }

// Page draws a page, counted from 0, as large as goes into so many pixels. Once a
// page has taken too long the reader draws no other. Errors: ErrUnreadable.
func (r *Reader) Page(ctx context.Context, page int, within image.Point) (*image.RGBA, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil { // while it waited for its turn
		return nil, context.Cause(ctx)
	}
	defer time.AfterFunc(maxTime, r.kill).Stop()
	var out *image.RGBA
	err := r.draw(context.WithoutCancel(ctx), page, within, func(img *image.RGBA) error {
		out = image.NewRGBA(img.Rect)
		copy(out.Pix, img.Pix)
		return nil
	})
	return out, err
}

// draw hands over a page drawn, which is good until take returns.
func (r *Reader) draw(ctx context.Context, page int, within image.Point, take func(*image.RGBA) error) error {
	drawn, err := r.pdf.RenderPageInPixels(&requests.RenderPageInPixels{
		Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: r.document, Index: page}},
		Width: within.X, Height: within.Y, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return unreadable(ctx, err)
	}
	defer drawn.Cleanup()
	img, ok := drawn.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return fmt.Errorf("%w: page %d", ErrUnreadable, page+1)
	}
	return take(img)
}

// Close gives PDFium's memory back, when a page that is being drawn is done.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.kill()
	return r.pool.Close()
}

// Draw draws the first pages of a PDF, at most so many, and returns how many it has.
// Page is called with each in turn; the picture is good until it returns. Errors:
// ErrUnreadable, and what page returns.
func Draw(ctx context.Context, content []byte, most int, page func(*image.RGBA) error) (pages int, err error) {
	r, err := Open(ctx, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	defer context.AfterFunc(ctx, r.kill)()
	defer time.AfterFunc(maxTime, r.kill).Stop()
	for i := range min(r.pages, most) {
		if err := r.draw(ctx, i, image.Pt(maxWidth, maxHeight), page); err != nil {
			return r.pages, err
		}
	}
	return r.pages, nil
}

// unreadable is ErrUnreadable with its cause, unless the caller has given up.
func unreadable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w (%w)", ErrUnreadable, err)
}
