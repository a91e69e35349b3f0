package desk

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Link is one suspect link to capture, and where it came from.
type Link struct {
	URL  string
	From string // "links.txt:3", or empty for a link typed in
}

// BadLink is a line that holds no link Touchstone can capture.
type BadLink struct {
	From string
	Text string
	Why  string
}

func (b BadLink) Error() string {
	where := ""
	if b.From != "" {
		where = b.From + ": "
	}
	return fmt.Sprintf("%s%q is not a link to capture: %s", where, clip(b.Text, 80), b.Why)
}

// errNoLinks is for a list without a single usable line.
var errNoLinks = errors.New("no link in it: want one link a line, or a column headed URL")

// CheckLink says whether a text is a link that can be captured.
func CheckLink(text string) (string, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("it cannot be read as a URL")
	case u.Scheme == "":
		return "", errors.New("want it to begin with https:// or http://")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("only https and http can be captured, not %s", clip(u.Scheme, 20))
	case u.Hostname() == "":
		return "", errors.New("the host name is missing")
	}
	return text, nil
}

// ReadLinks reads a list of suspect links: .txt with one a line, or .csv and
// .xlsx with a column headed URL (or Link), else their first column. Bad lines
// are returned beside the good ones; a link that occurs twice is read once.
func ReadLinks(path string) ([]Link, []BadLink, error) {
	var cells []cell
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		cells, err = readCSV(path)
	case ".xlsx":
		cells, err = readXLSX(path)
	default:
		cells, err = readLines(path)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the list of links %s: %w", path, err)
	}
	links, bad := sortOut(filepath.Base(path), cells)
	if len(links) == 0 {
		return nil, bad, fmt.Errorf("read the list of links %s: %w", path, errNoLinks)
	}
	return links, bad, nil
}

// cell is a piece of text that should be a link, with its line number.
type cell struct {
	line int
	text string
}

func sortOut(name string, cells []cell) ([]Link, []BadLink) {
	var links []Link
	var bad []BadLink
	seen := map[string]bool{}
	for _, c := range cells {
		from := fmt.Sprintf("%s:%d", name, c.line)
		u, err := CheckLink(c.text)
		switch {
		case err != nil:
			bad = append(bad, BadLink{From: from, Text: c.text, Why: err.Error()})
		case !seen[u]:
			seen[u] = true
			links = append(links, Link{URL: u, From: from})
		}
	}
	return links, bad
}

// maxLine is the longest line of a list, in bytes: longer than any URL a
// browser takes.
const maxLine = 1 << 20

func readLines(path string) ([]cell, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var cells []cell
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text != "" && !strings.HasPrefix(text, "#") {
			cells = append(cells, cell{n, text})
		}
	}
	return cells, lines.Err()
}

func readCSV(path string) ([]cell, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buffered := bufio.NewReader(f)
	head, _ := buffered.Peek(4096)
	r := csv.NewReader(buffered)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	firstLine, _, _ := strings.Cut(string(head), "\n")
	if strings.Count(firstLine, ";") > strings.Count(firstLine, ",") {
		r.Comma = ';' // as spreadsheets write it where the comma is the decimal mark
	}
	var t table
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.cells, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		t.add(line, row)
	}
}

func readXLSX(path string) ([]cell, error) {
	book, err := excelize.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	var t table
	for i, row := range rows {
		t.add(i+1, row)
	}
	return t.cells, nil
}

// table finds the column of links in rows of a spreadsheet.
type table struct {
	column int
	begun  bool
	cells  []cell
}

func (t *table) add(line int, row []string) {
	if !t.begun {
		t.begun = true
		if column := slices.IndexFunc(row, isLinkHeading); column >= 0 {
			t.column = column
			return
		}
	}
	if t.column < len(row) && strings.TrimSpace(row[t.column]) != "" {
		t.cells = append(t.cells, cell{line, row[t.column]})
	}
}

func isLinkHeading(s string) bool {
	switch strings.ToLower(strings.Trim(strings.TrimPrefix(s, "\ufeff"), " \t\"")) {
	case "url", "urls", "link", "links", "listing", "listing url", "链接":
		return true
	}
	return false
}

func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n]) + "…"
}
