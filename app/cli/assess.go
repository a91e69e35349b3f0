package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) assessCommand() *cobra.Command {
	var a evidence.Assessment
	var basis string
	cmd := &cobra.Command{
		Use:   "assess ID VERDICT --basis BASIS",
		Short: "Record a judgement of a listing",
		Long: fmt.Sprintf("ID is a listing (then its newest capture is judged) or a capture.\nVerdicts: %v\nBases: %v",
			evidence.Verdicts, evidence.Bases),
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			a.Verdict, a.Basis = evidence.Verdict(args[1]), evidence.Basis(basis)
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.Assess(cmd.Context(), id, a)
				if err != nil {
					return err
				}
				return p.printJSON(made)
			})
		},
	}
	cmd.Flags().StringVar(&basis, "basis", "", "what the verdict rests on")
	cmd.Flags().StringVar(&a.Reason, "reason", "", "why, in your words")
	cmd.Flags().StringVar(&a.By, "by", "", "who examined (default: the operator)")
	cmd.MarkFlagRequired("basis")
	return cmd
}
