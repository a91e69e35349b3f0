package cli

import (
	"bytes"
	"context"
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
				if errors.Is(err, desk.ErrDeleted) {
					fmt.Fprintln(p.Stderr, "touchstone: "+oneLine(err))
					record, err = p.tombstone(cmd.Context(), d, id)
				}
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
				if _, err := fmt.Fprintln(p.Stdout, readable.String()); err != nil || id.Kind() != evidence.KindCapture {
					return err
				}
				return p.printTimes(cmd.Context(), d, id)
			})
		},
	}
}

// printTimes says what the time of a capture's seal rests on.
func (p *Program) printTimes(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	stamps, err := d.Stamps(ctx, id)
	if err != nil {
		return err
	}
	if len(stamps) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "time: local only, by this computer's clock and signature; no time stamp covers it")
		return err
	}
	for _, s := range stamps {
		fmt.Fprintf(p.Stdout, "time: sealed before it was stamped by %s\n", stampText(s))
	}
	return nil
}

// tombstone is what stands for a record that was deleted.
func (p *Program) tombstone(ctx context.Context, d *desk.Desk, id evidence.ID) (json.RawMessage, error) {
	t, err := d.Tombstone(ctx, id)
	if err != nil {
		return nil, err
	}
	return desk.Get[json.RawMessage](ctx, d, t.ID)
}
