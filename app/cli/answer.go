package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) answerCommand() *cobra.Command {
	var v desk.Verdict
	cmd := &cobra.Command{
		Use:   "answer INQUIRY VERDICT --basis BASIS --reason WHY",
		Short: "Answer an inquiry; a counterfeit is complained of in the same message",
		Long: "VERDICT is " + alternatives(evidence.Verdicts) + ".\n" +
			"With counterfeit and other_infringement a notice under good faith is drafted with its evidence linked. It\n" +
			"leaves together with the answer: at once under a standing approval (touchstone notice standing), else once\n" +
			"its signatory has approved it. Answered again, an inquiry is corrected.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if v.Verdict, err = pick(args[1], evidence.Verdicts); err != nil {
				return fmt.Errorf("verdict %w", err)
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				show := newTerminal(p.Stderr)
				a, err := d.AnswerInquiry(cmd.Context(), id, v, show)
				show.Done()
				if err != nil && (a.Answer.ID == "" || errors.Is(err, desk.ErrAnsweredElsewhere)) {
					return err
				}
				return errors.Join(p.printAnswered(a), err)
			})
		},
	}
	f := cmd.Flags()
	choose(f, &v.Basis, "basis", evidence.Bases, "", "what the verdict rests on")
	f.StringVar(&v.Reason, "reason", "", "why, in your words")
	f.StringVar(&v.By, "by", "", "who examined (default: the operator)")
	f.BoolVar(&v.WithoutNotice, "without-notice", false, "answer alone, without a notice")
	f.BoolVar(&v.Accept, "accept", false, "of the notice: "+acceptHelp)
	f.StringVar(&v.Notice.Brand, "brand", "", "of the notice: name of the brand (default: the one that the offer names, or the only one)")
	f.StringVar(&v.Notice.Right, "right", "", "of the notice: number of the right relied on (default: the brand's first)")
	f.StringVar(&v.Notice.Signatory, "signatory", "", "of the notice: e-mail or ID of who signs (default: the brand's first)")
	f.StringVar(&v.Notice.Explanation, "explanation", "", "of the notice: why the offer infringes (default: the reason)")
	choose(f, &v.Notice.LegalBasis, "legal-basis", evidence.LegalBases, evidence.BasisPlatformPolicy, "of the notice: the law or policy invoked")
	choose(f, &v.Notice.Locus, "locus", evidence.Loci, evidence.LocusProduct, "of the notice: where the infringement lies")
	choose(f, &v.Notice.Infringement, "infringement", evidence.Infringements, "", "of the notice: what is wrong (default: by the verdict)")
	return cmd
}

func (p *Program) printAnswered(a desk.Answered) error {
	if p.json {
		return p.printJSON(a)
	}
	fmt.Fprintf(p.Stdout, "%s  %s: %s\n", a.Inquiry.ID, evidence.Words(a.Answer.Verdict), evidence.Words(a.Inquiry.State))
	var err error
	switch a.Waits() {
	case "second_person":
		_, err = fmt.Fprintf(p.Stdout, "      waits for a second person: touchstone inbox approve %s --operator NAME\n", a.Inquiry.ID)
	case "signatory":
		_, err = fmt.Fprintf(p.Stdout, "      waits for its notice: touchstone notice check %s tells what for; touchstone notice approve %s E-MAIL, then touchstone sync sends both\n", a.Notice.ID, a.Notice.ID)
	case "person":
		_, err = fmt.Fprintf(p.Stdout, "      is yours to send: touchstone inbox reply %s prints it; then touchstone inbox sent %s\n", a.Inquiry.ID, a.Inquiry.ID)
	}
	if a.Notice != nil && a.Notice.Approval != nil {
		rests := "approved by its signatory"
		if a.Notice.Approval.Standing != "" {
			rests = "under the standing approval " + string(a.Notice.Approval.Standing)
		}
		fmt.Fprintf(p.Stdout, "      with the notice %s, %s\n", a.Notice.ID, rests)
	}
	if s := a.Submission; s != nil {
		fmt.Fprintf(p.Stdout, "      %s: %s\n", s.ID, printable(submissionText(*s)))
		err = errors.Join(err, trouble([]evidence.Submission{*s}))
	}
	return err
}
