package market

import (
	"fmt"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// The clocks of a counter-notice.
const (
	counterTime  = 96 * time.Hour // for the brand's answer
	decisionTime = 24 * time.Hour // for the marketplace's decision
)

// counter is a counter-notice with what only the marketplace's owner knows.
type counter struct {
	jointforce.CounterNotice
	n         *notice
	i         int
	justified bool // the seller is right
}

// Objection is what a seller says against a removal.
type Objection struct {
	Grounds   string
	Statement string
	Justified bool // the seller is right; the marketplace finds out when it decides
	Documents []Document
}

// Document is a file that a seller hands in.
type Document struct {
	Name, MediaType string
	Content         []byte
}

// Object files a seller's counter-notice against the removal of the offer, and is
// its number.
func (m *Market) Object(itemID string, o Objection) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	for _, n := range m.notices {
		for i := range n.Items {
			if n.Items[i].ItemID == itemID && n.Items[i].State == evidence.ItemRemoved {
				return m.object(n, i, o), nil
			}
		}
	}
	return "", ErrNotFound
}

func (m *Market) object(n *notice, i int, o Objection) string {
	offer, now := n.offers[i], m.now().UTC()
	c := &counter{n: n, i: i, justified: o.Justified, CounterNotice: jointforce.CounterNotice{
		ID: fmt.Sprintf("CN-%06d", len(m.counters)+1), State: jointforce.CounterOpen, Notice: n.ID, Item: n.Items[i].ID,
		ItemID: offer.ItemID, URL: m.URL(offer.Path()), Seller: m.sellerOf(offer), Grounds: o.Grounds, Statement: o.Statement,
		Language: offer.Language, Documents: []jointforce.File{}, ReceivedAt: now, DueAt: now.Add(counterTime), Practice: true,
	}}
	for _, d := range o.Documents {
		c.Documents = append(c.Documents, m.keep(jointforce.FromSeller, d.Name, d.MediaType, d.Content))
	}
	m.counters = append(m.counters, c)
	n.Items[i].Counter = c.ID
	m.tellCounter(c)
	m.move(n, i, evidence.ItemCounterReceived, nil)
	m.later(c.DueAt, func() {
		if c.State == jointforce.CounterOpen {
			m.endCounter(c, jointforce.CounterMissed, "counter_missed", "the brand did not answer the counter-notice in time")
		}
	})
	return c.ID
}

func (m *Market) tellCounter(c *counter) {
	m.event(jointforce.Event{Type: jointforce.EventCounter, Subject: c.ID, State: string(c.State)})
}

// endCounter closes a counter-notice: the listing goes up again, or stays down.
func (m *Market) endCounter(c *counter, to jointforce.CounterState, code, detail string) {
	c.State = to
	m.tellCounter(c)
	because := &jointforce.Because{Code: code, Detail: detail}
	item := &c.n.Items[c.i]
	if to == jointforce.CounterRejected {
		m.decide(c.n, c.i, "counter_notice", evidence.ItemRemoved, because)
	} else {
		m.restore(c.n.offers[c.i])
		source := "counter_notice"
		if to == jointforce.CounterMissed {
			source = "deadline"
		}
		m.decide(c.n, c.i, source, evidence.ItemReinstated, because)
	}
	c.Decision = item.Decision
	m.judge()
}

// AnswerCounter takes the brand's answer to a counter-notice.
func (m *Market) AnswerCounter(id string, r *jointforce.CounterAnswerRequest) (jointforce.CounterAnswer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	c, err := m.counter(id)
	switch {
	case err != nil:
		return jointforce.CounterAnswer{}, err
	case c.Answer != nil:
		return jointforce.CounterAnswer{}, ErrAnswered
	case c.State != jointforce.CounterOpen:
		return jointforce.CounterAnswer{}, ErrCounterClosed
	}
	files, err := m.named(r.Documents)
	if err != nil {
		return jointforce.CounterAnswer{}, err
	}
	c.Answer = &jointforce.CounterAnswer{
		ID: "ANS-" + id, CounterNotice: id, Reference: r.Reference, Position: r.Position, Reason: r.Reason, Explanation: r.Explanation,
		Documents: files, ReceivedAt: m.now().UTC(),
	}
	switch r.Position {
	case jointforce.AcceptCounter:
		m.endCounter(c, jointforce.CounterAccepted, "counter_accepted", "the brand accepted the counter-notice")
	case jointforce.EscalateCounter:
		c.State = jointforce.CounterEscalated
		m.tellCounter(c)
		m.move(c.n, c.i, evidence.ItemEscalatedLegal, nil)
	default:
		c.State = jointforce.CounterAnswered
		m.tellCounter(c)
		m.later(m.now().Add(decisionTime), func() { m.decideCounter(c) })
	}
	return *c.Answer, nil
}

// decideCounter decides between the seller and the brand, by the truth.
func (m *Market) decideCounter(c *counter) {
	switch {
	case c.State != jointforce.CounterAnswered:
	case c.justified:
		m.endCounter(c, jointforce.CounterAccepted, "counter_upheld", "the seller's documents show that the goods may be sold")
	default:
		m.endCounter(c, jointforce.CounterRejected, "counter_rejected", "the seller's documents do not show that the goods may be sold")
	}
}

func (m *Market) counter(id string) (*counter, error) {
	return find(m.counters, id, func(c *counter) string { return c.ID })
}

// CounterNotice finds a counter-notice.
func (m *Market) CounterNotice(id string) (jointforce.CounterNotice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	c, err := m.counter(id)
	if err != nil {
		return jointforce.CounterNotice{}, err
	}
	return c.CounterNotice, nil
}

// CounterNotices lists up to limit counter-notices after the cursor, all or those
// in the state.
func (m *Market) CounterNotices(state jointforce.CounterState, after string, limit int) ([]jointforce.CounterNotice, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.counters, after, limit, func(c *counter) bool { return state == "" || c.State == state },
		func(c *counter) jointforce.CounterNotice { return c.CounterNotice })
}
