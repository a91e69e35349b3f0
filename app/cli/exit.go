package cli

import (
	"context"
	"errors"
	"strings"

	"touchstone/app/desk"
)

// Exit codes, as DESIGN 4.1 and the README promise them.
const (
	exitDone       = 0
	exitFailed     = 1
	exitUsage      = 2
	exitUnverified = 3 // evidence does not verify
	exitUnreached  = 4 // some captures did not reach a page
	exitMissed     = 5 // a deadline was missed
)

// exitError is an error with the exit code it calls for.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usage(err error) error { return &exitError{exitUsage, err} }

func exitCode(err error) int {
	var coded *exitError
	var badLink desk.BadLink
	var badSetting *desk.SettingError
	var badInput *desk.InputError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &badLink), errors.As(err, &badSetting), errors.As(err, &badInput), errors.Is(err, desk.ErrKind), errors.Is(err, desk.ErrOtherLog), errors.Is(err, desk.ErrNoProfile), errors.Is(err, desk.ErrOtherProxy):
		return exitUsage
	case errors.Is(err, desk.ErrDamaged), errors.Is(err, desk.ErrNotImportable), errors.Is(err, desk.ErrNotBackup):
		return exitUnverified
	}
	return exitFailed
}

// oneLine is an error as the user reads it: one line, without Go's words.
func oneLine(err error) string {
	if errors.Is(err, context.Canceled) {
		return "stopped; what was captured until then is kept"
	}
	return printable(strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
}
