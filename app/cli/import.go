package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) importCommand() *cobra.Command {
	var caseName string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take in a bag of captures that another workspace exported",
		Long: "Takes in a bag of captures that another workspace exported, whole or not at all. They are\n" +
			"kept with their proofs, under a case, as that workspace's evidence. A backup is not\n" +
			"imported: touchstone restore makes a workspace of it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				i, err := d.Import(cmd.Context(), args[0], caseName, show)
				if err != nil {
					return err
				}
				show.Done()
				if p.json {
					return p.printJSON(i)
				}
				var rows [][]string
				for _, c := range i.Captures {
					rows = append(rows, []string{string(c.Capture), c.SealedAt.UTC().Format("2006-01-02 15:04:05Z"), evidence.Words(c.Outcome),
						fmt.Sprintf("%d (%d withheld)", len(c.Artifacts), len(c.Withheld)), shorten(c.Title+" "+c.URL, 60)})
				}
				fmt.Fprintf(p.Stdout, "%s: %s of the log %s\nKey of that log, to be compared with what the sender says: SHA-256 %s\n", i.ID, evidence.Count(len(i.Captures), "capture"), i.Log, i.Key)
				return p.table("CAPTURE\tSEALED\tOUTCOME\tFILES\tWHAT", rows)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "the case to file it under; opened where there is none (default: the case's name in the bag)")
	return cmd
}
