package desk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// What is read of a list: more than a desk captures in two days. A line may be longer
// than any URL that a browser takes.
const (
	maxLine      = 1 << 20  // bytes
	maxList      = 64 << 20 // bytes of text
	maxListLines = 100_000
)

var (
	errLongList = &InputError{fmt.Errorf("it has more than %d lines or %d MB: cut it into several lists", maxListLines, maxList>>20)}
	errNotText  = errors.New("it is not plain text: save the list as .txt or .csv in UTF-8, or as .xlsx")
	errNotBook  = errors.New("it is no .xlsx workbook, or damaged: save it as .xlsx once more, or as .csv in UTF-8")
)

// readText reads a file of text, or what comes out of a pipe: UTF-8, or whatever its
// byte order mark says.
func readText(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(transform.NewReader(f, unicode.BOMOverride(transform.Nop)), maxList+1))
	switch {
	case err != nil:
		return nil, err
	case bytes.IndexByte(text, 0) >= 0:
		return nil, errNotText
	case len(text) > maxList || bytes.Count(text, []byte("\n")) > maxListLines:
		return nil, errLongList
	}
	return text, nil
}

func readLines(path string) ([]cell, error) {
	content, err := readText(path)
	if err != nil {
		return nil, err
	}
	var cells []cell
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text != "" && !strings.HasPrefix(text, "#") {
			cells = append(cells, cell{line: n, text: text})
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, &InputError{fmt.Errorf("a line of it is longer than %d bytes: want one link a line", maxLine)}
	}
	return cells, lines.Err()
}

func readCSV(path string) ([]cell, error) {
	t, err := csvTable(path)
	return t.cells(), err
}

func csvTable(path string) (linkTable, error) {
	content, err := readText(path)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	firstLine, _, _ := bytes.Cut(content, []byte("\n"))
	for _, mark := range ";\t" { // as spreadsheets write it where the comma is the decimal mark
		if bytes.Count(firstLine, []byte(string(mark))) > bytes.Count(firstLine, []byte(string(r.Comma))) {
			r.Comma = mark
		}
	}
	var t linkTable
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		t = append(t, tableRow{line, row})
	}
}

func readXLSX(path string) ([]cell, error) {
	t, err := xlsxTable(path)
	return t.cells(), err
}

func xlsxTable(path string) (linkTable, error) {
	book, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, notBook(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	rows, err := sheetRows(book, sheet)
	if err != nil {
		return nil, err
	}
	if err := showTargets(book, sheet, rows); err != nil {
		return nil, err
	}
	if err := showDays(book, sheet, rows); err != nil {
		return nil, err
	}
	var t linkTable
	for i, row := range rows {
		t = append(t, tableRow{i + 1, row})
	}
	return t, nil
}

// sheetRows reads the rows of a sheet, as many as a list may have. Rows without a word at
// its end, as those that were only given a colour, are left out.
func sheetRows(book *excelize.File, sheet string) (all [][]string, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errNotBook, err)
	}
	defer rows.Close()
	empty := 0
	for rows.Next() {
		row, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w (%w)", errNotBook, err)
		}
		if len(row) == 0 {
			empty++
			continue
		}
		if all = append(append(all, make([][]string, empty)...), row); len(all) > maxListLines+1 {
			return nil, errLongList
		}
		empty = 0
	}
	return all, rows.Error()
}

// showTargets puts in place of a cell's words the link that lies behind them,
// where the words hold none.
func showTargets(book *excelize.File, sheet string, rows [][]string) error {
	linked, err := book.GetHyperLinkCells(sheet, "External")
	if err != nil {
		return err
	}
	for _, name := range linked {
		column, row, err := excelize.CellNameToCoordinates(name)
		if err != nil || row > len(rows) || column > len(rows[row-1]) || len(linksIn(rows[row-1][column-1])) > 0 {
			continue // a range of cells, or one without words
		}
		if _, target, err := book.GetCellHyperLink(sheet, name); err != nil {
			return err
		} else if len(linksIn(target)) > 0 {
			rows[row-1][column-1] = target
		}
	}
	return nil
}

// showDays puts in place of the dates of past notices the number that the book
// keeps: a cell may show them in an order that says month or day first.
func showDays(book *excelize.File, sheet string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	for column, what := range headings(rows[0]) {
		if what != aboutPastDate {
			continue
		}
		for i := range rows[1:] {
			row := rows[i+1]
			if column >= len(row) || row[column] == "" {
				continue
			}
			name, err := excelize.CoordinatesToCellName(column+1, i+2)
			if err != nil {
				return err
			}
			if row[column], err = book.GetCellValue(sheet, name, excelize.Options{RawCellValue: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkTable finds the column of links in the rows of a spreadsheet.
type linkTable []tableRow

type tableRow struct {
	line  int
	cells []string
}

// cells are the filled cells of the column of links, without its heading.
func (t linkTable) cells() []cell {
	column, headed := t.column()
	var columns map[int]about
	if headed {
		columns = headings(t[0].cells)
	}
	var cells []cell
	for i, row := range t {
		if column >= len(row.cells) || strings.TrimSpace(row.cells[column]) == "" || i == 0 && headed {
			continue
		}
		c := cell{line: row.line, text: row.cells[column], about: map[about]string{}}
		for i, what := range columns {
			if i != column && i < len(row.cells) {
				c.about[what] = strings.TrimSpace(row.cells[i])
			}
		}
		cells = append(cells, c)
	}
	return cells
}

// column is the one with a heading that means links, else the one with most of
// them, and whether its first cell is a heading. Where two have as many, the one
// whose heading speaks of links is meant.
func (t linkTable) column() (best int, headed bool) {
	if len(t) == 0 {
		return 0, false
	}
	links := map[int]int{}
	for _, row := range t {
		for i, text := range row.cells {
			if len(linksIn(text)) > 0 {
				links[i] += 2
			}
		}
	}
	first := t[0].cells
	if i := slices.IndexFunc(first, isLinkHeading); i >= 0 {
		return i, true
	}
	for _, i := range slices.Sorted(maps.Keys(links)) {
		if i < len(first) && speaksOfLinks(first[i]) {
			links[i]++
		}
		if links[i] > links[best] {
			best = i
		}
	}
	headed = best < len(first) && links[best] > 0 && !strings.ContainsAny(first[best], "/.")
	return best, headed
}

func isLinkHeading(s string) bool {
	switch strings.ToLower(strings.Trim(s, " \t\"")) {
	case "url", "urls", "link", "links", "listing", "listings", "listing id", "listing url", "listing link", "链接":
		return true
	}
	return false
}

func speaksOfLinks(heading string) bool {
	heading = strings.ToLower(heading)
	return strings.Contains(heading, "link") || strings.Contains(heading, "url") || strings.Contains(heading, "链接")
}
