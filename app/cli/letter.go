package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) letterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "letter", Short: "Draft cease-and-desist letters to sellers, and record how they were served and answered"}
	cmd.AddCommand(p.letterNew(), p.letterServed(), p.letterReply(), p.letterList())
	return cmd
}

func (p *Program) letterNew() *cobra.Command {
	var o desk.LetterOrder
	cmd := &cobra.Command{
		Use:   "new --case NAME --seller SELLER -o OUT.pdf",
		Short: "Draft a letter to a seller, with an undertaking to sign, for counsel",
		Long: "Drafts a letter to a seller about its listings in the case that were found infringing: rights, listings,\n" +
			"demands, a deadline and an undertaking to sign. It is a draft for counsel; Touchstone sends none.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !strings.HasSuffix(strings.ToLower(o.Out), ".pdf") {
				return usage(fmt.Errorf("-o %q: want the name of a .pdf", o.Out))
			}
			o.To.Address = inLines(o.To.Address)
			return p.readDesk(func(d *desk.Desk) error {
				made, err := d.NewLetter(cmd.Context(), o)
				if err != nil {
					return err
				}
				if made.Caveat != "" {
					fmt.Fprintf(p.Stderr, "touchstone: answer by %s: %s\n", made.Deadline, printable(made.Caveat))
				}
				return p.printLetters([]evidence.Letter{made})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Case, "case", "", "the case")
	f.StringVar(&o.Seller, "seller", "", "the seller's ID or name")
	f.StringVarP(&o.Out, "output", "o", "", "the .pdf to write")
	f.StringVar(&o.Brand, "brand", "", "name of the brand (default: the only one)")
	f.StringVar(&o.Right, "right", "", "number of the right relied on (default: all of the brand)")
	f.StringVar(&o.Signatory, "signatory", "", "e-mail or ID of who signs (default: the brand's first)")
	choose(f, &o.Language, "language", desk.LetterLanguages(), "en", "language of the letter")
	f.IntVar(&o.Days, "days", 0, "days until the answer is due; where nobody works on the last one, the next working day (default: as the template says)")
	f.StringVar(&o.To.Name, "to", "", "name of the addressee, where it is not the seller's")
	f.StringVar(&o.To.Address, "address", "", "its address, lines separated by commas")
	f.StringVar(&o.To.Country, "country", "", "its country, as in DE: whose holidays put off the deadline (default: the case's territory, else that of the language)")
	f.StringVar(&o.To.Email, "email", "", "its e-mail address")
	for _, name := range []string{"case", "seller", "output"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

func (p *Program) letterServed() *cobra.Command {
	var s evidence.Service
	var failed bool
	cmd := &cobra.Command{
		Use: "served LETTER --method METHOD --on DAY", Short: "Record how and when a letter was brought to the seller", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onLetter(args[0], func(d *desk.Desk, id evidence.ID) (evidence.Letter, error) {
				return d.ServeLetter(cmd.Context(), id, s, !failed)
			})
		},
	}
	choose(cmd.Flags(), &s.Method, "method", evidence.ServiceMethods, "", "how")
	cmd.Flags().StringVar(&s.On, "on", "", "day on which it arrived, as in 2026-11-23")
	cmd.Flags().StringVar(&s.Reference, "reference", "", "the carrier's number, the bailiff's record")
	cmd.Flags().BoolVar(&failed, "failed", false, "it did not arrive")
	cmd.MarkFlagRequired("method")
	cmd.MarkFlagRequired("on")
	return cmd
}

func (p *Program) letterReply() *cobra.Command {
	var r evidence.Reply
	cmd := &cobra.Command{
		Use: "reply LETTER STATE --on DAY", Short: "Record what the seller answered; attach the answer itself with touchstone attach", Args: cobra.ExactArgs(2),
		Long: "STATE is replied, undertaken (the undertaking is signed), refused, or closed.",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if r.State, err = pick(args[1], []evidence.LetterState{evidence.LetterReplied, evidence.LetterUndertook, evidence.LetterRefused, evidence.LetterClosed}); err != nil {
				return err
			}
			return p.onLetter(args[0], func(d *desk.Desk, id evidence.ID) (evidence.Letter, error) {
				return d.AnswerLetter(cmd.Context(), id, r)
			})
		},
	}
	cmd.Flags().StringVar(&r.On, "on", "", "day of the answer")
	cmd.Flags().StringVar(&r.Text, "text", "", "what it says, in short")
	cmd.MarkFlagRequired("on")
	return cmd
}

// onLetter changes a letter and prints it.
func (p *Program) onLetter(text string, change func(*desk.Desk, evidence.ID) (evidence.Letter, error)) error {
	return p.onRecord(text, func(d *desk.Desk, id evidence.ID) error {
		l, err := change(d, id)
		if err != nil {
			return err
		}
		return p.printLetters([]evidence.Letter{l})
	})
}

func (p *Program) letterList() *cobra.Command {
	var state evidence.LetterState
	cmd := &cobra.Command{
		Use: "list", Short: "List the letters", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				all, err := desk.All[evidence.Letter](cmd.Context(), d, evidence.KindLetter)
				if err != nil {
					return err
				}
				return p.printLetters(slices.DeleteFunc(all, func(l evidence.Letter) bool { return state != "" && l.State != state }))
			})
		},
	}
	choose(cmd.Flags(), &state, "state", evidence.LetterStates, "", "only those in this state")
	return cmd
}

func (p *Program) printLetters(letters []evidence.Letter) error {
	if p.json {
		return printEach(p, letters)
	}
	var rows [][]string
	for _, l := range letters {
		rows = append(rows, []string{string(l.ID), l.To.Name, evidence.Words(l.State), l.Date, l.Deadline, evidence.Count(len(l.Listings), "listing")})
	}
	return p.table("LETTER\tTO\tSTATE\tDATE\tANSWER BY\tABOUT", rows)
}
