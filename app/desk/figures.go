package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// compareStanding counts the items that we filed at a channel and sets our figures
// beside the channel's own. What another desk of the account filed, only the
// channel counts.
func (d *Desk) compareStanding(ctx context.Context, channel string, account jointforce.Account) (evidence.ChannelStanding, error) {
	now := d.cfg.Now().UTC()
	s := evidence.ChannelStanding{
		ID: evidence.NewID(evidence.KindChannelStanding, now), Channel: channel, GoodFaith: account.Standing.GoodFaith, From: account.Standing.From, At: now,
		Theirs: []evidence.Figures{figuresOf("", account.Standing.Overall)}, Differences: []string{},
	}
	for _, r := range account.Standing.Reasons {
		s.Theirs = append(s.Theirs, figuresOf(r.Reason, r.Tally))
	}
	var err error
	if s.Ours, err = d.countItems(ctx, channel, s.From); err != nil {
		return s, err
	}
	for _, theirs := range s.Theirs {
		ours := evidence.Figures{Reason: theirs.Reason}
		if at := slices.IndexFunc(s.Ours, func(f evidence.Figures) bool { return f.Reason == theirs.Reason }); at >= 0 {
			ours = s.Ours[at]
		}
		if ours != theirs {
			about := "over all"
			if theirs.Reason != "" {
				about = "for " + evidence.Words(theirs.Reason)
			}
			s.Differences = append(s.Differences, fmt.Sprintf("%s the channel counts %s; by our records it is %s", about, figuresText(theirs), figuresText(ours)))
		}
	}
	return s, d.ws.Update(ctx, func(tx *store.Tx) error { return store.Put(tx, s.ID, s) })
}

func figuresOf(reason string, t jointforce.Tally) evidence.Figures {
	return evidence.Figures{Reason: reason, Removed: t.Removed, Rejected: t.Rejected, Reinstated: t.Reinstated, Pending: t.Pending}
}

func figuresText(f evidence.Figures) string {
	return fmt.Sprintf("%d removed (%d of them reinstated), %d rejected, %d pending", f.Removed, f.Reinstated, f.Rejected, f.Pending)
}

// uncounted are the reasons of rejections that no channel counts: there was
// nothing to take down.
var uncounted = []string{"not_on_this_marketplace", "no_such_listing", "already_down"}

// sentSlack is how long before it left a submission may have been made.
const sentSlack = 30 * 24 * time.Hour

// countItems counts the items filed at a channel since a time, over all first and
// then by reason, as the protocol counts: by the day on which the notice arrived.
func (d *Desk) countItems(ctx context.Context, channel string, from time.Time) ([]evidence.Figures, error) {
	list := []evidence.Figures{{}}
	err := d.eachSent(ctx, from.Add(-sentSlack), func(i *sentItem) {
		if i.Channel != channel || i.sent.Before(from) {
			return
		}
		at := slices.IndexFunc(list, func(f evidence.Figures) bool { return f.Reason == i.given })
		if at < 0 {
			list, at = append(list, evidence.Figures{Reason: i.given}), len(list)
		}
		countItem(&list[0], i)
		countItem(&list[at], i)
	})
	slices.SortFunc(list, func(a, b evidence.Figures) int { return strings.Compare(a.Reason, b.Reason) })
	return list, err
}

func countItem(f *evidence.Figures, i *sentItem) {
	switch i.State {
	case evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemMonitored, evidence.ItemCounterReceived, evidence.ItemCounterRejected,
		evidence.ItemEscalatedLegal, evidence.ItemReappeared:
		f.Removed++
	case evidence.ItemReinstated, evidence.ItemCounterAccepted, evidence.ItemCounterMissed:
		f.Removed++
		f.Reinstated++
	case evidence.ItemSubmitted, evidence.ItemAcknowledged, evidence.ItemUnderReview, evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller:
		f.Pending++
	case evidence.ItemRejected:
		code, _, _ := strings.Cut(i.why, ":")
		if !slices.Contains(uncounted, code) {
			f.Rejected++
		}
	}
}
