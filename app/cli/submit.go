package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) submitCommand() *cobra.Command {
	var flag string
	var accept bool
	cmd := &cobra.Command{
		Use:   "submit NOTICE",
		Short: "Put an approved notice into the outbox and send what can be sent now",
		Long: "The notice is stored before it is sent, and nothing is sent twice. Without a network it waits:\n" +
			"touchstone sync sends it later. A notice for a portal is made up for you to file by hand:\n" +
			"see touchstone channel package.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flag != "" {
				args = append(args, flag)
			}
			if len(args) != 1 {
				return usage(errors.New("name one notice: touchstone submit NOTICE"))
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				if accept {
					if err := d.Accept(cmd.Context(), id); err != nil {
						return err
					}
				}
				show := newTerminal(p.Stderr)
				submissions, err := d.Submit(cmd.Context(), id, show)
				show.Done()
				return errors.Join(err, p.printSubmissions(submissions), trouble(submissions))
			})
		},
	}
	cmd.Flags().StringVar(&flag, "notice", "", "the notice")
	cmd.Flags().BoolVar(&accept, "accept", false, acceptHelp)
	return cmd
}

func (p *Program) printSubmissions(list []evidence.Submission) error {
	if p.json {
		return printEach(p, list)
	}
	for _, s := range list {
		fmt.Fprintf(p.Stdout, "%s  %s, %s: %s\n", s.ID, s.Channel, evidence.Count(len(s.Items), "item"), printable(submissionText(s)))
	}
	return nil
}

// submissionText says how a submission stands, and what a person can do about it.
func submissionText(s evidence.Submission) string {
	because := ""
	if s.Error != "" {
		because = " (" + strings.TrimSuffix(s.Error, ".") + ")"
	}
	switch s.State {
	case evidence.SubmissionSubmitted:
		if s.External != "" {
			return "submitted; the marketplace's number is " + s.External
		}
		return "submitted"
	case evidence.SubmissionQueued:
		return "waits in the outbox" + because + "; touchstone sync sends it"
	case evidence.SubmissionByHand:
		return "for you to file: touchstone channel package " + string(s.ID) + ", then touchstone notice resolve " + string(s.ID) + " sent"
	case evidence.SubmissionSending:
		return "is being sent by another process"
	case evidence.SubmissionUnknown:
		if s.Person {
			return "nobody knows whether it arrived" + because + "; look at the marketplace, then touchstone notice resolve " + string(s.ID) + " sent|unsent"
		}
		return "no answer arrived" + because + "; touchstone sync asks what became of it; if you know: touchstone notice resolve " + string(s.ID) + " sent|unsent"
	case evidence.SubmissionFailed:
		return "not sent" + because
	default:
		return evidence.Words(s.State)
	}
}

// trouble is the error of submissions that a person has to see to.
func trouble(list []evidence.Submission) error {
	n := 0
	for _, s := range list {
		if s.State == evidence.SubmissionFailed || s.State == evidence.SubmissionUnknown {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d submissions did not reach the marketplace, or nobody knows whether they did", n, len(list))
}
