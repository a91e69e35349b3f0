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
	task     *Task // for what may take long
	done     []*undone
	busy     bool
	after    func(listings []evidence.ID) // a change of them was taken back
}

// undone is a change and how it is taken back: as a whole, or of listings one after
// another.
type undone struct {
	what     string
	listings []evidence.ID
	back     func(ctx context.Context) error

	said    func(n int) string // the change, made of n listings
	rows    []Row              // as they were before it
	restore restore
}

// restore makes listings again what they were. The first done of them are so when it is
// stopped or fails.
type restore func(ctx context.Context, rows []Row, p evidence.Progress) (done int, err error)

// push remembers a change of listings.
func (u *Undo) push(what string, listings []evidence.ID, back func(ctx context.Context) error) {
	u.add(&undone{what: what, listings: listings, back: back})
}

// pushRows remembers a change of listings that were as rows say.
func (u *Undo) pushRows(said func(n int) string, rows []Row, r restore) {
	u.add(&undone{what: said(len(rows)), listings: idsOf(rows), said: said, rows: rows, restore: r})
}

func (u *Undo) add(d *undone) {
	u.done = append(u.done, d)
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
	if last.restore != nil {
		u.undoRows(last)
		return
	}
	u.busy = true
	u.b.Run(func(ctx context.Context) func() {
		err := last.back(ctx)
		return func() {
			u.busy = false
			if err == nil || errors.Is(err, ErrLeft) {
				u.drop(last)
			}
			u.tell(last.what, err)
			changed(u.OnChange)
			u.after(last.listings)
		}
	})
}

// undoRows takes back a change of listings. What is left of it when that is stopped can
// be taken back later.
func (u *Undo) undoRows(last *undone) {
	u.busy = u.task.sweep(T("Taking back: %s", last.what), len(last.rows), func(ctx context.Context, p evidence.Progress) func() {
		done, err := last.restore(ctx, last.rows, p)
		return func() {
			u.busy = false
			u.drop(last)
			if rest := last.rows[done:]; len(rest) > 0 {
				u.pushRows(last.said, rest, last.restore)
			}
			if done > 0 && done < len(last.rows) {
				partly(u.problems, T("Taken back: %s", last.said(done)), len(last.rows)-done, T("The change could not be taken back."), err)
			} else {
				u.tell(last.what, err)
			}
			changed(u.OnChange)
			u.after(last.listings)
		}
	})
}

// tell says what came of taking something back.
func (u *Undo) tell(what string, err error) {
	if err != nil {
		u.problems.report(T("The change could not be taken back."), T("It still stands."), err)
		return
	}
	u.problems.Tell(T("Taken back: %s", what))
}

// partly tells of work that was stopped, or failed, when it was done in part.
func partly(problems *Problems, did string, left int, failed string, err error) {
	kept := did + ". " + N("%d listing was left as it was.", "%d listings were left as they were.", left)
	if errors.Is(err, context.Canceled) {
		problems.Tell(kept)
		return
	}
	problems.report(failed, kept, err)
}

func (u *Undo) drop(d *undone) {
	u.done = slices.DeleteFunc(u.done, func(o *undone) bool { return o == d })
}
