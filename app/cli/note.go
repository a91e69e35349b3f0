package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) noteCommand() *cobra.Command {
	var privileged bool
	cmd := &cobra.Command{
		Use:   "note ID TEXT",
		Short: "Write something down about a record; list --kind note shows it again",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				made, err := d.AddNote(cmd.Context(), id, args[1], privileged)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(made)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s  noted about %s\n", made.ID, made.Subject)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&privileged, "privileged", false, "between client and counsel: kept out of the log, packets and exports")
	return cmd
}
