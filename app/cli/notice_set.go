package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) noticeSet() *cobra.Command {
	var n evidence.Notice
	// Each flag, and how what it says gets into the notice.
	puts := map[string]func(to *evidence.Notice){
		"channel":      func(to *evidence.Notice) { to.Channel = n.Channel },
		"legal-basis":  func(to *evidence.Notice) { to.LegalBasis = n.LegalBasis },
		"infringement": func(to *evidence.Notice) { to.Infringement = n.Infringement },
		"locus":        func(to *evidence.Notice) { to.Locus = n.Locus },
		"explanation":  func(to *evidence.Notice) { to.Explanation = n.Explanation },
		"reason-code":  func(to *evidence.Notice) { to.ReasonCode = n.ReasonCode },
		"message":      func(to *evidence.Notice) { to.Message = n.Message },
		"details":      func(to *evidence.Notice) { to.Details = n.Details },
		"recipient":    func(to *evidence.Notice) { to.Recipient = n.Recipient },
		"picture":      func(to *evidence.Notice) { to.Pictures = n.Pictures },
		"fair-use":     func(to *evidence.Notice) { to.FairUse = n.FairUse },
		"country":      func(to *evidence.Notice) { to.Countries = n.Countries },
		"language":     func(to *evidence.Notice) { to.Language = n.Language },
		"good-faith":   func(to *evidence.Notice) { to.GoodFaith = n.GoodFaith },
	}
	cmd := &cobra.Command{
		Use:   "set NOTICE",
		Short: "Change a notice that has not been sent; it is to be approved anew",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			var given []func(*evidence.Notice)
			cmd.Flags().Visit(func(f *pflag.Flag) {
				if put, ok := puts[f.Name]; ok {
					given = append(given, put)
				}
			})
			if len(given) == 0 {
				return usage(errors.New("nothing to change: say what, as in --explanation TEXT"))
			}
			return p.withDesk(func(d *desk.Desk) error {
				changed, err := d.Revise(cmd.Context(), id, func(to *evidence.Notice) {
					for _, put := range given {
						put(to)
					}
				})
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(changed)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s  a draft again; next: touchstone notice check %s\n", changed.ID, changed.ID)
				return err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&n.Channel, "channel", "", "how it reaches the marketplace")
	choose(flags, &n.LegalBasis, "legal-basis", evidence.LegalBases, "", "the law or policy invoked; the statements are drafted anew")
	choose(flags, &n.Infringement, "infringement", evidence.Infringements, "", "what is wrong")
	choose(flags, &n.Locus, "locus", evidence.Loci, "", "where it lies")
	flags.StringVar(&n.Explanation, "explanation", "", "why the listings infringe, in your words")
	flags.StringVar(&n.ReasonCode, "reason-code", "", "the channel's own code for what is wrong")
	flags.StringVar(&n.Message, "message", "", "message to the seller, where the channel passes one on")
	flags.StringVar(&n.Details, "details", "", "details for the channel alone, where its reason asks for them")
	flags.StringVar(&n.Recipient, "recipient", "", "e-mail address of who gets it, where the channel leaves that open")
	flags.StringArrayVar(&n.Pictures, "picture", nil, "address of a listing's picture that it is about (show CAPTURE --pictures lists them)")
	flags.StringSliceVar(&n.Countries, "country", nil, "countries the goods must not be shipped to, where the reason asks for them")
	choose(flags, &n.Language, "language", languages, "", "language of the statements, which are drafted anew")
	flags.StringVar(&n.FairUse, "fair-use", "", "why the use is not a fair one, in your words; a DMCA notice asks for it")
	flags.BoolVar(&n.GoodFaith, "good-faith", false, "ask for a good-faith takedown")
	return cmd
}
