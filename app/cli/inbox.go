package cli

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) inboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "inbox", Short: "Show what waits for an answer, missed deadlines first", Args: cobra.NoArgs,
		Long: "Shows the inquiries and counter-notices that wait for an answer. Missed deadlines come first, and the\n" +
			"exit code is 5 until each of them was closed with a reason. touchstone sync brings new ones.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				b, err := d.Inbox(cmd.Context())
				if err != nil {
					return err
				}
				return errors.Join(p.printInbox(b), missed(b))
			})
		},
	}
	cmd.AddCommand(p.inboxAdd(), p.inboxApprove(), p.inboxReturn(), p.inboxClose(), p.inboxSame(), p.inboxLink(), p.inboxCapture(), p.inboxReply(), p.inboxSent(), p.inboxAsk(), p.inboxSample())
	return cmd
}

// missed is the error of deadlines that have passed and that nobody closed.
func missed(b desk.Inbox) error {
	n := b.Missed()
	if n == 0 {
		return nil
	}
	return &exitError{exitMissed, fmt.Errorf("%s missed: touchstone inbox shows them, touchstone inbox close ID --reason WHY closes them", evidence.Count(n, "deadline"))}
}

func (p *Program) printInbox(b desk.Inbox) error {
	if p.json {
		return p.printJSON(b)
	}
	if len(b.MissedInquiries)+len(b.MissedCounters)+len(b.Counters)+len(b.Inquiries) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "nothing waits for an answer")
		return err
	}
	var rows [][]string
	inquiries := func(list []evidence.Inquiry) {
		for _, q := range list {
			rows = append(rows, []string{string(q.ID), dueText(q.DueAt, q.MissedAt), inquiryText(q), cmp.Or(q.Channel, "-"), shorten(questionText(q), 60)})
		}
	}
	counters := func(list []evidence.CounterNotice) {
		for _, c := range list {
			rows = append(rows, []string{string(c.ID), dueText(c.DueAt, c.MissedAt), "counter-notice, " + evidence.Words(c.State), c.Channel, shorten(c.Statement, 60)})
		}
	}
	inquiries(b.MissedInquiries)
	counters(b.MissedCounters)
	counters(b.Counters)
	inquiries(b.Inquiries)
	return p.table("ID\tDUE\tSTATE\tCHANNEL\tABOUT", rows)
}

// dueText is a deadline as a list shows it.
func dueText(due, missed time.Time) string {
	switch {
	case !missed.IsZero():
		return "MISSED " + due.UTC().Format("2006-01-02 15:04") + "Z"
	case due.IsZero():
		return "no deadline"
	}
	return due.UTC().Format("2006-01-02 15:04") + "Z"
}

func inquiryText(q evidence.Inquiry) string {
	text := evidence.Words(q.State)
	if q.Proposal != nil {
		text += ", seems " + evidence.Words(q.Proposal.State)
	}
	return text
}

func questionText(q evidence.Inquiry) string {
	return cmp.Or(q.Offer.Title, q.Offer.URL, q.Question, q.External)
}

// onInquiry is a command about one inquiry.
func (p *Program) onInquiry(use, short string, do func(*cobra.Command, *desk.Desk, evidence.ID) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " INQUIRY", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error { return do(cmd, d, id) })
		},
	}
}

func (p *Program) printInquiry(q evidence.Inquiry) error {
	if p.json {
		return p.printJSON(q)
	}
	because := ""
	if q.Reason != "" {
		because = ": " + q.Reason
	}
	if _, err := fmt.Fprintf(p.Stdout, "%s  %s%s\n", q.ID, evidence.Words(q.State), printable(because)); err != nil || q.Proposal == nil {
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "      it seems %s: %s\n", evidence.Words(q.Proposal.State), printable(q.Proposal.Reason))
	return err
}

func (p *Program) inboxApprove() *cobra.Command {
	return p.onInquiry("approve", "Agree, as a second person, with the verdict on an inquiry (see --operator)", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		show := newTerminal(p.Stderr)
		defer show.Done()
		a, err := d.ApproveVerdict(cmd.Context(), id, show)
		show.Done()
		if err != nil {
			return err
		}
		return p.printAnswered(a)
	})
}

func (p *Program) inboxReturn() *cobra.Command {
	var reason string
	cmd := p.onInquiry("return", "Give a verdict that waits for a second person back to who gave it", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		q, err := d.ReturnVerdict(cmd.Context(), id, reason)
		if err != nil {
			return err
		}
		return p.printInquiry(q)
	})
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.MarkFlagRequired("reason")
	return cmd
}

func (p *Program) inboxClose() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: "close ID", Short: "Close an inquiry that is done with, or a missed deadline that was seen", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				if id.Kind() == evidence.KindCounter {
					c, err := d.CloseCounter(cmd.Context(), id, reason)
					if err != nil {
						return err
					}
					return p.printCounter(c)
				}
				q, err := d.CloseInquiry(cmd.Context(), id, reason)
				if err != nil {
					return err
				}
				return p.printInquiry(q)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.MarkFlagRequired("reason")
	return cmd
}

func (p *Program) inboxSame() *cobra.Command {
	return &cobra.Command{
		Use: "same INQUIRY OTHER", Short: "Say that an inquiry that came by hand repeats another, which is answered in its place", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := parseIDs(args)
			if err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error {
				q, err := d.SameInquiry(cmd.Context(), ids[0], ids[1])
				if err != nil {
					return err
				}
				return p.printInquiry(q)
			})
		},
	}
}

func (p *Program) inboxLink() *cobra.Command {
	return &cobra.Command{
		Use: "link INQUIRY ID...", Short: "Link records that bear on an inquiry, such as a test purchase; files are attached with touchstone attach", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := parseIDs(args)
			if err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error {
				q, err := d.LinkInquiry(cmd.Context(), ids[0], ids[1:]...)
				if err != nil {
					return err
				}
				return p.printInquiry(q)
			})
		},
	}
}

func (p *Program) inboxCapture() *cobra.Command {
	var o desk.Order
	cmd := p.onInquiry("capture", "Capture an inquiry's offer once more", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		if o.Settings.AllowPrivate {
			d.AllowPrivate()
		}
		pace(&o)
		if _, err := d.RetryInquiry(cmd.Context(), id); err != nil {
			return err
		}
		if err := p.captureInquiries(cmd.Context(), d, o); err != nil {
			return err
		}
		q, err := desk.Get[evidence.Inquiry](cmd.Context(), d, id)
		if err != nil {
			return err
		}
		return errors.Join(p.printInquiry(q), unseen([]evidence.Inquiry{q}))
	})
	p.orderFlags(cmd, &o)
	return cmd
}

func (p *Program) inboxReply() *cobra.Command {
	return p.onInquiry("reply", "Print the answer to an inquiry as a letter, to be sent by hand", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		text, err := d.Reply(cmd.Context(), id)
		if err != nil {
			return err
		}
		if p.json {
			return p.printJSON(map[string]string{"inquiry": string(id), "text": text})
		}
		_, err = fmt.Fprint(p.Stdout, printableLines(text))
		return err
	})
}

func (p *Program) inboxSent() *cobra.Command {
	var at string
	cmd := p.onInquiry("sent", "Say that the answer to an inquiry was sent by hand", func(cmd *cobra.Command, d *desk.Desk, id evidence.ID) error {
		var sent evidence.Moment
		if at != "" {
			var err error
			if sent, err = evidence.ParseMoment(at, time.Local); err != nil {
				return usage(err)
			}
		}
		q, err := d.AnswerSent(cmd.Context(), id, sent)
		if err != nil {
			return err
		}
		return p.printInquiry(q)
	})
	cmd.Flags().StringVar(&at, "at", "", "when (default: now)")
	return cmd
}
