package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// languages are those that statements are written in.
var languages = []string{"en", "zh", "de", "fr", "es", "pt", "it"}

func (p *Program) noticeCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "notice", Short: "Draft, check, list, approve and withdraw takedown notices"}
	cmd.AddCommand(p.noticeNew(), p.noticeSet(), p.noticeCheck(), p.noticeList(), p.noticeApprove(), p.noticeResolve(), p.noticeOutcome(), p.noticeWithdraw(), p.noticeStanding())
	return cmd
}

func (p *Program) noticeNew() *cobra.Command {
	var caseName string
	var listings []string
	var o desk.NoticeOrder
	cmd := &cobra.Command{
		Use:   "new --case NAME",
		Short: "Draft a notice about the listings of a case that were assessed as infringing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Listings, err = parseIDs(listings); err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error {
				c, err := d.Case(cmd.Context(), caseName)
				if err != nil {
					return err
				}
				o.Case = c.ID
				n, items, err := d.NewNotice(cmd.Context(), o)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(n)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s  %s; next: touchstone notice check %s\n", n.ID, evidence.Count(len(items), "listing"), n.ID)
				return err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&caseName, "case", "", "the case")
	flags.StringSliceVar(&listings, "listing", nil, "ID of a listing to complain of (default: all that call for it)")
	flags.StringVar(&o.Brand, "brand", "", "name of the brand (default: the only one)")
	flags.StringVar(&o.Right, "right", "", "number of the right relied on (default: the brand's first)")
	flags.StringVar(&o.Signatory, "signatory", "", "e-mail or ID of who signs (default: the brand's first)")
	flags.StringVar(&o.Channel, "channel", desk.JointForceChannel, "how it reaches the marketplace")
	choose(flags, &o.LegalBasis, "legal-basis", evidence.LegalBases, evidence.BasisPlatformPolicy, "the law or policy invoked")
	choose(flags, &o.Infringement, "infringement", evidence.Infringements, evidence.InfringesCounterfeit, "what is wrong")
	choose(flags, &o.Locus, "locus", evidence.Loci, evidence.LocusProduct, "where it lies")
	flags.StringVar(&o.Explanation, "explanation", "", "why the listings infringe, in your words")
	flags.StringVar(&o.ReasonCode, "reason-code", "", "the channel's own code for what is wrong (default: the one that fits --infringement)")
	flags.StringVar(&o.Message, "message", "", "message to the seller, where the channel passes one on")
	flags.StringVar(&o.Details, "details", "", "details for the channel alone, where its reason asks for them")
	flags.StringVar(&o.Recipient, "recipient", "", "e-mail address of who gets it, where the channel leaves that open")
	flags.StringSliceVar(&o.Countries, "country", nil, "countries the goods must not be shipped to, where the reason asks for them")
	choose(flags, &o.Language, "language", languages, "en", "language of the statements")
	flags.StringVar(&o.FairUse, "fair-use", "", "why the use is not a fair one, in your words; a DMCA notice asks for it")
	flags.BoolVar(&o.GoodFaith, "good-faith", false, "ask for a good-faith takedown")
	cmd.MarkFlagRequired("case")
	return cmd
}

func (p *Program) noticeCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check NOTICE", Short: "List all that is missing or wrong in a notice", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				findings, err := d.CheckNotice(cmd.Context(), id)
				if err != nil {
					return err
				}
				if p.json {
					err = printEach(p, findings)
				} else {
					err = p.printFindings(cmd.Context(), d, id, findings)
				}
				if err == nil && desk.MustNotLeave(findings) {
					return errors.New("the notice must not leave as it is")
				}
				return err
			})
		},
	}
}

// printFindings lists what the check of a notice found, and says what to do next.
func (p *Program) printFindings(ctx context.Context, d *desk.Desk, id evidence.ID, findings []desk.NoticeFinding) error {
	for _, f := range findings {
		about := ""
		if f.About != "" {
			about = f.About + ": "
		}
		fmt.Fprintf(p.Stdout, "%-8s %s%s %s\n", f.Severity, printable(about), printable(f.What), printable(f.Advice))
	}
	next, err := d.NextStep(ctx, id, findings)
	if err != nil || next == "" {
		return err
	}
	if len(findings) == 0 {
		next += " (nothing is missing)"
	}
	_, err = fmt.Fprintf(p.Stdout, "next: %s\n", printable(next))
	return err
}

func (p *Program) noticeApprove() *cobra.Command {
	var accept bool
	cmd := &cobra.Command{
		Use: "approve NOTICE SIGNATORY", Short: "Record that the signatory, named by e-mail or ID, vouches for the notice's statements", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				signatory, err := d.SignatoryOf(cmd.Context(), id, args[1])
				if err != nil {
					return err
				}
				if accept {
					if err := d.Accept(cmd.Context(), id); err != nil {
						return err
					}
				}
				n, err := d.Approve(cmd.Context(), id, signatory)
				if err != nil {
					return err
				}
				return p.done("%s  approved by %s; next: touchstone submit %s", n.ID, printable(args[1]), n.ID)
			})
		},
	}
	cmd.Flags().BoolVar(&accept, "accept", false, acceptHelp)
	return cmd
}

const acceptHelp = "accept what notice check warns of; it is recorded"
