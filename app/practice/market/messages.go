package market

import (
	"fmt"
	"slices"
	"time"

	"touchstone/report/takedown/jointforce"
)

// managerTime is how long the account manager takes to reply.
const managerTime = 4 * time.Hour

// Write takes a message to the account manager in, who replies later.
func (m *Market) Write(r *jointforce.MessageRequest) (jointforce.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	if r.Thread != "" && !slices.ContainsFunc(m.messages, func(k jointforce.Message) bool { return k.Thread == r.Thread }) {
		return jointforce.Message{}, ErrNotFound
	}
	if r.About != nil && !m.has(r.About) {
		return jointforce.Message{}, ErrNotFound
	}
	files, err := m.named(r.Attachments)
	if err != nil {
		return jointforce.Message{}, err
	}
	message := m.post(jointforce.Message{
		Thread: r.Thread, From: jointforce.FromBrand, Author: r.Author, Reference: r.Reference, Subject: r.Subject, Body: r.Body, About: r.About, Attachments: files,
	})
	m.later(m.now().Add(managerTime), func() {
		m.post(jointforce.Message{
			Thread: message.Thread, From: jointforce.FromMarketplace, Author: manager.Name, Subject: "Re: " + message.Subject, About: message.About,
			Body: "Thank you for your message; we have looked at it. (This is practice: nobody has.)", Attachments: []jointforce.File{},
		})
	})
	return message, nil
}

func (m *Market) post(message jointforce.Message) jointforce.Message {
	message.ID, message.At, message.Practice = fmt.Sprintf("MSG-%06d", len(m.messages)+1), m.now().UTC(), true
	if message.Thread == "" {
		message.Thread = "THR-" + message.ID[4:]
	}
	m.messages = append(m.messages, message)
	m.event(jointforce.Event{Type: jointforce.EventMessage, Subject: message.ID, State: string(message.From)})
	return message
}

// has reports whether the account has the thing that a message is about.
func (m *Market) has(a *jointforce.About) bool {
	var err error
	switch a.Kind {
	case "notice":
		_, err = m.notice(a.ID)
	case "inquiry":
		_, err = m.inquiry(a.ID)
	case "counter_notice":
		_, err = m.counter(a.ID)
	case "sample":
		_, err = m.sample(a.ID)
	default:
		_, err = find(m.decisions, a.ID, func(d jointforce.Decision) string { return d.ID })
	}
	return err == nil
}

// Messages lists up to limit messages after the cursor, all or those of a thread.
func (m *Market) Messages(thread, after string, limit int) ([]jointforce.Message, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.messages, after, limit, func(k jointforce.Message) bool { return thread == "" || k.Thread == thread },
		func(k jointforce.Message) jointforce.Message { return k })
}
