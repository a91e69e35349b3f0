package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/report/takedown/xarf"
	"touchstone/store/evidence"
)

func TestACaseIsExportedAsReportsThatAbuseDesksRead(t *testing.T) {
	d, n, _ := mailed(t)
	sent, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
	if err != nil || sent[0].State != evidence.SubmissionSubmitted {
		t.Fatalf("%+v, %v", sent, err)
	}
	mail, err := d.readBlob(sent[0].Request)
	if err != nil {
		t.Fatal(err)
	}
	mail = bytes.ReplaceAll(mail, []byte("=\r\n"), nil) // lines that were too long for the mail
	other, _, err := d.NewNotice(t.Context(), NoticeOrder{Case: n.Case, Channel: "netcraft", LegalBasis: n.LegalBasis, Infringement: n.Infringement, Locus: n.Locus,
		Listings: []evidence.ID{itemOfNotice(t, d, n.ID).Listing}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		explanation, problem string
		reports              int
	}{{"The shop is not ours.", "", 2}, {strings.Repeat("long ", 300), "at most 1000 are allowed", 1}} {
		if _, err := d.Revise(t.Context(), other.ID, func(n *evidence.Notice) { n.Explanation = c.explanation }); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "reports.zip")
		summary, err := d.Export(t.Context(), ExportOrder{Case: "Shops", Format: ExportXARF, Out: out}, evidence.Quiet)
		if err != nil {
			t.Fatal(err)
		}
		reports := reportsIn(t, out)
		if len(reports) != c.reports || summary.Files != c.reports || !strings.Contains(strings.Join(summary.Problems, ""), c.problem) {
			t.Errorf("%d reports, %+v; want %d, and the problem %q", len(reports), summary, c.reports, c.problem)
		}
		mailed := 0
		for id, r := range reports {
			if bytes.Contains(mail, []byte(id)) && len(r.Evidence) == 1 {
				mailed++
			}
		}
		if mailed != 1 {
			t.Errorf("%d of the reports have the ID of the one that was mailed, and its picture; want 1", mailed)
		}
	}
	if _, err := d.NewCase(t.Context(), evidence.Case{Name: "Empty"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Export(t.Context(), ExportOrder{Case: "Empty", Format: ExportXARF, Out: filepath.Join(t.TempDir(), "r.zip")}, evidence.Quiet); !errors.Is(err, ErrNothingToExport) {
		t.Errorf("a case without notices: %v, want %v", err, ErrNothingToExport)
	}
	var named *CovertError
	if err := d.SetCovert(t.Context(), "fake-shop", true); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Export(t.Context(), ExportOrder{Case: "Shops", Format: ExportXARF, Out: filepath.Join(t.TempDir(), "r.zip")}, evidence.Quiet); !errors.As(err, &named) {
		t.Errorf("a covert name in a report: %v", err)
	}
}

func TestAnExportOfReportsSaysThatAllTargetsWereWithdrawn(t *testing.T) {
	d, n, _ := mailed(t)
	if _, err := d.Withdraw(t.Context(), n.ID, Retreat{}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	_, err := d.Export(t.Context(), ExportOrder{Case: "Shops", Format: ExportXARF, Out: filepath.Join(t.TempDir(), "r.zip")}, evidence.Quiet)
	if !errors.Is(err, ErrNothingToExport) || !strings.HasSuffix(err.Error(), "all targets of its notices were withdrawn") {
		t.Errorf("%v; want that all targets were withdrawn", err)
	}
}

// reportsIn are the reports of an export by ID. Each is as the schema has it, and in
// the file of its ID.
func reportsIn(t *testing.T, name string) map[string]xarf.Report {
	t.Helper()
	book, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	form := schematest.Compile(t, assets.Schemas, "schemas/xarf-brand-infringement.json")
	reports := map[string]xarf.Report{}
	for _, f := range book.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := form.Validate(schematest.Parse(t, text)); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		var report xarf.Report
		if err := json.Unmarshal(text, &report); err != nil || f.Name != report.ID+".json" {
			t.Errorf("%s holds the report %s: %v", f.Name, report.ID, err)
		}
		reports[report.ID] = report
	}
	return reports
}
