package brandbook

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

// Write writes the workbook of a brand: of one without a name, an empty form to
// fill in.
func Write(w io.Writer, f evidence.BrandFile) error {
	book := excelize.NewFile()
	defer book.Close()
	p := &writing{book: book}
	if err := book.SetSheetName("Sheet1", about); err != nil {
		return err
	}
	p.about = append(p.about, []any{"sheet", "column", "what belongs in it"})
	var brands []evidence.Brand
	if f.Brand.Name != "" {
		brands = append(brands, f.Brand)
	}
	write(p, brand, brandColumns, brands)
	write(p, products, productColumns, f.Brand.Products)
	write(p, rights, rightColumns, f.Rights)
	write(p, registrations, registrationColumns, registeredIn(f.Rights))
	write(p, authorisations, authorisationColumns, f.Brand.Authorisations)
	write(p, signatories, signatoryColumns, f.Signatories)
	write(p, markers, markerColumns, f.Brand.GenuineMarkers)
	write(p, features, featureColumns, f.Brand.CounterfeitFeatures)
	write(p, pictures, pictureColumns, f.Brand.Illustrations)
	write(p, sellers, sellerColumns, f.Brand.AuthorisedSellers)
	p.sheet(about, p.about, []float64{22, 22, 90})
	if p.err != nil {
		return fmt.Errorf("write the workbook: %w", p.err)
	}
	_, err := book.WriteTo(w)
	return err
}

func registeredIn(all []evidence.Right) []registered {
	var out []registered
	for _, r := range all {
		for _, g := range r.Registrations {
			out = append(out, registered{r.Register(), g})
		}
	}
	return out
}

// writing fills a workbook until something fails.
type writing struct {
	book  *excelize.File
	about [][]any
	err   error
}

// write adds a sheet with a row for each item, and explains its columns.
func write[T any](p *writing, sheet string, columns []column[T], items []T) {
	if p.err == nil {
		_, p.err = p.book.NewSheet(sheet)
	}
	rows := [][]any{{}}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		rows[0] = append(rows[0], c.head)
		p.about = append(p.about, []any{sheet, c.head, c.note})
		widths[i] = max(18, min(60, 640/float64(len(columns)*10)))
	}
	for _, item := range items {
		row := make([]any, len(columns))
		for i, c := range columns {
			row[i] = c.text(item)
		}
		rows = append(rows, row)
	}
	p.sheet(sheet, rows, widths)
}

// sheet writes rows under a bold heading that stays in view. The cells are text,
// so that a number keeps its zeros and a day its form.
func (p *writing) sheet(name string, rows [][]any, widths []float64) {
	do := func(err error) {
		if p.err == nil {
			p.err = err
		}
	}
	text, err := p.book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	do(err)
	bold, err := p.book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	do(err)
	last, err := excelize.ColumnNumberToName(len(widths))
	do(err)
	if p.err != nil {
		return
	}
	do(p.book.SetColStyle(name, "A:"+last, text))
	for i, width := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		do(err)
		do(p.book.SetColWidth(name, column, column, width))
	}
	for i, row := range rows {
		do(p.book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row))
	}
	do(p.book.SetCellStyle(name, "A1", last+"1", bold))
	do(p.book.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}
