package market

import (
	"fmt"
	"slices"

	"touchstone/report/takedown/jointforce"
)

// How long a sample takes.
const (
	orderTime = 6 * day // from its order until it leaves for the brand
	lostTime  = 9 * day // from then on until one that has not come counts as lost
)

// order buys an article from the inquiry's listing, and is the sample's number.
func (m *Market) order(q *jointforce.Inquiry) string {
	now := m.now().UTC()
	s := &jointforce.Sample{
		ID: fmt.Sprintf("SMP-%06d", len(m.samples)+1), State: jointforce.SampleOrdered, Inquiry: q.ID, Listing: q.Listing,
		Order: fmt.Sprintf("8%011d", len(m.samples)+1), OrderedAt: now, Pictures: []jointforce.File{}, Practice: true,
		Hands: []jointforce.HandOver{},
	}
	m.samples = append(m.samples, s)
	q.Sample = s.ID
	m.tellSample(s)
	m.later(now.Add(orderTime), func() {
		at := m.now().UTC()
		s.State, s.ShippedAt, s.Carrier, s.Tracking, s.Seal = jointforce.SampleShipped, at, "Practice Post", "PP"+s.Order, "PB-"+s.ID[4:]
		s.Hands = []jointforce.HandOver{
			{At: at.Add(-2 * day), From: q.Listing.Seller.Name, To: Name, Note: "unpacked on video"},
			{At: at, From: Name, To: s.Carrier, Note: "sealed with " + s.Seal},
		}
		m.tellSample(s)
		if m.dice("lose "+s.ID).Float64() < m.life.Losses {
			m.later(at.Add(lostTime), func() { m.lose(s) })
		}
	})
	return s.ID
}

// lose gives a sample up that did not arrive.
func (m *Market) lose(s *jointforce.Sample) {
	if s.State != jointforce.SampleShipped {
		return
	}
	s.State = jointforce.SampleLost
	m.tellSample(s)
}

func (m *Market) tellSample(s *jointforce.Sample) {
	m.event(jointforce.Event{Type: jointforce.EventSample, Subject: s.ID, State: string(s.State)})
}

func (m *Market) sample(id string) (*jointforce.Sample, error) {
	return find(m.samples, id, func(s *jointforce.Sample) string { return s.ID })
}

// Sample finds a test-buy sample.
func (m *Market) Sample(id string) (jointforce.Sample, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	s, err := m.sample(id)
	if err != nil {
		return jointforce.Sample{}, err
	}
	return *s, nil
}

// Samples lists up to limit samples after the cursor.
func (m *Market) Samples(after string, limit int) ([]jointforce.Sample, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.samples, after, limit, func(*jointforce.Sample) bool { return true }, func(s *jointforce.Sample) jointforce.Sample { return *s })
}

// ReceiveSample takes the brand's receipt of a sample.
func (m *Market) ReceiveSample(id string, r *jointforce.SampleReceiptRequest) (jointforce.Sample, error) {
	return m.handle(id, jointforce.SampleShipped, r.Files, func(s *jointforce.Sample, files []jointforce.File) {
		s.State = jointforce.SampleReceived
		s.Receipt = &jointforce.SampleReceipt{
			Reference: r.Reference, ReceivedAt: r.ReceivedAt.UTC(), ReceivedBy: r.ReceivedBy, SealIntact: r.SealIntact, Note: r.Note, Files: files,
		}
		s.Hands = append(slices.Clone(s.Hands), jointforce.HandOver{At: r.ReceivedAt.UTC(), From: s.Carrier, To: r.ReceivedBy, Note: r.Note})
	})
}

// ExamineSample takes the brand's finding about a sample.
func (m *Market) ExamineSample(id string, r *jointforce.FindingRequest) (jointforce.Sample, error) {
	return m.handle(id, jointforce.SampleReceived, r.Files, func(s *jointforce.Sample, files []jointforce.File) {
		s.State = jointforce.SampleExamined
		s.Finding = &jointforce.Finding{
			Reference: r.Reference, Verdict: r.Verdict, ExaminedAt: r.ExaminedAt.UTC(), ExaminedBy: r.ExaminedBy, Explanation: r.Explanation, Files: files,
		}
	})
}

// handle does something with a sample that is in the state.
func (m *Market) handle(id string, in jointforce.SampleState, files []string, do func(*jointforce.Sample, []jointforce.File)) (jointforce.Sample, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	s, err := m.sample(id)
	if err != nil {
		return jointforce.Sample{}, err
	}
	if s.State != in {
		return jointforce.Sample{}, ErrSampleState
	}
	named, err := m.named(files)
	if err != nil {
		return jointforce.Sample{}, err
	}
	do(s, named)
	m.tellSample(s)
	return *s, nil
}
