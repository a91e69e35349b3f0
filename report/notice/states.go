package notice

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// ErrCannotMove means that an item cannot pass from its state to the one asked for.
var ErrCannotMove = errors.New("not a step a notice item can take")

// moves is the life of a notice item: from each state, the states it can pass
// to, in the order in which they usually come.
//
// Two rules shape it. What was sent and got no answer (unknown_outcome) is
// never queued again: it is found to have arrived, or to have failed, and only
// a failed sending is repeated. And a removal is the marketplace's word until a
// recapture of our own makes it verified_down.
var moves = map[evidence.ItemState][]evidence.ItemState{
	evidence.ItemDraft:            {evidence.ItemComplete, evidence.ItemWithdrawn},
	evidence.ItemComplete:         {evidence.ItemApproved, evidence.ItemDraft, evidence.ItemWithdrawn},
	evidence.ItemApproved:         {evidence.ItemQueued, evidence.ItemDraft, evidence.ItemWithdrawn},
	evidence.ItemQueued:           {evidence.ItemSubmitted, evidence.ItemSubmissionFailed, evidence.ItemUnknownOutcome, evidence.ItemWithdrawn},
	evidence.ItemSubmissionFailed: {evidence.ItemQueued, evidence.ItemWithdrawn},
	evidence.ItemUnknownOutcome:   {evidence.ItemSubmitted, evidence.ItemSubmissionFailed},
	evidence.ItemSubmitted: {evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemClarificationRequired,
		evidence.ItemPausedPendingSeller, evidence.ItemRemoved, evidence.ItemRejected, evidence.ItemSubmissionFailed, evidence.ItemWithdrawn},
	evidence.ItemAcknowledged: {evidence.ItemUnderReview, evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller,
		evidence.ItemCounterReceived, evidence.ItemRemoved, evidence.ItemRejected, evidence.ItemWithdrawn},
	evidence.ItemUnderReview: {evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller, evidence.ItemCounterReceived,
		evidence.ItemRemoved, evidence.ItemRejected, evidence.ItemWithdrawn},
	evidence.ItemClarificationRequired: {evidence.ItemUnderReview, evidence.ItemRemoved, evidence.ItemRejected, evidence.ItemWithdrawn},
	evidence.ItemPausedPendingSeller: {evidence.ItemCounterReceived, evidence.ItemUnderReview, evidence.ItemRemoved,
		evidence.ItemReinstated, evidence.ItemRejected, evidence.ItemWithdrawn},
	evidence.ItemCounterReceived: {evidence.ItemCounterAccepted, evidence.ItemCounterRejected, evidence.ItemCounterMissed,
		evidence.ItemEscalatedLegal, evidence.ItemWithdrawn},
	evidence.ItemCounterAccepted: {evidence.ItemReinstated},
	evidence.ItemCounterRejected: {evidence.ItemRemoved, evidence.ItemReinstated, evidence.ItemEscalatedLegal},
	evidence.ItemCounterMissed:   {evidence.ItemReinstated, evidence.ItemEscalatedLegal},
	evidence.ItemEscalatedLegal:  {evidence.ItemRemoved, evidence.ItemReinstated, evidence.ItemClosed},
	evidence.ItemRemoved:         {evidence.ItemVerifiedDown, evidence.ItemCounterReceived, evidence.ItemReinstated, evidence.ItemReappeared},
	evidence.ItemVerifiedDown: {evidence.ItemMonitored, evidence.ItemCounterReceived, evidence.ItemReinstated,
		evidence.ItemReappeared, evidence.ItemClosed},
	evidence.ItemMonitored:  {evidence.ItemReappeared, evidence.ItemCounterReceived, evidence.ItemReinstated, evidence.ItemClosed},
	evidence.ItemReinstated: {evidence.ItemEscalatedLegal, evidence.ItemClosed},
	evidence.ItemRejected:   {evidence.ItemEscalatedLegal, evidence.ItemClosed},
	evidence.ItemReappeared: {evidence.ItemClosed},
	evidence.ItemWithdrawn:  nil,
	evidence.ItemClosed:     nil,
}

// CanMove reports whether an item can pass from one state to the other in one step.
func CanMove(from, to evidence.ItemState) bool { return slices.Contains(moves[from], to) }

// Final reports whether nothing more can happen to an item in the state.
func Final(s evidence.ItemState) bool {
	next, known := moves[s]
	return known && len(next) == 0
}

// Leaves reports whether an item has gone to its marketplace, or may have, or is
// about to.
func Leaves(i evidence.NoticeItem) bool {
	return !i.Milestones.Sent.IsZero() || i.State == evidence.ItemQueued || i.State == evidence.ItemUnknownOutcome
}

// Move is the item in the state to, dated at, with the reason given for it.
// The error is ErrCannotMove where the table has no such step.
func Move(i evidence.NoticeItem, to evidence.ItemState, reason string, at time.Time) (evidence.NoticeItem, error) {
	if !CanMove(i.State, to) {
		return i, fmt.Errorf("%s from %s to %s: %w", i.ID, i.State, to, ErrCannotMove)
	}
	return entered(i, to, reason, at), nil
}

func entered(i evidence.NoticeItem, s evidence.ItemState, reason string, at time.Time) evidence.NoticeItem {
	i.State, i.Reason, i.UpdatedAt = s, reason, at.UTC()
	i.Milestones.Reach(s, i.UpdatedAt)
	return i
}

// unseen are the states that a marketplace may have passed an item through
// between two looks at it.
var unseen = []evidence.ItemState{
	evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller,
	evidence.ItemCounterReceived, evidence.ItemCounterAccepted, evidence.ItemCounterRejected, evidence.ItemCounterMissed, evidence.ItemRemoved,
}

// Follow is the item in the state that its marketplace says it is in, dated at:
// also where steps in between were not seen. The error is ErrCannotMove where no
// steps of a marketplace lead there.
func Follow(i evidence.NoticeItem, to evidence.ItemState, reason string, at time.Time) (evidence.NoticeItem, error) {
	reached := []evidence.ItemState{i.State}
	for n := 0; n < len(reached); n++ {
		if CanMove(reached[n], to) {
			return entered(i, to, reason, at), nil
		}
		for _, next := range moves[reached[n]] {
			if slices.Contains(unseen, next) && !slices.Contains(reached, next) {
				reached = append(reached, next)
			}
		}
	}
	return i, fmt.Errorf("%s from %s to %s: %w", i.ID, i.State, to, ErrCannotMove)
}
