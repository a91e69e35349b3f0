//go:build !headless

package gui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"touchstone/app/desk"
	marketplace "touchstone/app/practice"
	"touchstone/store/evidence"
)

// envWork is the folder of the workspace that the window works in, for the test
// of the whole job.
const envWork = "TOUCHSTONE_TEST_WORK"

func openWork(dir string) (*desk.Desk, error) {
	return desk.Open(desk.Config{
		Dir: filepath.Join(dir, "workspace"), StateDir: filepath.Join(dir, "state"), Private: true, WorkFactor: 4,
		Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil },
	})
}

// beWorkingWindow is the window on a real desk, with a practice marketplace that
// it is signed in to. The offer to work with is written to the file offer, the
// truth about each to the file truths.
func beWorkingWindow(dir string) error {
	ctx := context.Background()
	market, err := marketplace.Start(ctx, marketplace.Config{})
	if err != nil {
		return err
	}
	defer market.Close()
	d, err := openWork(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	brand := filepath.Join(dir, "brand.json")
	if err := market.WriteBrand(brand); err != nil {
		return err
	}
	file, err := os.Open(brand)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := d.ImportBrand(ctx, brand, file); err != nil {
		return err
	}
	d.Allow(market.Addr())
	c := market.Credentials()
	if err := d.SignIn(desk.JointForce{BaseURL: c.BaseURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret, Practice: true}); err != nil {
		return err
	}
	var truths strings.Builder
	for _, o := range market.Catalogue() {
		fmt.Fprintf(&truths, "%s\t%s\n", o.Truth, o.Title)
	}
	if err := os.WriteFile(filepath.Join(dir, "truths"), []byte(truths.String()), 0o600); err != nil {
		return err
	}
	for _, o := range market.Catalogue() {
		if o.Demo && o.Truth == marketplace.Counterfeit && o.Language == "en" {
			if err := os.WriteFile(filepath.Join(dir, "offer"), []byte(o.URL+"\n"+o.Title), 0o600); err != nil {
				return err
			}
			break
		}
	}
	return run(ctx, Office(d, nil, "test"), func(w fyne.Window) { go obey(os.Stdin, os.Stdout, w, nil) })
}

// seesIn waits longer than sees does.
func (w *window) seesIn(limit time.Duration, text string) {
	w.t.Helper()
	for end := time.Now().Add(limit); w.ask("find "+text) == "no"; {
		if time.Now().After(end) {
			w.t.Fatalf("waited %s for the text %q", limit, text)
		}
		w.ask("frame")
	}
}

// asked finds an offer of the truth among those that the inbox lists: what it is
// called there.
func (w *window) asked(dir, truth string) string {
	w.t.Helper()
	truths, err := os.ReadFile(filepath.Join(dir, "truths"))
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(truths)) {
		kind, title, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if short := title[:min(len(title), 30)]; kind == truth && w.ask("find "+short) != "no" {
			return short
		}
	}
	w.t.Fatalf("no %s offer is in the inbox", truth)
	return ""
}

// The whole job by hand, both ways: an offer is captured, judged, complained of, and
// seen to be gone; and what the marketplace asks is answered.
func TestTheWholeJobInTheWindow(t *testing.T) {
	if os.Getenv("TOUCHSTONE_LONG") == "" {
		t.Skip("the whole job takes over a minute: TOUCHSTONE_LONG=1 runs it, TOUCHSTONE_SHOTS=DIR keeps a picture of each step")
	}
	d := startDisplay(t, 1280, 800)
	dir := t.TempDir()
	t.Setenv(envWork, dir)
	w := open(t, d, "work")
	d.do(t, "windowmove", w.id, "0", "0")
	d.do(t, "windowsize", "--sync", w.id, "1280", "800")
	w.sees("Paste links of suspect listings here")
	offer, err := os.ReadFile(filepath.Join(dir, "offer"))
	if err != nil {
		t.Fatal(err)
	}
	link, title, _ := strings.Cut(string(offer), "\n")
	wait(t, "the keyboard in the entry", func() bool { return strings.Contains(w.ask("entry"), "linkEntry") })
	d.do(t, "type", "--delay", "2", link)
	w.sees("1 to capture")
	w.press("Capture")
	w.seesIn(time.Minute, "1 listing captured")
	w.sees(title[:12])
	w.keep("job-1-captured")

	w.click(title[:12])
	w.sees("Not assessed yet")
	w.sees(" %")
	d.do(t, "key", "ctrl+g")
	w.keep("job-1-fact-framed")
	w.click("Pictures")
	w.sees("1 of ")
	w.keep("job-1-pictures")
	w.click("Facts")
	w.click("Verdict")
	w.click("Counterfeit")
	w.click("Basis")
	w.click("Pictures")
	w.press("Record")
	w.sees("Counterfeit  ·  Pictures")
	w.keep("job-2-assessed")

	const goodFaith = "Ask for a good-faith takedown"
	w.press("New notice")
	w.click("Why these offers infringe")
	d.do(t, "type", "--delay", "2", "The goods bear our registered mark and are neither made nor licensed by us; the device on them is not ours, and the stitching and the plate differ from the genuine article.")
	w.click(goodFaith)
	wait(t, "the tick at "+goodFaith, func() bool { return w.ask("ticked "+goodFaith) == "yes" })
	w.sees("The signatory has not approved the statements.")
	wait(t, "the notice can be approved", func() bool { return w.ask("button Approve…") != "no" })
	w.keep("job-3-notice")
	w.press("Approve…")
	w.press("Approve")
	w.press("Submit")
	w.seesIn(time.Minute, "The notice was sent.")
	w.keep("job-4-submitted")

	w.press("Notices")
	w.sees("Removed")
	w.keep("job-5-removed")

	w.key("ctrl+2")
	w.press("Capture again")
	w.press("Listings")
	w.seesIn(time.Minute, "Verified down")
	w.keep("job-6-verified-down")

	w.key("ctrl+3")
	w.press("Ask the channels")
	w.seesIn(time.Minute, "2 inquiries have come in.")
	w.seesIn(time.Minute, "2 listings captured")
	w.sees("To judge")
	w.keep("job-7-asked")
	w.click(w.asked(dir, "counterfeit"))
	w.sees("Genuine goods have")
	w.sees("Hints: none is a verdict")
	w.painted()
	w.key("2")
	w.sees("Say in a sentence why the offer infringes")
	d.do(t, "type", "--delay", "2", "The goods bear our registered mark and were neither made nor licensed by us: the stitching and the logo plate are not those of the genuine article.")
	w.keep("job-8-judged")
	w.key("Return")
	w.press("Send now")
	w.seesIn(time.Minute, "The answer leaves with its notice")
	w.press("Open the notice")
	wait(t, "the notice can be approved", func() bool { return w.ask("button Approve…") != "no" })
	w.press("Approve…")
	w.press("Approve")
	w.press("Submit")
	w.seesIn(time.Minute, "The notice was sent.")

	w.key("ctrl+3")
	w.key("Escape")
	w.click(w.asked(dir, "genuine"))
	w.sees("Genuine goods have")
	w.key("1")
	w.press("Send now")
	w.seesIn(time.Minute, "The answer was sent.")
	w.sees("Nobody waits for an answer.")
	w.keep("job-9-answered")
	w.key("ctrl+6")
	w.sees("2 asked: 2 answered, 0 missed")
	w.keep("job-10-scorecard")
	w.ask("close")
	if err := <-w.done; err != nil {
		t.Errorf("the window ended with %v", err)
	}

	checked, err := openWork(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer checked.Close()
	inquiries, err := desk.All[evidence.Inquiry](t.Context(), checked, evidence.KindInquiry)
	if err != nil || len(inquiries) != 2 {
		t.Fatalf("%d inquiries, %v", len(inquiries), err)
	}
	for _, q := range inquiries {
		c, err := desk.Get[evidence.Capture](t.Context(), checked, q.Capture)
		if err != nil {
			t.Fatal(err)
		}
		if pictures, err := checked.PagePictures(t.Context(), c); err != nil || len(pictures) == 0 {
			t.Errorf("%s: %d pictures of the offer, %v", q.ID, len(pictures), err)
		}
	}
	report, err := checked.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !report.OK() {
		t.Errorf("verify: %v, %v", report.Findings, err)
	}
}
