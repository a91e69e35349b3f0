package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"
)

// printJSON prints a value as one line.
func (p *Program) printJSON(v any) error {
	encoder := json.NewEncoder(p.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// done says on one line what a command did that has nothing else to print. With
// --json it says nothing: there is no record to give.
func (p *Program) done(format string, a ...any) error {
	if p.json {
		return nil
	}
	_, err := fmt.Fprintf(p.Stdout, format+"\n", a...)
	return err
}

// table prints rows in columns.
func (p *Program) table(head string, rows [][]string) error {
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	w.Write([]byte(head + "\n"))
	for _, row := range rows {
		for i, text := range row {
			row[i] = printable(text)
		}
		w.Write([]byte(strings.Join(row, "\t") + "\n"))
	}
	return w.Flush()
}

// printable takes out of a page's words what could steer the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// printableLines is printable of a text with more than one line.
func printableLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(printable(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return b.String()
}
