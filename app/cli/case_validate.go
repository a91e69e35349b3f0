package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) caseValidateCommand() *cobra.Command {
	var out, read, approvedBy string
	cmd := &cobra.Command{
		Use:   "validate NAME -o FILE.xlsx | NAME --read FILE.xlsx --approved-by PERSON",
		Short: "Ask the client for its verdicts in a workbook, and read them back",
		Long: "With -o, writes a workbook with a picture of each listing that waits for a verdict, and a column for it.\n" +
			"With --read, records the verdicts that the client filled in as assessments, and keeps the workbook as evidence.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case (out == "") == (read == ""):
				return usage(errors.New("want either -o, to ask the client, or --read, to read its verdicts"))
			case read != "" && strings.TrimSpace(approvedBy) == "":
				return usage(errors.New("--approved-by: say which person of the client gave the verdicts"))
			case out != "" && !strings.HasSuffix(strings.ToLower(out), ".xlsx"):
				return usage(fmt.Errorf("-o %q: want the name of an .xlsx file", out))
			}
			return p.withDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				if out != "" {
					n, err := d.AskClient(cmd.Context(), args[0], out, show)
					if err == nil {
						_, err = fmt.Fprintf(p.Stdout, "listings for the client to judge: %d, in %s\n", n, out)
					}
					return err
				}
				made, err := d.ReadValidation(cmd.Context(), args[0], read, approvedBy, show)
				if err != nil {
					return err
				}
				return p.printVerdicts(made)
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the workbook to write for the client")
	cmd.Flags().StringVar(&read, "read", "", "a workbook that came back from the client")
	cmd.Flags().StringVar(&approvedBy, "approved-by", "", "who at the client gave the verdicts")
	return cmd
}

func (p *Program) printVerdicts(made []evidence.Assessment) error {
	if p.json {
		return printEach(p, made)
	}
	var rows [][]string
	for _, a := range made {
		rows = append(rows, []string{string(a.ID), string(a.Listing), string(a.Verdict), a.By, a.Reason})
	}
	return p.table("ASSESSMENT\tLISTING\tVERDICT\tBY\tREMARKS", rows)
}
