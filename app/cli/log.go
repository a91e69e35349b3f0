package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) logCommand() *cobra.Command {
	var caseName string
	var checkpoint bool
	cmd := &cobra.Command{
		Use:   "log [ID] [--case NAME]",
		Short: "Print the custody log: who did what to which evidence, and when",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if checkpoint && (len(args) > 0 || caseName != "" || p.json) {
				return usage(errors.New("--checkpoint prints the checkpoint as it is signed: leave out the ID, --case and --json"))
			}
			if checkpoint {
				return p.printCheckpoint(cmd)
			}
			var subject evidence.ID
			if len(args) == 1 {
				var err error
				if subject, err = parseID(args[0]); err != nil {
					return err
				}
			}
			return p.readDesk(func(d *desk.Desk) error {
				entries, err := d.Log(cmd.Context(), desk.LogFilter{Subject: subject, Case: caseName})
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, entries)
				}
				var rows [][]string
				for _, e := range entries {
					rows = append(rows, []string{fmt.Sprint(e.Index), e.Leaf.Time.UTC().Format(time.RFC3339), e.Actor.Name + " (" + e.Actor.Account + ")",
						string(e.Leaf.Action), string(e.Leaf.Subject), e.Leaf.Note})
				}
				return p.table("#\tTIME\tACTOR\tACTION\tSUBJECT\tNOTE", rows)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "only what was done about this case")
	cmd.Flags().BoolVar(&checkpoint, "checkpoint", false, "print the newest signed checkpoint instead, to keep elsewhere: verify --checkpoint holds the workspace against it")
	return cmd
}

func (p *Program) printCheckpoint(cmd *cobra.Command) error {
	return p.readDesk(func(d *desk.Desk) error {
		signed, err := d.Checkpoint(cmd.Context())
		if err != nil {
			return err
		}
		_, err = p.Stdout.Write(signed)
		return err
	})
}
