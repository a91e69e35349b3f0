package cli

import (
	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) recheckCommand() *cobra.Command {
	var caseName string
	var o desk.Order
	cmd := &cobra.Command{
		Use:   "recheck --case NAME [--due]",
		Short: "Capture a case's listings again and judge each offer",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				c, err := d.Case(cmd.Context(), caseName)
				if err != nil {
					return err
				}
				o.Case = c.ID
				pace(&o)
				return p.runCaptures(cmd.Context(), d, d.Recheck, o)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "the case")
	cmd.Flags().BoolVar(&o.Due, "due", false, "only listings that were taken down: at once, and 1, 7 and 30 days after")
	cmd.MarkFlagRequired("case")
	p.orderFlags(cmd, &o)
	return cmd
}
