package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) syncCommand() *cobra.Command {
	var o desk.Order
	var noCapture bool
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Send what waits, bring in and capture what is asked, ask how notices stand and for the time stamps that are due",
		Long: "Offers that are asked about are captured at once, because they may vanish; those that could not be\n" +
			"captured are tried again each time. The exit code is 5 while a missed deadline is not closed (touchstone\n" +
			"inbox shows them), else 4 while an offer that is asked about could not be captured.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				if o.Settings.AllowPrivate {
					d.AllowPrivate()
				}
				news, syncErr := d.Sync(cmd.Context(), show)
				if !noCapture && syncErr == nil {
					pace(&o)
					syncErr = errors.Join(d.RetryCaptures(cmd.Context()), p.captureInquiries(cmd.Context(), d, o), asCaptured(cmd.Context(), d, news.News.Inquiries))
				}
				report, err := d.Stamp(cmd.Context(), show)
				show.Done()
				if err = errors.Join(syncErr, err, p.printSync(news), p.printStamps(cmd.Context(), d, report)); err != nil {
					return err
				}
				if n := len(report.Failed); n > 0 {
					err = fmt.Errorf("not had and still due: %s; touchstone sync tries again", evidence.Count(n, "time stamp"))
				}
				box, boxErr := d.Inbox(cmd.Context())
				return errors.Join(missed(box), unseen(box.Inquiries), err, trouble(news.Outbox), held(news), unasked(news), boxErr)
			})
		},
	}
	p.orderFlags(cmd, &o)
	cmd.Flags().BoolVar(&noCapture, "no-capture", false, "do not capture the offers that are asked about; they wait")
	return cmd
}

// asCaptured brings inquiries to where the capture of their offers took them.
func asCaptured(ctx context.Context, d *desk.Desk, inquiries []evidence.Inquiry) (err error) {
	for i, q := range inquiries {
		if inquiries[i], err = desk.Get[evidence.Inquiry](ctx, d, q.ID); err != nil {
			return err
		}
	}
	return nil
}

// unseen is the error of offers that are asked about and that could not be captured.
func unseen(inquiries []evidence.Inquiry) error {
	failed := slices.DeleteFunc(slices.Clone(inquiries), func(q evidence.Inquiry) bool { return q.State != evidence.InquiryCaptureFailed })
	if len(failed) == 0 {
		return nil
	}
	first := failed[0]
	return &exitError{exitUnreached, fmt.Errorf("%s in question could not be captured, and may vanish: %s: %s (touchstone sync tries again; where a person is wanted: touchstone capture %s --attended)",
		evidence.Count(len(failed), "offer"), first.ID, printable(cmp.Or(first.Reason, "no page was reached")), first.Offer.URL)}
}

// held is the error of answers that cannot leave.
func held(r desk.SyncReport) error {
	if len(r.Held) == 0 {
		return nil
	}
	return fmt.Errorf("%s cannot leave: %s: %s", evidence.Count(len(r.Held), "answer"), r.Held[0].Inquiry, r.Held[0].Why)
}

// unasked is the error of notices whose state could not be asked for.
func unasked(r desk.SyncReport) error {
	if len(r.Failed) == 0 {
		return nil
	}
	return fmt.Errorf("%s could not be had: %s: %s", evidence.Count(len(r.Failed), "answer"), r.Failed[0].Channel, r.Failed[0].Why)
}

func (p *Program) printSync(r desk.SyncReport) error {
	if p.json {
		return p.printJSON(r)
	}
	err := p.printSubmissions(r.Outbox)
	for _, i := range r.Moved {
		fmt.Fprintf(p.Stdout, "%s is %s %s\n", i.ID, evidence.Words(i.State), printable(i.Reason))
		if !i.DueAt.IsZero() {
			fmt.Fprintf(p.Stdout, "    the marketplace waits for you until %s\n", i.DueAt.Format("2006-01-02 15:04 UTC"))
		}
	}
	err = errors.Join(err, p.printNews(r.News))
	for _, f := range r.Failed {
		fmt.Fprintf(p.Stdout, "%s  %s: %s\n", cmp.Or(string(f.Submission), "-"), f.Channel, printable(f.Why))
	}
	return errors.Join(err, p.printReplies(r.Mails), p.printDue(r.Due))
}

// printDue says how many listings of each case are to be looked at again.
func (p *Program) printDue(due []desk.DueRecheck) error {
	counts := map[string]int{}
	for _, r := range due {
		counts[r.CaseName]++
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if _, err := fmt.Fprintf(p.Stdout, "%s to be looked at again: touchstone recheck --due --case %s\n", evidence.Count(counts[name], "listing"), quoted(name)); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) printStamps(ctx context.Context, d *desk.Desk, r desk.StampReport) error {
	if p.json {
		return p.printJSON(r)
	}
	settings, err := d.Settings(ctx)
	switch {
	case err != nil:
		return err
	case len(settings.Authorities) == 0:
		_, err := fmt.Fprintln(p.Stdout, "no time stamps: no authority is named yet; touchstone settings authority add NAME URL names one")
		return err
	case len(r.Granted)+len(r.Failed) == 0:
		_, err := fmt.Fprintln(p.Stdout, "no time stamp is due")
		return err
	}
	for _, s := range r.Granted {
		fmt.Fprintf(p.Stdout, "%s: stamped by %s\n", s.Authority, printable(desk.StampLine(s)))
	}
	for _, f := range r.Failed {
		fmt.Fprintln(p.Stdout, printable(f.Why)) // which names the authority
	}
	return nil
}

// printNews prints what the channels that ask had for us.
func (p *Program) printNews(n desk.News) error {
	for _, q := range n.Inquiries {
		fmt.Fprintf(p.Stdout, "%s  inquiry, %s, due %s: %s\n", q.ID, inquiryText(q), dueText(q.DueAt, q.MissedAt), shorten(questionText(q), 80))
	}
	for _, c := range n.Counters {
		fmt.Fprintf(p.Stdout, "%s  counter-notice, %s, due %s: %s\n", c.ID, evidence.Words(c.State), dueText(c.DueAt, c.MissedAt), shorten(c.Statement, 80))
	}
	for _, m := range n.Messages {
		fmt.Fprintf(p.Stdout, "%s  message from %s: %s\n", m.ID, shorten(m.From, 40), shorten(m.Subject, 80))
	}
	for _, r := range n.Decisions {
		fmt.Fprintf(p.Stdout, "%s  decision about %s: %s; %s\n", r.ID, r.Decision.Item, evidence.Words(r.Decision.Visibility), shorten(r.Decision.Facts, 80))
	}
	for _, s := range n.Standing {
		standing := "ordinary standing: notices are reviewed before a listing comes down"
		if s.GoodFaith {
			standing = "good-faith standing: a listing comes down at once"
		}
		fmt.Fprintf(p.Stdout, "%s  %s\n", s.Channel, standing)
		for _, d := range s.Differences {
			fmt.Fprintf(p.Stdout, "      figures differ: %s\n", printable(d))
		}
	}
	return nil
}

// quoted is a word as a shell takes it.
func quoted(s string) string {
	if strings.ContainsAny(s, " \t\"'$`\\") {
		return strconv.Quote(printable(s))
	}
	return printable(s)
}
