package model

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is something that went wrong, as the user is told it.
type Problem struct {
	What   string // what happened
	Kept   string // what is safe all the same
	Advice string // what to do
	Detail string // the error, for a support request
}

// Text is the whole problem, for the clipboard.
func (p Problem) Text() string {
	return strings.Join([]string{p.What, p.Kept, p.Advice, p.Detail}, "\n")
}

// problem turns an error of the desk into words. What the desk's errors mean comes
// from explain; others are told as they are, and may bring their own advice through a
// method Advice() string.
func (p *Problems) problem(what, kept string, err error) Problem {
	if p.explain != nil {
		if meaning, advice := p.explain(err); meaning != "" {
			return Problem{What: what + " " + meaning, Kept: kept, Advice: advice, Detail: err.Error()}
		}
	}
	told := Problem{What: what, Kept: kept, Advice: T("Try again. If it happens again, copy the details for support."), Detail: err.Error()}
	var advised interface{ Advice() string }
	switch {
	case errors.As(err, &advised):
		told.Advice = advised.Advice()
	case errors.Is(err, fs.ErrPermission):
		told.Advice = T("You may not write there. Choose another folder, or ask for the right to use this one.")
	case errors.Is(err, fs.ErrNotExist):
		told.Advice = T("A file or folder is not where it was. Verify the workspace to see what is missing.")
	}
	if d := sentence(told.Detail); d != "" {
		told.What += " " + d
	}
	return told
}

// sentence makes an error's text read as one.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	s = string(unicode.ToUpper(first)) + s[size:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// Problems is the one place where the window tells what went wrong.
type Problems struct {
	OnChange func()

	explain func(error) (what, advice string) // of Services.Explain

	current  *Problem
	note     string
	troubles []Trouble
}

// Current is the problem to show, or nil.
func (p *Problems) Current() *Problem { return p.current }

// Note is good news to show while there is no problem, or "".
func (p *Problems) Note() string { return p.note }

// Dismiss takes away what is shown.
func (p *Problems) Dismiss() { p.set(nil, "") }

// moveOn takes good news away, which was about another screen. A problem stays
// until somebody has dismissed it.
func (p *Problems) moveOn() {
	if p.note != "" {
		p.set(nil, "")
	}
}

// Tell shows good news.
func (p *Problems) Tell(note string) { p.set(nil, note) }

// Show shows a problem.
func (p *Problems) Show(problem Problem) { p.set(&problem, "") }

// report shows err unless it only says that the user stopped the work. What names
// nothing: it goes into a report for support.
func (p *Problems) report(what, kept string, err error) {
	if !errors.Is(err, context.Canceled) {
		p.remember(what, err)
		p.Show(p.problem(what, kept, err))
	}
}

// reportOf is report of something with a name, which is filled into what.
func (p *Problems) reportOf(what, name, kept string, err error) {
	if !errors.Is(err, context.Canceled) {
		p.remember(what, err)
		p.Show(p.problem(T(what, name), kept, err))
	}
}

func (p *Problems) set(current *Problem, note string) {
	p.current, p.note = current, note
	changed(p.OnChange)
}

func changed(f func()) {
	if f != nil {
		f()
	}
}
