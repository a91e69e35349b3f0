package desk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

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
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			links, bad, err := ReadLinks(path)
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

func TestReadLinksOfASpreadsheet(t *testing.T) {
	book := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "Seller", "B1": "Listing URL", "A2": "x", "B2": "https://a.example/1", "B4": "no link"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "suspects.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	links, bad, err := ReadLinks(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Link{{"https://a.example/1", "suspects.xlsx:2"}}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if len(bad) != 1 || bad[0].From != "suspects.xlsx:4" {
		t.Errorf("bad lines: %v, want the one in row 4", bad)
	}
}
