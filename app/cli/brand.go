package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// expiryDays is how long before its end a right is spoken of.
const expiryDays = 90

func (p *Program) brandCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "brand", Short: "The brands we act for, and their rights"}
	cmd.AddCommand(p.brandImport(), p.brandList(), p.brandTemplate(), p.brandPublish())
	return cmd
}

func (p *Program) brandImport() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE", Short: "Read a brand with its rights and signatories, from .xlsx or JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			return p.withDesk(func(d *desk.Desk) error {
				brand, err := d.ImportBrand(cmd.Context(), args[0], f)
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				_, err = fmt.Fprintf(p.Stdout, "%s  %s: %s, %s, %s\n", brand.Brand.ID, printable(brand.Brand.Name),
					evidence.Count(len(brand.Rights), "right"), evidence.Count(len(brand.Brand.Authorisations), "authorisation"), evidence.Count(len(brand.Signatories), "signatory"))
				return err
			})
		},
	}
}

func (p *Program) brandList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the brands, and what of their rights expires soon", Args: cobra.NoArgs,
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
				if err := p.table("BRAND\tNAME\tOWNER", rows); err != nil {
					return err
				}
				return p.warnOfExpiry(cmd, d)
			})
		},
	}
}

func (p *Program) warnOfExpiry(cmd *cobra.Command, d *desk.Desk) error {
	soon, err := d.Expiring(cmd.Context(), expiryDays)
	for _, e := range soon {
		when := fmt.Sprintf("expires on %s, in %d days", e.Last, e.Days)
		if e.Days < 0 {
			when = "expired on " + e.Last
		}
		fmt.Fprintf(p.Stderr, "warning: %s: %s %s\n", printable(e.Brand), printable(e.What), when)
	}
	return err
}

func (p *Program) brandTemplate() *cobra.Command {
	var to, name string
	cmd := &cobra.Command{
		Use: "template -o FILE.xlsx", Short: "Write a workbook to fill in for brand import", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !strings.HasSuffix(strings.ToLower(to), ".xlsx") {
				return usage(fmt.Errorf("-o %q: want the name of an .xlsx file", to))
			}
			var f evidence.BrandFile
			if name != "" {
				err := p.readDesk(func(d *desk.Desk) (err error) {
					f, err = d.BrandNamed(cmd.Context(), name)
					return err
				})
				if err != nil {
					return err
				}
			}
			return desk.WriteBrandBook(to, f)
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "the workbook to write")
	cmd.Flags().StringVar(&name, "brand", "", "fill in what is known of this brand")
	return cmd
}
