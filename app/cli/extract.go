package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// extracted is one line of extract --from.
type extracted struct {
	File  string          `json:"file"`
	URL   string          `json:"url,omitempty"`
	Facts *evidence.Facts `json:"facts,omitempty"`
	Error string          `json:"error,omitempty"`
}

func (p *Program) extractCommand() *cobra.Command {
	var pageURL, from string
	cmd := &cobra.Command{
		Use:   "extract FILE --url URL | --from LIST",
		Short: "Read the listing facts from saved pages (.html, .html.gz, .mhtml), without network",
		Long: "LIST has one file a line, with the page's URL after a tab. Each yields one line of JSON; a file that\n" +
			"cannot be read yields a line with its error, and the exit code is 1.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			// Nearly all that a page allocates lives as long as the page: collecting
			// garbage at each doubling of a small heap finds none. The limit is for
			// pages beyond the ordinary.
			debug.SetGCPercent(400)
			debug.SetMemoryLimit(1 << 30)
			switch {
			case (len(args) == 1) == (from != ""):
				return usage(errors.New("give one FILE, or --from LIST"))
			case from != "":
				return p.extractList(from)
			}
			facts, err := extractFile(args[0], pageURL)
			if err != nil {
				return err
			}
			return p.printJSON(facts)
		},
	}
	cmd.Flags().StringVar(&pageURL, "url", "", "where the page was saved from")
	cmd.Flags().StringVar(&from, "from", "", "read the names of the files from this list")
	return cmd
}

func extractFile(path, pageURL string) (evidence.Facts, error) {
	f, err := os.Open(path)
	if err != nil {
		return evidence.Facts{}, err
	}
	defer f.Close()
	facts, err := desk.Extract(f, path, pageURL)
	if err != nil {
		return facts, fmt.Errorf("%s: %w", path, err)
	}
	return facts, nil
}

// extractList prints a line for each file of the list as soon as it is read.
func (p *Program) extractList(list string) error {
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer f.Close()
	failed := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		file, pageURL, _ := strings.Cut(strings.TrimSpace(lines.Text()), "\t")
		if file == "" {
			continue
		}
		line := extracted{File: file, URL: pageURL}
		if facts, err := extractFile(file, pageURL); err != nil {
			failed++
			line.Error = oneLine(err)
		} else {
			line.Facts = &facts
		}
		if err := p.printJSON(line); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", list, err)
	}
	if failed > 0 {
		return fmt.Errorf("%d of the files could not be read", failed)
	}
	return nil
}
