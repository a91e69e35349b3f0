// Package cli is Touchstone at the command line: one file for each command,
// which parses, calls the desk and prints. Data goes to standard output,
// progress and complaints to standard error. It knows the desk and the practice
// marketplace, and nothing of how either works.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// Program is what the commands need from outside.
type Program struct {
	Tool           evidence.Tool
	Window         Window
	Stdout, Stderr io.Writer
	Stdin          io.Reader // standard input when nil
	WorkFactor     int       // 0 but in tests: see desk.Config

	workspace      string
	operator       string
	passphraseFile string
	json           bool
	allowPrivate   bool // of the window's captures
	remotes        []string
	guardListen    string
	proxy          string
	proxyResolves  bool
}

// Run runs the command that args name and returns its exit code.
func (p *Program) Run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	begun := false
	strict(root, &begun)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !begun {
		err = misunderstood(cmd, err)
	}
	err = misnamed(args, err)
	if err != nil {
		fmt.Fprintln(p.Stderr, "touchstone: "+oneLine(err))
	}
	return exitCode(err)
}

func (p *Program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "touchstone",
		Short: "Snapshot suspect listings as evidence, and have them taken down",
		Long: "Touchstone snapshots suspect marketplace listings with headless Chrome, keeps them as\n" +
			"evidence that a stranger can check, and turns them into takedown packets and submissions.\n" +
			"Without a command it opens its window.",
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       p.Tool.Version,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.openWindow(cmd.Context())
		},
	}
	root.Flags().BoolVar(&p.allowPrivate, "allow-private", false, "let the window's captures reach private and loopback addresses, such as those of touchstone practice")
	flags := root.PersistentFlags()
	flags.StringVar(&p.workspace, "workspace", "", "the folder that holds everything (default $TOUCHSTONE_WORKSPACE, else Touchstone in the home folder)")
	flags.StringVar(&p.operator, "operator", os.Getenv("TOUCHSTONE_OPERATOR"), "the investigator's name, for the custody log")
	flags.StringVar(&p.passphraseFile, "passphrase-file", "", "file with the passphrase of the signing key, where there is no keyring (or $TOUCHSTONE_PASSPHRASE)")
	flags.BoolVar(&p.json, "json", false, "print JSON Lines")
	root.AddCommand(
		p.demoCommand(), p.practiceCommand(), p.caseCommand(), p.captureCommand(), p.profileCommand(), p.recheckCommand(),
		p.listCommand(), p.showCommand(), p.extractCommand(), p.assessCommand(), p.brandCommand(),
		p.noticeCommand(), p.packetCommand(), p.verifyCommand(), p.logCommand(),
		p.exportCommand(), p.importCommand(), p.backupCommand(), p.restoreCommand(),
		p.keyCommand(), p.settingsCommand(), p.submitCommand(), p.syncCommand(), p.channelCommand(), p.scorecardCommand(),
	)
	root.AddCommand(p.attachCommand(), p.deleteCommand(), p.redactCommand(), p.markupCommand(), p.noteCommand(), p.certificateCommand(),
		p.clearCommand(), p.testbuyCommand(), p.reviewCommand(), p.inboxCommand(), p.answerCommand(), p.counterCommand(), p.messageCommand(),
		p.domainCommand(), p.letterCommand(), p.supportCommand())
	return root
}

// dir is the workspace's folder.
func (p *Program) dir() (string, error) {
	if p.workspace != "" {
		return p.workspace, nil
	}
	if dir := os.Getenv("TOUCHSTONE_WORKSPACE"); dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", usage(errors.New("no home folder: say where the workspace is with --workspace"))
	}
	return filepath.Join(home, "Touchstone"), nil
}

// withDesk runs fn on the workspace, which is made where there is none.
func (p *Program) withDesk(fn func(*desk.Desk) error) error { return p.onDesk(false, fn) }

// readDesk runs fn on a workspace that must exist.
func (p *Program) readDesk(fn func(*desk.Desk) error) error { return p.onDesk(true, fn) }

// onRecord runs fn on a workspace that must exist, for the record that the user
// means by its ID.
func (p *Program) onRecord(text string, fn func(*desk.Desk, evidence.ID) error) error {
	id, err := parseID(text)
	if err != nil {
		return err
	}
	return p.readDesk(func(d *desk.Desk) error { return fn(d, id) })
}

func (p *Program) onDesk(mustExist bool, fn func(*desk.Desk) error) error {
	dir, err := p.dir()
	if err != nil {
		return err
	}
	proxy, err := p.proxyURL()
	if err != nil {
		return err
	}
	if p.passphraseFile != "" { // also where the key is not needed: a slip of the pen is told at once
		if _, err := p.passphrase(context.Background()); err != nil {
			return usage(err)
		}
	}
	d, err := desk.Open(desk.Config{
		Dir: dir, Operator: p.operator, Tool: p.Tool, Passphrase: p.passphrase, MustExist: mustExist, WorkFactor: p.WorkFactor,
		Warn: func(err error) { fmt.Fprintln(p.Stderr, "touchstone: "+oneLine(err)) },
	})
	if err != nil {
		return err
	}
	d.Remote(p.remotes, p.guardListen)
	d.Via(proxy, p.proxyResolves)
	return errors.Join(fn(d), d.Close())
}

func (p *Program) passphrase(context.Context) (string, error) {
	if p.passphraseFile != "" {
		b, err := os.ReadFile(p.passphraseFile)
		if err != nil {
			return "", fmt.Errorf("read the passphrase: %w", err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	}
	return os.Getenv("TOUCHSTONE_PASSPHRASE"), nil
}
