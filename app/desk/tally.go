package desk

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"touchstone/report/scorecard"
	"touchstone/store"
	"touchstone/store/evidence"
)

// tally is what channels were sent: read once, and kept up with the changes that
// this process makes, so that a check of a notice costs the same however much was
// sent before. After a change of another process it is read anew.
type tally struct {
	mu    sync.Mutex
	stand store.Stand
	since time.Time // items of submissions made from then on are in it
	items map[evidence.ID]sentItem
}

// sentItem is an item as its newest submission has it.
type sentItem struct {
	scorecard.Filed
	submitted time.Time // when its submission was made
	sent      time.Time // when that left
	given     string    // the reason as its notice gives it
	why       string    // why it is in its state, in the channel's words
}

// sentSince are the items that channels were sent in submissions made since a
// time, each once: what an outlook counts.
func (d *Desk) sentSince(ctx context.Context, channels []string, since time.Time) ([]scorecard.Filed, error) {
	var filed []scorecard.Filed
	err := d.eachSent(ctx, since, func(i *sentItem) {
		if slices.Contains(channels, i.Channel) && !i.submitted.Before(since) {
			filed = append(filed, i.Filed)
		}
	})
	return filed, err
}

// eachSent calls do with each item of submissions made since a time, and perhaps
// of earlier ones, in no order.
func (d *Desk) eachSent(ctx context.Context, since time.Time, do func(*sentItem)) error {
	t := &d.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := d.ws.View(ctx, func(tx *store.Tx) error { return t.update(tx, since) }); err != nil {
		return err
	}
	for _, i := range t.items {
		do(&i)
	}
	return nil
}

// update takes in what has changed.
func (t *tally) update(tx *store.Tx, since time.Time) error {
	changed, known := tx.ChangedSince(t.stand)
	// A brand's name is in all of its items.
	renamed := slices.ContainsFunc(changed, func(id evidence.ID) bool { return id.Kind() == evidence.KindBrand })
	if t.items == nil || !known || renamed || since.Before(t.since) {
		return t.read(tx, since)
	}
	g := newFilings(tx)
	for _, id := range changed {
		items, err := touches(tx, id)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := t.look(&g, item); err != nil {
				return err
			}
		}
	}
	t.stand = tx.Stand()
	return nil
}

// touches are the items whose place in the tally a change of a record may change.
func touches(tx *store.Tx, id evidence.ID) (ids []evidence.ID, err error) {
	switch id.Kind() {
	case evidence.KindItem:
		return []evidence.ID{id}, nil
	case evidence.KindSubmission:
		s, err := store.Get[evidence.Submission](tx, id)
		for _, i := range s.Items {
			ids = append(ids, i.Item)
		}
		return ids, err
	case evidence.KindNotice:
		for item, err := range store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(id)) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, item.ID)
		}
	}
	return ids, nil
}

// look brings one item up to date.
func (t *tally) look(g *filings, id evidence.ID) error {
	delete(t.items, id)
	item, err := store.Get[evidence.NoticeItem](g.tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sent, err := collect(store.EachBy[evidence.Submission](g.tx, store.SubmissionsByNotice, string(item.Notice)))
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(sent) {
		named := slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool { return i.Item == id })
		if !named || s.CreatedAt.Before(t.since) {
			continue
		}
		if err := t.add(g, s, id); err != nil {
			return err
		}
	}
	return nil
}

// read reads all submissions made since a time, and none before.
func (t *tally) read(tx *store.Tx, since time.Time) error {
	t.items, t.since, t.stand = map[evidence.ID]sentItem{}, since, 0
	g := newFilings(tx)
	for s, err := range newestFirst[evidence.Submission](tx, evidence.KindSubmission) {
		if err != nil {
			return err
		}
		if s.CreatedAt.Before(since) {
			break
		}
		for _, i := range s.Items {
			if err := t.add(&g, s, i.Item); err != nil {
				return err
			}
		}
	}
	t.stand = tx.Stand()
	return nil
}

// add takes an item in as a submission has it, unless a newer one has it, too.
func (t *tally) add(g *filings, s evidence.Submission, id evidence.ID) error {
	if _, newer := t.items[id]; newer || s.State != evidence.SubmissionSubmitted {
		return nil
	}
	f, item, err := g.sent(s, id)
	if f == nil || err != nil {
		return err
	}
	n, err := g.notice(item.Notice)
	t.items[id] = sentItem{*f, s.CreatedAt, s.SentAt, n.given, item.Reason}
	return err
}

// newestFirst are the records of a kind from the newest on.
func newestFirst[T any](tx *store.Tx, kind evidence.Kind) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := store.Query{Kind: kind, Newest: true}
		for {
			page, next, err := store.Page[T](tx, q)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			q.Cursor = next
		}
	}
}
