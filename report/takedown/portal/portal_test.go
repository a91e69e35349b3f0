package portal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/report/takedown"
	"touchstone/report/takedown/portal"
	"touchstone/store/evidence"
)

func filing(n int) takedown.Filing {
	f := takedown.Filing{
		Notice: evidence.Notice{Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Explanation: "The stitching is not ours.",
			Statements: []evidence.Statement{{Text: "I believe in good faith."}, {Text: "It is accurate."}}},
		Brand:     evidence.Brand{Name: "Aurelia", Owner: evidence.Organisation{Name: "Aurelia SA", Address: "1 rue X\nParis", Country: "FR"}},
		Right:     evidence.Right{Type: evidence.Trademark, Name: "AURELIA", Number: "018000001", Jurisdiction: "EU", Owner: evidence.Organisation{Name: "Aurelia SA"}},
		Signatory: evidence.Signatory{Name: "Ines Martin", Email: "ines@aurelia.example"},
	}
	for i := range n {
		f.Items = append(f.Items, takedown.Item{
			Item:    evidence.NoticeItem{ID: evidence.ID(fmt.Sprintf("item_%04d", i))},
			Listing: evidence.Listing{URL: fmt.Sprintf("https://shop.example/item/%d", i), Marketplace: "m", Title: "=HYPERLINK(\"x\")"},
		})
	}
	return f
}

func descriptors(t *testing.T) []takedown.Descriptor {
	t.Helper()
	all, err := takedown.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(d takedown.Descriptor) bool {
		return d.Transport != takedown.TransportPortal && d.Transport != takedown.TransportSheet
	})
}

// Every portal's package of a notice far too large for it.
func TestPackagesAreCutToEachPortalsLimits(t *testing.T) {
	limits := map[string]int{"alibaba-international": 300, "taobao-tmall": 300, "amazon": 50, "temu": 200, "walmart": 10, "made-in-china": 800}
	for _, d := range descriptors(t) {
		t.Run(d.Name, func(t *testing.T) {
			if want, fixed := limits[d.Name]; fixed && d.MaxItems != want {
				t.Errorf("it takes %d items, want %d", d.MaxItems, want)
			}
			p := portal.New(d, "")
			whole := filing(d.MaxItems*2 + 1)
			if _, err := p.Compose(whole); !errors.Is(err, takedown.ErrUnfit) {
				t.Errorf("the whole notice: %v, want %v", err, takedown.ErrUnfit)
			}
			parts, lines := d.Split(whole), 0
			if len(parts) != 3 {
				t.Errorf("%d parts, want 3", len(parts))
			}
			for _, part := range parts {
				parcel, err := p.Compose(part)
				if err != nil {
					t.Fatal(err)
				}
				var pack portal.Package
				if err := json.Unmarshal(parcel.Body, &pack); err != nil {
					t.Fatal(err)
				}
				files, err := pack.Files(portal.Enclosed{
					Submission: "sub_1", Pictures: []portal.File{{Name: "evidence-001.jpg", Content: []byte("x")}}, Papers: []portal.File{{Name: "certificate-1.pdf", Content: []byte("x")}},
				})
				if err != nil {
					t.Fatal(err)
				}
				lines += checkFiles(t, d, files)
			}
			if lines != len(whole.Items) {
				t.Errorf("%d listings in all, want %d", lines, len(whole.Items))
			}
		})
	}
}

// checkFiles looks at a package and counts its listings.
func checkFiles(t *testing.T, d takedown.Descriptor, files []portal.File) int {
	t.Helper()
	how := string(files[0].Content)
	if !strings.Contains(how, d.Title) || d.Address != "" && !strings.Contains(how, d.Address) {
		t.Errorf("it does not say where to file:\n%s", how)
	}
	if !strings.Contains(how, "numbered as the lines of "+files[1].Name+": evidence-001.jpg") {
		t.Errorf("it does not say which listing the picture is of:\n%s", how)
	}
	for _, want := range []string{"\n1. ", "touchstone notice resolve sub_1 sent", "  certificate-1.pdf\n"} {
		if !strings.Contains(how, want) {
			t.Errorf("it lacks %q:\n%s", want, how)
		}
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[f.Name] || strings.ContainsAny(f.Name, "/\\ ") || len(f.Content) == 0 {
			t.Errorf("file %q", f.Name)
		}
		names[f.Name] = true
	}
	if d.Transport != takedown.TransportSheet {
		lines := strings.Split(strings.TrimSpace(string(files[1].Content)), "\n")
		if !strings.HasPrefix(lines[0], "https://shop.example/item/") {
			t.Errorf("the first line is %q", lines[0])
		}
		return len(lines)
	}
	book, err := excelize.OpenReader(bytes.NewReader(files[1].Content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if len(files[1].Content) > d.MaxSheetSize {
		t.Errorf("the spreadsheet has %d bytes, the portal takes %d", len(files[1].Content), d.MaxSheetSize)
	}
	return len(rows) - 1
}

func TestATextThatThePortalAsksForIsMissed(t *testing.T) {
	d, err := takedown.Describe("temu")
	if err != nil {
		t.Fatal(err)
	}
	f := filing(1)
	f.Right.Number, f.Notice.Statements = "", nil
	_, err = portal.New(d, "").Compose(f)
	if !errors.Is(err, takedown.ErrUnfit) || !strings.Contains(err.Error(), "Registration number") || !strings.Contains(err.Error(), "Statement") {
		t.Errorf("%v", err)
	}
}

// What descriptors take from a notice is there to be taken; the exceptions are
// what notices have no place for yet.
func TestWhatDescriptorsNameIsKnown(t *testing.T) {
	none := []string{"title_line"}
	f := filing(1)
	all, err := takedown.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		for _, field := range d.Fields {
			if _, known := d.Text(&f, field.From, &f.Items[0]); known == slices.Contains(none, field.From) {
				t.Errorf("%s: field %s is from %q: known is %v", d.Name, field.Name, field.From, known)
			}
		}
		for _, c := range d.Columns {
			if text, known := d.Text(&f, c.From, &f.Items[0]); !known {
				t.Errorf("%s: column %s is from %q: %q", d.Name, c.Title, c.From, text)
			}
		}
	}
}

func TestTablesOfOutcomes(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for at, text := range map[string]string{"A1": "Complaints of November", "A2": "链接", "B2": "状态", "A3": "https://shop.example/item/1", "B3": "已删除", "A4": "https://shop.example/item/2", "B4": "??"} {
		if err := book.SetCellStr("Sheet1", at, text); err != nil {
			t.Fatal(err)
		}
	}
	var sheet bytes.Buffer
	if err := book.Write(&sheet); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, content string
		want          []portal.Outcome
	}{
		"commas": {"a.csv", "URL,Status,Reason,Case ID\nhttps://shop.example/item/1,Taken Down,,77\n\nhttps://shop.example/item/2,declined,\"no proof, sorry\",78\n", []portal.Outcome{
			{2, "https://shop.example/item/1", "Taken Down", evidence.ItemRemoved, "", "77"}, {3, "https://shop.example/item/2", "declined", evidence.ItemRejected, "no proof, sorry", "78"}}},
		"semicolons in the code page of Windows": {"a.csv", "Link;Ergebnis\r\nhttps://shop.example/item/1;gel\xf6scht\r\n", []portal.Outcome{
			{2, "https://shop.example/item/1", "gelöscht", evidence.ItemRemoved, "", ""}}},
		"a spreadsheet in Chinese": {"a.xlsx", sheet.String(), []portal.Outcome{
			{3, "https://shop.example/item/1", "已删除", evidence.ItemRemoved, "", ""}, {4, "https://shop.example/item/2", "??", "", "", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := portal.ReadOutcomes(c.file, []byte(c.content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
	for _, bad := range []string{"", "a,b\n1,2\n", "\x00\x01", "PK\x03\x04"} {
		if _, err := portal.ReadOutcomes("bad.csv", []byte(bad)); !errors.Is(err, portal.ErrNoTable) {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := portal.ReadOutcomes("bad.xlsx", []byte(bad)); err == nil {
			t.Errorf("%q as a spreadsheet is read", bad)
		}
	}
}
