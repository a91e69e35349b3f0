package cli

import (
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
				return p.printCases([]evidence.Case{made})
			})
		},
	}
	flags := open.Flags()
	flags.StringVar(&c.Client, "client", "", "whom it is for")
	flags.StringVar(&c.Matter, "matter", "", "the client's or court's number for it")
	flags.StringVar(&c.Counsel, "counsel", "", "who has legal charge of it")
	flags.StringVar(&c.Territory, "territory", "", "country code")
	flags.StringVar(&c.KnownSince, "known-since", "", "day on which the infringement became known, as in 2026-11-23")
	cmd.AddCommand(open,
		&cobra.Command{
			Use: "list", Short: "List all cases", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					cases, err := d.Cases(cmd.Context())
					if err != nil {
						return err
					}
					return p.printCases(cases)
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
					return p.printRows(rows)
				})
			},
		})
	return cmd
}

func (p *Program) printCases(cases []evidence.Case) error {
	if p.json {
		return printEach(p, cases)
	}
	var rows [][]string
	for _, c := range cases {
		rows = append(rows, []string{string(c.ID), c.Name, c.Client, c.Matter, c.CreatedAt.Format(time.DateOnly)})
	}
	return p.table("CASE\tNAME\tCLIENT\tMATTER\tOPENED", rows)
}

func (p *Program) printRows(list []desk.Row) error {
	if p.json {
		return printEach(p, list)
	}
	var rows [][]string
	for _, r := range list {
		row := []string{string(r.Listing.ID), "", "", "", shorten(orURL(r.Listing), 60)}
		if r.Capture != nil {
			row[1] = string(r.Capture.Outcome)
		}
		if r.Assessment != nil {
			row[2] = string(r.Assessment.Verdict)
		}
		if r.Item != nil {
			row[3] = string(r.Item.State)
		}
		rows = append(rows, row)
	}
	return p.table("LISTING\tOUTCOME\tASSESSMENT\tNOTICE\tTITLE", rows)
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
