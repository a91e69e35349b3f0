// Package model is what the window shows and can do, without the window: which
// cases there are, the table of a case's listings, a capture under way, the
// listing that is open, the one problem that wants attention.
//
// It knows no Fyne, reads no file and keeps no record. What it needs done it
// asks of the small interfaces in desk.go. A model belongs to one goroutine,
// in the window the one that Fyne draws on: its methods are called there and
// its On... callbacks come there. Work runs elsewhere and its result comes back
// through a [Dispatcher] as one closure that only assigns; a result that newer
// work has overtaken is dropped.
package model
