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
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			if args[1] != "sent" && args[1] != "unsent" {
				return usage(fmt.Errorf("%q: want sent or unsent", args[1]))
			}
			return p.readDesk(func(d *desk.Desk) error {
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
	return &cobra.Command{
		Use: "withdraw NOTICE|ITEM", Short: "Take a notice back, or one item of it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				w, err := d.Withdraw(cmd.Context(), id)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(w)
				}
				if err := p.printItems(w.Items); err != nil {
					return err
				}
				if len(w.Arrived) > 0 {
					fmt.Fprintf(p.Stdout, "the marketplace has %s already: tell it there, no channel takes a notice back by itself\n", joined(w.Arrived))
				}
				if len(w.Waiting) > 0 {
					fmt.Fprintf(p.Stdout, "%s left the outbox too: touchstone submit sends them without the withdrawn ones\n", joined(w.Waiting))
				}
				return nil
			})
		},
	}
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
	cmd := &cobra.Command{
		Use:   "outcome ITEM WORD | NOTICE --from FILE",
		Short: "Record what a portal decided: of one item, or from the table it gives back (.csv, .xlsx)",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := evidence.ParseID(args[0])
			if err != nil {
				return usage(err)
			}
			if (file == "") != (len(args) == 2) {
				return usage(errors.New("name an item and its outcome, or a notice and --from FILE"))
			}
			return p.readDesk(func(d *desk.Desk) error {
				if file != "" {
					return p.importOutcomes(cmd, d, id, file)
				}
				item, err := d.SetOutcome(cmd.Context(), id, args[1], reason)
				if err != nil {
					return err
				}
				return p.printItems([]evidence.NoticeItem{item})
			})
		},
	}
	cmd.Flags().StringVar(&file, "from", "", "table with a column for the link and one for the status")
	cmd.Flags().StringVar(&reason, "reason", "", "why the portal decided so")
	return cmd
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
