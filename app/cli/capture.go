package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) captureCommand() *cobra.Command {
	var from, caseName string
	var o desk.Order
	cmd := &cobra.Command{
		Use:   "capture URL... | --from FILE",
		Short: "Snapshot listings and seal them as evidence",
		Long: "Capture opens each link in a fresh, isolated Chrome, saves what it shows and what crossed the\n" +
			"network, and seals it. A page that cannot be reached is recorded too. FILE is .txt (one link a\n" +
			"line), .csv or .xlsx (a column headed URL, else the first).",
		RunE: func(cmd *cobra.Command, args []string) error {
			links, bad, err := gatherLinks(args, from)
			for _, b := range bad {
				fmt.Fprintf(p.Stderr, "touchstone: %v\n", b)
			}
			if err != nil {
				return usage(err)
			}
			o.Links = links
			err = p.withDesk(func(d *desk.Desk) error {
				if caseName != "" {
					c, err := d.EnsureCase(cmd.Context(), caseName)
					if err != nil {
						return err
					}
					o.Case = c.ID
				}
				return p.runCaptures(cmd.Context(), d.Capture, o)
			})
			if err == nil && len(bad) > 0 {
				return usage(fmt.Errorf("%d of the lines were no links and were left out", len(bad)))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "read the links from this file")
	cmd.Flags().StringVar(&caseName, "case", "", "the case they belong to; a new name opens a case")
	orderFlags(cmd, &o)
	return cmd
}

// orderFlags adds the flags that capture and recheck share.
func orderFlags(cmd *cobra.Command, o *desk.Order) {
	cmd.Flags().IntVar(&o.Jobs, "jobs", 0, "captures at once (default: by the machine)")
	cmd.Flags().DurationVar(&o.Timeout, "timeout", time.Minute, "hard limit of one capture")
	cmd.Flags().BoolVar(&o.Settings.AllowPrivate, "allow-private", false, "let pages reach private and loopback addresses")
	cmd.Flags().StringVar(&o.Settings.Locale, "locale", "", "language the browser asks for, as in de-DE")
	cmd.Flags().StringVar(&o.Settings.TimeZone, "time-zone", "", "time zone of the browser, as in Europe/Berlin")
}

func gatherLinks(args []string, from string) ([]string, []desk.BadLink, error) {
	var links []string
	for _, arg := range args {
		link, err := desk.CheckLink(arg)
		if err != nil {
			return nil, nil, desk.BadLink{Text: arg, Why: err.Error()}
		}
		links = append(links, link)
	}
	if from == "" {
		if len(links) == 0 {
			return nil, nil, errors.New("nothing to capture: give a URL or --from FILE")
		}
		return links, nil, nil
	}
	read, bad, err := desk.ReadLinks(from)
	for _, l := range read {
		links = append(links, l.URL)
	}
	return links, bad, err
}

// captureFunc is the desk's Capture or Recheck.
type captureFunc func(context.Context, desk.Order, evidence.Progress, func(evidence.Capture)) error

// runCaptures captures, prints each capture and says how many did not reach
// their page.
func (p *Program) runCaptures(ctx context.Context, run captureFunc, o desk.Order) error {
	show := newTerminal(p.Stderr)
	defer show.Done()
	var mu sync.Mutex
	var unreached int
	var printErr error
	err := run(ctx, o, show, func(c evidence.Capture) {
		mu.Lock()
		defer mu.Unlock()
		if !c.Outcome.Reached() {
			unreached++
		}
		printErr = errors.Join(printErr, p.printCapture(show, c))
	})
	switch {
	case err != nil:
		return err
	case printErr != nil:
		return printErr
	case unreached > 0:
		return &exitError{exitUnreached, fmt.Errorf("%d captures did not reach their page; they are recorded, with the reason", unreached)}
	}
	return nil
}

func (p *Program) printCapture(show *terminal, c evidence.Capture) error {
	if p.json {
		return p.printJSON(c)
	}
	show.Done()
	_, err := fmt.Fprintf(p.Stdout, "%s  %-14s %s\n", c.ID, c.Outcome, printable(c.Title()))
	if c.Reason != "" {
		fmt.Fprintf(p.Stdout, "    %s\n", printable(c.Reason))
	}
	for _, m := range c.Missing {
		fmt.Fprintf(p.Stdout, "    without %s: %s\n", m.Role, printable(m.Reason))
	}
	return err
}
