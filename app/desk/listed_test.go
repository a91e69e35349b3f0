package desk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

func TestDaysOfListsAreReadOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-09": "2026-03-09", "9.3.2026": "2026-03-09", "2026/3/9": "2026-03-09", "46090": "2026-03-09", "2026-03-09 14:00:00": "2026-03-09",
		"3/9/2026": "", "soon": "", "12": "", "31.2.2026": "",
	} {
		if got := dayOf(text); got != want {
			t.Errorf("%q is the day %q, want %q", text, got, want)
		}
	}
}

// A workbook shows its days as its author likes; the day that it keeps counts.
func TestAWorkbookIsReadWithAllItsColumns(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	day, err := book.NewStyle(&excelize.Style{NumFmt: 14}) // month or day first, as the reader's country has it
	if err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{
		"A1": "链接", "B1": "卖家", "C1": "价格", "D1": "状态", "E1": "Date of notice", "F1": "Ticket", "G1": "Outcome",
		"A2": "https://shop.example/1", "B2": "金星", "C2": "￥12", "D2": "On hold", "E2": 46090, "F2": "T-1", "G2": "已下架",
	} {
		if err := book.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "E2", "E2", day); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	got, bad, err := ReadList(path)
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	want := []Listed{{
		Link: Link{"https://shop.example/1", "list.xlsx:2"}, Review: evidence.ReviewOnHold,
		Stated: evidence.Stated{From: "list.xlsx:2", Seller: "金星", Price: "￥12"},
		Past:   &evidence.Elsewhere{From: "list.xlsx:2", Date: "2026-03-09", Reference: "T-1", Outcome: "已下架"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if state := pastState(got[0].Past.Outcome); state != evidence.ItemRemoved {
		t.Errorf("the item is %s", state)
	}
}

func FuzzReadList(f *testing.F) {
	f.Add([]byte("URL,Status,Notice date\nhttps://a.example/1,on hold,2026-03-09\n"))
	f.Add([]byte("链接;备注\nhttps://a.example/1;\"x\ny\"\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		list, _, err := ReadList(path)
		if err == nil && len(list) == 0 {
			t.Error("no link and no error")
		}
		for _, l := range list {
			if _, err := CheckLink(l.URL); err != nil {
				t.Errorf("%q is no link: %v", l.URL, err)
			}
		}
	})
}
