package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"touchstone/app/practice"
)

func (p *Program) practiceCommand() *cobra.Command {
	var c practice.Config
	var brandFile string
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
			fmt.Fprintln(p.Stdout, "Capture one with: touchstone capture --allow-private URL, or in the window of touchstone --allow-private")
			if brandFile != "" {
				if err := writeNew(brandFile, s.BrandFile()); err != nil {
					return errors.Join(err, s.Close())
				}
				fmt.Fprintf(p.Stdout, "Its brand is in %s: touchstone brand import %s\n", brandFile, brandFile)
			}
			<-cmd.Context().Done()
			return s.Close()
		},
	}
	cmd.Flags().StringVar(&c.Addr, "addr", "127.0.0.1:0", "address to listen on")
	cmd.Flags().StringVar(&brandFile, "brand-file", "", "write the practice brand to this new file, for brand import")
	return cmd
}

// writeNew writes a file that must not be there yet, as it may be somebody's.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return usage(fmt.Errorf("write the practice brand: %w", err))
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
