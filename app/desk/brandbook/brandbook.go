// Package brandbook is the workbook (.xlsx) in which a client fills in its brand:
// products, rights, authorisations and signatories, a sheet each.
//
// It turns workbooks into brand files and back. It knows nothing of the
// workspace and judges no right: a cell is read or refused, no more.
package brandbook

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

// The names of the sheets.
const (
	about          = "About"
	brand          = "Brand"
	products       = "Products"
	rights         = "Rights"
	registrations  = "Registrations"
	authorisations = "Authorisations"
	signatories    = "Signatories"
	markers        = "Genuine markers"
	features       = "Counterfeit features"
	pictures       = "Pictures"
	sellers        = "Authorised sellers"
)

// limits bound what a workbook from outside may unpack to, in bytes.
var limits = excelize.Options{UnzipSizeLimit: 256 << 20, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true}

// Read reads a workbook. Sheets and columns may be left out, but for the brand's
// name. The error lists every cell that cannot be read.
func Read(r io.Reader) (evidence.BrandFile, error) {
	var f evidence.BrandFile
	book, err := excelize.OpenReader(r, limits)
	if err != nil {
		return f, fmt.Errorf("read the workbook: %w", err)
	}
	defer book.Close()
	p := &reading{book: book}
	brands := read(p, brand, brandColumns)
	if len(brands) != 1 {
		p.fail("sheet %s: want one row with the brand, found %d", brand, len(brands))
		return f, errors.Join(p.errs...)
	}
	f.Brand = brands[0]
	f.Brand.Products = read(p, products, productColumns)
	f.Brand.Authorisations = read(p, authorisations, authorisationColumns)
	f.Brand.GenuineMarkers = read(p, markers, markerColumns)
	f.Brand.CounterfeitFeatures = read(p, features, featureColumns)
	f.Brand.Illustrations = read(p, pictures, pictureColumns)
	f.Brand.AuthorisedSellers = read(p, sellers, sellerColumns)
	f.Signatories = read(p, signatories, signatoryColumns)
	f.Rights = read(p, rights, rightColumns)
	for i := range f.Rights {
		r := &f.Rights[i]
		if r.Owner.Name == "" || r.Owner.Name == f.Brand.Owner.Name {
			r.Owner = f.Brand.Owner
		}
	}
	p.register(f.Rights)
	return f, errors.Join(p.errs...)
}

// register enters the rows of the sheet of registrations with their rights.
func (p *reading) register(all []evidence.Right) {
	for _, g := range read(p, registrations, registrationColumns) {
		i := slices.IndexFunc(all, func(r evidence.Right) bool { return strings.EqualFold(r.Register(), g.right) })
		if i < 0 {
			p.fail("sheet %s: %q is no right of the sheet %s", registrations, g.right, rights)
			continue
		}
		all[i].Registrations = append(all[i].Registrations, g.Registration)
	}
}

// reading gathers what is wrong with a workbook.
type reading struct {
	book *excelize.File
	errs []error
}

func (p *reading) fail(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

// read reads the rows of a sheet by the headings in its first row.
func read[T any](p *reading, sheet string, columns []column[T]) []T {
	if i, err := p.book.GetSheetIndex(sheet); err != nil || i < 0 {
		return nil
	}
	rows, err := p.book.GetRows(sheet)
	if err != nil {
		p.fail("sheet %s: %w", sheet, err)
		return nil
	}
	if len(rows) == 0 {
		return nil
	}
	places := p.place(sheet, rows[0], heads(columns))
	var out []T
	for i, row := range rows[1:] {
		var v T
		filled := false
		for j, cell := range row {
			cell = strings.TrimSpace(cell)
			if cell == "" || j >= len(places) || places[j] < 0 {
				continue
			}
			filled = true
			c := columns[places[j]]
			if err := c.set(&v, cell); err != nil {
				p.fail("sheet %s, row %d, %s: %w", sheet, i+2, c.head, err)
			}
		}
		if filled {
			out = append(out, v)
		}
	}
	return out
}

// place finds, for each cell of the first row, the column it heads.
func (p *reading) place(sheet string, row, known []string) []int {
	places := make([]int, len(row))
	for i, head := range row {
		head = strings.ToLower(strings.TrimSpace(head))
		places[i] = slices.Index(known, head)
		if head != "" && places[i] < 0 {
			p.fail("sheet %s: no column is called %q; there are %s", sheet, head, strings.Join(known, ", "))
		}
	}
	return places
}

func heads[T any](columns []column[T]) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.head
	}
	return out
}
