package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) scorecardCommand() *cobra.Command {
	var o desk.CardOptions
	var until, table, book string
	cmd := &cobra.Command{
		Use:   "scorecard",
		Short: "Say how right and how fast the notices have been, and how that stands in the marketplaces' programmes",
		Long: "Counts what was sent within a rolling window, by channel, brand and reason, and compares it with the\n" +
			"record that programmes ask for, over windows of their own. What was withdrawn is counted apart. The time\n" +
			"to removal ends when the removal was first seen here.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for ending, out := range map[string]string{".csv": table, ".xlsx": book} {
				if out != "" && !strings.EqualFold(filepath.Ext(out), ending) {
					return usage(fmt.Errorf("--%s %s: such a file ends with %s", ending[1:], out, ending))
				}
			}
			if o.Months < 1 {
				return usage(fmt.Errorf("--months %d: a window has a month at least", o.Months))
			}
			if until != "" {
				day, err := time.Parse(time.DateOnly, until)
				if err != nil {
					return usage(fmt.Errorf("--until %q is not a day, want it as in 2026-11-23", until))
				}
				o.At = day.AddDate(0, 0, 1).Add(-time.Nanosecond)
			}
			return p.readDesk(func(d *desk.Desk) error {
				card, err := d.Scorecard(cmd.Context(), o)
				if err != nil {
					return err
				}
				if table != "" {
					if err := desk.WriteCardTable(card, table); err != nil {
						return err
					}
					fmt.Fprintf(p.Stderr, "touchstone: the counts are in %s\n", table)
				}
				if book != "" {
					if err := desk.WriteCardBook(card, book); err != nil {
						return err
					}
					fmt.Fprintf(p.Stderr, "touchstone: all of the scorecard is in %s\n", book)
				}
				if p.json {
					return p.printJSON(card)
				}
				return p.printCard(card)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Months, "months", desk.CardMonths, "length of the window in months")
	flags.StringVar(&until, "until", "", "last day of the window, as in 2026-11-23 (default: now)")
	flags.StringVar(&o.Channel, "channel", "", "only this channel")
	flags.StringVar(&o.Brand, "brand", "", "only this brand")
	flags.StringVar(&table, "csv", "", "also write the counts to this .csv file")
	flags.StringVar(&book, "xlsx", "", "also write all of it to this .xlsx file")
	return cmd
}

func (p *Program) printCard(c desk.Card) error {
	fmt.Fprintf(p.Stdout, "Sent from %s to %s (%s)\n\n", c.From.Format(time.DateOnly), c.To.Format(time.DateOnly), evidence.Count(c.Months, "month"))
	if len(c.Rows) == 0 {
		fmt.Fprintln(p.Stdout, "Nothing was sent.")
	} else if err := p.printRates(c.Rows); err != nil {
		return err
	}
	for _, part := range []func(desk.Card) error{p.printStandings, p.printRepeaters, p.printReversals, p.printAnswers, p.printElsewhere} {
		if err := part(c); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) printRates(all []desk.CardRow) error {
	var rows [][]string
	for _, r := range all {
		took := "-"
		if r.Pace != nil {
			took = fmt.Sprintf("%s, %s", hours(r.Pace.Median), hours(r.Pace.P90))
		}
		rows = append(rows, []string{cmp.Or(r.Channel, "all"), cmp.Or(r.Brand, "all"), cmp.Or(evidence.Words(r.Reason), "all"), fmt.Sprint(r.Sent), fmt.Sprint(r.Open), fmt.Sprint(r.Removed),
			fmt.Sprint(r.Rejected), fmt.Sprint(r.Countered), fmt.Sprint(r.Reinstated), fmt.Sprint(r.Withdrawn), fmt.Sprint(r.StillUp), fmt.Sprint(r.Relisted),
			took, percent(r.TakedownRate), percent(r.CounterRate)})
	}
	return p.table("CHANNEL\tBRAND\tREASON\tSENT\tOPEN\tREMOVED\tREJECTED\tCOUNTERED\tREINSTATED\tWITHDRAWN\tSTILL UP\tRELISTED\tTO REMOVAL: MEDIAN, P90\tTAKEDOWN RATE\tPUT BACK", rows)
}

func (p *Program) printStandings(c desk.Card) error {
	if len(c.Standings) == 0 {
		return nil
	}
	var rows [][]string
	for _, s := range c.Standings {
		verdict := "kept"
		switch {
		case s.Share == nil:
			verdict = "nothing decided"
		case !s.Kept:
			verdict = "NOT KEPT"
		}
		rows = append(rows, []string{s.Title, cmp.Or(evidence.Words(s.Reason), "all"), s.RateTitle, evidence.Count(s.Months, "month"),
			fmt.Sprintf("%d of %d", s.Part, s.Whole), percent(s.Share), s.Bound(), verdict})
	}
	fmt.Fprintln(p.Stdout)
	return p.table("PROGRAMME\tREASON\tRATE\tOVER\tCOUNT\tNOW\tASKED\tSTANDING", rows)
}

func (p *Program) printRepeaters(c desk.Card) error {
	if len(c.Sellers) == 0 {
		return nil
	}
	var rows [][]string
	for _, s := range c.Sellers {
		rows = append(rows, []string{string(s.Seller), shorten(s.Name, 40), s.Marketplace, fmt.Sprint(s.Listings), fmt.Sprint(s.Notices), fmt.Sprint(s.Removed), fmt.Sprint(s.Relisted)})
	}
	fmt.Fprintln(p.Stdout)
	return p.table("REPEAT SELLER\tNAME\tMARKETPLACE\tLISTINGS\tNOTICES\tREMOVED\tRELISTED", rows)
}

func (p *Program) printReversals(c desk.Card) error {
	if len(c.Reversals) == 0 {
		return nil
	}
	var rows [][]string
	for _, r := range c.Reversals {
		sent := "no notice"
		if r.Filed {
			sent = "after a notice"
		}
		rows = append(rows, []string{string(r.Listing), evidence.Words(r.From), evidence.Words(r.To), r.At.UTC().Format(time.DateOnly), sent})
	}
	fmt.Fprintln(p.Stdout)
	return p.table("VERDICT REVERSED\tFROM\tTO\tON\tSENT", rows)
}

func (p *Program) printAnswers(c desk.Card) error {
	if len(c.Answers) == 0 {
		return nil
	}
	var rows [][]string
	for _, a := range c.Answers {
		row := []string{cmp.Or(a.Channel, "all")}
		for _, n := range []int{a.Asked, a.Answered, a.Missed, a.Recalled, a.Open, a.Corrected, a.Counters, a.Upheld, a.Granted, a.CountersMissed} {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	fmt.Fprintln(p.Stdout)
	return p.table("ASKED OF US BY\tINQUIRIES\tANSWERED\tMISSED\tRECALLED\tOPEN\tCORRECTED\tCOUNTER-NOTICES\tWON\tLOST\tMISSED", rows)
}

func (p *Program) printElsewhere(c desk.Card) error {
	if len(c.Elsewhere) == 0 {
		return nil
	}
	var rows [][]string
	for _, t := range c.Elsewhere {
		rows = append(rows, []string{cmp.Or(shorten(t.To, 40), "not told"), fmt.Sprint(t.Notices), fmt.Sprint(t.Removed), fmt.Sprint(t.Rejected), fmt.Sprint(t.Other), fmt.Sprint(t.Undated)})
	}
	fmt.Fprintln(p.Stdout, "\nMade elsewhere, as lists tell of them: not checked, and in none of the rates above.")
	return p.table("TO\tNOTICES\tREMOVED\tREJECTED\tOTHER\tWITHOUT A DAY", rows)
}

func percent(share *desk.Share) string {
	if share == nil {
		return "-"
	}
	return share.String()
}

// hours is a time in the unit that a person would use.
func hours(h float64) string {
	switch {
	case h < 1:
		return fmt.Sprintf("%.0f min", 60*h)
	case h < 48:
		return fmt.Sprintf("%.1f h", h)
	}
	return fmt.Sprintf("%.1f days", h/24)
}
