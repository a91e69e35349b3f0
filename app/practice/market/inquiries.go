package market

import (
	"fmt"
	"time"

	"touchstone/report/takedown/jointforce"
)

// askAboutSome opens the inquiries that await the brand when the market opens:
// one about a counterfeit, one about a genuine article sold by a stranger.
func (m *Market) askAboutSome(now time.Time) {
	for _, o := range m.offers {
		switch {
		case o.Demo || m.standingOf(o.ItemID).Status != Live || o.Seller.Authorised:
		case o.Truth == Counterfeit && o.Markup == OpenGraph:
			m.ask(o, now, "price", "The price is far below the product's usual one. Is the article genuine?")
		case o.Truth == Genuine && o.Markup == TextOnly:
			m.ask(o, now, "seller", "The seller is not among those you have authorised. Is the article genuine?")
		}
	}
}

func (m *Market) ask(o *Offer, now time.Time, cause, question string) {
	q := &jointforce.Inquiry{
		ID: fmt.Sprintf("INQ-%06d", len(m.inquiries)+1), State: jointforce.InquiryOpen, AskedAt: now.UTC(), DueAt: now.Add(answerTime).UTC(),
		Cause: cause, Question: question, Practice: true,
		Listing: m.listing(o), InformationRequests: []jointforce.InformationRequest{},
	}
	m.inquiries = append(m.inquiries, q)
	m.asked[o.ItemID] = append(m.asked[o.ItemID], q)
	m.tell(q)
	m.expire(q)
}

// expire ends the inquiry at its deadline, which may have moved until then.
func (m *Market) expire(q *jointforce.Inquiry) {
	m.later(q.DueAt, func() {
		switch {
		case q.State != jointforce.InquiryOpen:
		case q.DueAt.After(m.now()):
			m.expire(q)
		default:
			q.State = jointforce.InquiryExpired
			m.tell(q)
		}
	})
}

// recall takes back the open inquiries about an offer that has come down, but for
// the one whose answer brought it down.
func (m *Market) recall(itemID, but string) {
	for _, q := range m.asked[itemID] {
		if q.State == jointforce.InquiryOpen && q.ID != but {
			q.State = jointforce.InquiryRecalled
			m.tell(q)
		}
	}
}

// listing is the offer as the protocol shows it.
func (m *Market) listing(o *Offer) jointforce.InquiryListing {
	l := jointforce.InquiryListing{
		ItemID: o.ItemID, URL: m.URL(o.Path()), Title: o.Title, Seller: m.sellerOf(o), Pictures: []string{},
		Price: jointforce.Price{Min: o.Price.Min, Max: o.Price.Max, Currency: o.Price.Currency},
	}
	for _, p := range o.Pictures {
		l.Pictures = append(l.Pictures, m.URL("/media/"+p.Name))
	}
	return l
}

func (m *Market) sellerOf(o *Offer) jointforce.InquirySeller {
	return jointforce.InquirySeller{ID: o.Seller.ID, Name: o.Seller.Name, URL: m.URL(o.Seller.Path())}
}

func (m *Market) tell(q *jointforce.Inquiry) {
	m.event(jointforce.Event{Type: jointforce.EventInquiry, Subject: q.ID, State: string(q.State)})
}

// Inquiry finds an inquiry.
func (m *Market) Inquiry(id string) (jointforce.Inquiry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	q, err := m.inquiry(id)
	if err != nil {
		return jointforce.Inquiry{}, err
	}
	return *q, nil
}

func (m *Market) inquiry(id string) (*jointforce.Inquiry, error) {
	return find(m.inquiries, id, func(q *jointforce.Inquiry) string { return q.ID })
}

// Inquiries lists up to limit inquiries after the cursor, all or those in the
// state, and the cursor to go on from; that is empty at the end.
func (m *Market) Inquiries(state jointforce.InquiryState, after string, limit int) ([]jointforce.Inquiry, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.inquiries, after, limit, func(q *jointforce.Inquiry) bool { return state == "" || q.State == state },
		func(q *jointforce.Inquiry) jointforce.Inquiry { return *q })
}

// Answer takes a brand's answer, and files the notice that it carries.
func (m *Market) Answer(id string, r *jointforce.AnswerRequest) (jointforce.Answer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	q, err := m.inquiry(id)
	switch {
	case err != nil:
		return jointforce.Answer{}, err
	case q.State == jointforce.InquiryAnswered:
		return jointforce.Answer{}, ErrAnswered
	case q.State != jointforce.InquiryOpen:
		return jointforce.Answer{}, ErrClosed
	}
	a := jointforce.Answer{ID: "ANS-" + id, Inquiry: id, Reference: r.Reference, Verdict: r.Verdict, ReceivedAt: m.now().UTC()}
	if r.Notice != nil {
		n, err := m.fileFor(q, *r.Notice)
		if err != nil {
			return jointforce.Answer{}, err
		}
		a.Notice = &n
	}
	q.State, q.Answer = jointforce.InquiryAnswered, &a
	m.tell(q)
	return a, nil
}

// fileFor files the notice that came with an answer.
func (m *Market) fileFor(q *jointforce.Inquiry, r jointforce.NoticeRequest) (jointforce.Notice, error) {
	if len(r.Items) != 1 {
		return jointforce.Notice{}, ErrOtherListing
	}
	if _, o := m.offerAt(r.Items[0].URL); o == nil || o.ItemID != q.Listing.ItemID {
		return jointforce.Notice{}, ErrOtherListing
	}
	r.Inquiry = q.ID
	return m.file(&r)
}
