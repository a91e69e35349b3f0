package store

import (
	"errors"
	"fmt"

	"touchstone/store/evidence"
)

// deletable are the kinds of record that can be deleted.
var deletable = []evidence.Kind{
	evidence.KindCapture, evidence.KindAttachment, evidence.KindRedaction, evidence.KindNote, evidence.KindSeller,
	evidence.KindTestBuy, evidence.KindLetter, evidence.KindDomain,
}

// hanging are the records that go with a record.
func (tx *Tx) hanging(id evidence.ID) (ids []evidence.ID, err error) {
	for r, err := range EachBy[evidence.Redaction](tx, RedactionsByOriginal, string(id)) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, r.ID)
	}
	for n, err := range EachBy[evidence.Note](tx, NotesBySubject, string(id)) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, n.ID)
	}
	switch id.Kind() {
	case evidence.KindCapture:
		for a, err := range EachBy[evidence.Attachment](tx, AttachmentsByTarget, string(id)) {
			if err != nil {
				return nil, err
			}
			if a.Markup != nil { // it shows what goes
				ids = append(ids, a.ID)
			}
		}
	case evidence.KindTestBuy, evidence.KindLetter:
		for a, err := range EachBy[evidence.Attachment](tx, AttachmentsByTarget, string(id)) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, a.ID)
		}
	case evidence.KindDomain:
		r, err := Get[evidence.DomainRecord](tx, id)
		if err != nil {
			return nil, err
		}
		for _, raw := range r.Raw {
			if _, err := Get[evidence.Attachment](tx, raw); err == nil {
				ids = append(ids, raw)
			} else if !errors.Is(err, ErrDeleted) {
				return nil, err
			}
		}
	}
	return ids, nil
}

// mayDelete checks that no case that the record belongs to is on hold.
func (tx *Tx) mayDelete(id evidence.ID) error {
	cases, err := tx.casesOf(id)
	if err != nil {
		return err
	}
	for _, caseID := range cases {
		if caseID == "" {
			continue
		}
		c, err := Get[evidence.Case](tx, caseID)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if c.Hold != nil {
			return fmt.Errorf("%s belongs to %q, and %w: %s", id, c.Name, ErrOnHold, c.Hold.Reason)
		}
	}
	return nil
}

func (tx *Tx) casesOf(id evidence.ID) ([]evidence.ID, error) {
	switch id.Kind() {
	case evidence.KindCapture:
		c, err := Get[evidence.Capture](tx, id)
		return []evidence.ID{c.Case}, err
	case evidence.KindAttachment:
		a, err := Get[evidence.Attachment](tx, id)
		return []evidence.ID{a.Case}, err
	case evidence.KindRedaction:
		r, err := Get[evidence.Redaction](tx, id)
		return []evidence.ID{r.Case}, err
	case evidence.KindNote:
		n, err := Get[evidence.Note](tx, id)
		return []evidence.ID{n.Case}, err
	case evidence.KindTestBuy:
		b, err := Get[evidence.TestPurchase](tx, id)
		return []evidence.ID{b.Case}, err
	case evidence.KindLetter:
		l, err := Get[evidence.Letter](tx, id)
		return []evidence.ID{l.Case}, err
	case evidence.KindDomain:
		r, err := Get[evidence.DomainRecord](tx, id)
		return []evidence.ID{r.Case}, err
	}
	var cases []evidence.ID
	for l, err := range EachBy[evidence.Listing](tx, ListingsBySeller, string(id)) {
		if err != nil {
			return nil, err
		}
		cases = append(cases, l.Case)
	}
	return cases, nil
}
