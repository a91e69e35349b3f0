package desk_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// asked is a case of two captured listings, and the workbook that asks about them.
func asked(t *testing.T) (d *desk.Desk, c evidence.Case, workbook string) {
	t.Helper()
	d, market := atWork(t)
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Bags"})
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for _, o := range market.Catalogue()[:2] {
		links = append(links, o.URL)
	}
	if err := d.Capture(t.Context(), desk.Order{Links: links, Case: c.ID}, evidence.Quiet, func(evidence.Capture) {}); err != nil {
		t.Fatal(err)
	}
	workbook = filepath.Join(t.TempDir(), "for the client 给客户.xlsx")
	if n, err := d.AskClient(t.Context(), c.Name, workbook, evidence.Quiet); n != 2 || err != nil {
		t.Fatalf("%d listings, %v", n, err)
	}
	return d, c, workbook
}

// fillIn writes cells as the client would, "J2" = "counterfeit".
func fillIn(t *testing.T, workbook string, cells map[string]string) {
	t.Helper()
	book, err := excelize.OpenFile(workbook)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for at, text := range cells {
		if err := book.SetCellStr("Listings", at, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
}

func TestTheClientsVerdictsComeBackAsAssessments(t *testing.T) {
	d, c, workbook := asked(t)
	book, err := excelize.OpenFile(workbook)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, cell := range []string{"A2", "A3"} {
		if pictures, err := book.GetPictures("Listings", cell); err != nil || len(pictures) != 1 {
			t.Errorf("%s has %d pictures, %v", cell, len(pictures), err)
		}
	}
	rows, err := d.Rows(t.Context(), c.ID)
	if err != nil || rows[0].Listing.Review != evidence.ReviewAwaitingClient {
		t.Errorf("the listing is %s, %v", rows[0].Listing.Review, err)
	}
	fillIn(t, workbook, map[string]string{"J2": "Counterfeit", "K2": "=wrong clasp"})
	made, err := d.ReadValidation(t.Context(), c.Name, workbook, "Chiara Esempio", evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != 1 || made[0].Verdict != evidence.Counterfeit || made[0].Basis != evidence.BasisClient ||
		made[0].By != "Chiara Esempio" || made[0].Reason != "=wrong clasp" || made[0].Capture != rows[0].Capture.ID {
		t.Errorf("recorded: %+v", made)
	}
	rows, err = d.Rows(t.Context(), c.ID)
	if err != nil || rows[0].Listing.Review != evidence.ReviewValidated || rows[1].Listing.Review != evidence.ReviewAwaitingClient {
		t.Errorf("%s, %s, %v", rows[0].Listing.Review, rows[1].Listing.Review, err)
	}
	kept, err := d.Attachments(t.Context(), c.Name)
	if err != nil || len(kept) != 1 || kept[0].To != c.ID || kept[0].Name != filepath.Base(workbook) {
		t.Errorf("attached: %+v, %v", kept, err)
	}
	if _, err := d.AskClient(t.Context(), c.Name, workbook, evidence.Quiet); err == nil || !strings.Contains(err.Error(), "there is such a file already") {
		t.Errorf("a workbook with verdicts is written over: %v", err)
	}
	if n, err := d.AskClient(t.Context(), c.Name, workbook+".2.xlsx", evidence.Quiet); n != 1 || err != nil {
		t.Errorf("asked again about %d, %v", n, err)
	}
}

func TestABadWorkbookOfVerdictsIsRefusedWhole(t *testing.T) {
	d, c, workbook := asked(t)
	if _, err := d.ReadValidation(t.Context(), c.Name, workbook, "Chiara Esempio", evidence.Quiet); err == nil || !strings.Contains(err.Error(), "no row has a verdict yet") {
		t.Error(err)
	}
	fillIn(t, workbook, map[string]string{"J2": "counterfeit", "J3": "fake"})
	if _, err := d.ReadValidation(t.Context(), c.Name, workbook, "Chiara Esempio", evidence.Quiet); err == nil || !strings.Contains(err.Error(), `row 3: verdict "fake" is not known`) {
		t.Error(err)
	}
	if _, err := d.ReadValidation(t.Context(), c.Name, workbook, " ", evidence.Quiet); err == nil {
		t.Error("nobody approves")
	}
	fillIn(t, workbook, map[string]string{"J3": "", "B2": "cap_1"})
	if _, err := d.ReadValidation(t.Context(), c.Name, workbook, "Chiara Esempio", evidence.Quiet); err == nil || !strings.Contains(err.Error(), "row 2") {
		t.Error(err)
	}
	if _, err := d.NewCase(t.Context(), evidence.Case{Name: "Shoes"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AskClient(t.Context(), "Shoes", workbook+".xlsx", evidence.Quiet); !errors.Is(err, desk.ErrNothingToValidate) {
		t.Error(err)
	}
	if made, err := desk.All[evidence.Assessment](t.Context(), d, evidence.KindAssessment); err != nil || len(made) != 0 {
		t.Errorf("%d assessments, %v", len(made), err)
	}
}
