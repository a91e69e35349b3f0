package desk

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"time"

	"touchstone/report/notice"
	"touchstone/report/scorecard"
	"touchstone/report/takedown"
	"touchstone/report/takedown/portal"
	"touchstone/store"
	"touchstone/store/evidence"
)

// Card is a scorecard, CardRow the counts of one group in it.
type (
	Card        = scorecard.Card
	CardRow     = scorecard.Row
	CardOptions = scorecard.Options
	Share       = scorecard.Share
)

// CardMonths is the length of a scorecard's window where none is asked for.
const CardMonths = scorecard.DefaultMonths

// Scorecard says how right and how fast the notices of a window were, at the end
// that the options name or now. Notices made elsewhere are counted apart: what a
// list says of them cannot be checked.
func (d *Desk) Scorecard(ctx context.Context, o CardOptions) (Card, error) {
	if o.Channel != "" {
		if _, err := takedown.Describe(o.Channel); err != nil {
			return Card{}, err
		}
	}
	if o.Brand != "" {
		b, err := d.BrandNamed(ctx, o.Brand)
		if err != nil {
			return Card{}, err
		}
		o.Brand = b.Brand.Name
	}
	if o.At.IsZero() {
		o.At = d.cfg.Now().UTC()
	}
	filed, err := d.filed(ctx)
	if err != nil {
		return Card{}, err
	}
	judged, err := All[evidence.Assessment](ctx, d, evidence.KindAssessment)
	if err != nil {
		return Card{}, err
	}
	programmes, err := scorecard.Programmes()
	if err != nil {
		return Card{}, err
	}
	asked, err := d.asked(ctx)
	if err != nil {
		return Card{}, err
	}
	card := scorecard.Make(filed, judged, programmes, o)
	card.Answers = asked.Within(card, o.Channel)
	past, err := d.past(ctx)
	card.Elsewhere = scorecard.Tell(past, card)
	return card, err
}

// past are the notices that were made elsewhere.
func (d *Desk) past(ctx context.Context) ([]scorecard.Past, error) {
	notices, err := All[evidence.Notice](ctx, d, evidence.KindNotice)
	var past []scorecard.Past
	for _, n := range notices {
		if n.Elsewhere == nil {
			continue
		}
		day, _ := time.Parse(time.DateOnly, n.Elsewhere.Date) // the zero time where the list has none
		past = append(past, scorecard.Past{To: n.Elsewhere.To, Date: day, Outcome: portal.State(n.Elsewhere.Outcome)})
	}
	return past, err
}

// asked is all that was asked of us.
func (d *Desk) asked(ctx context.Context) (a scorecard.Asked, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if a.Inquiries, err = collect(store.Each[evidence.Inquiry](tx, evidence.KindInquiry)); err != nil {
			return err
		}
		if a.Answers, err = collect(store.Each[evidence.Answer](tx, evidence.KindAnswer)); err != nil {
			return err
		}
		a.Counters, err = collect(store.Each[evidence.CounterNotice](tx, evidence.KindCounter))
		return err
	})
	return a, err
}

// WriteCardTable writes a card's counts as CSV.
func WriteCardTable(card Card, out string) error {
	_, err := writeWhole(out, func(w io.Writer) error { return writeCSV(w, card.Tables()[0].Rows) })
	return err
}

// WriteCardBook writes all of a card as a workbook.
func WriteCardBook(card Card, out string) error {
	var sheets []sheet
	for _, t := range card.Tables() {
		sheets = append(sheets, sheet{t.Name, t.Rows})
	}
	_, err := writeWhole(out, func(w io.Writer) error { return writeBook(w, sheets...) })
	return err
}

// filed are all items that a channel was sent, each once.
func (d *Desk) filed(ctx context.Context) ([]scorecard.Filed, error) {
	var all []scorecard.Filed
	known := map[evidence.ID]int{} // places in all
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		all = nil
		clear(known)
		g := filings{tx: tx, notices: map[evidence.ID]filedNotice{}}
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
	tx      *store.Tx
	notices map[evidence.ID]filedNotice
}

// filedNotice is what items have of their notice.
type filedNotice struct{ brand, reason string }

// item is an item of a submission with what is sold and by whom; nil where it was
// not sent with it after all.
func (g *filings) item(s evidence.Submission, id evidence.ID) (*scorecard.Filed, error) {
	f, err := g.sent(s, id)
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

// sent is an item of a submission by its own record and its notice's.
func (g *filings) sent(s evidence.Submission, id evidence.ID) (*scorecard.Filed, error) {
	i, err := store.Get[evidence.NoticeItem](g.tx, id)
	if err != nil {
		return nil, err
	}
	switch i.State {
	case evidence.ItemSubmissionFailed, evidence.ItemQueued, evidence.ItemUnknownOutcome:
		return nil, nil
	}
	n, err := g.notice(i.Notice)
	if err != nil {
		return nil, err
	}
	f := &scorecard.Filed{Item: i.ID, Notice: i.Notice, Listing: i.Listing, Channel: s.Channel, Brand: n.brand, Reason: n.reason,
		State: i.State, Milestones: i.Milestones}
	// Items of earlier versions have the date of their state alone.
	f.Reach(i.State, i.UpdatedAt)
	if f.Sent.IsZero() {
		f.Sent = s.SentAt
	}
	return f, nil
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
	reason, err := reasonOf(record)
	n := filedNotice{brand.Name, reason}
	g.notices[id] = n
	return n, err
}

// reasonOf is the channel's code for what a notice complains of, or our own word.
func reasonOf(n evidence.Notice) (string, error) {
	about, err := takedown.Describe(n.Channel)
	if err != nil && !errors.Is(err, takedown.ErrNoDescriptor) {
		return "", err
	}
	return cmp.Or(about.ReasonFor(&takedown.Filing{Notice: n}), string(n.Infringement)), nil
}

// standing warns of the rates of programmes that a notice is expected to break.
func (d *Desk) standing(ctx context.Context, dossier notice.Dossier) ([]notice.Finding, error) {
	reason, err := reasonOf(dossier.Notice)
	if err != nil {
		return nil, err
	}
	batch := scorecard.Batch{Channel: dossier.Notice.Channel, Reason: reason}
	for _, e := range dossier.Exhibits {
		if notice.CanMove(e.Item.State, evidence.ItemQueued) || notice.CanMove(e.Item.State, evidence.ItemApproved) || e.Item.State == evidence.ItemDraft {
			batch.Items++
		}
	}
	programmes, err := scorecard.Programmes()
	if err != nil || batch.Items == 0 {
		return nil, err
	}
	var findings []notice.Finding
	now := d.cfg.Now()
	for _, p := range programmes {
		if !slices.Contains(p.Channels, batch.Channel) {
			continue
		}
		filed, err := d.sentSince(ctx, p.Channels, p.Since(now))
		if err != nil {
			return nil, err
		}
		for _, w := range p.Outlook(filed, batch, now) {
			findings = append(findings, notice.Finding{Severity: notice.Warning, Code: "programme_" + w.Rate, Subject: dossier.Notice.ID, What: w.What, Advice: w.Advice})
		}
	}
	return findings, nil
}

// sentSince are the items that channels were sent in submissions made since a
// time, each once, newest first: what an outlook counts. It reads no further back.
func (d *Desk) sentSince(ctx context.Context, channels []string, since time.Time) ([]scorecard.Filed, error) {
	var all []scorecard.Filed
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		all = nil
		known := map[evidence.ID]bool{}
		g := filings{tx: tx, notices: map[evidence.ID]filedNotice{}}
		for s, err := range newestFirst[evidence.Submission](tx, evidence.KindSubmission) {
			if err != nil {
				return err
			}
			if s.CreatedAt.Before(since) {
				return nil
			}
			if s.State != evidence.SubmissionSubmitted || !slices.Contains(channels, s.Channel) {
				continue
			}
			for _, i := range s.Items {
				if known[i.Item] {
					continue // it was sent again
				}
				f, err := g.sent(s, i.Item)
				if err != nil {
					return err
				}
				if f != nil {
					known[i.Item] = true
					all = append(all, *f)
				}
			}
		}
		return nil
	})
	return all, err
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
