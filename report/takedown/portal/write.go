package portal

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

// File is a file of a package.
type File struct {
	Name    string
	Content []byte
}

// Enclosed is what a person files besides the texts and links.
type Enclosed struct {
	Submission evidence.ID // what the person says was filed, afterwards
	Pictures   []File      // of the listings, in their order
	Papers     []File      // certificates of the right, authorisations
}

// Files are the files to file with: how to go about it, each text to paste in a
// file of its own, the list of links or the spreadsheet, and what is enclosed, of
// which HOW-TO-FILE.txt tells.
func (p *Package) Files(with Enclosed) ([]File, error) {
	list := File{"links.txt", []byte(p.list())}
	if p.Sheet {
		sheet, err := p.sheet()
		if err != nil {
			return nil, err
		}
		list = File{"links.xlsx", sheet}
	}
	if p.MaxSheet > 0 && len(list.Content) > p.MaxSheet {
		return nil, fmt.Errorf("the spreadsheet has %d bytes, the portal takes %d: split the notice", len(list.Content), p.MaxSheet)
	}
	files := []File{{"HOW-TO-FILE.txt", []byte(p.howTo(list.Name, with))}, list}
	for n, f := range p.Fields {
		files = append(files, File{fmt.Sprintf("%02d-%s.txt", n+1, slug(f.Name)), []byte(f.Text + "\n")})
	}
	return slices.Concat(files, with.Pictures, with.Papers), nil
}

// list is one item a line, and nothing else where there is one column: that is
// what portals take.
func (p *Package) list() string {
	var b strings.Builder
	for _, row := range p.Rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(strings.Join(strings.Fields(cell), " "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *Package) sheet() ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	for r, row := range append([][]string{p.Columns}, p.Rows...) {
		for c, text := range row {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return nil, err
			}
			// As a string: what begins with = shall not run.
			if err := book.SetCellStr(sheet, at, text); err != nil {
				return nil, fmt.Errorf("write the spreadsheet: %w", err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		return nil, fmt.Errorf("write the spreadsheet: %w", err)
	}
	return b.Bytes(), nil
}

// usualSteps is how a form is filled in of which nothing in particular is known.
var usualSteps = []string{
	"Open the form and choose the kind of right.",
	"Paste each text into the field of its name, and the links, one a line.",
	"Add the screenshots and the papers, as far as the form takes files.",
	"Read what is declared with the signatory before you send it.",
}

func (p *Package) howTo(list string, with Enclosed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.Title)
	if p.Address != "" {
		fmt.Fprintf(&b, "Portal: %s\n", p.Address)
	} else {
		fmt.Fprintf(&b, "Portal: not known; keep its address with: touchstone channel set %s address=URL\n", p.Channel)
	}
	fmt.Fprintf(&b, "Listings: %d, in %s (%s)\n\n", len(p.Rows), list, strings.Join(p.Columns, ", "))
	steps := p.Steps
	if len(steps) == 0 {
		steps = usualSteps
	}
	for n, s := range steps {
		fmt.Fprintf(&b, "%d. %s\n", n+1, s)
	}
	fmt.Fprintf(&b, "%d. Say that it is filed: touchstone notice resolve %s sent --external NUMBER, with the portal's number for it, or in the window.\n", len(steps)+1, with.Submission)
	b.WriteString("\nTexts to paste, each in a file of its own:\n")
	for n, f := range p.Fields {
		fmt.Fprintf(&b, "  %02d  %s", n+1, f.Name)
		if short := f.Text; len(short) <= shortText && !strings.Contains(short, "\n") {
			fmt.Fprintf(&b, ": %s", short)
		}
		b.WriteByte('\n')
	}
	if len(with.Pictures) > 0 {
		fmt.Fprintf(&b, "\nScreenshots, numbered as the lines of %s: %s\n", list, pictureNames(with.Pictures))
	}
	if missing := len(p.Rows) - len(with.Pictures); missing > 0 {
		fmt.Fprintf(&b, "Of %d of the listings no screenshot is here: the portal takes no more files, or there is none.\n", missing)
	}
	if len(with.Papers) > 0 {
		b.WriteString("\nPapers, where the portal asks for them:\n")
		for _, f := range with.Papers {
			fmt.Fprintf(&b, "  %s\n", f.Name)
		}
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "\nMind: %s\n", w)
	}
	return b.String()
}

// pictureNames are the first and the last name, and what lies between is clear.
func pictureNames(pictures []File) string {
	first, last := pictures[0].Name, pictures[len(pictures)-1].Name
	if first == last {
		return first
	}
	return first + " to " + last
}

// shortText is how long a text, in bytes, stands in HOW-TO-FILE.txt as well: long
// enough for what is chosen from a list or typed.
const shortText = 80

// slug is a file name made of a field's.
func slug(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
}
