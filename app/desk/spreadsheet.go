package desk

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheet is a table of a spreadsheet. Its first row names the columns.
type sheet struct {
	name string
	rows [][]any // texts and numbers; nil for an empty cell
}

// writeCSV writes a table: UTF-8 with a byte order mark, without which Excel
// garbles Chinese, and with an apostrophe before what a spreadsheet would run as
// a formula.
func writeCSV(w io.Writer, rows [][]any) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, row := range rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			if cell == nil {
				continue
			}
			texts[i] = fmt.Sprint(cell)
			if text, ok := cell.(string); ok && text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
				texts[i] = "'" + text
			}
		}
		c.Write(texts) // errors stay in c until Flush
	}
	c.Flush()
	return c.Error()
}

// maxCell is the longest text that fits a cell of Excel, in characters.
const maxCell = 32767

// writeBook writes a workbook. Texts are cells of text, so that nothing in them is
// run, and a link stays what the page had.
func writeBook(w io.Writer, sheets ...sheet) error {
	book := excelize.NewFile()
	defer book.Close()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, s := range sheets {
		if i == 0 {
			err = book.SetSheetName("Sheet1", s.name)
		} else {
			_, err = book.NewSheet(s.name)
		}
		if err == nil {
			err = s.write(book, bold)
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	_, err = book.WriteTo(w)
	return err
}

func (s *sheet) write(book *excelize.File, bold int) error {
	stream, err := book.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range s.rows {
		cells := make([]any, len(row))
		for j, value := range row {
			if text, ok := value.(string); ok {
				value = clip(text, maxCell-1)
			}
			cell := excelize.Cell{Value: value}
			if i == 0 {
				cell.StyleID = bold
			}
			cells[j] = cell
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	return stream.Flush()
}
