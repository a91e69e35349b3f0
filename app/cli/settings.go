package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) settingsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "settings", Short: "Show or change the workspace's settings", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.listSettings(cmd) },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "list", Short: "Show the settings", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.listSettings(cmd) },
	}, p.settingsSetCommand(), p.authorityCommand(), p.covertCommand())
	return cmd
}

func (p *Program) listSettings(cmd *cobra.Command) error {
	return p.readDesk(func(d *desk.Desk) error {
		s, err := d.Settings(cmd.Context())
		if err != nil {
			return err
		}
		if p.json {
			return p.printJSON(s)
		}
		operator := s.Operator
		if operator == "" {
			operator = "not set"
		}
		fmt.Fprintf(p.Stdout, "operator: %s\n", printable(operator))
		if s.FourEyes {
			fmt.Fprintln(p.Stdout, "four eyes: an answer leaves only once a second person approved its verdict")
		}
		if s.EvidenceDays > 0 {
			fmt.Fprintf(p.Stdout, "evidence: notice check warns of captures older than %s\n", evidence.Count(s.EvidenceDays, "day"))
		}
		if n := len(s.Covert); n > 0 {
			fmt.Fprintf(p.Stdout, "covert list: %d entries, which nothing that leaves may hold; touchstone settings covert list shows them\n", n)
		}
		if len(s.Authorities) == 0 {
			fmt.Fprintln(p.Stdout, "time stamping authorities: none, so nobody is asked for time stamps")
			return nil
		}
		var rows [][]string
		for _, a := range s.Authorities {
			roots := "those of the program"
			if a.Roots != "" {
				roots += " and " + string(a.Roots)[:12] + "..."
			}
			rows = append(rows, []string{a.Name, a.URL, roots})
		}
		return p.table("AUTHORITY\tADDRESS\tTRUSTED ROOTS", rows)
	})
}

func (p *Program) settingsSetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "set KEY VALUE", Short: "Change a setting; the keys are operator, four-eyes (on or off) and evidence-days", Args: cobra.ExactArgs(2),
		Long: "operator is the investigator's name. With four-eyes on, the answer to an inquiry leaves only once a second\n" +
			"person approved its verdict: touchstone inbox approve. evidence-days is how old a capture may be before\n" +
			fmt.Sprintf("notice check warns of it; 0 is the usual %d.", desk.DefaultEvidenceDays),
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := settingChange(args[0], args[1])
			if err != nil {
				return usage(err)
			}
			return p.withDesk(func(d *desk.Desk) error {
				if err := wrongSetting(change(cmd.Context(), d)); err != nil {
					return err
				}
				return p.done("%s is %s now", args[0], printable(args[1]))
			})
		},
	}
}

// settingChange is how a setting becomes what it is asked to be.
func settingChange(key, value string) (func(context.Context, *desk.Desk) error, error) {
	switch key {
	case "operator":
		return func(ctx context.Context, d *desk.Desk) error { return d.SetOperator(ctx, value) }, nil
	case "four-eyes":
		if value != "on" && value != "off" {
			return nil, fmt.Errorf("four-eyes is on or off, not %q", value)
		}
		return func(ctx context.Context, d *desk.Desk) error { return d.SetFourEyes(ctx, value == "on") }, nil
	case "evidence-days":
		days, err := strconv.Atoi(value)
		if err != nil {
			return nil, fmt.Errorf("evidence-days is a number of days, not %q", value)
		}
		return func(ctx context.Context, d *desk.Desk) error { return d.SetEvidenceDays(ctx, days) }, nil
	}
	return nil, fmt.Errorf("there is no setting %q: want operator, four-eyes or evidence-days; authorities have a command of their own", key)
}

func (p *Program) authorityCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "authority", Short: "The time stamping authorities (RFC 3161) to ask",
		RunE: func(cmd *cobra.Command, _ []string) error { return p.listSettings(cmd) },
	}
	var rootsFile string
	add := &cobra.Command{
		Use: "add NAME URL", Short: "Ask this authority for time stamps from now on", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var roots []byte
			if rootsFile != "" {
				var err error
				if roots, err = os.ReadFile(rootsFile); err != nil {
					return fmt.Errorf("read the roots: %w", err)
				}
			}
			return p.withDesk(func(d *desk.Desk) error {
				if err := wrongSetting(d.AddAuthority(cmd.Context(), args[0], args[1], roots)); err != nil {
					return err
				}
				return p.done("%s is asked for time stamps from now on", printable(args[0]))
			})
		},
	}
	add.Flags().StringVar(&rootsFile, "roots", "", "file of root certificates (PEM) to trust it by, beside those of the program")
	cmd.AddCommand(add, &cobra.Command{
		Use: "remove NAME", Short: "Ask this authority no more; its stamps stay", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				if err := wrongSetting(d.RemoveAuthority(cmd.Context(), args[0])); err != nil {
					return err
				}
				return p.done("%s is asked no more; its stamps stay", printable(args[0]))
			})
		},
	})
	return cmd
}

func (p *Program) covertCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "covert", Short: "Names and addresses of covert buyers and profiles: nothing that leaves may hold them"}
	change := func(use, short string, listed bool) *cobra.Command {
		return &cobra.Command{
			Use: use + " TEXT", Short: short, Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					if err := wrongSetting(d.SetCovert(cmd.Context(), args[0], listed)); err != nil {
						return err
					}
					if listed {
						return p.done("on the covert list: nothing that leaves may hold it")
					}
					return p.done("off the covert list")
				})
			},
		}
	}
	cmd.AddCommand(change("add", "Put a name, an address or an account on the list", true), change("remove", "Take one off the list", false),
		&cobra.Command{
			Use: "list", Short: "Show the list", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return p.readDesk(func(d *desk.Desk) error {
					s, err := d.Settings(cmd.Context())
					if err != nil {
						return err
					}
					for _, t := range s.Covert {
						fmt.Fprintln(p.Stdout, printable(t))
					}
					return nil
				})
			},
		})
	return cmd
}

func wrongSetting(err error) error {
	if errors.Is(err, desk.ErrSetting) {
		return usage(err)
	}
	return err
}
