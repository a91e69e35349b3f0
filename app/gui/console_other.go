//go:build !headless && !windows

package gui

// leaveConsole has nothing to do: no other system opens a console for a program.
func leaveConsole() {}

// failed has nothing to add to what the command says on its terminal.
func failed(error) {}
