package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) keyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "The keys that sign the custody log and documents"}
	cmd.AddCommand(p.keyShowCommand(), p.keyRotateCommand(), p.keyExportCommand())
	return cmd
}

func (p *Program) keyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Show the keys: fingerprint, since when, where they are kept", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				keys, err := d.Keys(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(keys)
				}
				p.printKey("Signs the custody log", keys.Log)
				for _, k := range keys.Past {
					p.printKey("Signed the custody log before", k)
				}
				if keys.Document != nil {
					p.printKey("Signs documents", *keys.Document)
				}
				return nil
			})
		},
	}
}

func (p *Program) printKey(what string, k desk.Key) {
	fmt.Fprintf(p.Stdout, "%s: %s\n  SHA-256 of the public key: %s\n", what, k.Algorithm, k.Fingerprint)
	if k.Verifier != "" {
		fmt.Fprintf(p.Stdout, "  verifier: %s\n", k.Verifier)
	}
	fmt.Fprintf(p.Stdout, "  since: %s\n", k.Since.UTC().Format(time.RFC3339))
	if k.Kept == "" {
		fmt.Fprintln(p.Stdout, "  kept: nowhere; its secret half was destroyed when the key was changed")
		return
	}
	fmt.Fprintf(p.Stdout, "  kept: in %s\n", k.Kept)
}

func (p *Program) keyRotateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rotate", Short: "Sign the custody log by a new key from now on; what was signed before stays good",
		Long: "Makes a new key for the custody log and destroys the one before. Both sign a statement of\n" +
			"the change, so that what was signed before stays good. Tell the new fingerprint to those who\n" +
			"were told the old one.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				key, err := d.RotateKey(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(key)
				}
				p.printKey("Signs the custody log from now on", key)
				return nil
			})
		},
	}
}

func (p *Program) keyExportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "export-public", Short: "Print the public key that checks the custody log, as PEM for openssl", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				if out != "" {
					return d.WritePublicKey(cmd.Context(), out)
				}
				keys, err := d.Keys(cmd.Context())
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(keys.Log)
				}
				_, err = fmt.Fprint(p.Stdout, keys.Log.PEM)
				return err
			})
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write the key to, as in key.pem")
	return cmd
}
