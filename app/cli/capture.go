package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) captureCommand() *cobra.Command {
	var in captureInput
	var resume, discard, attended bool
	var o desk.Order
	cmd := &cobra.Command{
		Use:   "capture URL... | --from FILE | --resume",
		Short: "Snapshot listings and seal them as evidence",
		Long: "Capture opens each link in a fresh, isolated Chrome, saves what it shows and what crossed the\n" +
			"network, and seals it. A page that cannot be reached is recorded too. FILE is .txt (one link a\n" +
			"line), .csv or .xlsx (a column headed URL, else the one with most links). Columns headed case,\n" +
			"seller, price, note, status, target, and past notice date, to, reference and outcome are read too:\n" +
			"past notices become records marked as made elsewhere.\n\n" +
			"The links are put into the workspace's queue first. When the work is stopped or the machine\n" +
			"fails, capture --resume goes on with what is left. Of one workspace one process runs the queue;\n" +
			"a second one adds its links and follows.",
		RunE: func(cmd *cobra.Command, args []string) error {
			pace(&o)
			if attended {
				if in.from != "" || resume || discard || len(p.remotes) > 0 {
					return usage(errors.New("--attended needs a URL and a window on this machine: leave out --from, --resume, --discard and --remote"))
				}
				return p.attend(cmd.Context(), args, in.caseName, o)
			}
			if resume || discard {
				if len(args) > 0 || in.from != "" || resume == discard {
					return usage(errors.New("--resume and --discard each stand alone: they are about the links that were given before"))
				}
				return p.onUnfinished(cmd.Context(), in.caseName, o, discard)
			}
			if len(args) == 0 && in.from == "" {
				return p.nothingToCapture(cmd.Context())
			}
			return p.captureLinks(cmd.Context(), args, in, o)
		},
	}
	cmd.Flags().StringVar(&in.from, "from", "", "read the links from this file, with what its other columns say")
	cmd.Flags().StringVar(&in.caseName, "case", "", "the case they belong to, where their list names none; a new name opens a case")
	choose(cmd.Flags(), &in.target, "target", evidence.TargetKinds, "", "what the links lead to (default: as their addresses tell, else an offer)")
	cmd.Flags().BoolVar(&in.enlistOnly, "enlist-only", false, "begin the listings and take in what their list says, without a capture")
	cmd.Flags().BoolVar(&resume, "resume", false, "go on with what is unfinished (of the case, if one is named)")
	cmd.Flags().BoolVar(&discard, "discard", false, "give up what is unfinished (of the case, if one is named)")
	cmd.Flags().BoolVar(&attended, "attended", false, "open a window; you sign in and choose, Enter in the terminal captures the page as it stands")
	p.orderFlags(cmd, &o)
	return cmd
}

func (p *Program) captureLinks(ctx context.Context, args []string, in captureInput, o desk.Order) error {
	list, bad, err := gatherLinks(args, in)
	for _, b := range bad {
		fmt.Fprintln(p.Stderr, "touchstone: "+oneLine(b))
	}
	if err != nil {
		return usage(err)
	}
	err = p.withDesk(func(d *desk.Desk) error {
		unreached := 0
		for _, batch := range byCase(list) {
			if o.Case, err = p.takeIn(ctx, d, batch); err != nil {
				return err
			}
			o.Links = nil
			for _, l := range batch {
				o.Links = append(o.Links, l.URL)
			}
			if in.enlistOnly {
				continue
			}
			var not unreachedError
			if err := p.runCaptures(ctx, d, d.Capture, o); errors.As(err, &not) {
				unreached += int(not)
			} else if err != nil {
				return err
			}
		}
		if unreached > 0 {
			return &exitError{exitUnreached, unreachedError(unreached)}
		}
		return nil
	})
	var waits *desk.UnfinishedError
	switch {
	case errors.As(err, &waits) && waits.Busy:
		return usage(fmt.Errorf("%w: touchstone capture --resume shows how it goes", waits))
	case errors.As(err, &waits):
		return usage(fmt.Errorf("%w: touchstone capture --resume goes on with it, --discard gives it up", waits))
	case err == nil && len(bad) > 0:
		return fmt.Errorf("the rest was taken, but %s not: see above", evidence.Count(len(bad), "line"))
	}
	return err
}

// captureInput is where links come from, and what is said of all of them.
type captureInput struct {
	from, caseName string
	target         evidence.TargetKind
	enlistOnly     bool
}

// byCase gathers the links of each case, in the order of the list.
func byCase(list []desk.Listed) [][]desk.Listed {
	var batches [][]desk.Listed
	at := map[string]int{}
	for _, l := range list {
		i, ok := at[l.Case]
		if !ok {
			i = len(batches)
			at[l.Case] = i
			batches = append(batches, nil)
		}
		batches[i] = append(batches[i], l)
	}
	return batches
}

// takeIn opens the case of a batch, if it names one, and records what its list
// says.
func (p *Program) takeIn(ctx context.Context, d *desk.Desk, batch []desk.Listed) (evidence.ID, error) {
	var c evidence.Case
	if name := batch[0].Case; name != "" {
		var err error
		if c, err = d.EnsureCase(ctx, name); err != nil {
			return "", err
		}
	}
	listings, past, err := d.TakeIn(ctx, c.ID, batch)
	if err == nil && past > 0 {
		fmt.Fprintf(p.Stderr, "touchstone: %s taken in, made elsewhere, about %s\n", evidence.Count(past, "past notice"), evidence.Count(len(listings), "listing"))
	}
	return c.ID, err
}

// nothingToCapture says what could be captured.
func (p *Program) nothingToCapture(ctx context.Context) error {
	advice := "nothing to capture: give a URL or --from FILE"
	err := p.readDesk(func(d *desk.Desk) error {
		unfinished, err := d.Unfinished(ctx, "")
		if n := len(unfinished); n > 0 {
			advice = fmt.Sprintf("%s; %s from before: touchstone capture --resume goes on with them, --discard gives them up", advice, unfinishedCount(n))
		}
		return err
	})
	if err != nil && !errors.Is(err, desk.ErrNoWorkspace) {
		return err
	}
	return usage(errors.New(advice))
}

func unfinishedCount(n int) string {
	if n == 1 {
		return "1 capture is unfinished"
	}
	return evidence.Count(n, "capture") + " are unfinished"
}

func ids(jobs []evidence.Job) []evidence.ID {
	ids := make([]evidence.ID, len(jobs))
	for i, job := range jobs {
		ids[i] = job.ID
	}
	return ids
}

// onUnfinished goes on with what was left, or gives it up.
func (p *Program) onUnfinished(ctx context.Context, caseName string, o desk.Order, discard bool) error {
	return p.readDesk(func(d *desk.Desk) error {
		if caseName != "" {
			c, err := d.Case(ctx, caseName)
			if err != nil {
				return err
			}
			o.Case = c.ID
		}
		unfinished, err := d.Unfinished(ctx, o.Case)
		if err != nil {
			return err
		}
		switch n := len(unfinished); {
		case n == 0:
			fmt.Fprintln(p.Stderr, "touchstone: nothing is unfinished")
			return nil
		case discard:
			fmt.Fprintf(p.Stderr, "touchstone: %s and given up; what was sealed of them stays\n", unfinishedCount(n))
			return d.Discard(ctx, ids(unfinished))
		}
		return p.runCaptures(ctx, d, d.Resume, o)
	})
}

// gatherLinks are the links of the command line and of its file, with what is
// said of them.
func gatherLinks(args []string, in captureInput) ([]desk.Listed, []desk.BadLink, error) {
	var list []desk.Listed
	for _, arg := range args {
		link, err := desk.CheckLink(arg)
		if err != nil {
			return nil, nil, desk.BadLink{Text: arg, Why: err.Error()}
		}
		list = append(list, desk.Listed{Link: desk.Link{URL: link}})
	}
	var bad []desk.BadLink
	var err error
	if in.from != "" {
		var read []desk.Listed
		read, bad, err = desk.ReadList(in.from)
		list = append(list, read...)
	}
	for i := range list {
		list[i].Case, list[i].Target = cmp.Or(list[i].Case, in.caseName), cmp.Or(list[i].Target, in.target)
	}
	return list, bad, err
}

// captureFunc is the desk's Capture, Recheck or Resume.
type captureFunc func(context.Context, desk.Order, evidence.Progress, func(evidence.Capture)) error

// runCaptures captures, prints each attempt and says how many jobs did not reach
// their page.
func (p *Program) runCaptures(ctx context.Context, d *desk.Desk, run captureFunc, o desk.Order) error {
	show := newTerminal(p.Stderr)
	defer show.Done()
	var mu sync.Mutex
	outcomes := map[evidence.ID]evidence.Outcome{} // of each job's last attempt
	var printErr error
	err := run(ctx, o, show, func(c evidence.Capture) {
		mu.Lock()
		defer mu.Unlock()
		outcomes[c.Job] = c.Outcome
		printErr = errors.Join(printErr, p.printCapture(context.WithoutCancel(ctx), d, show, c))
	})
	if err != nil && ctx.Err() != nil {
		err = p.stopped(context.WithoutCancel(ctx), d, o.Case)
	}
	unreached := 0
	for _, outcome := range outcomes {
		if !outcome.Reached() {
			unreached++
		}
	}
	switch {
	case err != nil:
		return err
	case printErr != nil:
		return printErr
	case unreached > 0:
		return &exitError{exitUnreached, unreachedError(unreached)}
	case len(outcomes) == 0:
		fmt.Fprintln(p.Stderr, "touchstone: nothing to capture")
	}
	return nil
}

// unreachedError is how many captures did not reach their pages.
type unreachedError int

func (n unreachedError) Error() string {
	if n == 1 {
		return "1 capture did not reach its page; it is recorded, with the reason"
	}
	return fmt.Sprintf("%d captures did not reach their pages; they are recorded, with the reasons", int(n))
}

// stopped says what is left after Ctrl-C.
func (p *Program) stopped(ctx context.Context, d *desk.Desk, caseID evidence.ID) error {
	unfinished, err := d.Unfinished(ctx, caseID)
	if err != nil {
		return err
	}
	return fmt.Errorf("stopped; what was captured until then is kept, and %s: touchstone capture --resume goes on", unfinishedCount(len(unfinished)))
}

func (p *Program) printCapture(ctx context.Context, d *desk.Desk, show *terminal, made evidence.Capture) error {
	c, err := d.Titled(ctx, made)
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(c)
	}
	show.Done()
	attempt := ""
	if c.Attempt > 1 {
		attempt = fmt.Sprintf("  (attempt %d)", c.Attempt)
	}
	_, err = fmt.Fprintf(p.Stdout, "%s  %-14s %s%s\n", c.ID, evidence.Words(c.Outcome), printable(c.Title), attempt)
	if c.Reason != "" {
		fmt.Fprintf(p.Stdout, "    %s\n", printable(c.Reason))
	}
	if r := c.Recheck; r != nil {
		fmt.Fprintf(p.Stdout, "    the offer: %s (%s)\n", evidence.Words(r.Offer), printable(r.Why))
	}
	if l, err := desk.Get[evidence.Listing](ctx, d, c.Listing); err == nil && l.Target == evidence.TargetDomain {
		fmt.Fprintf(p.Stdout, "    who runs it: touchstone domain %s\n", l.ID)
	}
	if _, shown := c.Artifact(evidence.RoleViewport); !shown && !c.Outcome.Reached() {
		return err // that all else is missing goes without saying
	}
	for _, m := range c.Missing {
		fmt.Fprintf(p.Stdout, "    without %s: %s\n", m.Role, printable(m.Reason))
	}
	return err
}
