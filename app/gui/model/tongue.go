package model

import "fmt"

// Tongue gives the window's texts in the user's language. A text is known by its
// English words, in which %s, %d and the like stand for what is filled in.
type Tongue interface {
	// Text is a text, or the English one where there is no translation.
	Text(english string) string
}

// tongue is the one that the window speaks. Speak sets it before there is a
// window; Fyne, too, knows one language for the whole program.
var tongue Tongue = english{}

// Speak has all texts given in a language, and numbers and days written as it
// writes them; code is that of ISO 639-1. It must be called before any model is
// made.
func Speak(t Tongue, code string) {
	tongue = t
	spoken = localeOf(code)
}

// english is the language that the texts are written in.
type english struct{}

// Text implements Tongue.
func (english) Text(text string) string { return text }

// T is a text in the user's language, with args filled in as fmt.Sprintf does.
func T(english string, args ...any) string {
	text := tongue.Text(english)
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// N is the form of a text for n things, as in N("%d listing", "%d listings", n).
// Without args n is filled in. All languages of the window have one form for one
// thing and one for more, or the same for both; some count nothing as one.
func N(one, other string, n int, args ...any) string {
	if len(args) == 0 {
		args = []any{n}
	}
	if n == 1 || n == 0 && spoken.zeroIsOne {
		return T(one, args...)
	}
	return T(other, args...)
}

// Key marks a text that is translated where it is shown, so that the test of
// translations finds it.
func Key(english string) string { return english }
