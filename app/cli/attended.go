package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"touchstone/app/desk"
)

// attend opens a window for the person at the terminal, who presses Enter there
// for each page to be captured: nothing is put into the page for it.
func (p *Program) attend(ctx context.Context, args []string, caseName string, o desk.Order) error {
	if len(args) != 1 {
		return usage(errors.New("--attended opens one window: give one URL, and go on from there in the window"))
	}
	return p.withDesk(func(d *desk.Desk) error {
		if caseName != "" {
			c, err := d.EnsureCase(ctx, caseName)
			if err != nil {
				return err
			}
			o.Case = c.ID
		}
		show := newTerminal(p.Stderr)
		defer show.Done()
		sitting, err := d.Attend(ctx, o, args[0], show)
		if err != nil {
			return err
		}
		show.Line("The window is open; no video is made. Go to the page in it, then press Enter here to capture\n" +
			"what it shows. Close the window, or type q and Enter, when you are done.")
		return errors.Join(p.captureOnEnter(ctx, d, sitting, show), sitting.Close())
	})
}

// captureOnEnter captures at every line until the window is closed.
func (p *Program) captureOnEnter(ctx context.Context, d *desk.Desk, sitting *desk.Sitting, show *terminal) error {
	lines := readLines(p.Stdin)
	captured, unreached := 0, 0
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-sitting.Closed():
			return sittingEnded(captured, unreached)
		case line, ok := <-lines:
			switch {
			case !ok:
				lines = nil // nobody can press any more: only the window can end it
				continue
			case strings.EqualFold(strings.TrimSpace(line), "q"):
				return sittingEnded(captured, unreached)
			}
			c, err := sitting.Capture(ctx, show)
			if err != nil {
				return err
			}
			captured++
			if !c.Outcome.Reached() {
				unreached++
			}
			if err := p.printCapture(ctx, d, show, c); err != nil {
				return err
			}
			show.Line("Enter captures the next page; q ends.")
		}
	}
}

func sittingEnded(captured, unreached int) error {
	switch {
	case captured == 0:
		return &exitError{exitUnreached, errors.New("nothing was captured")}
	case unreached > 0:
		return &exitError{exitUnreached, unreachedError(unreached)}
	}
	return nil
}

// readLines passes on the lines of r, of standard input when nil. A read of a
// terminal cannot be called off: the reader ends with its input or the program.
func readLines(r io.Reader) <-chan string {
	if r == nil {
		r = os.Stdin
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}
