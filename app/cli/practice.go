package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/practice"
)

func (p *Program) practiceCommand() *cobra.Command {
	var c practice.Config
	cmd := &cobra.Command{
		Use: "practice", Short: "Serve the practice marketplace until stopped", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := practice.Start(cmd.Context(), c)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, "The practice marketplace is at %s (stop it with Ctrl-C)\n", s.URL())
			for _, o := range s.Catalogue() {
				fmt.Fprintf(p.Stdout, "  %-12s %s  %s\n", o.Truth, o.URL, o.Title)
			}
			fmt.Fprintf(p.Stdout, "Capture one with: touchstone capture --allow-private URL\n")
			<-cmd.Context().Done()
			return s.Close()
		},
	}
	cmd.Flags().StringVar(&c.Addr, "addr", "127.0.0.1:0", "address to listen on")
	return cmd
}
