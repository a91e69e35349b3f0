package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) showCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show anything that has an ID", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				record, err := desk.Get[json.RawMessage](cmd.Context(), d, id)
				if errors.Is(err, desk.ErrNotFound) {
					return fmt.Errorf("nothing here has the ID %s", id)
				}
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(record)
				}
				var readable bytes.Buffer
				if err := json.Indent(&readable, record, "", "  "); err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.Stdout, readable.String())
				return err
			})
		},
	}
}
