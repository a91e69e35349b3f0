package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// editions are the names of the editions on the command line.
var editions = map[string]desk.Edition{"platform": desk.PlatformEdition, "client": desk.ClientEdition, "court": desk.CourtEdition}

// p12Passphrase is where the passphrase of a .p12 file is read from.
const p12Passphrase = "TOUCHSTONE_P12_PASSPHRASE"

func (p *Program) packetCommand() *cobra.Command {
	var noticeID, edition, p12, p12File string
	var o desk.PacketOrder
	cmd := &cobra.Command{
		Use:   "packet --notice ID -o OUT.pdf|OUT.zip",
		Short: "Write a notice's takedown packet: the document, or a ZIP with the evidence",
		Long: "The documents are signed with the workspace's document key, or with the key of a .p12 file, and\n" +
			"stamped where an authority is set (touchstone settings authority). Large packets come in volumes.\n\n" +
			"Editions: platform names nobody of our side and leaves out cookies and network traffic; client\n" +
			"names who captured; court prints an index of every file and a draft certification of the case besides,\n" +
			"and its ZIP holds all evidence.\n" +
			"Nothing is written that holds an entry of the covert list (touchstone settings covert), and captures\n" +
			"made while signed in must have been cleared (touchstone clear).",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Notice, err = parseID(noticeID); err != nil {
				return err
			}
			var known bool
			if o.Edition, known = editions[edition]; !known {
				return usage(fmt.Errorf("there is no edition %q: want platform, client or court", edition))
			}
			if p12 != "" {
				if o.Signer, err = readP12(p12, p12File); err != nil {
					return err
				}
			}
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				summary, err := d.WritePacket(cmd.Context(), o, show)
				if err != nil {
					return err
				}
				show.Done()
				for _, problem := range summary.Problems {
					fmt.Fprintf(p.Stderr, "touchstone: %s: %s\n", problem.Subject, printable(problem.What))
				}
				if p.json {
					return p.printJSON(summary)
				}
				volumes := ""
				if n := len(summary.Volumes); n > 0 {
					volumes = ", in " + evidence.Count(n, "volume") + " beside it"
				}
				_, err = fmt.Fprintf(p.Stdout, "%s: %s on %s%s\n", o.Out, evidence.Count(summary.Exhibits, "exhibit"), evidence.Count(summary.Pages, "page"), volumes)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&noticeID, "notice", "", "the notice")
	cmd.Flags().StringVarP(&o.Out, "output", "o", "", "where to write it")
	cmd.Flags().StringVar(&edition, "edition", "platform", "for whom: platform, client or court")
	cmd.Flags().Int64Var(&o.MaxBytes, "max-bytes", 0, "largest document; larger packets come in volumes (default 50 MB)")
	cmd.Flags().IntVar(&o.MaxPages, "max-pages", 0, "most pages of a document (default: any number)")
	cmd.Flags().StringVar(&p12, "p12", "", "sign with the key of this .p12 file")
	cmd.Flags().StringVar(&p12File, "p12-passphrase-file", "", "file with its passphrase (or $"+p12Passphrase+")")
	cmd.MarkFlagRequired("notice")
	cmd.MarkFlagRequired("output")
	return cmd
}

func readP12(name, passphraseFile string) (s *desk.Signer, err error) {
	const most = 1 << 20 // bytes
	content, err := desk.ReadFile(name, most)
	if err != nil {
		return nil, fmt.Errorf("read the key to sign with: %w", err)
	}
	passphrase := os.Getenv(p12Passphrase)
	if passphraseFile != "" {
		b, err := os.ReadFile(passphraseFile)
		if err != nil {
			return nil, fmt.Errorf("read the passphrase: %w", err)
		}
		passphrase = strings.TrimRight(string(b), "\r\n")
	}
	s, err = desk.ReadPKCS12(content, passphrase)
	switch {
	case errors.Is(err, desk.ErrPassphrase) && passphrase == "":
		err = usage(fmt.Errorf("%s: %w: give it with --p12-passphrase-file or $%s", name, err, p12Passphrase))
	case errors.Is(err, desk.ErrPKCS12):
		err = usage(fmt.Errorf("%s: %w", name, err))
	}
	return s, err
}

func (p *Program) clearCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "clear ID",
		Short: "Say that a capture made while signed in, or a photo of a test purchase, was looked at and may leave",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				made, err := d.Clear(cmd.Context(), id, reason)
				if err != nil {
					return err
				}
				return p.printJSON(made)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what was looked for, in your words")
	return cmd
}
