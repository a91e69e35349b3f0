package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) packetCommand() *cobra.Command {
	var noticeID, out string
	cmd := &cobra.Command{
		Use:   "packet --notice ID -o OUT.pdf|OUT.zip",
		Short: "Write a notice's takedown packet: the document, or a ZIP with the evidence",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			id, err := evidence.ParseID(noticeID)
			if err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				summary, err := d.WritePacket(cmd.Context(), id, out, show)
				if err != nil {
					return err
				}
				show.Done()
				for _, problem := range summary.Problems {
					fmt.Fprintf(p.Stderr, "touchstone: %s: %s\n", problem.Subject, problem.What)
				}
				if p.json {
					return p.printJSON(summary)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s: %d exhibits on %d pages\n", out, summary.Exhibits, summary.Pages)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&noticeID, "notice", "", "the notice")
	cmd.Flags().StringVarP(&out, "output", "o", "", "where to write it")
	cmd.MarkFlagRequired("notice")
	cmd.MarkFlagRequired("output")
	return cmd
}
