package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) redactCommand() *cobra.Command {
	var o desk.Redacting
	var boxes []string
	cmd := &cobra.Command{
		Use:   "redact ID --box X,Y,WIDTH,HEIGHT... --reason TEXT",
		Short: "Make a picture of a screenshot with parts blacked out; the original stays",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Of, err = parseID(args[0]); err != nil {
				return err
			}
			for _, s := range boxes {
				b, err := parseBox(s)
				if err != nil {
					return usage(err)
				}
				o.Boxes = append(o.Boxes, b)
			}
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.Redact(cmd.Context(), o)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(made)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s  %s\n    made of %s, with %s blacked out\n", made.ID, made.Redacted.SHA256, made.Original.SHA256, evidence.Count(len(made.Boxes), "part"))
				return err
			})
		},
	}
	cmd.Flags().StringArrayVar(&boxes, "box", nil, "a part to black out, in pixels from the upper left; may be repeated")
	cmd.Flags().StringVar(&o.Reason, "reason", "", "why")
	choose(cmd.Flags(), &o.Role, "role", []evidence.Role{evidence.RoleScreenshot, evidence.RoleViewport}, "", "of the picture; the first is the default")
	cmd.Flags().IntVar(&o.Tile, "tile", 0, "of a screenshot in tiles, from 0")
	cmd.MarkFlagRequired("box")
	cmd.MarkFlagRequired("reason")
	return cmd
}

// parseBox reads a part of a picture, as in 120,340,200,80.
func parseBox(s string) (b evidence.Box, err error) {
	var rest string
	if n, _ := fmt.Sscanf(s+" .", "%d,%d,%d,%d %s", &b.X, &b.Y, &b.Width, &b.Height, &rest); n != 5 || rest != "." {
		err = fmt.Errorf("box %q: want x,y,width,height in pixels", s)
	}
	return b, err
}
