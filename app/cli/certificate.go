package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) certificateCommand() *cobra.Command {
	var caseName, out string
	cmd := &cobra.Command{
		Use:   "certificate --case NAME -o OUT.txt|OUT.pdf",
		Short: "Draft a certification of a case's evidence under FRE 902(13) and (14), for counsel to finish",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ext := strings.ToLower(filepath.Ext(out)); ext != ".txt" && ext != ".pdf" {
				return usage(fmt.Errorf("a certificate is a .txt, which counsel can edit, or a .pdf, not %q", ext))
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				err := d.WriteCertificate(cmd.Context(), caseName, out, show)
				show.Done()
				if errors.Is(err, desk.ErrUnverified) {
					return &exitError{exitUnverified, err}
				}
				if err != nil {
					return err
				}
				return p.done("%s: a draft for counsel, to be finished and signed", out)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "the case")
	cmd.Flags().StringVarP(&out, "output", "o", "", "where to write it")
	cmd.MarkFlagRequired("case")
	cmd.MarkFlagRequired("output")
	return cmd
}
