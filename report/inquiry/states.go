// Package inquiry is the question that a marketplace or customs ask about an offer,
// and our answer: which states it passes through, when its deadline has passed,
// what about it looks like another inquiry or another brand's goods, and what an
// investigator should look at before judging.
//
// It is pure: values in, values out. It never judges: a verdict is a person's.
package inquiry

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// ErrCannotMove means that an inquiry cannot pass from its state to the one asked for.
var ErrCannotMove = errors.New("not a step an inquiry can take")

// working are the states in which a person has the inquiry on the desk.
var working = []evidence.InquiryState{
	evidence.InquiryReceived, evidence.InquiryValidated, evidence.InquiryCapturing, evidence.InquiryCaptured,
	evidence.InquiryCaptureFailed, evidence.InquiryInReview, evidence.InquiryInfoRequested, evidence.InquiryTestBuy, evidence.InquiryReopened,
}

// sideExits are the ways out that stand open to every inquiry that waits for us.
var sideExits = []evidence.InquiryState{
	evidence.InquiryExpired, evidence.InquiryRecalled, evidence.InquiryClosed,
	evidence.InquiryAnswered, // by another desk of the same account
}

// moves is the life of an inquiry beside the side exits: from each state, the
// states it can pass to, in the order in which they usually come.
//
// A person may judge at any time while it is on the desk; what was sent is only
// corrected by reopening it.
var moves = map[evidence.InquiryState][]evidence.InquiryState{
	evidence.InquiryReceived:        {evidence.InquiryValidated},
	evidence.InquiryValidated:       {evidence.InquiryCapturing},
	evidence.InquiryCapturing:       {evidence.InquiryCaptured, evidence.InquiryCaptureFailed},
	evidence.InquiryCaptureFailed:   {evidence.InquiryCapturing, evidence.InquiryCaptured},
	evidence.InquiryVerdictDraft:    {evidence.InquiryVerdictApproved, evidence.InquiryInReview},
	evidence.InquiryVerdictApproved: {evidence.InquiryAnswerQueued, evidence.InquiryVerdictDraft, evidence.InquiryInReview, evidence.InquiryAnswered},
	evidence.InquiryAnswerQueued:    {evidence.InquiryAnswered, evidence.InquiryVerdictApproved},
	evidence.InquiryAnswered:        {evidence.InquiryAcknowledged, evidence.InquiryReopened, evidence.InquiryClosed},
	evidence.InquiryAcknowledged:    {evidence.InquiryReopened, evidence.InquiryClosed},
	evidence.InquiryExpired: {evidence.InquiryVerdictDraft, evidence.InquiryVerdictApproved, // a late answer is better than none
		evidence.InquiryAnswered, evidence.InquiryAcknowledged, evidence.InquiryClosed},
	evidence.InquiryRecalled:    {evidence.InquiryClosed},
	evidence.InquiryClosed:      {evidence.InquiryReopened},
	evidence.InquiryDuplicate:   {evidence.InquiryInReview},
	evidence.InquiryNotOurBrand: {evidence.InquiryInReview},
}

// CanMove reports whether an inquiry can pass from one state to the other in one
// step.
func CanMove(from, to evidence.InquiryState) bool {
	if slices.Contains(moves[from], to) || Open(from) && slices.Contains(sideExits, to) {
		return true
	}
	if !slices.Contains(working, from) {
		return false
	}
	switch to {
	case evidence.InquiryInReview, evidence.InquiryInfoRequested, evidence.InquiryTestBuy, evidence.InquiryDuplicate, evidence.InquiryNotOurBrand,
		evidence.InquiryVerdictDraft, evidence.InquiryVerdictApproved:
		return from != to
	}
	return false
}

// Move is the inquiry in the state to, dated at, with the reason given for it.
// The error is ErrCannotMove where there is no such step.
func Move(i evidence.Inquiry, to evidence.InquiryState, reason string, at time.Time) (evidence.Inquiry, error) {
	if !CanMove(i.State, to) {
		return i, fmt.Errorf("%s from %s to %s: %w", i.ID, evidence.Words(i.State), evidence.Words(to), ErrCannotMove)
	}
	i.State, i.Reason, i.UpdatedAt = to, reason, at.UTC()
	return i, nil
}

// Open reports whether an inquiry in the state waits for our answer.
func Open(s evidence.InquiryState) bool { return slices.Contains(OpenStates(), s) }

// OpenStates lists the states of inquiries that wait for our answer.
func OpenStates() []evidence.InquiryState {
	return append(slices.Clone(working), evidence.InquiryVerdictDraft, evidence.InquiryVerdictApproved, evidence.InquiryAnswerQueued)
}

// Overdue reports whether the deadline has passed while the inquiry waits for our
// first answer.
func Overdue(i *evidence.Inquiry, now time.Time) bool {
	return Open(i.State) && i.AnsweredAt.IsZero() && i.MissedAt.IsZero() && !i.DueAt.IsZero() && now.After(i.DueAt)
}
