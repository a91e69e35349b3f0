package desk

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/report/scorecard"
	"touchstone/store/evidence"
)

// testCard has what a seller could call himself to have it run, and words that a
// spreadsheet garbles without a mark of their encoding.
func testCard(t *testing.T) Card {
	t.Helper()
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	filed := func(listing string, states ...evidence.ItemState) scorecard.Filed {
		f := scorecard.Filed{Channel: "amazon", Brand: "金星", Reason: "=1+1", Seller: "slr_1", SellerName: "=cmd|'/c calc'!A1", Listing: evidence.ID(listing), Notice: "ntc_1"}
		for i, s := range append([]evidence.ItemState{evidence.ItemSubmitted}, states...) {
			f.State = s
			f.Reach(s, at.AddDate(0, 0, i-9))
		}
		return f
	}
	programmes, err := scorecard.Programmes()
	if err != nil {
		t.Fatal(err)
	}
	return scorecard.Make([]scorecard.Filed{filed("lst_1", evidence.ItemRemoved), filed("lst_2", evidence.ItemRejected)}, nil, programmes, CardOptions{At: at})
}

func TestAScorecardLeavesAsTableAndWorkbook(t *testing.T) {
	card, dir := testCard(t), t.TempDir()
	table, book := filepath.Join(dir, "card.csv"), filepath.Join(dir, "card.xlsx")
	if err := WriteCardTable(card, table); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFfrom_utc,to_utc,channel,brand,reason,sent,open,decided,removed,rejected,countered,reinstated,upheld,withdrawn,still_up,relisted," +
		"median_hours_to_action,p90_hours_to_action,takedown_rate,counter_notice_rate\r\n" +
		"2026-08-29,2026-11-29,,,,2,0,2,1,1,0,0,1,0,0,0,24,24,0.5,0\r\n" +
		"2026-08-29,2026-11-29,amazon,,,2,0,2,1,1,0,0,1,0,0,0,24,24,0.5,0\r\n" +
		"2026-08-29,2026-11-29,amazon,金星,,2,0,2,1,1,0,0,1,0,0,0,24,24,0.5,0\r\n" +
		"2026-08-29,2026-11-29,amazon,,'=1+1,2,0,2,1,1,0,0,1,0,0,0,24,24,0.5,0\r\n" +
		"2026-08-29,2026-11-29,amazon,金星,'=1+1,2,0,2,1,1,0,0,1,0,0,0,24,24,0.5,0\r\n"
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}

	if err := WriteCardBook(card, book); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"Rates", "Trend", "Programmes", "Repeat sellers", "Verdicts reversed", "Asked of us", "Made elsewhere"}, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		sheet, cell, value string
		kind               excelize.CellType
	}{
		{"Rates", "F2", "2", excelize.CellTypeUnset}, // a number
		{"Rates", "S2", "0.5", excelize.CellTypeUnset},
		{"Rates", "D4", "金星", excelize.CellTypeInlineString},
		{"Programmes", "A2", "Amazon Project Zero", excelize.CellTypeInlineString},
		{"Programmes", "J2", "FALSE", excelize.CellTypeBool},
		{"Repeat sellers", "B2", "=cmd|'/c calc'!A1", excelize.CellTypeInlineString},
	} {
		value, err := f.GetCellValue(c.sheet, c.cell)
		kind, kindErr := f.GetCellType(c.sheet, c.cell)
		formula, formulaErr := f.GetCellFormula(c.sheet, c.cell)
		if err != nil || kindErr != nil || formulaErr != nil || value != c.value || kind != c.kind || formula != "" {
			t.Errorf("%s %s: %q of type %v, formula %q (%v, %v, %v); want %q of type %v", c.sheet, c.cell, value, kind, formula, err, kindErr, formulaErr, c.value, c.kind)
		}
	}
}
