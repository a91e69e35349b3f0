package portal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// Outcome is one line of a portal's table of outcomes.
type Outcome struct {
	Line     int    // in the file, from 1
	Target   string // a link, or the marketplace's number for the listing
	Word     string
	State    evidence.ItemState // "" where the word is not known
	Reason   string
	External string // the marketplace's number for the complaint
}

// ErrNoTable means that a file holds no table of outcomes.
var ErrNoTable = errors.New("no table of outcomes: it needs a line of headings with a column for the link and one for the status")

// headings are what portals call the columns, in lower case.
var headings = map[string][]string{
	"target":   {"url", "link", "links", "listing", "listing url", "item url", "product url", "asin", "asin or url", "item", "item id", "goods id", "链接", "商品链接"},
	"word":     {"status", "result", "outcome", "decision", "state", "ergebnis", "statut", "estado", "esito", "状态", "结果"},
	"reason":   {"reason", "comment", "note", "notes", "remark", "grund", "motif", "motivo", "原因", "备注"},
	"external": {"reference", "case", "case id", "ticket", "complaint id", "complaint number", "report id", "投诉单号"},
}

const maxRows = 100_000

// ReadOutcomes reads a portal's table: .xlsx, or CSV with commas, semicolons or
// tabs. Errors: ErrNoTable.
func ReadOutcomes(name string, content []byte) ([]Outcome, error) {
	rows, err := csvRows(content)
	if strings.HasSuffix(strings.ToLower(name), ".xlsx") {
		rows, err = sheetRows(content)
	}
	if err != nil {
		return nil, err
	}
	for n, row := range rows {
		at := columns(row)
		if at["target"] < 0 || at["word"] < 0 {
			continue
		}
		return outcomes(rows[n+1:], n+2, at), nil
	}
	return nil, ErrNoTable
}

func sheetRows(content []byte) ([][]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: 64 << 20})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, ErrNoTable
	}
	return book.GetRows(sheets[0])
}

func csvRows(content []byte) ([][]string, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) { // what Excel saves in Western Europe
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(content)
		if err != nil {
			return nil, err
		}
		content = decoded
	}
	first, _, _ := bytes.Cut(content, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, comma := range []rune{';', '\t'} {
		if strings.Count(string(first), string(comma)) > strings.Count(string(first), string(r.Comma)) {
			r.Comma = comma
		}
	}
	var rows [][]string
	for len(rows) < maxRows {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return nil, fmt.Errorf("it has more than %d lines", maxRows)
}

// columns is where in a line of headings each column stands; -1 where it does not.
func columns(row []string) map[string]int {
	at := map[string]int{}
	for what, names := range headings {
		at[what] = slices.IndexFunc(row, func(cell string) bool { return slices.Contains(names, plain(cell)) })
	}
	return at
}

func outcomes(rows [][]string, line int, at map[string]int) []Outcome {
	var list []Outcome
	for n, row := range rows {
		cell := func(what string) string {
			if i := at[what]; i >= 0 && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		if cell("target") == "" {
			continue
		}
		list = append(list, Outcome{
			Line: line + n, Target: cell("target"), Word: cell("word"), State: State(cell("word")), Reason: cell("reason"), External: cell("external"),
		})
	}
	return list
}

// State is the state that a portal's word, or a person's, means; "" where it is
// not known. The states' own names are known.
func State(word string) evidence.ItemState {
	var known map[evidence.ItemState][]string
	if err := json.Unmarshal(assets.Outcomes, &known); err != nil {
		return ""
	}
	word = plain(word)
	for state, list := range known {
		if slices.Contains(list, word) || word == plain(string(state)) {
			return state
		}
	}
	return ""
}

// plain is a word without what people write differently.
func plain(word string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(word), "_", " ")), " ")
}
