package desk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// readLinks is the links of a list.
func readLinks(path string) (links []Link, bad []BadLink, err error) {
	list, bad, err := ReadList(path)
	for _, one := range list {
		links = append(links, one.Link)
	}
	return links, bad, err
}

func TestReadLinks(t *testing.T) {
	tests := []struct {
		name, file, content string
		want                []Link
		bad                 []string
	}{
		{
			name: "one a line, with remarks, blanks and a byte order mark", file: "a.txt",
			content: "\ufeffhttps://a.example/1\n\n# checked\n  https://a.example/2  \r\n",
			want:    []Link{{"https://a.example/1", "a.txt:1"}, {"https://a.example/2", "a.txt:4"}},
		},
		{
			name: "bad lines are named and the good ones kept", file: "b.txt",
			content: "nonsense\nhttps://a.example/1\nftp://a.example/x\nhttps://\njavascript:alert(1)\n",
			want:    []Link{{"https://a.example/1", "b.txt:2"}},
			bad:     []string{"b.txt:1", "b.txt:3", "b.txt:4", "b.txt:5"},
		},
		{
			name: "a link that occurs twice is read once", file: "c.txt",
			content: "https://a.example/1\nhttps://a.example/1\n",
			want:    []Link{{"https://a.example/1", "c.txt:1"}},
		},
		{
			name: "a column headed URL", file: "d.csv",
			content: "Seller,URL,Note\n\"Shop, big\",https://a.example/1,\"two\nlines\"\nx,https://a.example/2,\n",
			want:    []Link{{"https://a.example/1", "d.csv:2"}, {"https://a.example/2", "d.csv:4"}},
		},
		{
			name: "semicolons, and no heading", file: "e.csv",
			content: "https://a.example/1;note\nhttps://a.example/2;note\n",
			want:    []Link{{"https://a.example/1", "e.csv:1"}, {"https://a.example/2", "e.csv:2"}},
		},
		{
			name: "what is written around a link is no part of it", file: "f.txt",
			content: "https://a.example/x.html  see also this\nseen at <https://a.example/2>, and https://a.example/3.\nhttps://a.example/y_(z)\nno link at all\n",
			want: []Link{{"https://a.example/x.html", "f.txt:1"}, {"https://a.example/2", "f.txt:2"}, {"https://a.example/3", "f.txt:2"},
				{"https://a.example/y_(z)", "f.txt:3"}},
			bad: []string{"f.txt:4"},
		},
		{
			name: "a column under a heading of the writer's own", file: "g.csv",
			content: "No;Where it is offered;comment\n1;https://a.example/1;ok\n2;gone;\n3;https://a.example/3;\n",
			want:    []Link{{"https://a.example/1", "g.csv:2"}, {"https://a.example/3", "g.csv:4"}},
			bad:     []string{"g.csv:3"},
		},
		{
			name: "of two columns of links the one headed so, between tabs", file: "h.csv",
			content: "Shop page\tItem link\nhttps://a.example/shop\thttps://a.example/1\n",
			want:    []Link{{"https://a.example/1", "h.csv:2"}},
		},
		{
			name: "a broken link in the first line is no heading", file: "i.csv",
			content: "www.a.example/1,x\nhttps://a.example/2,y\n",
			want:    []Link{{"https://a.example/2", "i.csv:2"}},
			bad:     []string{"i.csv:1"},
		},
		{
			name: "UTF-16 as Notepad saves it", file: "j.txt", content: utf16le("\ufeffhttps://a.example/1\r\nhttps://a.example/2\r\n"),
			want: []Link{{"https://a.example/1", "j.txt:1"}, {"https://a.example/2", "j.txt:2"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			links, bad, err := readLinks(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			var where []string
			for _, b := range bad {
				where = append(where, b.From)
			}
			if diff := cmp.Diff(tt.bad, where); diff != "" {
				t.Errorf("bad lines (-want +got):\n%s", diff)
			}
		})
	}
}

func utf16le(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return string(b)
}

func TestReadLinksSaysWhatToSaveAFileAs(t *testing.T) {
	for _, tt := range []struct {
		name, file, content string
		want                error
	}{
		{"no workbook", "a.xlsx", "https://a.example/1", errNotBook},
		{"a workbook cut short", "b.xlsx", "PK\x03\x04", errNotBook},
		{"UTF-16 without its mark", "c.txt", utf16le("https://a.example/1"), errNotText},
		{"an old spreadsheet", "d.xls", "\xd0\xcf\x11\xe0\x00\x00", errNotText},
		{"more lines than a list has", "e.txt", strings.Repeat("https://a.example/1\n", maxListLines+1), errLongList},
		{"more rows than a list has", "f.csv", "URL\n" + strings.Repeat("https://a.example/1\n", maxListLines+1), errLongList},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, _, err := readLinks(path); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestASheetHasAsManyRowsAsAListMay(t *testing.T) {
	write := func(filled, empty int) string {
		book := excelize.NewFile()
		w, err := book.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		for n := range filled + empty {
			row := []any{"https://a.example/1"}
			if n >= filled {
				row = []any{nil} // as a row that was only given a colour
			}
			if err := w.SetRow(fmt.Sprintf("A%d", n+1), row); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "links.xlsx")
		if err := errors.Join(w.Flush(), book.SaveAs(path)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, _, err := readLinks(write(maxListLines+2, 0)); !errors.Is(err, errLongList) {
		t.Errorf("with too many rows: %v, want %v", err, errLongList)
	}
	if got, _, err := readLinks(write(2, maxListLines)); err != nil || len(got) != 1 {
		t.Errorf("with two rows and many empty ones: %v, %v", got, err)
	}
}

func TestReadLinksOfASpreadsheet(t *testing.T) {
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "Seller", "B1": "Listing URL", "A2": "x", "B2": "https://a.example/1", "B4": "no link"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	for cell, text := range map[string]string{"B5": "click here", "B6": "https://a.example/6"} {
		if err := errors.Join(book.SetCellStr("Sheet1", cell, text), book.SetCellHyperLink("Sheet1", cell, "https://a.example/behind", "External")); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "suspects.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	links, bad, err := readLinks(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Link{
		{"https://a.example/1", "suspects.xlsx:2"}, {"https://a.example/behind", "suspects.xlsx:5"}, {"https://a.example/6", "suspects.xlsx:6"},
	}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if len(bad) != 1 || bad[0].From != "suspects.xlsx:4" {
		t.Errorf("bad lines: %v, want the one in row 4", bad)
	}
}
