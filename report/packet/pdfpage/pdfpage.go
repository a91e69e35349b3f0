// Package pdfpage draws pages of PDF files: certificates of registers, letters of
// authorisation. Such files come from outside, so PDFium draws them as WebAssembly
// in a sandbox of its own, without files, network or environment, with little
// memory and within a time.
package pdfpage

import (
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

// Draw draws the first pages of a PDF, at most so many, and returns how many it has.
// Page is called with each in turn; the picture is good until it returns. Errors:
// ErrUnreadable, and what page returns.
func Draw(ctx context.Context, content []byte, most int, page func(*image.RGBA) error) (pages int, err error) {
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	pool, err := webassembly.Init(webassembly.Config{
		Context: limited, MaxIdle: 1, MaxTotal: 1, Stdout: io.Discard, Stderr: io.Discard,
		FSConfig: wazero.NewFSConfig(),
		RuntimeConfig: wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(maxMemory).WithCloseOnContextDone(true).WithCompilationCache(compiled()),
	})
	if err != nil {
		return 0, fmt.Errorf("start PDFium: %w", err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pdf, err := pool.GetInstance(maxTime)
	if err != nil {
		return 0, fmt.Errorf("start PDFium: %w", err)
	}
	// The first start, which compiles, is not held against the file.
	defer time.AfterFunc(maxTime, cancel).Stop()
	d := drawing{ctx: ctx, pdf: pdf}
	return d.draw(content, most, page)
}

// drawing is one run of Draw.
type drawing struct {
	ctx context.Context
	pdf pdfium.Pdfium
}

func (d *drawing) draw(content []byte, most int, page func(*image.RGBA) error) (pages int, err error) {
	opened, err := d.pdf.OpenDocument(&requests.OpenDocument{File: &content})
	if err != nil {
		return 0, d.unreadable(err)
	}
	count, err := d.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return 0, d.unreadable(err)
	}
	for i := range min(count.PageCount, most) {
		if err := d.page(opened.Document, i, page); err != nil {
			return count.PageCount, err
		}
	}
	return count.PageCount, nil
}

func (d *drawing) page(document references.FPDF_DOCUMENT, i int, page func(*image.RGBA) error) error {
	drawn, err := d.pdf.RenderPageInPixels(&requests.RenderPageInPixels{
		Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: document, Index: i}},
		Width: maxWidth, Height: maxHeight, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return d.unreadable(err)
	}
	defer drawn.Cleanup()
	img, ok := drawn.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return fmt.Errorf("%w: page %d", ErrUnreadable, i+1)
	}
	return page(img)
}

// unreadable is ErrUnreadable with its cause, unless the caller has given up.
func (d *drawing) unreadable(err error) error {
	if d.ctx.Err() != nil {
		return context.Cause(d.ctx)
	}
	return fmt.Errorf("%w (%w)", ErrUnreadable, err)
}
