package desk

import (
	"cmp"
	"context"
	"errors"

	"touchstone/report/scorecard"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// filed are all items that a channel was sent, each once.
func (d *Desk) filed(ctx context.Context) ([]scorecard.Filed, error) {
	var all []scorecard.Filed
	known := map[evidence.ID]int{} // places in all
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		all = nil
		clear(known)
		g := newFilings(tx)
		for s, err := range store.Each[evidence.Submission](tx, evidence.KindSubmission) {
			if err != nil {
				return err
			}
			if s.State != evidence.SubmissionSubmitted {
				continue
			}
			for _, i := range s.Items {
				f, err := g.item(s, i.Item)
				if err != nil {
					return err
				}
				if f == nil {
					continue
				}
				if at, twice := known[f.Item]; twice {
					all[at] = *f // it was sent again
					continue
				}
				known[f.Item] = len(all)
				all = append(all, *f)
			}
		}
		return nil
	})
	return all, err
}

// filings gathers what is known of items that were sent.
type filings struct {
	tx       *store.Tx
	notices  map[evidence.ID]filedNotice
	channels map[string]takedown.Descriptor
}

func newFilings(tx *store.Tx) filings {
	return filings{tx, map[evidence.ID]filedNotice{}, map[string]takedown.Descriptor{}}
}

// filedNotice is what items have of their notice.
type filedNotice struct {
	brand, reason string
	given         string // the reason as the notice gives it, or the type of infringement
}

// item is an item of a submission with what is sold and by whom; nil where it was
// not sent with it after all.
func (g *filings) item(s evidence.Submission, id evidence.ID) (*scorecard.Filed, error) {
	f, _, err := g.sent(s, id)
	if f == nil || err != nil {
		return nil, err
	}
	l, err := store.Get[evidence.Listing](g.tx, f.Listing)
	if err != nil {
		return nil, err
	}
	f.Seller, f.Marketplace = l.Seller, l.Marketplace
	seller, err := optional[evidence.Seller](g.tx, l.Seller)
	if err != nil {
		return nil, err
	}
	if seller != nil {
		f.SellerName = SellerName(*seller)
	}
	last, err := newest[evidence.Capture](g.tx, store.CapturesByListing, l.ID)
	if err != nil {
		return nil, err
	}
	if last != nil && last.Recheck != nil && last.StartedAt.After(f.Sent) {
		f.Offer = last.Recheck.Offer
	}
	return f, nil
}

// sent is an item of a submission by its own record, and its notice's; nil where it
// was not sent with it after all.
func (g *filings) sent(s evidence.Submission, id evidence.ID) (*scorecard.Filed, evidence.NoticeItem, error) {
	i, err := store.Get[evidence.NoticeItem](g.tx, id)
	if err != nil {
		return nil, i, err
	}
	switch i.State {
	case evidence.ItemSubmissionFailed, evidence.ItemQueued, evidence.ItemUnknownOutcome:
		return nil, i, nil
	}
	n, err := g.notice(i.Notice)
	if err != nil {
		return nil, i, err
	}
	f := &scorecard.Filed{Item: i.ID, Notice: i.Notice, Listing: i.Listing, Channel: s.Channel, Brand: n.brand, Reason: n.reason,
		State: i.State, Milestones: i.Milestones}
	// Items of earlier versions have the date of their state alone.
	f.Reach(i.State, i.UpdatedAt)
	if f.Sent.IsZero() {
		f.Sent = s.SentAt
	}
	return f, i, nil
}

func (g *filings) notice(id evidence.ID) (filedNotice, error) {
	if n, ok := g.notices[id]; ok {
		return n, nil
	}
	record, err := store.Get[evidence.Notice](g.tx, id)
	if err != nil {
		return filedNotice{}, err
	}
	brand, err := store.Get[evidence.Brand](g.tx, record.Brand)
	if err != nil {
		return filedNotice{}, err
	}
	about, ok := g.channels[record.Channel]
	if !ok {
		if about, err = described(record.Channel); err != nil {
			return filedNotice{}, err
		}
		g.channels[record.Channel] = about
	}
	n := filedNotice{brand.Name, reasonBy(about, record), cmp.Or(record.ReasonCode, string(record.Infringement))}
	g.notices[id] = n
	return n, nil
}

// reasonOf is the channel's code for what a notice complains of, or our own word.
func reasonOf(n evidence.Notice) (string, error) {
	about, err := described(n.Channel)
	return reasonBy(about, n), err
}

// described is the descriptor of a channel; an empty one where there is none.
func described(channel string) (takedown.Descriptor, error) {
	about, err := takedown.Describe(channel)
	if errors.Is(err, takedown.ErrNoDescriptor) {
		return takedown.Descriptor{}, nil
	}
	return about, err
}

func reasonBy(about takedown.Descriptor, n evidence.Notice) string {
	return cmp.Or(about.ReasonFor(&takedown.Filing{Notice: n}), string(n.Infringement))
}
