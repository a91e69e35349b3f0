package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) noticeResolve() *cobra.Command {
	var external string
	cmd := &cobra.Command{
		Use:   "resolve ITEM|SUBMISSION|NOTICE sent|unsent",
		Short: "Say whether a notice arrived, where only you can know",
		Long: "For notices whose answer was lost at a channel that cannot be asked, and for those that you file at\n" +
			"a portal by hand. What was not sent waits to be submitted again.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[1] != "sent" && args[1] != "unsent" {
				return usage(fmt.Errorf("%q: want sent or unsent", args[1]))
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				items, err := d.Resolve(cmd.Context(), id, args[1] == "sent", external)
				if err != nil {
					return err
				}
				return p.printItems(items)
			})
		},
	}
	cmd.Flags().StringVar(&external, "external", "", "the marketplace's number for it, so that sync can ask after it")
	return cmd
}

func (p *Program) printItems(items []evidence.NoticeItem) error {
	if p.json {
		return printEach(p, items)
	}
	for _, i := range items {
		fmt.Fprintf(p.Stdout, "%s is %s\n", i.ID, evidence.Words(i.State))
	}
	return nil
}

func (p *Program) noticeWithdraw() *cobra.Command {
	var r desk.Retreat
	cmd := &cobra.Command{
		Use: "withdraw NOTICE|ITEM", Short: "Take a notice back, or one item of it; also at the marketplace, where its channel has a way", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				w, err := d.Withdraw(cmd.Context(), id, r, show)
				show.Done()
				if err != nil {
					return err
				}
				return errors.Join(p.printWithdrawal(w), notTakenBack(w))
			})
		},
	}
	cmd.Flags().StringVar(&r.Reason, "reason", "", "why, to the marketplace: "+alternatives(desk.WithdrawalReasons))
	cmd.Flags().StringVar(&r.Explanation, "explanation", "", "the same in words")
	return cmd
}

func (p *Program) printWithdrawal(w desk.Withdrawal) error {
	if p.json {
		return p.printJSON(w)
	}
	err := p.printItems(w.Items)
	for _, s := range w.Told {
		if s.State == evidence.SubmissionQueued || s.State == evidence.SubmissionUnknown {
			fmt.Fprintf(p.Stdout, "%s waits to be told to the marketplace: touchstone sync\n", s.ID)
		}
	}
	if len(w.Arrived) > 0 {
		fmt.Fprintf(p.Stdout, "the marketplace has %s already: tell it there, its channel takes no notice back\n", joined(w.Arrived))
	}
	if len(w.Waiting) > 0 {
		fmt.Fprintf(p.Stdout, "%s left the outbox too: touchstone submit sends them without the withdrawn ones\n", joined(w.Waiting))
	}
	return err
}

// notTakenBack is the error of items that their marketplace did not take back.
func notTakenBack(w desk.Withdrawal) error {
	var errs []error
	for _, s := range w.Told {
		if s.State == evidence.SubmissionFailed {
			errs = append(errs, fmt.Errorf("%s was not taken back: %s", joined(s.Withdraws), s.Error))
		}
	}
	return errors.Join(errs...)
}

func joined(ids []evidence.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}

func (p *Program) noticeOutcome() *cobra.Command {
	var file, reason string
	var mails bool
	cmd := &cobra.Command{
		Use:   "outcome ITEM WORD | NOTICE --from FILE | --mail FILE... | RECEIPT confirm|WORD",
		Short: "Record what a marketplace decided: of one item, from a table (.csv, .xlsx), or from its mails (.eml, .msg)",
		Long: "A mail is kept as a receipt of the notice that it is about, found by the numbers and addresses in it,\n" +
			"with what it seems to say. Nothing changes until you have read it: touchstone notice outcome RECEIPT confirm,\n" +
			"or the word for what it says.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if mails && file == "" {
				return p.readDesk(func(d *desk.Desk) error { return p.readReplies(cmd, d, args) })
			}
			if mails || len(args) > 2 || (file == "") != (len(args) == 2) {
				return usage(errors.New("name an item and its outcome, a notice and --from FILE, mails with --mail, or a receipt and confirm"))
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				if file != "" {
					return p.importOutcomes(cmd, d, id, file)
				}
				if id.Kind() == evidence.KindReceipt {
					return p.confirmReply(cmd, d, id, args[1])
				}
				moved, err := d.SetOutcome(cmd.Context(), []evidence.ID{id}, args[1], reason)
				if err != nil {
					return err
				}
				return p.printItems(moved)
			})
		},
	}
	cmd.Flags().StringVar(&file, "from", "", "table with a column for the link and one for the status")
	cmd.Flags().StringVar(&reason, "reason", "", "why the portal decided so")
	cmd.Flags().BoolVar(&mails, "mail", false, "the arguments are mails, as files")
	return cmd
}

func (p *Program) confirmReply(cmd *cobra.Command, d *desk.Desk, id evidence.ID, word string) error {
	if word == "confirm" {
		word = ""
	}
	items, err := d.Confirm(cmd.Context(), id, word)
	if err != nil {
		return err
	}
	return p.printItems(items)
}

// readReplies keeps mails as receipts. One that cannot be read keeps no other from
// being read.
func (p *Program) readReplies(cmd *cobra.Command, d *desk.Desk, files []string) error {
	var errs []error
	for _, name := range files {
		content, err := os.ReadFile(name)
		var receipts []evidence.Receipt
		if err == nil {
			receipts, err = d.ReadReply(cmd.Context(), filepath.Base(name), content)
		}
		errs = append(errs, err, p.printReplies(receipts))
	}
	return errors.Join(errs...)
}

func (p *Program) printReplies(receipts []evidence.Receipt) error {
	if p.json {
		return printEach(p, receipts)
	}
	for _, r := range receipts {
		says, next := "seems to say: "+evidence.Words(r.Reply.Proposed), "confirm, or the word for what it says"
		switch {
		case r.Reply.State != "":
			says, next = "was read as "+evidence.Words(r.Reply.State)+" by "+r.Reply.By, ""
		case r.Reply.Proposed == "":
			says, next = "says nothing that is known", "the word for what it says"
		}
		fmt.Fprintf(p.Stdout, "%s  %q from %s, about %s of %s (by %s): %s\n", r.ID, printable(r.Reply.Mail.Subject), printable(r.Reply.Mail.From),
			evidence.Count(len(r.Reply.Items), "item"), r.Submission, printable(r.Reply.Matched), says)
		for _, why := range r.Reply.Because {
			fmt.Fprintf(p.Stdout, "    %q\n", printable(why))
		}
		if next != "" {
			fmt.Fprintf(p.Stdout, "    touchstone notice outcome %s %s\n", r.ID, next)
		}
	}
	return nil
}

func (p *Program) importOutcomes(cmd *cobra.Command, d *desk.Desk, notice evidence.ID, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	report, err := d.ImportOutcomes(cmd.Context(), notice, filepath.Base(file), content)
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(report)
	}
	if err := p.printItems(report.Moved); err != nil {
		return err
	}
	for _, o := range report.Unknown {
		fmt.Fprintf(p.Stderr, "line %d is not understood, or of no listing of the notice: %s %s\n", o.Line, printable(o.Target), printable(o.Word))
	}
	if n := len(report.Unknown); n > 0 {
		return fmt.Errorf("%d lines were left out", n)
	}
	return nil
}
