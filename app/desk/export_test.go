package desk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/capture/traffic/traffictest"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// captured captures some of what is on offer into a case.
func captured(t testing.TB, d *desk.Desk, market *practice.Server, name string, n int) []evidence.Capture {
	t.Helper()
	c, err := d.EnsureCase(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for _, o := range market.Catalogue() {
		if o.Demo && len(links) < n {
			links = append(links, o.URL)
		}
	}
	var all []evidence.Capture
	err = d.Capture(t.Context(), desk.Order{Case: c.ID, Links: links}, evidence.Quiet, func(c evidence.Capture) { all = append(all, c) })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if len(c.Missing) > 0 {
			t.Logf("the capture of %s lacks %v", c.URL, c.Missing)
		}
	}
	return all
}

func export(t testing.TB, d *desk.Desk, o desk.ExportOrder) desk.ExportSummary {
	t.Helper()
	s, err := d.Export(t.Context(), o, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 {
		t.Errorf("problems: %q", s.Problems)
	}
	return s
}

// unzip unpacks an archive as a stranger would.
func unzip(t testing.TB, file string) string {
	t.Helper()
	dir := t.TempDir()
	r, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}

// commands runs the indented lines of a text in a folder.
func commands(t testing.TB, dir, file string) (string, error) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for line := range strings.Lines(string(text)) {
		if after, ok := strings.CutPrefix(line, "    "); ok {
			script.WriteString(after)
		}
	}
	cmd := exec.Command("sh", "-eu")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(script.String())
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// holding lists the files under a folder that hold any of the words, also inside
// of gzip.
func holding(t testing.TB, dir string, words ...string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		file := filepath.Join(dir, name)
		b, err := os.ReadFile(file)
		if strings.HasSuffix(name, ".gz") {
			b, err = exec.Command("gzip", "-dc", file).Output()
		}
		for _, w := range words {
			if w != "" && bytes.Contains(b, []byte(w)) {
				found = append(found, name+" holds "+w)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// secrets are the values of the cookies that a capture met.
func secrets(t *testing.T, d *desk.Desk, c evidence.Capture) []string {
	t.Helper()
	a, ok := c.Artifact(evidence.RoleCookies)
	if !ok {
		t.Fatalf("%s has no cookies", c.ID)
	}
	var cookies []struct{ Value string }
	if err := json.Unmarshal([]byte(read(t, d, a.SHA256)), &cookies); err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, c := range cookies {
		values = append(values, c.Value)
	}
	return values
}

func TestABagIsCheckedByStrangersAndTellsNoSecrets(t *testing.T) {
	d, market := atWork(t)
	mine := captured(t, d, market, "Umbrella v. Doe", 3)
	other := captured(t, d, market, "Somebody else", 1)
	out := filepath.Join(t.TempDir(), "case.zip")
	s := export(t, d, desk.ExportOrder{Case: "Umbrella v. Doe", Format: desk.ExportBagIt, Out: out})
	dir := unzip(t, out)
	bags, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(bags) != 1 {
		t.Fatalf("bags: %v, %v", bags, err)
	}
	said, err := commands(t, bags[0], "HOW-TO-VERIFY.txt")
	if err != nil || strings.Contains(said, "NOT") || strings.Contains(said, "FAILED") ||
		!strings.Contains(said, "Signature Verified Successfully") || strings.Count(said, ": in the log") != len(mine) {
		t.Errorf("HOW-TO-VERIFY.txt: %v\n%s", err, said)
	}
	t.Logf("%d files named OK by sha256sum, %d found named in a manifest", strings.Count(said, ": OK\n"), strings.Count(said, ": named in"))
	words := []string{"Ada Examiner", string(other[0].ID), string(other[0].Manifest), "Somebody else"}
	for _, c := range mine {
		words = append(words, secrets(t, d, c)...)
	}
	if found := holding(t, bags[0], words...); len(found) > 0 {
		t.Errorf("it tells: %v", found)
	}
	if s.Withheld != 4*len(mine) || s.Redacted != 2*len(mine) {
		t.Errorf("summary %+v", s)
	}
	for _, pattern := range []string{"data/redacted/captures/*/warc.warc.gz", "data/redacted/captures/*/har.har"} {
		made, err := filepath.Glob(filepath.Join(bags[0], pattern))
		if err != nil || len(made) != len(mine) {
			t.Fatalf("%s: %v, %v", pattern, made, err)
		}
		for _, file := range made {
			if strings.HasSuffix(file, ".har") {
				traffictest.CheckHAR(t, file)
			} else if records := traffictest.ReadWARC(t, file); len(records) < 3 {
				t.Errorf("%s has %d records", file, len(records))
			}
		}
	}
	t.Logf("%d values replaced, %d words sought in vain", s.Secrets, len(words))
	checkLog(t, d, mine[0].Case, s.SHA256)
}

// checkLog wants the opening and the export of a case in the custody log.
func checkLog(t testing.TB, d *desk.Desk, caseID evidence.ID, file evidence.Hash) {
	t.Helper()
	entries, err := d.Log(t.Context(), desk.LogFilter{Subject: caseID})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, string(e.Leaf.Action))
	}
	last := entries[len(entries)-1].Leaf
	if !strings.HasSuffix(strings.Join(actions, " "), "evidence_opened exported") || last.Hashes[custody.HashFile] != file {
		t.Errorf("log %v, last %+v; want the file's hash %s", actions, last, file)
	}
	if r, err := d.Verify(t.Context(), nil, evidence.Quiet); err != nil || !r.OK() {
		t.Errorf("findings %+v, %v", r.Findings, err)
	}
}

func TestTheFullEditionHoldsEverything(t *testing.T) {
	d, market := atWork(t)
	c := captured(t, d, market, "Court", 1)[0]
	out := filepath.Join(t.TempDir(), "case.zip")
	s := export(t, d, desk.ExportOrder{Case: "Court", Format: desk.ExportBagIt, Out: out, Full: true})
	if s.Files != len(c.Artifacts) || s.Withheld != 0 || s.Redacted != 0 {
		t.Errorf("summary %+v, capture has %d artifacts", s, len(c.Artifacts))
	}
	dir := unzip(t, out)
	if found := holding(t, dir, "Ada Examiner"); len(found) < 2 {
		t.Errorf("who captured is in %v only", found)
	}
}

func TestATableOfListingsRunsNothing(t *testing.T) {
	d, market := atWork(t)
	captured(t, d, market, "Table", 3)
	dir := t.TempDir()
	export(t, d, desk.ExportOrder{Case: "Table", Format: desk.ExportCSV, Out: filepath.Join(dir, "t.csv")})
	export(t, d, desk.ExportOrder{Case: "Table", Format: desk.ExportXLSX, Out: filepath.Join(dir, "t.xlsx")})
	text, err := os.ReadFile(filepath.Join(dir, "t.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	book, err := excelize.OpenFile(filepath.Join(dir, "t.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows("Listings")
	if err != nil || len(sheet) != 4 {
		t.Fatalf("%d rows, %v", len(sheet), err)
	}
	for i, row := range rows {
		for j, cell := range row {
			if j < len(sheet[i]) && sheet[i][j] != strings.TrimPrefix(cell, "'") {
				t.Errorf("row %d, %s: CSV %q, workbook %q", i, rows[0][j], cell, sheet[i][j])
			}
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("row %d: %q would be run", i, cell)
			}
		}
	}
}

func TestACaseThatIsNotThereIsNotExported(t *testing.T) {
	d, _ := atWork(t)
	out := filepath.Join(t.TempDir(), "x.zip")
	_, err := d.Export(context.Background(), desk.ExportOrder{Case: "nobody's", Format: desk.ExportBagIt, Out: out}, evidence.Quiet)
	if err == nil {
		t.Error("it was exported")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was left")
	}
}
