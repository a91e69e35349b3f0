package desk

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/outbox"
	"touchstone/report/takedown/takedowntest"
	"touchstone/store"
	"touchstone/store/evidence"
)

// The environment of a child process that sends.
const (
	senderDir   = "TOUCHSTONE_TEST_SENDER_DIR" // set in children only
	senderState = "TOUCHSTONE_TEST_SENDER_STATE"
	senderBase  = "TOUCHSTONE_TEST_SENDER_BASE"
	senderEpoch = "TOUCHSTONE_TEST_SENDER_EPOCH"
)

func TestMain(m *testing.M) {
	if os.Getenv(senderDir) != "" {
		if err := sendAsChild(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// hurry is how much faster than ours the clock of a sender in tests goes.
const hurry = 100

// fastClock is the time that has passed since the epoch, hurried.
func fastClock(epoch time.Time) func() time.Time {
	return func() time.Time { return epoch.Add(time.Since(epoch) * hurry).UTC() }
}

func fastPause(ctx context.Context, d time.Duration) error { return outbox.Pause(ctx, d/hurry) }

// tellers are channels that reconcile in each of the ways.
func tellers(base string) map[string]takedown.Connector {
	channels := map[string]takedown.Connector{}
	for _, how := range []takedown.Reconcile{takedown.ReconcileKey, takedown.ReconcileSearch, takedown.ReconcileNone} {
		name := string(how)
		channels[name] = takedowntest.NewTeller(name, base+"/"+name, how, 15*time.Minute, 2*time.Second)
	}
	return channels
}

func openSender(dir, state, base string, epoch time.Time) (*Desk, error) {
	d, err := Open(Config{
		Dir: dir, StateDir: state, Private: true, Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }, Now: fastClock(epoch),
	})
	if err != nil {
		return nil, err
	}
	d.pause, d.channels = fastPause, tellers(base)
	return d, nil
}

// sendAsChild sends what is in the outbox, until it is killed or done.
func sendAsChild() error {
	epoch, err := time.Parse(time.RFC3339Nano, os.Getenv(senderEpoch))
	if err != nil {
		return err
	}
	d, err := openSender(os.Getenv(senderDir), os.Getenv(senderState), os.Getenv(senderBase), epoch)
	if err != nil {
		return err
	}
	defer d.Close()
	release, err := d.ws.Hold(store.Outbox)
	if err != nil {
		return err
	}
	defer release()
	return d.runOutbox(context.Background(), evidence.Quiet)
}

// screenshot is a picture of one pixel; what follows it in the file is not looked at.
var screenshot = func() string {
	var b strings.Builder
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.String()
}()

// sealed seals pages that were never captured, for what does not need a Chrome,
// and says that all show counterfeits.
func sealed(t *testing.T, d *Desk, caseID evidence.ID, links []string) {
	t.Helper()
	ctx := t.Context()
	jobs, err := d.enqueue(ctx, Order{Case: caseID, Links: links})
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		shot, size, err := d.ws.Blobs().Put(ctx, strings.NewReader(screenshot+job.URL))
		if err != nil {
			t.Fatal(err)
		}
		job.Attempts = 1
		now := d.cfg.Now()
		_, err = d.sealAttempt(ctx, job, evidence.Snapshot{
			URL: job.URL, FinalURL: job.URL, Outcome: evidence.Online, HTTPStatus: 200, StartedAt: now, FinishedAt: now,
			Artifacts: []evidence.Artifact{{Role: evidence.RoleScreenshot, MediaType: "image/png", Size: size, SHA256: shot}},
		}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Assess(ctx, job.Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
			t.Fatal(err)
		}
	}
}

const testBrand = `{"brand":{"name":"Aurelia","site":"https://aurelia.example","owner":{"name":"Aurelia SA","country":"FR"}},
	"rights":[{"type":"trademark","name":"AURELIA","number":"018000001","office":"EUIPO","jurisdiction":"EU","owner":{"name":"Aurelia SA"}}],
	"signatories":[{"name":"Ines Martin","email":"ines@aurelia.example"}]}`

// approved is an approved notice about every listing, to a channel.
func approved(t *testing.T, d *Desk, caseID evidence.ID, channel string, listings []evidence.ID) evidence.Notice {
	t.Helper()
	n, _, err := d.NewNotice(t.Context(), NoticeOrder{
		Case: caseID, Channel: channel, LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
		Explanation: "The goods bear our registered mark and were neither made nor licensed by us, as the stitching shows: ours has six stitches a centimetre in waxed thread, theirs has four.", Listings: listings,
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err = d.Approve(t.Context(), n.ID, n.Signatory); err != nil {
		t.Fatal(err)
	}
	return n
}

// Sends to marketplaces that fail in every way, by processes that are killed in
// the middle: nothing is filed twice, nothing is lost. 500 of them in a long run.
func TestNothingIsSentTwiceOrLostWhateverHappens(t *testing.T) {
	const share = 0.3
	sends, kills := 120, 3
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		sends, kills = 500, 8
	}
	market := newFaultyMarket(t, share)
	epoch := time.Now()
	dir, state := filepath.Join(t.TempDir(), "workspace"), t.TempDir()
	cheapKey(t, dir, state) // every sender opens it anew
	d, err := openSender(dir, state, market.base, epoch)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	queueSends(t, d, sends)

	killed := 0
	for killed < kills && market.sendUntilKilled(t, dir, state, epoch) {
		killed++
	}
	for market.sendUntilDone(t, dir, state, epoch) {
		if open := openSubmissions(t, d); open == 0 {
			break
		}
	}
	unsure := market.checkBooks(t, d, false)
	t.Logf("%d sends, %d processes killed while sending, faults %v", sends, killed, market.faults.Counts())
	t.Logf("%d of unknown outcome at the channel that only a person can ask; filed there: %d", len(unsure), market.filed(unsure))

	market.faults.Heal()
	resolveBySight(t, d, market, unsure)
	for market.sendUntilDone(t, dir, state, epoch) {
		if unsure = market.checkBooks(t, d, false); len(unsure) == 0 && openSubmissions(t, d) == 0 {
			break
		}
		resolveBySight(t, d, market, unsure)
	}
	market.checkBooks(t, d, true)
	if !t.Failed() {
		t.Logf("after a person has looked: %d items, each filed exactly once", sends)
	}
	report, err := d.Verify(t.Context(), nil, evidence.Quiet)
	if err != nil || !report.OK() {
		t.Errorf("the workspace does not verify: %v %+v", err, report.Findings)
	}
}

// cheapKey makes a workspace with a key that takes no time to open.
func cheapKey(t *testing.T, dir, state string) {
	t.Helper()
	ws, err := store.Open(dir, store.Options{
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }, NoKeyring: true, WorkFactor: 4, StateDir: state,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Close(); err != nil {
		t.Fatal(err)
	}
}

// queueSends puts as many items into the outbox, over all channels.
func queueSends(t *testing.T, d *Desk, sends int) {
	t.Helper()
	if _, err := d.ImportBrand(t.Context(), "brand.json", strings.NewReader(testBrand)); err != nil {
		t.Fatal(err)
	}
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Kills"})
	if err != nil {
		t.Fatal(err)
	}
	each := (sends + 2) / 3
	var links []string
	for i := range 3 * each { // each channel has its own: none is asked for what another was
		links = append(links, fmt.Sprintf("https://market.example/item/%d", i))
	}
	sealed(t, d, c.ID, links)
	rows, err := d.Rows(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	left := sends
	for name := range tellers("") {
		var listings []evidence.ID
		for _, r := range rows[:min(each, left)] {
			listings = append(listings, r.Listing.ID)
		}
		rows = rows[len(listings):]
		left -= len(listings)
		n := approved(t, d, c.ID, name, listings)
		if _, err := d.Queue(t.Context(), n.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func openSubmissions(t *testing.T, d *Desk) int {
	t.Helper()
	open, err := outboxJournal{d}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range open {
		if s.State != evidence.SubmissionUnknown || s.Channel != string(takedown.ReconcileNone) {
			n++
		}
	}
	return n
}

// faultyMarket is a Ledger for each way to reconcile, behind faults.
type faultyMarket struct {
	ledgers map[string]*takedowntest.Ledger
	faults  *takedowntest.Faults
	base    string
	news    chan struct{} // one for every notice filed
	rand    *rand.Rand
}

func newFaultyMarket(t *testing.T, share float64) *faultyMarket {
	m := &faultyMarket{ledgers: map[string]*takedowntest.Ledger{}, news: make(chan struct{}, 1<<16), rand: rand.New(rand.NewPCG(7, 7))}
	mux := http.NewServeMux()
	for name := range tellers("") {
		l := &takedowntest.Ledger{Keys: name == string(takedown.ReconcileKey), Filed: func() { m.news <- struct{}{} }}
		m.ledgers[name] = l
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, l))
	}
	m.faults = takedowntest.NewFaults(mux, share, 42)
	m.base = takedowntest.Serve(t, m.faults)
	return m
}

func (m *faultyMarket) child(t *testing.T, dir, state string, epoch time.Time) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), senderDir+"="+dir, senderState+"="+state, senderBase+"="+m.base, senderEpoch+"="+epoch.Format(time.RFC3339Nano))
	cmd.Stderr = io.Discard
	if testing.Verbose() {
		cmd.Stderr = os.Stderr
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// sendUntilKilled has a process send and kills it after some notices were filed,
// while others are on their way. It reports whether there was something to kill.
func (m *faultyMarket) sendUntilKilled(t *testing.T, dir, state string, epoch time.Time) bool {
	t.Helper()
	for len(m.news) > 0 {
		<-m.news
	}
	cmd := m.child(t, dir, state, epoch)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range 5 + m.rand.IntN(30) {
		select {
		case <-m.news:
		case err := <-ended:
			if err != nil {
				t.Fatalf("the sender failed: %v", err)
			}
			return false
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	return true
}

// sendUntilDone has a process send all that can be sent.
func (m *faultyMarket) sendUntilDone(t *testing.T, dir, state string, epoch time.Time) bool {
	t.Helper()
	if err := m.child(t, dir, state, epoch).Wait(); err != nil {
		t.Fatalf("the sender failed: %v", err)
	}
	return true
}

// filed is how many of the items the marketplaces have.
func (m *faultyMarket) filed(items []evidence.NoticeItem) int {
	books, n := m.books(), 0
	for _, i := range items {
		n += books[i.ID]
	}
	return n
}

func (m *faultyMarket) books() map[evidence.ID]int {
	all := map[evidence.ID]int{}
	for _, l := range m.ledgers {
		maps.Copy(all, l.Books())
	}
	return all
}

// checkBooks compares the marketplaces' books with ours: no item was filed twice,
// and what we say they have they have. It returns the items of unknown outcome;
// none may be left where all is settled.
func (m *faultyMarket) checkBooks(t *testing.T, d *Desk, settled bool) (unsure []evidence.NoticeItem) {
	t.Helper()
	items, err := All[evidence.NoticeItem](t.Context(), d, evidence.KindItem)
	if err != nil {
		t.Fatal(err)
	}
	books := m.books()
	for _, item := range items {
		n := books[item.ID]
		switch {
		case n > 1:
			t.Errorf("%s was filed %d times", item.ID, n)
		case item.State == evidence.ItemAcknowledged || item.State == evidence.ItemSubmitted:
			if n != 1 {
				t.Errorf("%s is %s and was filed %d times", item.ID, item.State, n)
			}
		case settled:
			t.Errorf("%s is %s and not submitted", item.ID, item.State)
		case item.State == evidence.ItemUnknownOutcome:
			unsure = append(unsure, item)
		case n > 0:
			t.Errorf("%s is %s but was filed", item.ID, item.State)
		}
	}
	return unsure
}

// resolveBySight is the person who looks at the marketplace for each item whose
// outcome nobody else can tell, and submits again what is not there.
func resolveBySight(t *testing.T, d *Desk, m *faultyMarket, unsure []evidence.NoticeItem) {
	t.Helper()
	books := m.books()
	again := map[evidence.ID]bool{}
	for _, item := range unsure {
		sent := books[item.ID] > 0
		if _, err := d.Resolve(t.Context(), item.ID, sent, "seen by eye"); err != nil {
			t.Fatal(err)
		}
		if !sent {
			again[item.Notice] = true
		}
	}
	for id := range again {
		if _, err := d.Queue(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}
