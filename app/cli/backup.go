package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup OUT",
		Short: "Copy the whole workspace to one file, also while it is in use",
		Long: "Copies the whole workspace to one file, also while it is in use. A backup that was\n" +
			"interrupted is gone on with when the same file is named again.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				report, err := d.Backup(cmd.Context(), args[0], show)
				if err != nil {
					return err
				}
				show.Done()
				if p.json {
					return p.printJSON(report)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s: %s of evidence, %s, %d bytes, read again and whole\nSHA-256 %s\n%s\n",
					report.Path, evidence.Count(report.Blobs, "file"), evidence.Count(int(report.Leaves), "log entry"), report.Bytes, report.SHA256, report.Keys)
				return err
			})
		},
	}
}

func (p *Program) restoreCommand() *cobra.Command {
	var how desk.RestoreOptions
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a workspace out of a backup; --workspace must be a new or empty folder",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := p.dir()
			if err != nil {
				return err
			}
			show := newTerminal(p.Stderr)
			defer show.Done()
			report, err := desk.Restore(cmd.Context(), desk.Config{Dir: dir, Operator: p.operator}, args[0], how, show)
			if err != nil {
				return err
			}
			show.Done()
			if p.json {
				return p.printJSON(report)
			}
			_, err = fmt.Fprintf(p.Stdout, "%s: restored and verified: %s, %s of evidence, %s\nAnchor: %s\n%s\n",
				report.Dir, evidence.Count(report.Verified.Captures, "capture"), evidence.Count(report.Verified.Blobs, "file"), evidence.Count(int(report.Verified.Leaves), "log entry"), report.Anchor, report.Keys)
			return err
		},
	}
	cmd.Flags().BoolVar(&how.AcceptOlder, "accept-older", false,
		"give up what this account remembers of a log that is longer than the backup's")
	return cmd
}
