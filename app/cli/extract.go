package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) extractCommand() *cobra.Command {
	var pageURL string
	cmd := &cobra.Command{
		Use:   "extract FILE --url URL",
		Short: "Read the listing facts from a saved page (.html, .html.gz, .mhtml), without network",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			facts, err := desk.Extract(f, args[0], pageURL)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return p.printJSON(facts)
		},
	}
	cmd.Flags().StringVar(&pageURL, "url", "", "where the page was saved from")
	return cmd
}
