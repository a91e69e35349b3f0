package notice

import (
	"errors"
	"slices"
	"testing"

	"touchstone/store/evidence"
)

// all lists every state, as evidence declares them.
var all = []evidence.ItemState{evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemQueued, evidence.ItemSubmitted,
	evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller,
	evidence.ItemCounterReceived, evidence.ItemCounterAccepted, evidence.ItemCounterRejected, evidence.ItemCounterMissed,
	evidence.ItemEscalatedLegal, evidence.ItemRemoved, evidence.ItemReinstated, evidence.ItemRejected, evidence.ItemSubmissionFailed,
	evidence.ItemUnknownOutcome, evidence.ItemWithdrawn, evidence.ItemVerifiedDown, evidence.ItemMonitored, evidence.ItemClosed, evidence.ItemReappeared}

func TestTheTableKnowsEveryStateAndNoOther(t *testing.T) {
	if len(moves) != len(all) {
		t.Errorf("the table has %d states, there are %d", len(moves), len(all))
	}
	for _, s := range all {
		if _, ok := moves[s]; !ok {
			t.Errorf("%s is not in the table", s)
		}
		for _, to := range moves[s] {
			if !slices.Contains(all, to) || to == s {
				t.Errorf("%s leads to %s", s, to)
			}
		}
	}
}

func TestEveryStateIsReachedAndEnds(t *testing.T) {
	reach := func(from evidence.ItemState) map[evidence.ItemState]bool {
		seen := map[evidence.ItemState]bool{from: true}
		for todo := []evidence.ItemState{from}; len(todo) > 0; todo = todo[1:] {
			for _, to := range moves[todo[0]] {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		return seen
	}
	fromDraft := reach(evidence.ItemDraft)
	for _, s := range all {
		if !fromDraft[s] {
			t.Errorf("%s cannot be reached from draft", s)
		}
		if r := reach(s); !r[evidence.ItemClosed] && !r[evidence.ItemWithdrawn] {
			t.Errorf("%s never ends", s)
		}
		if want := s == evidence.ItemClosed || s == evidence.ItemWithdrawn; Final(s) != want {
			t.Errorf("Final(%s) = %v", s, !want)
		}
	}
	if Final("no such state") {
		t.Error("a state that does not exist is final")
	}
}

func TestTheUsualWays(t *testing.T) {
	for name, way := range map[string][]evidence.ItemState{
		"a good-faith takedown": {evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemQueued, evidence.ItemSubmitted,
			evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemMonitored, evidence.ItemClosed},
		"a counter-notice that wins": {evidence.ItemSubmitted, evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemPausedPendingSeller,
			evidence.ItemCounterReceived, evidence.ItemCounterAccepted, evidence.ItemReinstated, evidence.ItemClosed},
		"a counter-notice missed":   {evidence.ItemCounterReceived, evidence.ItemCounterMissed, evidence.ItemReinstated},
		"a lost answer, found":      {evidence.ItemQueued, evidence.ItemUnknownOutcome, evidence.ItemSubmitted},
		"a lost answer, never sent": {evidence.ItemQueued, evidence.ItemUnknownOutcome, evidence.ItemSubmissionFailed, evidence.ItemQueued},
		"back up again":             {evidence.ItemMonitored, evidence.ItemReappeared, evidence.ItemClosed},
	} {
		item := evidence.NoticeItem{ID: "item_1", State: way[0]}
		for _, to := range way[1:] {
			moved, err := Move(item, to, "why", now)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if moved.State != to || moved.Reason != "why" || !moved.UpdatedAt.Equal(now) {
				t.Errorf("%s: moved to %+v", name, moved)
			}
			item = moved
		}
	}
}

func TestForbiddenSteps(t *testing.T) {
	for name, step := range map[string][2]evidence.ItemState{
		"sent again blindly":            {evidence.ItemUnknownOutcome, evidence.ItemQueued},
		"sent without approval":         {evidence.ItemComplete, evidence.ItemQueued},
		"down by its own word":          {evidence.ItemSubmitted, evidence.ItemVerifiedDown},
		"withdrawn while it may be out": {evidence.ItemUnknownOutcome, evidence.ItemWithdrawn},
		"out of the grave":              {evidence.ItemClosed, evidence.ItemDraft},
		"standing still":                {evidence.ItemDraft, evidence.ItemDraft},
	} {
		item := evidence.NoticeItem{ID: "item_1", State: step[0]}
		if moved, err := Move(item, step[1], "", now); !errors.Is(err, ErrCannotMove) || moved.State != step[0] {
			t.Errorf("%s: %s to %s: state %s, error %v, want ErrCannotMove", name, step[0], step[1], moved.State, err)
		}
	}
}
