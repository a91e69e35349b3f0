package cli

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) deleteCommand() *cobra.Command {
	var reason, caseName string
	var expired, dryRun bool
	cmd := &cobra.Command{
		Use:   "delete ID... --reason TEXT | --expired [--case NAME] [--dry-run]",
		Short: "Delete evidence for good; a tombstone and an entry of the custody log stay",
		Long: "ID is a capture, attachment, redaction, note, seller, test purchase, letter or domain record. What was made of\n" +
			"it goes with it, what is attached to a purchase or letter, the registries' answers of a domain record, and files\n" +
			"that nothing else names. With --expired the captures, attachments, purchases, letters and domain records go\n" +
			"whose case says that their time is up. A case on hold keeps all it has, and a notice under way what it rests on.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if expired {
				if len(args) > 0 || reason != "" {
					return usage(errors.New("with --expired the cases say what goes and why: leave out IDs and --reason"))
				}
				return p.readDesk(func(d *desk.Desk) error { return p.deleteExpired(cmd, d, caseName, dryRun) })
			}
			if len(args) == 0 || reason == "" || dryRun || caseName != "" {
				return usage(errors.New("want IDs and --reason, or --expired with --case and --dry-run as you like"))
			}
			ids, err := parseIDs(args)
			if err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				done, err := d.Delete(cmd.Context(), ids, reason, show)
				show.Done()
				return errors.Join(p.printDeletion(done), err)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for the tombstone")
	cmd.Flags().BoolVar(&expired, "expired", false, "whatever has been kept as long as its case says")
	cmd.Flags().StringVar(&caseName, "case", "", "only of this case")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only list what would go")
	return cmd
}

func (p *Program) deleteExpired(cmd *cobra.Command, d *desk.Desk, caseName string, dryRun bool) error {
	list, err := d.Expired(cmd.Context(), caseName)
	if err != nil {
		return err
	}
	held := 0
	for _, e := range list {
		if e.Held != "" {
			held++
		}
	}
	if dryRun {
		return p.printExpired(list)
	}
	if held > 0 {
		fmt.Fprintf(p.Stderr, "touchstone: %d more are expired and stay: their case is on hold, or a notice under way rests on them\n", held)
	}
	show := newTerminal(p.Stderr)
	defer show.Done()
	done, err := d.DeleteExpired(cmd.Context(), caseName, show)
	show.Done()
	return errors.Join(p.printDeletion(done), err)
}

func (p *Program) printExpired(list []desk.Expired) error {
	if p.json {
		return printEach(p, list)
	}
	var rows [][]string
	for _, e := range list {
		what := "goes"
		if e.Held != "" {
			what = "stays: " + e.Held
		}
		rows = append(rows, []string{string(e.ID), e.Name, e.Since.Format(time.DateOnly), e.Expired.Format(time.DateOnly), what})
	}
	return p.table("ID\tCASE\tOBTAINED\tEXPIRED\tWITHOUT --dry-run", rows)
}

func (p *Program) printDeletion(done desk.Deletion) error {
	if len(done.Covert) > 0 {
		fmt.Fprintln(p.Stderr, "touchstone: the covert list still holds the buyer's name and addresses, so that nothing leaves that shows them.\n"+
			"To forget these too (touchstone settings covert list shows also those from before a change):")
		for _, term := range done.Covert {
			fmt.Fprintf(p.Stderr, "  touchstone settings covert remove %s\n", strconv.Quote(printable(term)))
		}
	}
	if p.json {
		return printEach(p, done.Tombstones)
	}
	for _, t := range done.Tombstones {
		fmt.Fprintf(p.Stdout, "%s  deleted; %s stands for it\n", t.Deleted, t.ID)
	}
	_, err := fmt.Fprintf(p.Stdout, "%d deleted, %s (%d bytes) removed\n", len(done.Tombstones), evidence.Count(done.Blobs, "file"), done.Bytes)
	if len(done.Left) > 0 {
		_, err = fmt.Fprintf(p.Stdout, "%d files stay for now, since a capture under way may need them: touchstone verify --remove-strays\n", len(done.Left))
	}
	return err
}
