package desk

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
)

// Link is one suspect link to capture, and where it came from.
type Link struct {
	URL  string
	From string // "links.txt:3", or empty for a link typed in
}

// BadLink is a line that holds no link Touchstone can capture.
type BadLink struct {
	From  string
	Text  string
	Why   string
	Taken bool // the link itself is good; what stands beside it is not
}

func (b BadLink) Error() string {
	where := ""
	if b.From != "" {
		where = b.From + ": "
	}
	if b.Taken {
		return where + b.Why
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
	case strings.ContainsFunc(text, unicode.IsSpace):
		return "", errors.New("there is a space in it: leave out what follows the link; a space of the link itself is written %20")
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

// readCells reads the rows of a list that is .txt, .csv or .xlsx, and the name
// that they are told by.
func readCells(path string) (cells []cell, name string, err error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		cells, err = readCSV(path)
	case ".xlsx":
		cells, err = readXLSX(path)
	default:
		cells, err = readLines(path)
	}
	if err != nil {
		err = fmt.Errorf("read the list of links %s: %w", path, err)
	}
	return cells, filepath.Base(path), err
}

// cell is a piece of text that should hold a link, with its line number and what
// the other columns of its row say.
type cell struct {
	line  int
	text  string
	about map[about]string
}

func sortOut(name string, cells []cell) ([]Link, []BadLink) {
	var links []Link
	var bad []BadLink
	seen := map[string]bool{}
	for _, c := range cells {
		from := fmt.Sprintf("%s:%d", name, c.line)
		found := linksIn(c.text)
		if len(found) == 0 {
			_, err := CheckLink(c.text)
			bad = append(bad, BadLink{From: from, Text: c.text, Why: err.Error()})
		}
		for _, u := range found {
			if !seen[u] {
				seen[u] = true
				links = append(links, Link{URL: u, From: from})
			}
		}
	}
	return links, bad
}

// linksIn finds the links among the words of a text. A text that is one link is
// taken as it is; of one within prose the marks around it are no part.
func linksIn(text string) []string {
	if link, err := CheckLink(text); err == nil {
		return []string{link}
	}
	var links []string
	for _, word := range strings.Fields(text) {
		word = strings.TrimLeft(word, "<([{\"'“‘")
		closing := ">]}\"'”’,;.!，；。、"
		if !strings.Contains(word, "(") {
			closing += ")"
		}
		if link, err := CheckLink(strings.TrimRight(word, closing)); err == nil {
			links = append(links, link)
		}
	}
	return links
}

func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n]) + "…"
}
