package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Letter is a message to the account manager of a channel.
type Letter struct {
	Channel     string
	Subject     string
	Text        string
	About       evidence.ID   // an inquiry or a notice; empty for none
	ReplyTo     evidence.ID   // a message of the same thread; empty for a new one
	Attachments []evidence.ID // attachments to hand over with it
}

// SendMessage records a message to a channel's account manager and sends it, once.
// Errors: *InputError.
func (d *Desk) SendMessage(ctx context.Context, l Letter, p evidence.Progress) (evidence.Message, error) {
	var m evidence.Message
	if strings.TrimSpace(l.Subject) == "" || strings.TrimSpace(l.Text) == "" {
		return m, &InputError{errors.New("a message needs a subject and a text")}
	}
	if err := d.ws.Unlock(ctx); err != nil {
		return m, err
	}
	client, err := d.jointForce(ctx, l.Channel)
	if err != nil {
		return m, err
	}
	now := d.cfg.Now().UTC()
	m = evidence.Message{
		ID: evidence.NewID(evidence.KindMessage, now), Channel: client.Name(), About: l.About, From: d.actorName(),
		Subject: l.Subject, Text: l.Text, Attachments: l.Attachments, At: now,
	}
	r := jointforce.MessageRequest{Reference: string(m.ID), Subject: l.Subject, Body: l.Text, Author: m.From}
	if l.ReplyTo != "" {
		before, err := Get[evidence.Message](ctx, d, l.ReplyTo)
		if err != nil {
			return m, err
		}
		m.Thread, r.Thread = before.Thread, before.Thread
	}
	if r.About, err = d.aboutThere(ctx, l.About); err != nil {
		return m, err
	}
	if r.Attachments, err = d.handIn(ctx, client, l.Attachments); err != nil {
		return m, err
	}
	s := d.newCarried(m.ID, client.Name())
	m.Submission = s.ID
	parcel, err := client.ComposeMessage(r, s.IdempotencyKey)
	if err != nil {
		return m, fmt.Errorf("make up the message: %w", err)
	}
	if err := d.packCarried(ctx, &s, parcel); err != nil {
		return m, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, m.ID, m); err != nil {
			return err
		}
		return d.putQueued(tx, s, "")
	})
	if err != nil {
		return m, err
	}
	sendErr := d.send(ctx, []evidence.ID{s.ID}, p)
	m, err = Get[evidence.Message](ctx, d, m.ID)
	return m, errors.Join(sendErr, err)
}

// aboutThere names what a message is about by the channel's number for it.
func (d *Desk) aboutThere(ctx context.Context, id evidence.ID) (*jointforce.About, error) {
	switch id.Kind() {
	case "":
		return nil, nil
	case evidence.KindInquiry:
		q, err := Get[evidence.Inquiry](ctx, d, id)
		return &jointforce.About{Kind: "inquiry", ID: q.External}, err
	case evidence.KindCounter:
		c, err := Get[evidence.CounterNotice](ctx, d, id)
		return &jointforce.About{Kind: "counter_notice", ID: c.External}, err
	case evidence.KindNotice:
		sent, err := AllBy[evidence.Submission](ctx, d, store.SubmissionsByNotice, string(id))
		for _, s := range sent {
			if s.State == evidence.SubmissionSubmitted {
				return &jointforce.About{Kind: "notice", ID: s.External}, err
			}
		}
		return nil, errors.Join(err, &InputError{fmt.Errorf("%s has not reached the channel: a message cannot be about it", id)})
	}
	return nil, &InputError{fmt.Errorf("a message is about an inquiry, a notice or a counter-notice, not about %s", id)}
}

// handIn hands attachments over to a channel and returns its names for them. Handed
// over twice, each is kept there once: its ID is the key. Errors: *InputError,
// *CovertError.
func (d *Desk) handIn(ctx context.Context, client *jointforce.Client, ids []evidence.ID) ([]string, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	covert := newCovert(settings.Covert)
	var names []string
	for _, id := range ids {
		a, err := Get[evidence.Attachment](ctx, d, id)
		if err != nil {
			return nil, err
		}
		file, ok := a.Artifact(evidence.RoleAttachment)
		if !ok || file.Size > jointforce.MaxFile {
			return nil, &InputError{fmt.Errorf("%s (%s) is too large to be handed in: at most %d MB are taken", id, a.Name, jointforce.MaxFile>>20)}
		}
		content, err := d.readBlob(file.SHA256)
		if err != nil {
			return nil, err
		}
		mediaType, _, _ := strings.Cut(file.MediaType, ";")
		if err := covert.checkFile(a.Name, mediaType, bytes.NewReader(content)); err != nil {
			return nil, err
		}
		made, _, err := client.Upload(ctx, a.Name, mediaType, content, string(id))
		if err != nil {
			return nil, fmt.Errorf("hand in %s: %w", id, err)
		}
		names = append(names, made.ID)
		err = d.ws.Update(ctx, func(tx *store.Tx) error {
			return tx.Append(custody.Entry{Action: custody.Exported, Subject: id, Case: a.Case, Note: client.Name(), Hashes: map[string]evidence.Hash{custody.HashFile: file.SHA256}})
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// messageSettled records the channel's number of a message that was sent.
func (d *Desk) messageSettled(tx *store.Tx, s evidence.Submission) error {
	if s.State != evidence.SubmissionSubmitted {
		return nil
	}
	m, err := store.Get[evidence.Message](tx, s.About)
	if err != nil {
		return err
	}
	m.External = s.External
	return store.Put(tx, m.ID, m)
}

// messages takes in what the account manager, or another desk of the account, has
// written, with its attachments.
func (f *feed) messages(ctx context.Context) error {
	for after := ""; ; {
		page, err := f.client.Messages(ctx, "", after)
		if err != nil {
			return err
		}
		for _, theirs := range page.Messages {
			if err := f.takeMessage(ctx, theirs); err != nil {
				return fmt.Errorf("take in message %s: %w", theirs.ID, err)
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

func (f *feed) takeMessage(ctx context.Context, theirs jointforce.Message) error {
	m := evidence.Message{
		Channel: f.client.Name(), Incoming: theirs.From != jointforce.FromBrand, External: theirs.ID, Thread: theirs.Thread,
		From: theirs.Author, Subject: theirs.Subject, Text: theirs.Body, At: theirs.At,
	}
	changed := false
	err := f.desk.ws.Update(ctx, func(tx *store.Tx) error {
		known, err := collect(store.EachBy[evidence.Message](tx, store.MessagesByExternal, store.ExternalKey(m.Channel, m.External)))
		if err != nil {
			return err
		}
		if own := evidence.ID(theirs.Reference); !m.Incoming && own.Kind() == evidence.KindMessage && len(known) == 0 {
			if ours, err := store.Get[evidence.Message](tx, own); err == nil {
				known = append(known, ours)
			}
		}
		if changed = len(known) == 0; !changed {
			m = known[0]
			if m.Thread == theirs.Thread && m.External == theirs.ID {
				return nil
			}
			m.Thread, m.External = theirs.Thread, theirs.ID
			return store.Put(tx, m.ID, m)
		}
		m.ID = f.desk.newID(evidence.KindMessage)
		if err := store.Put(tx, m.ID, m); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.MessageReceived, Subject: m.ID})
	})
	if err != nil || !changed {
		return err
	}
	f.report.News.Messages = append(f.report.News.Messages, m)
	return f.takeFiles(ctx, m.ID, theirs.Attachments)
}
