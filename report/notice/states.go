package notice

import (
	"errors"
	"time"

	"touchstone/store/evidence"
)

// ErrCannotMove means that an item cannot pass from its state to the one asked for.
var ErrCannotMove = errors.New("not a step a notice item can take")

// CanMove reports whether an item can pass from one state to the other in one step.
func CanMove(from, to evidence.ItemState) bool { return false }

// Next lists the states an item can pass to, in the order in which they usually come.
func Next(from evidence.ItemState) []evidence.ItemState { return nil }

// Final reports whether nothing more is expected of an item in the state.
func Final(s evidence.ItemState) bool { return false }

// Move is the item in the state to, dated at, with the reason given for it.
// The error is ErrCannotMove where the table has no such step.
func Move(i evidence.NoticeItem, to evidence.ItemState, reason string, at time.Time) (evidence.NoticeItem, error) {
	return i, ErrCannotMove
}
