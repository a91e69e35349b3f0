package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) caseCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "case", Short: "Open, list and show cases"}
	var c evidence.Case
	open := &cobra.Command{
		Use: "new NAME", Short: "Open a case", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withDesk(func(d *desk.Desk) error {
				c.Name = args[0]
				made, err := d.NewCase(cmd.Context(), c)
				if err != nil {
					return err
				}
				return p.printCases(d, []evidence.Case{made})
			})
		},
	}
	caseFlags(open, &c)
	var retain string
	open.Flags().StringVar(&retain, "retain", "", "how long its evidence is kept, as in 5y, 18m, 90d")
	open.PreRunE = func(*cobra.Command, []string) (err error) {
		if c.Retain, err = evidence.ParsePeriod(retain); err != nil {
			return usage(err)
		}
		return nil
	}
	cmd.AddCommand(open, p.caseSetCommand(), p.caseHoldCommand(), p.caseValidateCommand(),
		&cobra.Command{
			Use: "list", Short: "List all cases", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					cases, err := d.Cases(cmd.Context())
					if err != nil {
						return err
					}
					return p.printCases(d, cases)
				})
			},
		},
		&cobra.Command{
			Use: "show NAME", Short: "Show a case's listings, with what is newest about each", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					c, err := d.Case(cmd.Context(), args[0])
					if err != nil {
						return err
					}
					rows, err := d.Rows(cmd.Context(), c.ID)
					if err != nil {
						return err
					}
					if !p.json {
						if err := p.printMatter(cmd.Context(), d, c); err != nil {
							return err
						}
					}
					return p.printRows(rows)
				})
			},
		})
	return cmd
}

// caseFlags adds the flags that say what is written about a case.
func caseFlags(cmd *cobra.Command, c *evidence.Case) {
	flags := cmd.Flags()
	flags.StringVar(&c.Client, "client", "", "whom it is for")
	flags.StringVar(&c.Matter, "matter", "", "the client's or court's number for it")
	flags.StringVar(&c.Counsel, "counsel", "", "who has legal charge of it")
	flags.StringVar(&c.Territory, "territory", "", "country, by its two letters in ISO 3166, as in DE; or EU")
	flags.StringVar(&c.KnownSince, "known-since", "", "day on which the infringement became known, as in 2026-11-23")
	flags.Var(costsFlag{&c.Costs}, "cost", "a sum that the matter cost and what for, as in '120.00 EUR court fee'; is added to those there are; may be repeated")
}

func (p *Program) caseSetCommand() *cobra.Command {
	var c evidence.Case
	var retain string
	cmd := &cobra.Command{
		Use: "set NAME", Short: "Change what is written about a case, and how long its evidence is kept", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(given(cmd)) == 0 {
				return usage(errors.New("nothing to change: name --client, --matter, --counsel, --territory, --known-since, --cost or --retain"))
			}
			period, err := evidence.ParsePeriod(retain)
			if err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				changed, err := d.ChangeCase(cmd.Context(), args[0], c)
				if err == nil && cmd.Flags().Changed("retain") {
					changed, err = d.SetRetention(cmd.Context(), args[0], period)
				}
				if err != nil {
					return err
				}
				return p.printCases(d, []evidence.Case{changed})
			})
		},
	}
	caseFlags(cmd, &c)
	cmd.Flags().StringVar(&retain, "retain", "", "how long its evidence is kept, as in 5y, 18m, 90d; \"\" is for good")
	return cmd
}

func (p *Program) caseHoldCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "hold NAME on|off --reason TEXT", Short: "Forbid to delete a case's evidence, or allow it again", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[1] != "on" && args[1] != "off" {
				return usage(fmt.Errorf("%q: want on or off", args[1]))
			}
			return p.readDesk(func(d *desk.Desk) error {
				changed, err := d.SetHold(cmd.Context(), args[0], args[1] == "on", reason)
				if err != nil {
					return err
				}
				return p.printCases(d, []evidence.Case{changed})
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.MarkFlagRequired("reason")
	return cmd
}

func (p *Program) printCases(d *desk.Desk, cases []evidence.Case) error {
	for _, c := range cases {
		if err := p.warnUrgency(d, c); err != nil {
			return err
		}
	}
	if p.json {
		return printEach(p, cases)
	}
	var rows [][]string
	for _, c := range cases {
		kept := string(c.Retain)
		if c.Hold != nil {
			kept = "on hold"
		}
		rows = append(rows, []string{string(c.ID), c.Name, c.Client, c.Matter, c.Territory, c.KnownSince, c.CreatedAt.Format(time.DateOnly), kept})
	}
	return p.table("CASE\tNAME\tCLIENT\tMATTER\tTERRITORY\tKNOWN SINCE\tOPENED\tKEPT", rows)
}

func (p *Program) printRows(list []desk.Row) error {
	if p.json {
		return printEach(p, list)
	}
	var rows [][]string
	for _, r := range list {
		row := []string{string(r.Listing.ID), "not captured", "", "", evidence.Words(r.Listing.Review), evidence.Words(r.Listing.Target), shorten(orURL(r.Listing), 60)}
		if r.Capture != nil {
			row[1] = evidence.Words(r.Capture.Outcome)
		}
		if r.Assessment != nil {
			row[2] = evidence.Words(r.Assessment.Verdict)
		}
		if r.Item != nil {
			row[3] = evidence.Words(r.Item.State)
		}
		rows = append(rows, row)
	}
	return p.table("LISTING\tOUTCOME\tASSESSMENT\tNOTICE\tREVIEW\tTARGET\tTITLE", rows)
}

// printMatter prints what is written about a case, and what it cost.
func (p *Program) printMatter(ctx context.Context, d *desk.Desk, c evidence.Case) error {
	if err := p.warnUrgency(d, c); err != nil {
		return err
	}
	bought, err := d.TestPurchases(ctx, string(c.ID))
	if err != nil {
		return err
	}
	spent := slices.Clone(c.Costs)
	for _, b := range bought {
		spent = append(spent, b.Costs...)
	}
	total, err := desk.SumCosts(spent)
	if err != nil {
		return err
	}
	if len(spent) > 0 {
		total += fmt.Sprintf(" (%s of the matter, %s of %s)", evidence.Count(len(c.Costs), "item"), evidence.Count(len(spent)-len(c.Costs), "item"), evidence.Count(len(bought), "test purchase"))
	}
	for _, row := range [][2]string{{"case", c.Name}, {"client", c.Client}, {"matter", c.Matter}, {"counsel", c.Counsel}, {"territory", c.Territory},
		{"known since", c.KnownSince}, {"costs", costText(c.Costs)}, {"spent in all", total}} {
		if row[1] != "" {
			fmt.Fprintf(p.Stdout, "%-12s  %s\n", row[0], printable(row[1]))
		}
	}
	_, err = fmt.Fprintln(p.Stdout)
	return err
}

// warnUrgency says when a case is about to lose its urgency.
func (p *Program) warnUrgency(d *desk.Desk, c evidence.Case) error {
	u, err := d.UrgencyOf(c)
	if err == nil && u != nil && u.Near() {
		fmt.Fprintf(p.Stderr, "touchstone: case %s: urgency: %s\n", printable(c.Name), u)
	}
	return err
}

// costsFlag is the flag for sums of money.
type costsFlag struct{ costs *[]evidence.Cost }

// String implements pflag.Value.
func (c costsFlag) String() string {
	if c.costs == nil {
		return ""
	}
	return costText(*c.costs)
}

// Type implements pflag.Value.
func (c costsFlag) Type() string { return "sum" }

// Set implements pflag.Value.
func (c costsFlag) Set(text string) error {
	cost, err := parseCost(text)
	*c.costs = append(*c.costs, cost)
	return err
}

func orURL(l evidence.Listing) string {
	if l.Title != "" {
		return l.Title
	}
	return l.URL
}

func printEach[T any](p *Program, values []T) error {
	for _, v := range values {
		if err := p.printJSON(v); err != nil {
			return err
		}
	}
	return nil
}
