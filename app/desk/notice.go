package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// NoticeOrder says what to complain of, to whom and on what ground.
type NoticeOrder struct {
	Case         evidence.ID
	Brand        string // name or ID; empty for the only one
	Right        string // number or ID; empty for the brand's first
	Signatory    string // e-mail or ID; empty for the brand's first
	Channel      string
	LegalBasis   evidence.LegalBasis
	Infringement evidence.Infringement
	Locus        evidence.Locus
	ReasonCode   string
	Explanation  string
	Message      string // to the seller
	Details      string // for the channel alone
	Recipient    string // e-mail, where the channel leaves it open
	FairUse      string // how it was considered, where the law asks that it be
	Countries    []string
	Language     string
	GoodFaith    bool
	Practice     bool
	Inquiry      evidence.ID   // that it answers
	Listings     []evidence.ID // empty for all of the case that were found infringing and are online
}

// ErrNothingToReport means that no listing of a case calls for a notice.
var ErrNothingToReport = errors.New("no listing to report: a listing needs an assessment as counterfeit or other_infringement, a capture that shows it online, and no notice already under way")

// ErrElsewhere means that a notice was made without Touchstone: it has what a list
// says of it, and nothing to send.
var ErrElsewhere = errors.New("it was made elsewhere, and is here to be told of only")

// NewNotice drafts a notice and its items. It leaves nothing: see Approve and Submit.
func (d *Desk) NewNotice(ctx context.Context, o NoticeOrder) (evidence.Notice, []evidence.NoticeItem, error) {
	brand, err := d.BrandNamed(ctx, o.Brand)
	if err != nil {
		return evidence.Notice{}, nil, err
	}
	right, err := pick("right", brand.Rights, o.Right, func(r evidence.Right) []string { return []string{string(r.ID), r.Number} })
	if err != nil {
		return evidence.Notice{}, nil, err
	}
	signatory, err := pick("signatory", brand.Signatories, o.Signatory, func(s evidence.Signatory) []string { return []string{string(s.ID), s.Email} })
	if err != nil {
		return evidence.Notice{}, nil, err
	}
	now := d.cfg.Now().UTC()
	n, err := notice.Draft(evidence.Notice{
		Case: o.Case, Brand: brand.Brand.ID, Right: right.ID, Signatory: signatory.ID, Channel: o.Channel,
		LegalBasis: o.LegalBasis, Infringement: o.Infringement, Locus: o.Locus, ReasonCode: o.ReasonCode,
		Explanation: o.Explanation, Message: o.Message, Details: o.Details, Recipient: o.Recipient, FairUse: o.FairUse,
		Countries: o.Countries, Language: o.Language, GoodFaith: o.GoodFaith, Practice: o.Practice || d.practises(o.Channel),
		Inquiry: o.Inquiry,
	}, now)
	if err == nil {
		err = d.checkWords(n)
	}
	if err != nil {
		return n, nil, err
	}
	rows, err := d.rowsFor(ctx, o)
	if err != nil {
		return n, nil, err
	}
	if len(o.Listings) == 0 {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return !reportable(r) })
	}
	n.Practice = n.Practice || slices.ContainsFunc(rows, func(r Row) bool { return r.Listing.Marketplace == practiceMarket })
	items := d.itemsOf(n, rows)
	if len(items) == 0 {
		return n, nil, ErrNothingToReport
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, n.ID, n); err != nil {
			return err
		}
		for _, i := range items {
			if err := store.Put(tx, i.ID, i); err != nil {
				return err
			}
		}
		return tx.Append(custody.Entry{Action: custody.NoticeMade, Subject: n.ID, Case: n.Case})
	})
	return n, items, err
}

// itemsOf are the items of a new notice, one for each listing.
func (d *Desk) itemsOf(n evidence.Notice, rows []Row) []evidence.NoticeItem {
	items := make([]evidence.NoticeItem, len(rows))
	for i, row := range rows {
		item := evidence.NoticeItem{ID: d.newID(evidence.KindItem), Notice: n.ID, Listing: row.Listing.ID, State: evidence.ItemDraft, UpdatedAt: n.CreatedAt}
		if row.Capture != nil {
			item.Capture = row.Capture.ID
		}
		if row.Assessment != nil {
			// The notice rests on what was judged, not on a later look at it.
			item.Assessment, item.Capture = row.Assessment.ID, row.Assessment.Capture
		}
		items[i] = item
	}
	return items
}

// rowsFor are the listings that an order is about.
func (d *Desk) rowsFor(ctx context.Context, o NoticeOrder) ([]Row, error) {
	if len(o.Listings) == 0 {
		return d.Rows(ctx, o.Case)
	}
	rows, err := d.RowsWith(ctx, o.Case, o.Listings)
	return slices.DeleteFunc(rows, func(r Row) bool { return r.Listing.Case != o.Case }), err
}

// reportable says whether a listing calls for a notice.
func reportable(r Row) bool {
	return r.Assessment != nil && r.Capture != nil && r.Capture.Outcome == evidence.Online &&
		(r.Assessment.Verdict == evidence.Counterfeit || r.Assessment.Verdict == evidence.OtherInfringement) &&
		(r.Item == nil || notice.Final(r.Item.State))
}

func pick[T any](what string, from []T, key string, keys func(T) []string) (T, error) {
	var none T
	for _, candidate := range from {
		if key == "" || slices.Contains(keys(candidate), key) {
			return candidate, nil
		}
	}
	if key == "" {
		return none, fmt.Errorf("the brand has no %s: add one to the brand file and import it again", what)
	}
	return none, fmt.Errorf("the brand has no %s %q", what, key)
}

// Dossier gathers a notice with everything it refers to.
func (d *Desk) Dossier(ctx context.Context, id evidence.ID) (notice.Dossier, error) {
	return d.dossier(ctx, id, nil)
}

// dossier is Dossier with only those items; with all where none are named.
func (d *Desk) dossier(ctx context.Context, id evidence.ID, only []evidence.SubmittedItem) (notice.Dossier, error) {
	var dossier notice.Dossier
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		if dossier.Notice, err = store.Get[evidence.Notice](tx, id); err != nil {
			return err
		}
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		dossier.MaxAge = time.Duration(settings.EvidenceDays) * 24 * time.Hour
		if dossier.Notice.Elsewhere != nil {
			return ErrElsewhere
		}
		if err := addParties(tx, &dossier); err != nil {
			return err
		}
		dossier.Exhibits = nil
		items, err := itemsAmong(tx, id, only)
		if err != nil {
			return err
		}
		for _, item := range items {
			exhibit, err := exhibitOf(tx, item)
			if err != nil {
				return err
			}
			if exhibit.Genuine, err = genuine(tx, dossier.Brand, exhibit.Assessment); err != nil {
				return err
			}
			dossier.Exhibits = append(dossier.Exhibits, exhibit)
		}
		return nil
	})
	if err != nil {
		return dossier, fmt.Errorf("gather the notice %s: %w", id, err)
	}
	about, _ := d.describe(dossier.Notice.Channel)
	dossier.Channel = notice.Channel{Title: about.Title, Territory: about.Territory, Territories: about.Territories,
		Sure: about.Confirmed("territory") || about.Confirmed("territories")}
	for i := range dossier.Exhibits {
		e := &dossier.Exhibits[i]
		if e.Capture.ID == "" {
			continue
		}
		if e.Manifest, err = d.ws.Manifest(e.Capture); err != nil {
			return dossier, fmt.Errorf("gather the notice %s: %w", id, err)
		}
	}
	return dossier, nil
}

// addParties adds who a notice is by, and what it rests on beside its listings.
func addParties(tx *store.Tx, d *notice.Dossier) (err error) {
	n := d.Notice
	if d.Brand, err = store.Get[evidence.Brand](tx, n.Brand); err != nil {
		return err
	}
	if d.Right, err = store.Get[evidence.Right](tx, n.Right); err != nil {
		return err
	}
	if d.Signatory, err = store.Get[evidence.Signatory](tx, n.Signatory); err != nil {
		return err
	}
	if d.Case, err = optional[evidence.Case](tx, n.Case); err != nil {
		return err
	}
	if d.Documents, err = documents(tx, n); err != nil {
		return err
	}
	d.Standing = nil
	if n.Approval != nil {
		if d.Standing, err = optional[evidence.StandingApproval](tx, n.Approval.Standing); err != nil {
			return err
		}
	}
	return nil
}

func itemsAmong(tx *store.Tx, id evidence.ID, only []evidence.SubmittedItem) ([]evidence.NoticeItem, error) {
	if len(only) == 0 {
		return collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(id)))
	}
	items := make([]evidence.NoticeItem, len(only))
	for i := range only {
		var err error
		if items[i], err = store.Get[evidence.NoticeItem](tx, only[i].Item); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func exhibitOf(tx *store.Tx, item evidence.NoticeItem) (e notice.Exhibit, err error) {
	e.Item = item
	if e.Listing, err = store.Get[evidence.Listing](tx, item.Listing); err != nil {
		return e, err
	}
	if item.Capture != "" {
		// Of a capture that was deleted the check says that there is none.
		if e.Capture, err = store.Get[evidence.Capture](tx, item.Capture); err != nil && !errors.Is(err, ErrDeleted) {
			return e, err
		}
		if e.Stamps, err = tx.StampsOf(item.Capture); err != nil {
			return e, err
		}
		if e.Redactions, err = redactions(tx, item.Capture); err != nil {
			return e, err
		}
		if e.Markups, err = markups(tx, item.Capture); err != nil {
			return e, err
		}
	}
	if e.Elsewhere, err = elsewhere(tx, item); err != nil {
		return e, err
	}
	if e.Assessment, err = optional[evidence.Assessment](tx, item.Assessment); err != nil {
		return e, err
	}
	return e, addPurchase(tx, &e)
}

// elsewhere are the items of other notices about the same target.
func elsewhere(tx *store.Tx, item evidence.NoticeItem) ([]notice.Complaint, error) {
	all, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByListing, string(item.Listing)))
	if err != nil {
		return nil, err
	}
	var out []notice.Complaint
	for _, o := range all {
		if o.Notice == item.Notice {
			continue
		}
		n, err := store.Get[evidence.Notice](tx, o.Notice)
		if err != nil {
			return nil, err
		}
		out = append(out, notice.Complaint{Item: o, Channel: n.Channel, Right: n.Right})
	}
	return out, nil
}

// checkWords refuses words in a notice that no channel or law knows.
func (d *Desk) checkWords(n evidence.Notice) error {
	switch {
	case !slices.Contains(evidence.LegalBases, n.LegalBasis):
		return fmt.Errorf("legal basis %q is not known: want one of %v", n.LegalBasis, evidence.LegalBases)
	case !slices.Contains(evidence.Infringements, n.Infringement):
		return fmt.Errorf("infringement %q is not known: want one of %v", n.Infringement, evidence.Infringements)
	case !slices.Contains(evidence.Loci, n.Locus):
		return fmt.Errorf("locus %q is not known: want one of %v", n.Locus, evidence.Loci)
	}
	if n.Channel == "" {
		return nil
	}
	return d.knownChannel(n.Channel)
}

// moveItems takes every item of a notice that can go there through the states.
func (d *Desk) moveItems(tx *store.Tx, id evidence.ID, through ...evidence.ItemState) error {
	items, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByNotice, string(id)))
	if err != nil {
		return err
	}
	for _, item := range items {
		for _, state := range through {
			if !notice.CanMove(item.State, state) {
				continue
			}
			if item, err = notice.Move(item, state, "", d.cfg.Now()); err != nil {
				return err
			}
		}
		if err := store.Put(tx, item.ID, item); err != nil {
			return err
		}
	}
	return nil
}
