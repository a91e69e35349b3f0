package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// noticeFields are the flags of notice set, each with how it gets into a notice.
var noticeFields = map[string]func(to, from *evidence.Notice){
	"channel":      func(to, from *evidence.Notice) { to.Channel = from.Channel },
	"legal-basis":  func(to, from *evidence.Notice) { to.LegalBasis = from.LegalBasis },
	"infringement": func(to, from *evidence.Notice) { to.Infringement = from.Infringement },
	"locus":        func(to, from *evidence.Notice) { to.Locus = from.Locus },
	"explanation":  func(to, from *evidence.Notice) { to.Explanation = from.Explanation },
	"reason-code":  func(to, from *evidence.Notice) { to.ReasonCode = from.ReasonCode },
	"message":      func(to, from *evidence.Notice) { to.Message = from.Message },
	"details":      func(to, from *evidence.Notice) { to.Details = from.Details },
	"recipient":    func(to, from *evidence.Notice) { to.Recipient = from.Recipient },
	"picture":      func(to, from *evidence.Notice) { to.Pictures = from.Pictures },
	"fair-use":     func(to, from *evidence.Notice) { to.FairUse = from.FairUse },
	"country":      func(to, from *evidence.Notice) { to.Countries = from.Countries },
	"language":     func(to, from *evidence.Notice) { to.Language = from.Language },
	"good-faith":   func(to, from *evidence.Notice) { to.GoodFaith = from.GoodFaith },
}

func (p *Program) noticeSet() *cobra.Command {
	var n evidence.Notice
	cmd := &cobra.Command{
		Use:   "set NOTICE",
		Short: "Change a notice that has not been sent; it is to be approved anew",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			fields := given(cmd)
			if len(fields) == 0 {
				return usage(errors.New("nothing to change: say what, as in --explanation TEXT"))
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				changed, err := d.Revise(cmd.Context(), id, func(to *evidence.Notice) {
					for _, f := range fields {
						noticeFields[f](to, &n)
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
