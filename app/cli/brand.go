package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) brandCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "brand", Short: "The brands we act for, and their rights"}
	cmd.AddCommand(
		&cobra.Command{
			Use: "import FILE", Short: "Read a brand with its rights and signatories from JSON", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				return p.withDesk(func(d *desk.Desk) error {
					brand, err := d.ImportBrand(cmd.Context(), f)
					if err != nil {
						return fmt.Errorf("%s: %w", args[0], err)
					}
					_, err = fmt.Fprintf(p.Stdout, "%s  %s: %d rights, %d signatories\n", brand.Brand.ID, printable(brand.Brand.Name), len(brand.Rights), len(brand.Signatories))
					return err
				})
			},
		},
		&cobra.Command{
			Use: "list", Short: "List the brands", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					brands, err := desk.All[evidence.Brand](cmd.Context(), d, evidence.KindBrand)
					if err != nil {
						return err
					}
					if p.json {
						return printEach(p, brands)
					}
					var rows [][]string
					for _, b := range brands {
						rows = append(rows, []string{string(b.ID), b.Name, b.Owner.Name})
					}
					return p.table("BRAND\tNAME\tOWNER", rows)
				})
			},
		})
	return cmd
}
