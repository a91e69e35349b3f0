package brandbook_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/app/desk/brandbook"
	"touchstone/app/practice/market"
	"touchstone/store/evidence"
)

// full is a brand with something in every sheet.
func full() evidence.BrandFile {
	f := market.Brand(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	f.Rights[0].Registrations = []evidence.Registration{{Platform: "practice", External: "P-1", State: evidence.RegistrationApproved}}
	f.Rights = append(f.Rights, evidence.Right{Type: evidence.Design, Name: "手提包", Number: "000012", Office: "CNIPA", Jurisdiction: "CN",
		Owner: evidence.Organisation{Name: "Aurelia (Shanghai) Co."}})
	f.Brand.Products[0].Pictures = []string{"lyra front.jpg", "lyra back.jpg"}
	f.Brand.Illustrations = []evidence.Illustration{{Picture: "device.jpg", Shows: f.Brand.GenuineMarkers[0]}, {Picture: "straight.jpg", Shows: f.Brand.CounterfeitFeatures[0]}}
	f.Brand.Owner.City, f.Brand.Owner.Region = "Milano", "MI"
	f.Rights[0].Owner = f.Brand.Owner
	f.Brand.Authorisations = []evidence.Authorisation{{Agent: "Keller, Roth LLP", Rights: []string{"CNIPA 000012"},
		Platforms: []string{"practice", "taobao"}, Territories: []string{"CN"}, From: "2026-01-01", To: "2027-12-31"}}
	f.Signatories = append(f.Signatories, evidence.Signatory{Name: "M. Roth", Email: "roth@keller.example", Agent: "Keller, Roth LLP"})
	return f
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	var book bytes.Buffer
	if err := brandbook.Write(&book, full()); err != nil {
		t.Fatal(err)
	}
	got, err := brandbook.Read(&book)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(full(), got); d != "" {
		t.Error(d)
	}
}

func TestAnEmptyFormAsksForTheBrand(t *testing.T) {
	var book bytes.Buffer
	if err := brandbook.Write(&book, evidence.BrandFile{}); err != nil {
		t.Fatal(err)
	}
	if _, err := brandbook.Read(&book); err == nil || !strings.Contains(err.Error(), "sheet Brand: want one row with the brand, found 0") {
		t.Error(err)
	}
}

// filled is the form with further cells filled in, as "Sheet!A1".
func filled(t *testing.T, cells map[string]any) *bytes.Buffer {
	t.Helper()
	var form, out bytes.Buffer
	if err := brandbook.Write(&form, full()); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&form)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for at, v := range cells {
		sheet, cell, _ := strings.Cut(at, "!")
		if err := book.SetCellValue(sheet, cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestADateOfTheSpreadsheetIsADay(t *testing.T) {
	f, err := brandbook.Read(filled(t, map[string]any{"Rights!H3": time.Date(2031, 2, 3, 0, 0, 0, 0, time.UTC)}))
	if err != nil || f.Rights[1].Expires != "2031-02-03" {
		t.Errorf("%q, %v", f.Rights[1].Expires, err)
	}
}

func TestEachBadCellIsNamed(t *testing.T) {
	_, err := brandbook.Read(filled(t, map[string]any{
		"Rights!A2": "trademarc", "Rights!F3": "18, nine", "Registrations!A2": "EUIPO 7", "Registrations!D2": "maybe", "Products!F1": "colour",
	}))
	if err == nil {
		t.Fatal("nothing is said")
	}
	for _, want := range []string{
		`sheet Rights, row 2, type: "trademarc" is none of trademark, copyright, design, patent`,
		`sheet Rights, row 3, classes: "nine" is not the number of a class`,
		`sheet Registrations, row 2, state: "maybe" is none of pending, approved, rejected, expired`,
		`sheet Registrations: "EUIPO 7" is no right of the sheet Rights`,
		`sheet Products: no column is called "colour"; there are model, name, usual price, currency, pictures`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not said: %s\nbut: %v", want, err)
		}
	}
}

func TestWhatIsNoWorkbookIsRefused(t *testing.T) {
	if _, err := brandbook.Read(strings.NewReader("brand,Aurelia\n")); err == nil {
		t.Error("a CSV file is taken")
	}
}

func FuzzRead(f *testing.F) {
	var book bytes.Buffer
	if err := brandbook.Write(&book, full()); err != nil {
		f.Fatal(err)
	}
	f.Add(book.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			t.Skip("large")
		}
		brandbook.Read(bytes.NewReader(b))
	})
}
