package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"touchstone/store/evidence"
)

// strict prepares a command and those below it, so that whatever is wrong with
// a command line says what was wanted instead. begun is set as soon as a command
// line was understood: an error before that is wrong usage.
func strict(c *cobra.Command, begun *bool) {
	check := c.Args
	switch {
	case c.HasSubCommands():
		check = cobra.NoArgs
		if c.RunE == nil {
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	case check == nil:
		check = cobra.ArbitraryArgs
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil {
			return nil
		}
		if cmd.HasSubCommands() {
			return noSuchCommand(cmd, args[0])
		}
		return wrongCount(cmd, args)
	}
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		*begun = true
		return run(cmd, args)
	}
	for _, sub := range c.Commands() {
		strict(sub, begun)
	}
}

func noSuchCommand(cmd *cobra.Command, name string) error {
	meant := ""
	for cmd.SuggestionsMinimumDistance = 1; meant == "" && cmd.SuggestionsMinimumDistance <= 2; cmd.SuggestionsMinimumDistance++ {
		if like := cmd.SuggestionsFor(name); len(like) > 0 {
			meant = ", did you mean " + alternatives(like) + "?"
		}
	}
	return fmt.Errorf("there is no command %q%s (%s --help lists them)", cmd.CommandPath()+" "+name, meant, cmd.CommandPath())
}

// wrongCount says which argument is missing or too much.
func wrongCount(cmd *cobra.Command, args []string) error {
	names := argumentNames(cmd)
	if len(args) < len(names) {
		return fmt.Errorf("%s is missing: want %s %s", names[len(args)], cmd.Parent().CommandPath(), cmd.Use)
	}
	return fmt.Errorf("%q is too much: want %s %s", args[len(names)], cmd.Parent().CommandPath(), cmd.Use)
}

// argumentNames are the words between a command's name and its first flag.
func argumentNames(cmd *cobra.Command) []string {
	words := strings.Fields(cmd.Use)[1:]
	for i, word := range words {
		if strings.HasPrefix(word, "-") || strings.HasPrefix(word, "[--") || word == "|" {
			return words[:i]
		}
	}
	return words
}

// misunderstood turns an error about a command line into one of wrong usage that
// says where the right one is described.
func misunderstood(cmd *cobra.Command, err error) error {
	if missing, ok := strings.CutPrefix(err.Error(), "required flag(s) "); ok {
		missing = strings.TrimSuffix(missing, " not set")
		err = errors.New("want --" + strings.ReplaceAll(strings.ReplaceAll(missing, ", ", " and --"), `"`, ""))
	}
	if !strings.Contains(err.Error(), cmd.CommandPath()) {
		err = fmt.Errorf("%w (%s --help)", err, cmd.CommandPath())
	}
	return usage(err)
}

// misnamed turns the error about a file that the command line names and that is not
// there into one of wrong usage.
func misnamed(args []string, err error) error {
	var missing *fs.PathError
	if !errors.As(err, &missing) || !errors.Is(missing, fs.ErrNotExist) || !slices.ContainsFunc(args, func(arg string) bool {
		_, value, _ := strings.Cut(arg, "=")
		return arg == missing.Path || value == missing.Path
	}) {
		return err
	}
	says := fmt.Sprintf("there is no file %q", missing.Path)
	if dir := filepath.Dir(missing.Path); !isFolder(dir) {
		says = fmt.Sprintf("there is no folder %q", dir)
	}
	return usage(errors.New(strings.ReplaceAll(err.Error(), missing.Error(), says)))
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// given are the names of a command's own flags that its line has.
func given(cmd *cobra.Command) []string {
	var names []string
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			names = append(names, f.Name)
		}
	})
	return names
}

// choice is a flag that takes one of a few words.
type choice[T ~string] struct {
	value *T
	valid []T
}

// choose adds a flag that takes one of the valid words; its help lists them.
func choose[T ~string](flags *pflag.FlagSet, value *T, name string, valid []T, preset T, help string) {
	*value = preset
	flags.Var(choice[T]{value, valid}, name, help+": "+alternatives(valid))
}

// String implements pflag.Value.
func (c choice[T]) String() string {
	if c.value == nil {
		return ""
	}
	return string(*c.value)
}

// Type implements pflag.Value.
func (c choice[T]) Type() string { return "word" }

// Set implements pflag.Value.
func (c choice[T]) Set(text string) (err error) {
	*c.value, err = pick(text, c.valid)
	return err
}

// pick finds the word that was typed among the valid ones: capitals are as good,
// and so are spaces, hyphens and underscores for one another.
func pick[T ~string](text string, valid []T) (T, error) {
	alike := strings.NewReplacer("-", "_", " ", "_")
	typed := alike.Replace(strings.ToLower(strings.TrimSpace(text)))
	for _, v := range valid {
		if alike.Replace(string(v)) == typed {
			return v, nil
		}
	}
	return "", usage(fmt.Errorf("%q is not known: want %s", text, alternatives(valid)))
}

// alternatives lists words, as in "a, b or c".
func alternatives[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// parseID reads an ID that a user typed. The error is one of wrong usage.
func parseID(text string) (evidence.ID, error) {
	id, err := evidence.ParseID(text)
	if err != nil {
		return "", usage(err)
	}
	return id, nil
}

// parseIDs reads IDs that a user typed. The error is one of wrong usage.
func parseIDs(texts []string) ([]evidence.ID, error) {
	var ids []evidence.ID
	for _, text := range texts {
		id, err := parseID(text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
