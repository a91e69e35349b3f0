package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/report/takedown"
	"touchstone/report/takedown/portal"
	"touchstone/report/takedown/reply"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// MaxMail is how large a mail may be to be read, in bytes.
const MaxMail = 50 << 20

// ErrNoMatch means that a mail is about nothing that was sent from here.
var ErrNoMatch = errors.New("the mail names nothing that was sent: it answers none of our mails, and holds no number or address of a notice under way")

// ReadReply keeps a mail (.eml or .msg) in which a marketplace answers as a receipt
// of each submission that it is about, with what it seems to say. Nothing else
// changes: see Confirm. A mail that was read before gives the receipts of then.
// Errors: *InputError, ErrNoMatch.
func (d *Desk) ReadReply(ctx context.Context, name string, content []byte) ([]evidence.Receipt, error) {
	m, err := readMail(name, content)
	if err != nil {
		return nil, err
	}
	sent, err := d.sent(ctx)
	if err != nil {
		return nil, err
	}
	matches := m.Find(sent)
	if len(matches) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoMatch)
	}
	proposal, err := m.Propose()
	if err != nil {
		return nil, err
	}
	hash, _, err := d.ws.Blobs().Put(ctx, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var receipts []evidence.Receipt
	for _, match := range matches {
		r := evidence.Receipt{ID: d.newID(evidence.KindReceipt), Submission: match.Submission, Response: hash, At: d.cfg.Now().UTC(),
			Reply: &evidence.MailReply{Mail: m.Head, Matched: match.By, Items: match.Items, Proposed: proposal.State, Because: proposal.Because}}
		err := d.ws.Update(ctx, func(tx *store.Tx) error {
			kept, err := collect(store.EachBy[evidence.Receipt](tx, store.ReceiptsBySubmission, string(match.Submission)))
			if err != nil {
				return err
			}
			if at := slices.IndexFunc(kept, func(k evidence.Receipt) bool { return k.Reply != nil && k.Response == hash }); at >= 0 {
				r = kept[at]
				return nil
			}
			return keepReceipt(tx, &r)
		})
		if err != nil {
			return receipts, err
		}
		receipts = append(receipts, r)
	}
	return receipts, nil
}

func readMail(name string, content []byte) (reply.Message, error) {
	if len(content) > MaxMail {
		return reply.Message{}, &InputError{fmt.Errorf("%s has %d MB: mails up to %d MB are read", name, len(content)>>20, MaxMail>>20)}
	}
	if strings.EqualFold(filepath.Ext(name), ".msg") {
		if m, ok := readMsgWhole(bytes.NewReader(content)); ok {
			return m, nil
		}
		return reply.Message{}, &InputError{fmt.Errorf("%s is no Outlook message", name)}
	}
	m, err := reply.Read(bytes.NewReader(content))
	if err != nil {
		return m, &InputError{fmt.Errorf("%s is no mail: want .eml, as mail programs save it, or .msg: %w", name, err)}
	}
	return m, nil
}

// sent is all that has left, or may have, as answers may name it.
func (d *Desk) sent(ctx context.Context) ([]reply.Sent, error) {
	var list []reply.Sent
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		list = nil
		submissions, err := collect(store.Each[evidence.Submission](tx, evidence.KindSubmission))
		if err != nil {
			return err
		}
		for _, s := range submissions {
			if s.About != "" || s.State != evidence.SubmissionSubmitted && s.State != evidence.SubmissionUnknown && s.State != evidence.SubmissionByHand {
				continue
			}
			one := reply.Sent{Submission: s.ID, Numbers: []string{string(s.ID), s.External, string(s.Notice)}}
			if about, err := takedown.Describe(s.Channel); err == nil && about.Transport == takedown.TransportMail && s.External == "" {
				one.Numbers = append(one.Numbers, messageIDOf(d, s))
			}
			for _, i := range s.Items {
				item, err := store.Get[evidence.NoticeItem](tx, i.Item)
				if err != nil {
					return err
				}
				listing, err := store.Get[evidence.Listing](tx, item.Listing)
				if err != nil {
					return err
				}
				one.Items = append(one.Items, reply.SentItem{Item: i.Item, Names: []string{string(i.Item), item.External, i.Target, listing.ItemID, listing.URL, listing.CanonicalURL}})
			}
			list = append(list, one)
		}
		return nil
	})
	return list, err
}

// messageIDOf is the number of a mail that nobody has acknowledged; "" where it
// cannot be read.
func messageIDOf(d *Desk, s evidence.Submission) string {
	body, err := d.readBlob(s.Request)
	if err != nil {
		return ""
	}
	m, err := reply.Read(bytes.NewReader(body))
	if err != nil {
		return ""
	}
	return m.ID
}

// Confirm records a person's word on a mail: that it says what it seems to ("" for
// word), or what else it says. The items that it names follow. Errors: ErrNotOpen,
// ErrNotFound.
func (d *Desk) Confirm(ctx context.Context, id evidence.ID, word string) ([]evidence.NoticeItem, error) {
	release, err := d.ws.Hold(store.Outbox)
	if err != nil {
		return nil, fmt.Errorf("confirm: %w: try again when it has ended", err)
	}
	var moved []evidence.NoticeItem
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		r, err := store.Get[evidence.Receipt](tx, id)
		if err != nil {
			return err
		}
		moved, err = d.confirm(tx, r, word)
		return err
	})
	return moved, errors.Join(err, release())
}

func (d *Desk) confirm(tx *store.Tx, r evidence.Receipt, word string) ([]evidence.NoticeItem, error) {
	if r.Reply == nil {
		return nil, fmt.Errorf("%s: %w: it is no mail", r.ID, ErrNotOpen)
	}
	said := *r.Reply
	if said.State = said.Proposed; word != "" {
		said.State = portal.State(word)
	}
	switch {
	case r.Reply.State != "":
		return nil, fmt.Errorf("%s: %w: %s took it to say %s", r.ID, ErrNotOpen, r.Reply.By, evidence.Words(r.Reply.State))
	case said.State == "" && word == "":
		return nil, fmt.Errorf("%s: %w: the mail proposes nothing: read it and say what it says: %s", r.ID, ErrNotOpen, outcomeWords)
	case said.State == "":
		return nil, fmt.Errorf("%q: %w: want %s", word, ErrNotOpen, outcomeWords)
	}
	said.By, said.ReadAt = d.actorName(), d.cfg.Now().UTC()
	r.Reply = &said
	s, err := store.Get[evidence.Submission](tx, r.Submission)
	if err != nil {
		return nil, err
	}
	// What was answered has arrived.
	if _, err := d.resolveOne(tx, s, "", true, ""); err != nil {
		return nil, err
	}
	var statuses []takedown.ItemStatus
	for _, item := range said.Items {
		statuses = append(statuses, takedown.ItemStatus{Item: item, State: said.State, Reason: strings.Join(said.Because, "; ")})
	}
	if _, err := d.applyStatus(tx, statuses); err != nil {
		return nil, err
	}
	var moved []evidence.NoticeItem
	for _, item := range said.Items {
		now, err := store.Get[evidence.NoticeItem](tx, item)
		if err != nil {
			return nil, err
		}
		if now.State != said.State {
			return nil, fmt.Errorf("%s is %s and cannot become %s: %w", item, now.State, said.State, ErrNotOpen)
		}
		moved = append(moved, now)
	}
	if err := store.Put(tx, r.ID, r); err != nil {
		return nil, err
	}
	return moved, tx.Append(custody.Entry{Action: custody.SubmissionResolved, Subject: r.ID, Note: string(said.State), Hashes: map[string]evidence.Hash{custody.HashFile: r.Response}})
}

// Unconfirmed lists the mails that wait for a person's word.
func (d *Desk) Unconfirmed(ctx context.Context) ([]evidence.Receipt, error) {
	all, err := All[evidence.Receipt](ctx, d, evidence.KindReceipt)
	return slices.DeleteFunc(all, func(r evidence.Receipt) bool { return r.Reply == nil || r.Reply.State != "" }), err
}
