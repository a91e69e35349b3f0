package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) channelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "channel", Short: "The ways to marketplaces: set them up, sign in, try them"}
	cmd.AddCommand(p.channelList(), p.channelSet(), p.channelLogin(), p.channelTest(), p.channelReasons(), p.channelPackage())
	return cmd
}

func (p *Program) channelList() *cobra.Command {
	return &cobra.Command{
		Use: "list [CHANNEL]", Short: "List the channels, or one with its settings, limits and their sources", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := p.channels(cmd.Context(), args)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return p.printChannel(list[0])
			}
			if p.json {
				return printEach(p, list)
			}
			var rows [][]string
			for _, s := range list {
				ready := "ready"
				if !s.Ready() {
					ready = "needs " + strings.Join(s.Missing, ", ")
				}
				rows = append(rows, []string{s.Name, s.Title, string(s.Transport), fmt.Sprint(s.MaxItems), ready})
			}
			return p.table("CHANNEL\tTITLE\tTRANSPORT\tITEMS AT ONCE\tSET UP", rows)
		},
	}
}

// channels are all channels, or the one that is named. Where there is no workspace
// yet they are as they are without any settings: none is made for looking.
func (p *Program) channels(ctx context.Context, name []string) ([]desk.ChannelStatus, error) {
	list, err := desk.UnsetChannels()
	if err != nil {
		return nil, err
	}
	err = p.readDesk(func(d *desk.Desk) error {
		list, err = d.Channels(ctx)
		return err
	})
	if err != nil && !errors.Is(err, desk.ErrNoWorkspace) {
		return nil, err
	}
	if len(name) == 0 {
		return list, nil
	}
	at := slices.IndexFunc(list, func(s desk.ChannelStatus) bool { return s.Name == name[0] })
	if at < 0 {
		return nil, fmt.Errorf("channel %q: %w", name[0], desk.ErrNoChannelNamed)
	}
	return list[at : at+1], nil
}

func (p *Program) printChannel(s desk.ChannelStatus) error {
	if p.json {
		return p.printJSON(s)
	}
	out := p.Stdout
	fmt.Fprintf(out, "%s: %s\n", s.Name, s.Title)
	if s.Address != "" {
		fmt.Fprintf(out, "address: %s\n", s.Address)
	}
	fmt.Fprintf(out, "takes: %s; in one submission %s\n", desk.Kinds(s.TargetKinds()), s.Lot())
	for _, setting := range s.Settings {
		value := s.Values[setting.Key]
		switch {
		case setting.Secret && s.SignedIn && !slices.Contains(s.Missing, setting.Key):
			value = "(kept with the keys)"
		case setting.Secret:
			value = "(not set: touchstone channel login " + s.Name + ")"
		case value == "":
			value = "(not set)"
		}
		fmt.Fprintf(out, "  %-16s %s  # %s\n", setting.Key, printable(value), setting.Title)
	}
	for _, f := range s.Fields {
		limit := ""
		if f.Max > 0 {
			limit = fmt.Sprintf(", at most %d characters", f.Max)
		}
		fmt.Fprintf(out, "  field %s: %s%s\n", f.Name, f.From, limit)
	}
	for _, c := range s.Days {
		period := evidence.Count(c.Days, "day")
		if c.Working != "" {
			period = evidence.Count(c.Days, "working day") + " of " + c.Working
		}
		if len(c.Skip) > 0 {
			period += " (without " + strings.Join(c.Skip, ", ") + ")"
		}
		fmt.Fprintf(out, "clock: the %s has %s for %s\n", c.Who, period, c.For)
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(out, "note: %s\n", w)
	}
	for _, o := range s.Sources {
		note := ""
		if o.Note != "" {
			note = " (" + o.Note + ")"
		}
		fmt.Fprintf(out, "source [%s] of %s: %s%s\n", o.Mark, strings.Join(o.Of, ", "), o.From, note)
	}
	return nil
}

func (p *Program) channelSet() *cobra.Command {
	return &cobra.Command{
		Use: "set CHANNEL KEY=VALUE...", Short: "Change a channel's settings; an empty value is the default again", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := pairs(args[1:])
			if err != nil {
				return usage(err)
			}
			return p.withDesk(func(d *desk.Desk) error {
				if err := wrongSetting(d.SetChannel(cmd.Context(), args[0], values)); err != nil {
					return err
				}
				return p.done("%s: %s set; touchstone channel list %s shows all", args[0], evidence.Count(len(values), "setting"), args[0])
			})
		},
	}
}

func pairs(words []string) (map[string]string, error) {
	values := map[string]string{}
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("%q: want KEY=VALUE", w)
		}
		values[key] = value
	}
	return values, nil
}

func (p *Program) channelLogin() *cobra.Command {
	return &cobra.Command{
		Use:     "login CHANNEL",
		Aliases: []string{"signin"},
		Short:   "Keep what an account is signed in with",
		Long: "Secrets are asked for at the terminal and not shown, or read from standard input as lines KEY=VALUE.\n" +
			"They are kept in the keyring, or sealed with the passphrase, and never printed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withDesk(func(d *desk.Desk) error {
				s, err := d.Channel(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				secrets, err := p.askSecrets(s)
				if err != nil {
					return err
				}
				code := secrets["code"]
				delete(secrets, "code")
				if err := wrongSetting(d.SignInChannel(cmd.Context(), s.Name, secrets)); err != nil {
					return err
				}
				if err := p.askPermission(cmd, d, s.Name, secrets["refresh_token"] != "", code); err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.Stdout, "kept; touchstone channel test %s tries it\n", s.Name)
				return err
			})
		},
	}
}

// askPermission has the user allow us to act for the account, where the channel
// asks for that: at a terminal, or with the code from standard input.
func (p *Program) askPermission(cmd *cobra.Command, d *desk.Desk, name string, given bool, code string) error {
	permission, err := d.AskPermission(cmd.Context(), name)
	if errors.Is(err, desk.ErrNoPermission) || given {
		return nil
	}
	if err != nil {
		return err
	}
	if code == "" {
		fmt.Fprintf(p.Stderr, "Open this address, allow Touchstone to act for the account, and give the code\nor the whole address that you are sent to:\n\n  %s\n\n", permission.Address)
		if !p.atTerminal() {
			return nil
		}
		typed, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(p.Stderr)
		if err != nil {
			return err
		}
		code = string(typed)
	}
	return d.TakePermission(cmd.Context(), permission, code)
}

func (p *Program) atTerminal() bool { return p.Stdin == nil && term.IsTerminal(int(os.Stdin.Fd())) }

// askSecrets asks for the secret settings of a channel.
func (p *Program) askSecrets(s desk.ChannelStatus) (map[string]string, error) {
	secrets := map[string]string{}
	if p.atTerminal() {
		for _, setting := range s.Settings {
			if !setting.Secret {
				continue
			}
			fmt.Fprintf(p.Stderr, "%s (%s; empty leaves it as it is): ", setting.Title, setting.Key)
			value, err := term.ReadPassword(int(os.Stdin.Fd()))
			fmt.Fprintln(p.Stderr)
			if err != nil {
				return nil, err
			}
			if text := strings.TrimSpace(string(value)); text != "" {
				secrets[setting.Key] = text
			}
		}
		return secrets, nil
	}
	in := p.Stdin
	if in == nil {
		in = os.Stdin
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		key, value, ok := strings.Cut(lines.Text(), "=")
		if !ok {
			return nil, usage(fmt.Errorf("want lines KEY=VALUE on standard input")) // the line itself may be a secret
		}
		secrets[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return secrets, lines.Err()
}

func (p *Program) channelTest() *cobra.Command {
	return &cobra.Command{
		Use: "test CHANNEL", Short: "Ask a channel for something harmless, to see whether it knows us", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				if err := d.TestChannel(cmd.Context(), args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.Stdout, "%s answers, and accepts the credentials\n", args[0])
				return err
			})
		},
	}
}

func (p *Program) channelReasons() *cobra.Command {
	var fetch bool
	cmd := &cobra.Command{
		Use: "reasons CHANNEL", Short: "List what a notice may complain of at a channel", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				list, at, err := d.Reasons(cmd.Context(), args[0], fetch)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, list)
				}
				for _, r := range list {
					fmt.Fprintf(p.Stdout, "%-18s %s\n", printable(r.Code), printable(r.Title))
				}
				from := "as the channel's descriptor has them; --fetch asks the channel"
				if !at.IsZero() {
					from = "as the channel listed them on " + at.Format("2006-01-02 15:04 UTC") + "; --fetch asks it again"
				}
				_, err = fmt.Fprintln(p.Stdout, from)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&fetch, "fetch", false, "ask the channel for its list, and keep it")
	return cmd
}

func (p *Program) channelPackage() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "package SUBMISSION", Short: "Write what you file by hand at a portal with: texts to paste, links, pictures", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = string(id)
			}
			return p.readDesk(func(d *desk.Desk) error {
				files, err := d.WritePackage(cmd.Context(), id, out)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.Stdout, "%s in %s; begin with HOW-TO-FILE.txt\n", evidence.Count(len(files), "file"), out)
				return err
			})
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "a new folder (default: named like the submission)")
	return cmd
}
