package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// NewTestPurchase records goods that were ordered from a listing. Who ordered them
// goes on the covert list first. Errors: ErrNotFound, ErrSetting, *InputError.
func (d *Desk) NewTestPurchase(ctx context.Context, listing evidence.ID, b evidence.TestPurchase) (evidence.TestPurchase, error) {
	b.CreatedAt = d.cfg.Now().UTC()
	b.ID = evidence.NewID(evidence.KindTestBuy, b.CreatedAt)
	of, err := Get[evidence.Listing](ctx, d, listing)
	if err != nil {
		return b, err
	}
	b.Listing, b.Case, b.Seller = of.ID, of.Case, of.Seller
	if err := checkPurchase(&b, b.CreatedAt); err != nil {
		return b, err
	}
	if err := d.cover(ctx, b); err != nil {
		return b, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, b.ID, b); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.PurchaseRecorded, Subject: b.ID, Case: b.Case})
	})
	return b, err
}

// ChangeTestPurchase writes down what became known of a test purchase. What a
// field said before stays in its record. Errors: ErrNotFound, ErrSetting,
// *InputError.
func (d *Desk) ChangeTestPurchase(ctx context.Context, id evidence.ID, change func(*evidence.TestPurchase)) (evidence.TestPurchase, error) {
	old, err := Get[evidence.TestPurchase](ctx, d, id)
	if err != nil {
		return old, err
	}
	change(&old)
	if err := d.cover(ctx, old); err != nil {
		return old, err
	}
	return d.writePurchase(ctx, id, custody.PurchaseChanged, change)
}

// writePurchase changes a test purchase in one transaction.
func (d *Desk) writePurchase(ctx context.Context, id evidence.ID, action custody.Action, change func(*evidence.TestPurchase)) (b evidence.TestPurchase, err error) {
	now := d.cfg.Now().UTC()
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		old, err := store.Get[evidence.TestPurchase](tx, id)
		if err != nil {
			return err
		}
		b = old
		b.Costs, b.HandOvers, b.AliasContacts = slices.Clone(old.Costs), slices.Clone(old.HandOvers), slices.Clone(old.AliasContacts)
		change(&b)
		if err := checkPurchase(&b, now); err != nil {
			return err
		}
		changes, err := purchaseChanges(old, b)
		if err != nil {
			return err
		}
		for _, c := range changes {
			c.At, c.By = now, d.actorName()
			b.Changes = append(b.Changes, c)
		}
		if err := store.Put(tx, id, b); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: action, Subject: id, Case: b.Case})
	})
	return b, err
}

func (d *Desk) actorName() string {
	by := d.Acting()
	return cmp.Or(by.Name, by.Account)
}

// purchaseChanges lists the fields that said something else before, as JSON names
// them. What was only added to a list is no change of what it said.
func purchaseChanges(before, after evidence.TestPurchase) ([]evidence.PurchaseChange, error) {
	was, is := reflect.ValueOf(before), reflect.ValueOf(after)
	var changes []evidence.PurchaseChange
	for i := range was.NumField() {
		name, _, _ := strings.Cut(was.Type().Field(i).Tag.Get("json"), ",")
		a, b := was.Field(i), is.Field(i)
		if name == "changes" || a.IsZero() || reflect.DeepEqual(a.Interface(), b.Interface()) || grown(a, b) {
			continue
		}
		text, err := json.Marshal(a.Interface())
		if err != nil {
			return nil, err
		}
		changes = append(changes, evidence.PurchaseChange{Field: name, Before: strings.Trim(string(text), `"`)})
	}
	return changes, nil
}

// grown reports whether a list begins with all that it had before.
func grown(before, after reflect.Value) bool {
	return before.Kind() == reflect.Slice && after.Len() >= before.Len() &&
		reflect.DeepEqual(before.Interface(), after.Slice(0, before.Len()).Interface())
}

// HandOver records that the goods of a test purchase went from one person to
// another. Errors: ErrNotFound, *InputError.
func (d *Desk) HandOver(ctx context.Context, id evidence.ID, h evidence.HandOver) (evidence.TestPurchase, error) {
	h.From, h.To = strings.TrimSpace(h.From), strings.TrimSpace(h.To)
	h.By, h.Recorded = d.actorName(), d.cfg.Now().UTC()
	switch {
	case h.From == "" || h.To == "":
		return evidence.TestPurchase{}, &InputError{errors.New("a hand-over needs who gave the goods and who took them")}
	case strings.EqualFold(h.From, h.To):
		return evidence.TestPurchase{}, &InputError{fmt.Errorf("a hand-over goes from one person to another, not from %s to %s", h.From, h.To)}
	case h.At.IsZero():
		return evidence.TestPurchase{}, &InputError{errors.New("say when the goods were handed over")}
	}
	if err := notYet("handed over", h.At, h.Recorded); err != nil {
		return evidence.TestPurchase{}, err
	}
	return d.writePurchase(ctx, id, custody.HandedOver, func(b *evidence.TestPurchase) { b.HandOvers = append(b.HandOvers, h) })
}

// TestPurchases lists those of the case with the name, or all, oldest first.
func (d *Desk) TestPurchases(ctx context.Context, caseName string) ([]evidence.TestPurchase, error) {
	return ofCase[evidence.TestPurchase](ctx, d, evidence.KindTestBuy, store.TestBuysByCase, caseName)
}

// checkPurchase brings what is written about a test purchase into its form.
func checkPurchase(b *evidence.TestPurchase, now time.Time) error {
	for i := range b.Costs {
		b.Costs[i].Currency = strings.ToUpper(b.Costs[i].Currency)
		if err := b.Costs[i].Check(); err != nil {
			return &InputError{err}
		}
	}
	if b.Verdict != "" && (b.Examiner == "" || strings.TrimSpace(b.Finding) == "") {
		return &InputError{errors.New("an examination needs who examined the goods and what was found: --examiner NAME and --finding TEXT")}
	}
	if b.Verdict != "" && !slices.Contains(evidence.Verdicts, b.Verdict) {
		return &InputError{fmt.Errorf("verdict %q is not known: want one of %v", b.Verdict, evidence.Verdicts)}
	}
	return checkCourse(b, now)
}

// checkCourse checks that what happened did so one after the other.
func checkCourse(b *evidence.TestPurchase, now time.Time) error {
	type step struct {
		name string
		at   evidence.Moment
	}
	for _, s := range []step{{"ordered", b.Ordered}, {"paid", b.Paid}, {"shipped", b.Shipped}, {"received", b.Received}, {"examined", b.Examined}} {
		if err := notYet(s.name, s.at, now); err != nil {
			return err
		}
	}
	var last step
	for _, s := range []step{{"ordered", b.Ordered}, {"shipped", b.Shipped}, {"received", b.Received}, {"examined", b.Examined}} {
		if s.at.IsZero() {
			continue
		}
		if !last.at.IsZero() && earlier(s.at, last.at) {
			return &InputError{fmt.Errorf("the goods cannot have been %s on %s, before they were %s on %s", s.name, s.at, last.name, last.at)}
		}
		last = s
	}
	return nil
}

// earlier reports whether a was before b, as far as both were stated.
func earlier(a, b evidence.Moment) bool {
	if a.Precision == evidence.ToTheDay || b.Precision == evidence.ToTheDay {
		return a.UTC().Format(time.DateOnly) < b.UTC().Format(time.DateOnly)
	}
	return a.Before(b.Time)
}

func notYet(what string, at evidence.Moment, now time.Time) error {
	if at.After(now) && !(at.Precision == evidence.ToTheDay && at.Before(now.Add(eastmost))) {
		return &InputError{fmt.Errorf("%s: %s is yet to come", what, at)}
	}
	return nil
}

// cover puts who ordered a test purchase, and where it was sent, on the covert
// list. They stay there when the purchase is changed: what was once used can
// be recognised.
func (d *Desk) cover(ctx context.Context, b evidence.TestPurchase) error {
	settings, err := d.ws.Settings(ctx)
	if err != nil {
		return err
	}
	for _, term := range coverTerms(b) {
		if slices.Contains(settings.Covert, term) {
			continue
		}
		if err := d.SetCovert(ctx, term, true); err != nil {
			return fmt.Errorf("keep who ordered out of what leaves: %w", err)
		}
	}
	return nil
}

// coverTerms are what of a test purchase would give the buyer away: names and
// accounts, the address as a whole, and each part of it that few others have. A
// town or a country alone is on many pages, and would stop every packet.
func coverTerms(b evidence.TestPurchase) []string {
	var terms []string
	add := func(term string) {
		if term = strings.TrimSpace(term); term != "" && !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	add(b.Alias)
	for _, c := range b.AliasContacts {
		add(c)
	}
	add(strings.Join(strings.FieldsFunc(b.ShipTo, func(r rune) bool { return r == '\n' }), ", "))
	parts := strings.FieldsFunc(b.ShipTo, func(r rune) bool { return r == '\n' || r == ',' || r == ';' })
	for i, part := range parts {
		if i == 0 && len(parts) > 1 && len(strings.Fields(part)) > 1 || telling(part) {
			add(part)
		}
	}
	return terms
}

// telling reports whether a part of an address names a house: it has a number and
// a name.
func telling(part string) bool {
	const least = 6 // letters and digits
	letters, digits := 0, 0
	for _, r := range part {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 2 && digits > 0 && letters+digits >= least
}

// addPurchase puts the test purchase that the assessment rests on into an exhibit,
// or else the newest of the listing, with the photos that a person has cleared.
func addPurchase(tx *store.Tx, e *notice.Exhibit) (err error) {
	if e.Assessment != nil {
		// Of a purchase that was deleted the check says that there is none.
		if e.Purchase, err = optional[evidence.TestPurchase](tx, e.Assessment.Purchase); errors.Is(err, ErrDeleted) {
			e.Purchase = nil
		} else if err != nil {
			return err
		}
	}
	if e.Purchase == nil {
		if e.Purchase, err = newest[evidence.TestPurchase](tx, store.TestBuysByListing, e.Listing.ID); err != nil || e.Purchase == nil {
			return err
		}
	}
	attached, err := collect(store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(e.Purchase.ID)))
	if err != nil {
		return err
	}
	for _, a := range attached {
		cleared, err := store.Count(tx, store.ClearancesByCapture, string(a.ID))
		if err != nil {
			return err
		}
		if cleared > 0 {
			e.Photos = append(e.Photos, a)
		}
	}
	return nil
}
