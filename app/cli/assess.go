package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) assessCommand() *cobra.Command {
	var a evidence.Assessment
	var marks []string
	var purchase string
	cmd := &cobra.Command{
		Use:   "assess ID VERDICT --basis BASIS",
		Short: "Record a judgement of a listing",
		Long:  "ID is a listing (then its newest capture is judged) or a capture.\nVERDICT is " + alternatives(evidence.Verdicts) + ".",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			if a.Verdict, err = pick(args[1], evidence.Verdicts); err != nil {
				return fmt.Errorf("verdict %w", err)
			}
			marked, err := parseMarks(marks)
			if err == nil && purchase != "" {
				a.Purchase, err = evidence.ParseID(purchase)
			}
			if err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.AssessMarked(cmd.Context(), id, a, marked)
				if err != nil {
					return err
				}
				return p.printAssessment(made)
			})
		},
	}
	choose(cmd.Flags(), &a.Basis, "basis", evidence.Bases, "", "what the verdict rests on")
	cmd.Flags().StringVar(&a.Reason, "reason", "", "why, in your words")
	cmd.Flags().StringVar(&a.Product, "product", "", "model of the brand's product that is imitated; the packet shows it beside the listing")
	cmd.Flags().StringVar(&a.By, "by", "", "who examined (default: the operator)")
	cmd.Flags().StringArrayVar(&marks, "mark", nil, "a part of the screenshot and what it shows: 'X,Y,WIDTH,HEIGHT|as offered|genuine|ATTACHMENT'; the last two, what genuine goods have there and a photo of it (att_...), may be left out; may be repeated")
	cmd.Flags().StringVar(&purchase, "purchase", "", "the test purchase it rests on (default, with the basis examined_purchase: the listing's newest that was examined)")
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

// parseMarks reads parts of a screenshot with what they show.
func parseMarks(texts []string) ([]desk.Marking, error) {
	var out []desk.Marking
	for _, text := range texts {
		fields := append(strings.Split(text, "|"), "", "", "")
		box, err := parseBox(fields[0])
		if err == nil && len(fields) > 7 {
			err = fmt.Errorf("it has more than four parts")
		}
		m := desk.Marking{Box: box, Suspect: strings.TrimSpace(fields[1]), Genuine: strings.TrimSpace(fields[2])}
		if id := strings.TrimSpace(fields[3]); err == nil && id != "" {
			m.Picture, err = evidence.ParseID(id)
		}
		if err != nil {
			return nil, fmt.Errorf("mark %q: %w", text, err)
		}
		out = append(out, m)
	}
	return out, nil
}
