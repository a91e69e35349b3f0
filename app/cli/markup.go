package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) markupCommand() *cobra.Command {
	var o desk.MarkingUp
	var boxes, arrows, notes []string
	cmd := &cobra.Command{
		Use:   "markup CAPTURE [--box X,Y,WIDTH,HEIGHT[=TEXT]] [--arrow X,Y,TO-X,TO-Y[=TEXT]] [--note X,Y=TEXT]",
		Short: "Draw on a screenshot, in a picture beside it; the original stays",
		Long: "Pixels count from the upper left. Each flag may be repeated. The picture is sealed like an attachment, and packets\n" +
			"show what was drawn last.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.Capture, err = parseID(args[0]); err != nil {
				return err
			}
			if o.Shapes, err = parseShapes(boxes, arrows, notes); err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.MarkUp(cmd.Context(), o)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(made)
				}
				file, _ := made.Artifact(evidence.RoleAttachment)
				_, err = fmt.Fprintf(p.Stdout, "%s  %s\n    drawn on %s\n", made.ID, file.SHA256, made.Markup.Original.SHA256)
				return err
			})
		},
	}
	cmd.Flags().StringArrayVar(&boxes, "box", nil, "a box around a part, with a text or without")
	cmd.Flags().StringArrayVar(&arrows, "arrow", nil, "an arrow from one place to another")
	cmd.Flags().StringArrayVar(&notes, "note", nil, "a text at a place")
	cmd.Flags().IntVar(&o.Tile, "tile", 0, "of a screenshot in tiles, from 0")
	cmd.MarkFlagsOneRequired("box", "arrow", "note")
	return cmd
}

// parseShapes reads what is to be drawn.
func parseShapes(boxes, arrows, notes []string) ([]evidence.Shape, error) {
	var shapes []evidence.Shape
	for _, text := range boxes {
		at, said, _ := strings.Cut(text, "=")
		b, err := parseBox(at)
		if err != nil {
			return nil, err
		}
		shapes = append(shapes, evidence.Shape{Kind: evidence.ShapeBox, X: b.X, Y: b.Y, ToX: b.X + b.Width, ToY: b.Y + b.Height, Text: said})
	}
	for _, text := range arrows {
		at, said, _ := strings.Cut(text, "=")
		s := evidence.Shape{Kind: evidence.ShapeArrow, Text: said}
		if err := parseNumbers(at, &s.X, &s.Y, &s.ToX, &s.ToY); err != nil {
			return nil, fmt.Errorf("arrow %q: want x,y,to-x,to-y in pixels", at)
		}
		shapes = append(shapes, s)
	}
	for _, text := range notes {
		at, said, _ := strings.Cut(text, "=")
		s := evidence.Shape{Kind: evidence.ShapeNote, Text: said}
		if err := parseNumbers(at, &s.X, &s.Y); err != nil || said == "" {
			return nil, fmt.Errorf("note %q: want x,y=text", text)
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

// parseNumbers reads whole numbers between commas.
func parseNumbers(text string, into ...*int) error {
	parts := strings.Split(text, ",")
	if len(parts) != len(into) {
		return fmt.Errorf("%q has %d numbers, not %d", text, len(parts), len(into))
	}
	for i, part := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return err
		}
		*into[i] = n
	}
	return nil
}
