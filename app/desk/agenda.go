package desk

import (
	"context"
	"fmt"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// agendaLength is the most entries of one kind that an agenda holds.
const agendaLength = 200

// expiryDays is how long before its end a right is on the agenda: renewals of
// trademarks open six months before, and registers take weeks.
const expiryDays = 90

// Agenda is what waits for the investigator.
type Agenda struct {
	Failed   []Row           `json:"failed"`   // listings whose newest capture reached no page, the newest first
	Notices  []NoticeSummary `json:"notices"`  // with an item that waits for a person
	Returned []Row           `json:"returned"` // listings that were down and are online again
	Expiring []Expiry        `json:"expiring"` // rights and authorisations
}

// Agenda gathers what waits, at most 200 entries of a kind.
func (d *Desk) Agenda(ctx context.Context) (Agenda, error) {
	var a Agenda
	notices, err := d.Notices(ctx)
	if err != nil {
		return a, err
	}
	for _, n := range notices {
		if len(a.Notices) < agendaLength && slices.ContainsFunc(n.Items, waits) {
			a.Notices = append(a.Notices, n)
		}
	}
	if a.Expiring, err = d.Expiring(ctx, expiryDays); err != nil {
		return a, err
	}
	err = d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if a.Failed, err = failed(tx); err != nil {
			return err
		}
		a.Returned, err = returned(tx, notices)
		return err
	})
	if err != nil {
		return a, fmt.Errorf("gather what waits: %w", err)
	}
	return a, nil
}

// waits reports whether nothing happens to an item until a person acts.
func waits(i evidence.NoticeItem) bool {
	switch i.State {
	case evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemClarificationRequired,
		evidence.ItemCounterReceived, evidence.ItemSubmissionFailed, evidence.ItemUnknownOutcome:
		return true
	}
	return false
}

// failed lists the listings that their newest capture did not reach, but for
// those of which nothing more is wanted.
func failed(tx *store.Tx) ([]Row, error) {
	var rows []Row
	for _, outcome := range []evidence.Outcome{evidence.Blocked, evidence.LoginRequired, evidence.Unreachable, evidence.ServerError, evidence.Blank} {
		captures, _, err := store.Page[evidence.Capture](tx, store.Query{Index: store.CapturesByOutcome, Key: string(outcome), Newest: true, Limit: agendaLength})
		if err != nil {
			return nil, err
		}
		for _, c := range captures {
			l, err := optional[evidence.Listing](tx, c.Listing)
			if err != nil {
				return nil, err
			}
			if l == nil || l.LastCapture != c.ID || l.Review == evidence.ReviewNoAction {
				continue
			}
			rows = append(rows, Row{Listing: *l, Capture: &c})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return b.Capture.StartedAt.Compare(a.Capture.StartedAt) })
	return rows[:min(len(rows), agendaLength)], nil
}

// returned lists the listings that a notice took down and a later capture shows
// online, or that a channel says have reappeared.
func returned(tx *store.Tx, notices []NoticeSummary) ([]Row, error) {
	var rows []Row
	seen := map[evidence.ID]bool{}
	for _, n := range notices {
		for _, item := range n.Items {
			if seen[item.Listing] || len(rows) == agendaLength {
				continue
			}
			seen[item.Listing] = true // the newest notice about a listing tells
			if !wasDown(item.State) && item.State != evidence.ItemReappeared {
				continue
			}
			l, err := store.Get[evidence.Listing](tx, item.Listing)
			if err != nil {
				return nil, err
			}
			c, err := optional[evidence.Capture](tx, l.LastCapture)
			if err != nil {
				return nil, err
			}
			online := c != nil && c.Outcome == evidence.Online && c.StartedAt.After(item.UpdatedAt)
			if item.State == evidence.ItemReappeared || online {
				rows = append(rows, Row{Listing: l, Capture: c, Item: &item})
			}
		}
	}
	return rows, nil
}

// wasDown reports whether an item's listing was taken down.
func wasDown(s evidence.ItemState) bool {
	switch s {
	case evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemMonitored, evidence.ItemClosed:
		return true
	}
	return false
}
