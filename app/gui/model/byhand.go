package model

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store/evidence"
)

// ByHandBook records what only a person can know of notices: those filed at a
// portal, and those whose answer was lost.
type ByHandBook interface {
	// Package writes what a person files a submission with into a new folder.
	Package(ctx context.Context, submission evidence.ID, folder string) error
	// Resolve records whether a notice arrived; number is the marketplace's for it, or "".
	Resolve(ctx context.Context, notice evidence.ID, arrived bool, number string) error
	// SetOutcome records what the marketplace decided about items, and why.
	SetOutcome(ctx context.Context, items []evidence.ID, outcome evidence.ItemState, reason string) error
}

// Outcomes are what a person can learn of the fate of what was sent.
var Outcomes = []evidence.ItemState{evidence.ItemRemoved, evidence.ItemRejected, evidence.ItemUnderReview, evidence.ItemClarificationRequired,
	evidence.ItemCounterReceived, evidence.ItemReinstated}

// ByHand is what a person has to do, or to tell, about the open notice.
type ByHand struct {
	Packages   []evidence.ID // submissions that a person files
	Unresolved bool          // only a person can tell whether it arrived
	Undecided  bool          // only a person can tell what was decided
}

// ByHand is what the open notice wants of a person.
func (n *Notices) ByHand() ByHand {
	if n.file == nil || n.busy {
		return ByHand{}
	}
	b := n.file.ByHand
	i := slices.IndexFunc(n.file.Choices.Channels, func(c Channel) bool { return c.Name == n.file.Notice.Channel })
	b.Undecided = !b.Unresolved && i >= 0 && n.file.Choices.Channels[i].ByHand && slices.ContainsFunc(n.file.Items, decidable)
	return b
}

// decidable reports whether a marketplace may have decided about an item.
func decidable(i evidence.NoticeItem) bool {
	return slices.Contains([]evidence.ItemState{evidence.ItemSubmitted, evidence.ItemAcknowledged, evidence.ItemUnderReview,
		evidence.ItemClarificationRequired, evidence.ItemCounterReceived}, i.State)
}

// Package writes what the open notice is filed with at its portal into a new folder.
// A notice that is too large for one submission has more: each goes into a folder of
// its own, as in folder-2.
func (n *Notices) Package(folder string) {
	packages := n.file.ByHand.Packages
	n.act(T("The package was not written."), func(ctx context.Context) error {
		for i, s := range packages {
			into := folder
			if i > 0 {
				into = fmt.Sprintf("%s-%d", folder, i+1)
			}
			if err := n.book.Package(ctx, s, into); err != nil {
				return err
			}
		}
		return nil
	}, T("The package was written to %s. Begin with HOW-TO-FILE.txt in it.", folder))
}

// Resolve records whether the open notice arrived.
func (n *Notices) Resolve(arrived bool, number string) {
	id := n.open
	n.act(T("That was not recorded."), func(ctx context.Context) error { return n.book.Resolve(ctx, id, arrived, number) })
}

// SetOutcome records what the marketplace decided about what waits for it: the item
// named, or all for "".
func (n *Notices) SetOutcome(item evidence.ID, outcome evidence.ItemState, reason string) {
	var items []evidence.ID
	for _, i := range n.file.Items {
		if decidable(i) && (item == "" || item == i.ID) {
			items = append(items, i.ID)
		}
	}
	if len(items) == 0 {
		return // another has told it meanwhile
	}
	n.act(T("That was not recorded."), func(ctx context.Context) error { return n.book.SetOutcome(ctx, items, outcome, reason) })
}
