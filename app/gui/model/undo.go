package model

import (
	"context"
	"errors"
	"slices"

	"touchstone/store/evidence"
)

// undoDepth is how many changes can be taken back.
const undoDepth = 50

// Undo takes back what was changed last. What was recorded stays in the record:
// taking back records the state before anew.
type Undo struct {
	OnChange func()

	b        *Background
	problems *Problems
	done     []*undone
	busy     bool
	after    func(listings []evidence.ID) // a change of them was taken back
}

// undone is a change and how it is taken back.
type undone struct {
	what     string
	listings []evidence.ID
	back     func(ctx context.Context) error
}

// push remembers a change of listings.
func (u *Undo) push(what string, listings []evidence.ID, back func(ctx context.Context) error) {
	u.done = append(u.done, &undone{what, listings, back})
	if len(u.done) > undoDepth {
		u.done = u.done[1:]
	}
	changed(u.OnChange)
}

// What is the change that would be taken back, "" if there is none.
func (u *Undo) What() string {
	if len(u.done) == 0 {
		return ""
	}
	return u.done[len(u.done)-1].what
}

// Undo takes back the last change.
func (u *Undo) Undo() {
	if len(u.done) == 0 || u.busy {
		return
	}
	last := u.done[len(u.done)-1]
	u.busy = true
	u.b.Run(func(ctx context.Context) func() {
		err := last.back(ctx)
		return func() {
			u.busy = false
			if err == nil || errors.Is(err, ErrLeft) {
				u.done = slices.DeleteFunc(u.done, func(d *undone) bool { return d == last })
			}
			if err != nil {
				u.problems.report(T("The change could not be taken back."), T("It still stands."), err)
			} else {
				u.problems.Tell(T("Taken back: %s", last.what))
			}
			changed(u.OnChange)
			u.after(last.listings)
		}
	})
}
