package cli

import (
	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) supportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "support [-o FILE]",
		Short: "Say which version, system and workspace this is, for a request for support",
		Long:  "The report holds no evidence, no secret, and no name of a case, page, person, file or marketplace.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var report desk.Support
			err := p.readDesk(func(d *desk.Desk) error {
				report = d.Support(cmd.Context())
				return nil
			})
			if err != nil { // then all the more
				report = desk.BareSupport(p.Tool)
				report.Trouble = append(report.Trouble, desk.Trouble("the workspace was not opened", err))
			}
			if out != "" {
				if err := report.WriteFile(out); err != nil {
					return err
				}
				return p.done("%s: what support needs to know, and nothing of the evidence", out)
			}
			if p.json {
				return p.printJSON(report)
			}
			return report.Write(p.Stdout)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the file to write it to")
	return cmd
}
