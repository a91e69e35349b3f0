package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) reviewCommand() *cobra.Command {
	var o desk.ReviewOrder
	var from string
	var dry bool
	cmd := &cobra.Command{
		Use:   "review [STATUS] [LISTING...]",
		Short: "Set the review status of listings, many at once",
		Long: "STATUS is " + alternatives(evidence.Reviews) + ".\n" +
			"Which listings: by their IDs, those of --case that the filters let through, or those of --from, a\n" +
			".txt, .csv or .xlsx with their IDs or links in a column headed listing or URL; a column headed\n" +
			"status goes before STATUS.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) > 0 {
				if o.To, err = pick(args[0], evidence.Reviews); err != nil {
					return fmt.Errorf("status %w", err)
				}
				args = args[1:]
			}
			if o.Listings, err = parseIDs(args); err != nil {
				return err
			}
			switch {
			case from != "" && (len(args) > 0 || o.Case == "" || dry):
				return usage(errors.New("--from wants --case, and no listings and --dry-run beside it"))
			case from == "" && o.To == "":
				return usage(fmt.Errorf("STATUS is missing: want %s", alternatives(evidence.Reviews)))
			case from == "" && len(args) == 0 && o.Case == "":
				return usage(errors.New("which listings: want their IDs, --case or --from"))
			}
			return p.readDesk(func(d *desk.Desk) error {
				changed, err := p.review(cmd.Context(), d, o, from, dry)
				if err != nil && len(changed) == 0 {
					return err
				}
				return errors.Join(err, p.printReviews(changed, dry)) // of what was stopped, what is done all the same
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Case, "case", "", "listings of this case")
	f.StringVar(&from, "from", "", "file that names the listings")
	choose(f, &o.Now, "now", evidence.Reviews, "", "only those with this status now")
	choose(f, &o.Outcome, "outcome", evidence.Outcomes, "", "only those whose newest capture found this")
	choose(f, &o.Verdict, "verdict", evidence.Verdicts, "", "only those judged so")
	choose(f, &o.Target, "target", evidence.TargetKinds, "", "only this kind of target")
	f.StringVar(&o.Marketplace, "marketplace", "", "only of this marketplace")
	f.StringVar(&o.Seller, "seller", "", "only of the seller with this ID or name")
	f.StringVar(&o.Words, "words", "", "only those whose title or link holds this")
	f.BoolVar(&dry, "dry-run", false, "only list those that would change")
	return cmd
}

func (p *Program) review(ctx context.Context, d *desk.Desk, o desk.ReviewOrder, from string, dry bool) ([]evidence.Listing, error) {
	show := newTerminal(p.Stderr)
	defer show.Done()
	switch {
	case from != "":
		return d.ReviewList(ctx, o.Case, from, o.To, show)
	case dry:
		return d.Chosen(ctx, o)
	}
	return d.SetReview(ctx, o, show)
}

func (p *Program) printReviews(listings []evidence.Listing, dry bool) error {
	if p.json {
		return printEach(p, listings)
	}
	for _, l := range listings {
		fmt.Fprintf(p.Stdout, "%s  %s  %s\n", l.ID, evidence.Words(l.Review), printable(shorten(orURL(l), 80)))
	}
	what := "changed"
	if dry {
		what = "would be set"
	}
	_, err := fmt.Fprintf(p.Stdout, "%s %s\n", evidence.Count(len(listings), "listing"), what)
	return err
}
