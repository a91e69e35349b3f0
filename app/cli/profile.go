package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
)

func (p *Program) profileCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Browsers in which somebody has signed in, for capture --profile",
		Long: "A profile is a Chrome in which somebody has signed in to a site. Captures work on a copy of it,\n" +
			"one at a time. Profiles hold live sessions: they are kept with your settings, readable by you\n" +
			"alone, and never in the workspace.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.profileLoginCommand(), p.profileListCommand(), p.profileRemoveCommand())
	return cmd
}

func (p *Program) profileLoginCommand() *cobra.Command {
	var allowPrivate bool
	cmd := &cobra.Command{
		Use:   "login NAME URL",
		Short: "Sign in to a site in a visible Chrome, and keep that as a profile",
		Long: "Login opens a Chrome without developer tools and extensions. Sign in, solve what the site asks,\n" +
			"and close the window: the profile is saved then. Ctrl-C saves nothing.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				show.Line("Sign in, then close the window.")
				if err := d.Login(cmd.Context(), args[0], args[1], allowPrivate, show); err != nil {
					return err
				}
				show.Line("Profile %s is saved: capture --profile %s uses it.", args[0], args[0])
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&allowPrivate, "allow-private", false, "let pages reach private and loopback addresses")
	p.proxyFlags(cmd)
	return cmd
}

func (p *Program) profileListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The profiles of this workspace",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				profiles, err := d.Profiles()
				if err != nil {
					return err
				}
				var rows [][]string
				for _, profile := range profiles {
					if p.json {
						if err := p.printJSON(profile); err != nil {
							return err
						}
						continue
					}
					rows = append(rows, []string{profile.Name, profile.URL, profile.SavedAt.Format(time.RFC3339)})
				}
				if p.json {
					return nil
				}
				return p.table("NAME\tURL\tSAVED", rows)
			})
		},
	}
}

func (p *Program) profileRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Delete a profile and the sessions in it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				if err := d.RemoveProfile(cmd.Context(), args[0]); err != nil {
					return err
				}
				fmt.Fprintf(p.Stderr, "touchstone: profile %s is deleted\n", args[0])
				return nil
			})
		},
	}
}
