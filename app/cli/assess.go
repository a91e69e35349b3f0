package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) assessCommand() *cobra.Command {
	var a evidence.Assessment
	cmd := &cobra.Command{
		Use:   "assess ID VERDICT --basis BASIS",
		Short: "Record a judgement of a listing",
		Long:  "ID is a listing (then its newest capture is judged) or a capture.\nVERDICT is " + alternatives(evidence.Verdicts) + ".",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			if a.Verdict, err = pick(args[1], evidence.Verdicts); err != nil {
				return fmt.Errorf("verdict %w", err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.Assess(cmd.Context(), id, a)
				if err != nil {
					return err
				}
				return p.printAssessment(made)
			})
		},
	}
	choose(cmd.Flags(), &a.Basis, "basis", evidence.Bases, "", "what the verdict rests on")
	cmd.Flags().StringVar(&a.Reason, "reason", "", "why, in your words")
	cmd.Flags().StringVar(&a.By, "by", "", "who examined (default: the operator)")
	cmd.MarkFlagRequired("basis")
	return cmd
}

func (p *Program) printAssessment(a evidence.Assessment) error {
	if p.json {
		return p.printJSON(a)
	}
	_, err := fmt.Fprintf(p.Stdout, "%s  %s is judged %s (%s), on %s\n", a.ID, a.Listing, evidence.Words(a.Verdict), evidence.Words(a.Basis), a.Capture)
	return err
}
