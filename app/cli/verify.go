package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) verifyCommand() *cobra.Command {
	var o desk.VerifyOptions
	var checkpoint, key string
	cmd := &cobra.Command{
		Use:   "verify [ID... | FILE]",
		Short: "Check that the evidence is what was sealed: the whole workspace, some of it, or a file that left one",
		Long: "Without arguments everything is read and checked again. IDs are captures, attachments or redactions;\n" +
			"of each it is told by whom and when its seal was stamped, which --json tells of everything.\n" +
			"FILE is a packet or bag (.zip), a web archive (.wacz) or a backup: it is unpacked into the temporary folder and\n" +
			"checked by itself, without a workspace.\n" +
			"--checkpoint and --key hold the workspace against what was kept elsewhere: custody/checkpoint and\n" +
			"custody/public-key.pem of any packet, or what log --checkpoint and key export-public wrote.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if name, ok := aFile(args); ok {
				if o.Resume || o.RemoveStrays || o.RepairIndexes {
					return usage(errors.New("a file is checked whole: leave out --resume, --remove-strays and --repair-indexes"))
				}
				if checkpoint != "" || key != "" {
					return usage(errors.New("--checkpoint and --key are for a workspace: a file holds its own"))
				}
				return p.verifyFile(cmd, name)
			}
			if err := inWorkspace(&o, args, checkpoint, key); err != nil {
				return err
			}
			return p.readDesk(func(d *desk.Desk) error { return p.verifyWorkspace(cmd.Context(), d, o) })
		},
	}
	cmd.Flags().BoolVar(&o.Resume, "resume", false, "go on where a verification was cut short; files that changed since are read again")
	cmd.Flags().BoolVar(&o.RepairIndexes, "repair-indexes", false, "first make the indexes agree with the records, which stay as they are")
	cmd.Flags().BoolVar(&o.RemoveStrays, "remove-strays", false, "take away files that no record names and no capture under way can need, if all else is well")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "a checkpoint of the custody log that was kept elsewhere; with --key")
	cmd.Flags().StringVar(&key, "key", "", "the public key (PEM) that signed the checkpoint")
	return cmd
}

// inWorkspace reads from the command line what of a workspace is verified. Its errors
// are those of wrong usage.
func inWorkspace(o *desk.VerifyOptions, args []string, checkpoint, key string) (err error) {
	if (checkpoint == "") != (key == "") {
		return usage(errors.New("--checkpoint and --key go together"))
	}
	if checkpoint != "" {
		if o.Outside, err = desk.ReadOutside(checkpoint, key); err != nil {
			return usage(err)
		}
	}
	if o.Only, err = parseIDs(args); err != nil {
		if len(args) == 1 {
			return usage(fmt.Errorf("there is no file %q, and it is not an ID, as in cap_01KAT7Z5W3N5QK0V9J6W4M2R8T", args[0]))
		}
		return err
	}
	if err := onlySealed(o.Only); err != nil {
		return usage(err)
	}
	if o.RemoveStrays && o.Only != nil {
		return usage(errors.New("--remove-strays needs the whole workspace: leave out the IDs"))
	}
	return nil
}

func (p *Program) verifyWorkspace(ctx context.Context, d *desk.Desk, o desk.VerifyOptions) error {
	show := newTerminal(p.Stderr)
	defer show.Done()
	report, err := d.VerifyWith(ctx, o, show)
	if err != nil {
		return err
	}
	show.Done()
	if err := p.printReport(report); err != nil {
		return err
	}
	if o.Only != nil && !p.json {
		p.printStatuses(report.Statuses)
	}
	if !report.OK() {
		return &exitError{exitUnverified, fmt.Errorf("the evidence does not verify: %s", evidence.Count(len(report.Findings), "finding"))}
	}
	return nil
}

// onlySealed refuses IDs of records that no seal is of.
func onlySealed(ids []evidence.ID) error {
	for _, id := range ids {
		switch id.Kind() {
		case evidence.KindCapture, evidence.KindAttachment, evidence.KindRedaction:
		default:
			return fmt.Errorf("%s is no capture, attachment or redaction: leave out the IDs, and verify checks every record", id)
		}
	}
	return nil
}

// aFile reports whether the arguments name one file rather than records.
func aFile(args []string) (string, bool) {
	if len(args) != 1 {
		return "", false
	}
	if _, err := evidence.ParseID(args[0]); err == nil {
		return "", false
	}
	_, err := os.Stat(args[0])
	return args[0], err == nil
}

func (p *Program) printReport(r desk.VerifyReport) error {
	if p.json {
		return p.printJSON(r)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(p.Stdout, printable(f.String()))
	}
	counts := map[desk.VerifyState]int{}
	for _, s := range r.Statuses {
		counts[s.State]++
		if s.State != desk.StateIntact && len(s.What) > 0 {
			fmt.Fprintf(p.Stdout, "%s  %s\n", s.ID, s.State)
		}
	}
	if n := r.Repaired; n.Added+n.Removed > 0 {
		fmt.Fprintf(p.Stdout, "indexes repaired: %d entries added, %d removed\n", n.Added, n.Removed)
	}
	for _, name := range r.Removed {
		fmt.Fprintf(p.Stdout, "removed %s\n", printable(name))
	}
	var states []string
	for _, state := range desk.VerifyStates {
		if counts[state] > 0 {
			states = append(states, fmt.Sprintf("%d %s", counts[state], stateText(state)))
		}
	}
	resumed := ""
	if r.Resumed > 0 {
		resumed = fmt.Sprintf(" (%d more were read by the run before)", r.Resumed)
	}
	if len(states) > 0 {
		fmt.Fprintf(p.Stdout, "captures and attachments: %s\n", strings.Join(states, ", "))
	}
	_, err := fmt.Fprintf(p.Stdout, "read again: %s (%d bytes)%s, %s and %s\n%s; outside anchor: %s\n",
		evidence.Count(r.Blobs, "file"), r.Bytes, resumed, evidence.Count(r.Records, "record"), evidence.Count(int(r.Leaves), "log entry"),
		evidence.Count(r.Stamps, "time stamp"), r.Anchor)
	return err
}

// stateText is a state as a sum of records says it.
func stateText(s desk.VerifyState) string {
	if s == desk.StateUnstamped {
		return "as sealed, but stamped by no authority yet"
	}
	if s == desk.StateIntact {
		return "as sealed and stamped"
	}
	return string(s)
}

// printStatuses says of each capture how it stands, and what its time rests on.
func (p *Program) printStatuses(all []desk.VerifyStatus) {
	for _, s := range all {
		fmt.Fprintf(p.Stdout, "%s  %s\n", s.ID, s.State)
		for _, t := range s.Stamps {
			fmt.Fprintf(p.Stdout, "  stamped %s by %s (%s)\n", t.Time.UTC().Format(time.RFC3339), printable(t.Signer), t.Strength)
		}
		if len(s.Stamps) == 0 {
			fmt.Fprintln(p.Stdout, "  stamped by no authority: its time is by the computer's own clock")
		}
	}
}

// verifyFile checks a packet. It opens no workspace.
func (p *Program) verifyFile(cmd *cobra.Command, name string) error {
	show := newTerminal(p.Stderr)
	defer show.Done()
	r, err := desk.VerifyFile(cmd.Context(), name, show)
	if err != nil {
		return err
	}
	show.Done()
	if p.json {
		err = p.printJSON(r)
	} else {
		err = p.printFileReport(r)
	}
	if err == nil && !r.OK() {
		return &exitError{exitUnverified, fmt.Errorf("%s does not verify: %s", name, evidence.Count(len(r.Findings), "finding"))}
	}
	return err
}

func (p *Program) printFileReport(r desk.FileReport) error {
	if r.Workspace != nil {
		return p.printReport(*r.Workspace)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(p.Stdout, printable(f.String()))
	}
	for _, e := range r.Exhibits {
		fmt.Fprintf(p.Stdout, "%s  %s", e.ID, e.State)
		if e.SealedAt != "" {
			fmt.Fprintf(p.Stdout, ", sealed %s, %d files as sealed, %d withheld", e.SealedAt, e.Files, e.Withheld)
		}
		fmt.Fprintln(p.Stdout)
		for _, s := range e.Stamps {
			from := "a root that comes with Touchstone"
			if !s.Known {
				from = "a root that came with the file: ask the authority for it"
			}
			fmt.Fprintf(p.Stdout, "  stamped %s by %s, on %s\n", s.Time.Format(time.RFC3339), printable(s.Signer), from)
		}
	}
	if r.SignedBy != "" {
		fmt.Fprintf(p.Stdout, "signed as a whole by a key with SHA-256 %s: ask its owner for it by another way\n", r.SignedBy)
	}
	if r.Log != "" {
		fmt.Fprintf(p.Stdout, "log %s, signed by a key with SHA-256 %s: ask its owner for it by another way\n", r.Log, r.Key)
	}
	_, err := fmt.Fprintf(p.Stdout, "%s (%d bytes) checked\n", evidence.Count(r.Files, "file"), r.Bytes)
	return err
}
