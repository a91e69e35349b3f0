package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) counterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "counter", Short: "List and answer counter-notices: sellers' objections, each with a deadline"}
	cmd.AddCommand(p.counterList(), p.counterAnswer())
	return cmd
}

func (p *Program) counterList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the counter-notices", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				list, err := desk.All[evidence.CounterNotice](cmd.Context(), d, evidence.KindCounter)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, list)
				}
				var rows [][]string
				for _, c := range list {
					rows = append(rows, []string{string(c.ID), dueText(c.DueAt, c.MissedAt), evidence.Words(c.State), c.Channel, shorten(c.Seller, 30), shorten(c.Statement, 50)})
				}
				return p.table("COUNTER-NOTICE\tDUE\tSTATE\tCHANNEL\tSELLER\tSTATEMENT", rows)
			})
		},
	}
}

func (p *Program) counterAnswer() *cobra.Command {
	var r desk.CounterReply
	var attach []string
	var court evidence.Court
	cmd := &cobra.Command{
		Use: "answer COUNTER-NOTICE DECISION", Short: "Answer a counter-notice", Args: cobra.ExactArgs(2),
		Long: "DECISION is accept (the seller is right: the listing goes up again), reject (the marketplace decides) or\n" +
			"escalate (a court decides). Documents are attached first (touchstone attach FILE --to COUNTER-NOTICE) and named by ID.",
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := parseIDs(append(args[:1:1], attach...))
			if err != nil {
				return err
			}
			if r.Decision, err = pick(args[1], evidence.CounterDecisions); err != nil {
				return fmt.Errorf("decision %w", err)
			}
			r.Attachments = ids[1:]
			if court != (evidence.Court{}) {
				r.Court = &court
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				c, err := d.AnswerCounter(cmd.Context(), ids[0], r, show)
				show.Done()
				if err != nil {
					return err
				}
				return errors.Join(p.printCounter(c), p.printSending(cmd.Context(), d, c.Answer.Submission))
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.ReasonCode, "reason", "", "with reject: why, by the channel's code: "+strings.Join(desk.CounterReasons, "|")+", or one of the options that touchstone show COUNTER-NOTICE lists")
	f.StringVar(&r.Comment, "comment", "", "explanation, in your words")
	f.StringVar(&r.By, "by", "", "who answers (default: the operator)")
	f.StringSliceVar(&attach, "attach", nil, "attachments (att_...) to hand in")
	f.StringVar(&court.Name, "court", "", "with escalate: the court")
	f.StringVar(&court.Docket, "docket", "", "with escalate: its number for the action")
	f.StringVar(&court.FiledOn, "filed-on", "", "with escalate: the day on which it was filed")
	return cmd
}

func (p *Program) printCounter(c evidence.CounterNotice) error {
	if p.json {
		return p.printJSON(c)
	}
	because := ""
	if c.Reason != "" {
		because = ": " + c.Reason
	}
	_, err := fmt.Fprintf(p.Stdout, "%s  %s%s\n", c.ID, evidence.Words(c.State), printable(because))
	return err
}
