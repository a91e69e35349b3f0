package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) noticeStanding() *cobra.Command {
	cmd := &cobra.Command{Use: "standing", Short: "Standing approvals: a signatory's word for notices to come, with scope and end"}
	cmd.AddCommand(p.standingGrant(), p.standingList(), p.standingRevoke())
	return cmd
}

func (p *Program) standingGrant() *cobra.Command {
	var o desk.StandingOrder
	var infringements, bases []string
	var until string
	cmd := &cobra.Command{
		Use: "grant --signatory E-MAIL --until DAY --note HOW", Short: "Record that a signatory approves notices to come of a scope, until an end", Args: cobra.NoArgs,
		Long: "Notices of the scope leave without another approval until the end, each with the words of today's\n" +
			"statements; a notice that the scope does not cover waits for its signatory as before. Say in --note how the\n" +
			"signatory gave the approval, and attach the paper: touchstone attach FILE --to APPROVAL --kind authorisation.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Until, err = desk.ParseDeadline(until); err != nil {
				return usage(err)
			}
			for _, text := range infringements {
				i, err := pick(text, evidence.Infringements)
				if err != nil {
					return fmt.Errorf("infringement %w", err)
				}
				o.Infringements = append(o.Infringements, i)
			}
			for _, text := range bases {
				b, err := pick(text, evidence.Bases)
				if err != nil {
					return fmt.Errorf("basis %w", err)
				}
				o.Bases = append(o.Bases, b)
			}
			return p.readDesk(func(d *desk.Desk) error {
				s, err := d.GrantStanding(cmd.Context(), o)
				if err != nil {
					return err
				}
				return p.printStanding(s)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Brand, "brand", "", "name of the brand (default: the only one)")
	f.StringVar(&o.Signatory, "signatory", "", "who gave it: e-mail or ID")
	f.StringVar(&o.Right, "right", "", "number of the right (default: all of the brand)")
	f.StringSliceVar(&o.Channels, "channel", []string{desk.JointForceChannel}, "channels it is for")
	choose(f, &o.LegalBasis, "legal-basis", evidence.LegalBases, evidence.BasisPlatformPolicy, "the law or policy that the notices invoke")
	f.StringSliceVar(&infringements, "infringement", []string{string(evidence.InfringesCounterfeit)}, "infringements it is for: "+alternatives(evidence.Infringements))
	f.StringSliceVar(&bases, "basis", nil, "what the assessments must rest on (default: anything): "+alternatives(evidence.Bases))
	choose(f, &o.Language, "language", languages, "en", "language of the statements")
	f.IntVar(&o.MaxItems, "max-items", 0, "items in one notice at most; 0 for any number")
	f.StringVar(&until, "until", "", "the last day, within a year")
	f.StringVar(&o.Note, "note", "", "how the signatory gave it, as in: letter of 2026-11-23")
	for _, name := range []string{"signatory", "until", "note"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

func (p *Program) standingList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the standing approvals", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				list, err := desk.All[evidence.StandingApproval](cmd.Context(), d, evidence.KindStandingApproval)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, list)
				}
				var rows [][]string
				for _, s := range list {
					rows = append(rows, []string{string(s.ID), standingEnd(s), strings.Join(s.Channels, ", "), wordList(s.Infringements), evidence.Words(s.LegalBasis), shorten(s.Note, 40)})
				}
				return p.table("APPROVAL\tUNTIL\tCHANNELS\tINFRINGEMENTS\tLEGAL BASIS\tGIVEN", rows)
			})
		},
	}
}

func standingEnd(s evidence.StandingApproval) string {
	if !s.RevokedAt.IsZero() {
		return "revoked " + s.RevokedAt.Local().Format(time.DateOnly)
	}
	return s.Until.Local().Format(time.DateOnly)
}

func wordList[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = evidence.Words(w)
	}
	return strings.Join(words, ", ")
}

func (p *Program) standingRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke APPROVAL", Short: "End a standing approval now; what rests on it and has not left stays here", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				s, err := d.RevokeStanding(cmd.Context(), id)
				if err != nil {
					return err
				}
				return p.printStanding(s)
			})
		},
	}
}

func (p *Program) printStanding(s evidence.StandingApproval) error {
	if p.json {
		return p.printJSON(s)
	}
	_, err := fmt.Fprintf(p.Stdout, "%s  %s, %s, by %s: until %s\n", s.ID, strings.Join(s.Channels, ", "), wordList(s.Infringements), evidence.Words(s.LegalBasis), standingEnd(s))
	return err
}
