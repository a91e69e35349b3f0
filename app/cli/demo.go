package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
)

// demoPassphrase seals the demo's signing key. It is no secret: nothing of the
// demo is evidence of anything.
const demoPassphrase = "practice"

func (p *Program) demoCommand() *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Do the whole job once against the practice marketplace, without the window",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.runDemo(cmd.Context(), keep)
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "keep the workspace in this folder, which must be new or empty")
	return cmd
}

// demo is the state that the steps hand on.
type demo struct {
	p      *Program
	show   *terminal
	market *practice.Server
	desk   *desk.Desk

	folder   string // of the workspace
	state    string // where its anchor goes; empty for the user's state folder
	packet   string // path of the packet without its extension
	matter   evidence.Case
	captures []evidence.Capture // by the order of the demo's offers
	notice   evidence.Notice

	clock     practiceClock
	inquiries []evidence.Inquiry
}

// step is one part of the demo. It returns what to tell about it.
type step struct {
	name string
	run  func(*demo, context.Context) ([]string, error)
}

var demoSteps = []step{
	{"Practice marketplace", (*demo).openMarket},
	{"Workspace", (*demo).openWorkspace},
	{"Practice brand", (*demo).importBrand},
	{"Capture and seal six listings", (*demo).captureListings},
	{"Record the assessments", (*demo).assess},
	{"Draft, check and approve the notice", (*demo).draft},
	{"Write the takedown packet", (*demo).writePacket},
	{"File the notice", (*demo).file},
	{"Capture again as proof", (*demo).prove},
	{"Two inquiries arrive and are captured", (*demo).receive},
	{"Answer both", (*demo).answer},
	{"Capture again as proof", (*demo).proveAnswers},
	{"Two sellers object, and are answered", (*demo).object},
	{"A day later: capture again as proof", (*demo).proveCounters},
	{"Scorecard, beside the marketplace's own", (*demo).scorecard},
	{"Verify the whole workspace", (*demo).verify},
}

func (p *Program) runDemo(ctx context.Context, keep string) (err error) {
	d := &demo{p: p, show: newTerminal(p.Stderr)}
	defer d.show.Done()
	temporary, err := d.chooseFolder(keep)
	if err != nil {
		return err
	}
	if temporary != "" {
		defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	}
	defer func() { err = errors.Join(err, d.close()) }()
	begun := time.Now()
	for n, s := range demoSteps {
		d.show.Report(evidence.Event{Stage: fmt.Sprintf("%d. %s", n+1, s.name)})
		started := time.Now()
		told, err := s.run(d, ctx)
		if err != nil {
			return fmt.Errorf("the demo failed at step %d (%s): %w", n+1, s.name, err)
		}
		d.show.Done()
		fmt.Fprintf(p.Stdout, "%2d. %-38s %6.1f s\n", n+1, s.name, time.Since(started).Seconds())
		for _, line := range told {
			fmt.Fprintf(p.Stdout, "      %s\n", line)
		}
	}
	fmt.Fprintf(p.Stdout, "Every step held, in %.1f s.\n", time.Since(begun).Seconds())
	if temporary != "" {
		fmt.Fprintln(p.Stdout, "The files above are removed now; touchstone demo --keep DIR keeps them.")
	}
	return nil
}

// chooseFolder says where everything goes. It returns the folder to remove at
// the end, if any.
func (d *demo) chooseFolder(keep string) (temporary string, err error) {
	if keep != "" {
		if d.folder, err = filepath.Abs(keep); err != nil {
			return "", err
		}
		if entries, err := os.ReadDir(d.folder); err == nil && len(entries) > 0 {
			return "", usage(fmt.Errorf("%s is not empty: the demo wants a new folder", keep))
		}
		d.packet = d.folder + "-packet"
		return "", nil
	}
	if temporary, err = os.MkdirTemp("", "touchstone-demo-"); err != nil {
		return "", err
	}
	d.folder, d.packet = filepath.Join(temporary, "workspace"), filepath.Join(temporary, "packet")
	d.state = filepath.Join(temporary, "state")
	return temporary, nil
}

func (d *demo) close() error {
	var err error
	if d.desk != nil {
		err = d.desk.Close()
	}
	if d.market != nil {
		err = errors.Join(err, d.market.Close())
	}
	return err
}

func (d *demo) openMarket(ctx context.Context) (told []string, err error) {
	// The marketplace outlives an interrupt, so that what is under way can end.
	d.market, err = practice.Start(context.WithoutCancel(ctx), practice.Config{Now: d.clock.Now})
	if err != nil {
		return nil, err
	}
	return []string{d.market.URL()}, nil
}

func (d *demo) openWorkspace(context.Context) (told []string, err error) {
	d.desk, err = desk.Open(desk.Config{
		Dir: d.folder, Operator: "Practice Investigator", Tool: d.p.Tool, Private: true, StateDir: d.state,
		Passphrase: func(context.Context) (string, error) { return demoPassphrase, nil },
	})
	if err != nil {
		return nil, err
	}
	d.desk.Allow(d.market.Addr())
	credentials := d.market.Credentials()
	if err := d.desk.SignIn(desk.JointForce{BaseURL: credentials.BaseURL, ClientID: credentials.ClientID, ClientSecret: credentials.ClientSecret, Practice: true}); err != nil {
		return nil, err
	}
	return []string{d.desk.Dir(), fmt.Sprintf("its signing key is sealed with the passphrase %q", demoPassphrase)}, nil
}

func (d *demo) importBrand(ctx context.Context) ([]string, error) {
	f, err := importPracticeBrand(ctx, d.desk, d.market)
	if err != nil {
		return nil, err
	}
	if len(f.Rights) == 0 {
		return nil, errors.New("the practice brand has no right")
	}
	r := f.Rights[0]
	return []string{fmt.Sprintf("%s: %s %s, no. %s", f.Brand.Name, r.Office, r.Type, r.Number)}, nil
}

func (d *demo) offers() []practice.Offer {
	var offers []practice.Offer
	for _, o := range d.market.Catalogue() {
		if o.Demo {
			offers = append(offers, o)
		}
	}
	return offers
}

func (d *demo) captureListings(ctx context.Context) (told []string, err error) {
	if d.matter, err = d.desk.NewCase(ctx, evidence.Case{Name: "Practice", Client: "Practice brand"}); err != nil {
		return nil, err
	}
	offers := d.offers()
	if d.captures, err = d.captureAll(ctx, d.desk.Capture, desk.Order{Case: d.matter.ID, Delay: desk.None}); err != nil {
		return nil, err
	}
	for i, o := range offers {
		want := evidence.Online
		if o.Truth == practice.Removed {
			want = evidence.Removed
		}
		c := d.captures[i]
		if c.Outcome != want {
			return told, fmt.Errorf("%s is %s and not %s: %s", c.URL, c.Outcome, want, c.Reason)
		}
		if !c.Complete {
			return told, fmt.Errorf("%s lacks %s: %s", c.URL, c.Missing[0].Role, c.Missing[0].Reason)
		}
		told = append(told, fmt.Sprintf("%-8s %s  %s", evidence.Words(c.Outcome), c.ID, printable(c.Title())))
	}
	return told, nil
}

// captureAll captures the demo's offers and returns the captures in their order.
func (d *demo) captureAll(ctx context.Context, run captureFunc, o desk.Order) ([]evidence.Capture, error) {
	o.Links = nil
	for _, offer := range d.offers() {
		o.Links = append(o.Links, offer.URL)
	}
	return d.captureLinks(ctx, run, o)
}

// captureLinks captures and returns the captures in the order of the links.
func (d *demo) captureLinks(ctx context.Context, run captureFunc, o desk.Order) ([]evidence.Capture, error) {
	var mu sync.Mutex
	byURL := map[string]evidence.Capture{} // the last attempt stands
	err := run(ctx, o, d.show, func(c evidence.Capture) {
		mu.Lock()
		defer mu.Unlock()
		byURL[c.URL] = c
	})
	if err != nil {
		return nil, err
	}
	var captures []evidence.Capture
	for _, link := range o.Links {
		c, ok := byURL[link]
		if !ok {
			return nil, fmt.Errorf("%s was not captured", link)
		}
		captures = append(captures, c)
	}
	return captures, nil
}

func (d *demo) assess(ctx context.Context) (told []string, err error) {
	for i, o := range d.offers() {
		verdict, reason := evidence.Counterfeit, "The stitching and the logo plate are not those of the genuine article."
		switch o.Truth {
		case practice.Removed:
			continue
		case practice.Genuine:
			verdict, reason = evidence.Authentic, "Model number, markers and price are those of the genuine article."
		}
		a, err := d.desk.Assess(ctx, d.captures[i].ID, evidence.Assessment{Verdict: verdict, Basis: evidence.BasisPicture, Reason: reason})
		if err != nil {
			return told, err
		}
		told = append(told, fmt.Sprintf("%-12s %s", evidence.Words(a.Verdict), printable(d.captures[i].Title())))
	}
	return told, nil
}

func (d *demo) draft(ctx context.Context) ([]string, error) {
	n, items, err := d.desk.NewNotice(ctx, desk.NoticeOrder{
		Case: d.matter.ID, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, GoodFaith: true, Practice: true,
		Explanation: "The listings offer goods under our registered mark that our company neither made nor licensed. " +
			"The stitching, the logo plate and the price differ from the genuine article, as each exhibit shows.",
	})
	if err != nil {
		return nil, err
	}
	if d.notice, err = d.desk.Approve(ctx, n.ID, n.Signatory); err != nil {
		return nil, err
	}
	findings, err := d.desk.CheckNotice(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	if desk.MustNotLeave(findings) {
		return nil, fmt.Errorf("the notice is not complete: %s", findings[0].What)
	}
	return []string{fmt.Sprintf("%s about %s, approved by its signatory", n.ID, evidence.Count(len(items), "listing"))}, nil
}

func (d *demo) writePacket(ctx context.Context) (told []string, err error) {
	for _, ext := range []string{".pdf", ".zip"} {
		summary, err := d.desk.WritePacket(ctx, desk.PacketOrder{Notice: d.notice.ID, Out: d.packet + ext}, d.show)
		if err != nil {
			return told, err
		}
		if len(summary.Problems) > 0 {
			return told, fmt.Errorf("%s: %s", summary.Problems[0].Subject, summary.Problems[0].What)
		}
		told = append(told, fmt.Sprintf("%s: %s on %s", d.packet+ext, evidence.Count(summary.Exhibits, "exhibit"), evidence.Count(summary.Pages, "page")))
	}
	return told, nil
}

func (d *demo) file(ctx context.Context) ([]string, error) {
	submissions, err := d.desk.Submit(ctx, d.notice.ID, d.show)
	if err != nil {
		return nil, err
	}
	var told []string
	for _, s := range submissions {
		if s.State != evidence.SubmissionSubmitted {
			return nil, fmt.Errorf("%s is %s: %s", s.ID, s.State, s.Error)
		}
		told = append(told, fmt.Sprintf("submission %s; the marketplace's number is %s", s.ID, s.External))
	}
	if _, err := d.desk.Sync(ctx, d.show); err != nil {
		return nil, err
	}
	return told, d.everyItem(ctx, evidence.ItemRemoved)
}

// everyItem checks that all items of the notice are in a state.
func (d *demo) everyItem(ctx context.Context, want evidence.ItemState) error {
	dossier, err := d.desk.Dossier(ctx, d.notice.ID)
	if err != nil {
		return err
	}
	for _, e := range dossier.Exhibits {
		if e.Item.State != want {
			return fmt.Errorf("%s is %s and not %s", e.Listing.URL, e.Item.State, want)
		}
	}
	return nil
}

func (d *demo) prove(ctx context.Context) (told []string, err error) {
	captures, err := d.captureAll(ctx, d.desk.Recheck, desk.Order{Case: d.matter.ID, Delay: desk.None})
	if err != nil {
		return nil, err
	}
	for i, o := range d.offers() {
		want := evidence.RemovedByMarketplace
		if o.Truth == practice.Genuine {
			want = evidence.StillUp
		}
		c := captures[i]
		if c.Recheck == nil || c.Recheck.Offer != want {
			return told, fmt.Errorf("%s: the offer should be %s, but %+v", c.URL, want, c.Recheck)
		}
		found := evidence.Words(c.Recheck.Offer)
		if d.captures[i].Outcome == evidence.Removed {
			found = "gone before the notice"
		}
		told = append(told, fmt.Sprintf("%-22s %s", found, printable(d.captures[i].Title())))
	}
	return told, d.everyItem(ctx, evidence.ItemVerifiedDown)
}

func (d *demo) verify(ctx context.Context) ([]string, error) {
	report, err := d.desk.Verify(ctx, nil, d.show)
	if err != nil {
		return nil, err
	}
	if !report.OK() {
		return nil, &exitError{exitUnverified, fmt.Errorf("%d findings, the first: %s: %s", len(report.Findings), report.Findings[0].Path, report.Findings[0].What)}
	}
	return []string{fmt.Sprintf("%d captures, %d files and %d log entries are as they were sealed", report.Captures, report.Blobs, report.Leaves)}, nil
}
