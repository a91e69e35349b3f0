// Command touchstone snapshots suspect marketplace listings as evidence and has
// them taken down. Without arguments it opens its window.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"touchstone/app/cli"
	"touchstone/app/desk"
	"touchstone/app/gui"
	"touchstone/store/evidence"
)

// version is the release this source belongs to; FyneApp.toml repeats it.
const version = "0.1.0"

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first Ctrl-C ends the work in order; from then on a second one kills.
	context.AfterFunc(ctx, stop)
	program := cli.Program{Tool: tool(), Window: window, Stdout: os.Stdout, Stderr: os.Stderr}
	return program.Run(ctx, os.Args[1:])
}

func window(ctx context.Context, d *desk.Desk, market *cli.Market) error {
	return gui.Run(ctx, gui.Office(d, market, version))
}

// tool names this program in the evidence that it makes.
func tool() evidence.Tool {
	t := evidence.Tool{Name: "touchstone", Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				t.Commit = s.Value
			}
		}
	}
	return t
}
