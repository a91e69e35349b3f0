package desk

import (
	"context"
	"encoding/json"
	"io"
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

// WriteCardJSON writes all of a card as one JSON value.
func WriteCardJSON(card Card, out string) error {
	_, err := writeWhole(out, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(card)
	})
	return err
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
