package market

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"touchstone/report/takedown/jointforce"
)

const (
	replyTime           = 24 * time.Hour // for an information request
	sampleTime          = 21 * 24 * time.Hour
	informationRequests = 2 // about one inquiry
)

// AskInformation takes a brand's question about an inquiry in.
func (m *Market) AskInformation(inquiry string, r *jointforce.InformationAsk) (jointforce.InformationRequest, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	q, err := m.inquiry(inquiry)
	switch {
	case err != nil:
		return jointforce.InformationRequest{}, err
	case q.State == jointforce.InquiryAnswered:
		return jointforce.InformationRequest{}, ErrAnswered
	case q.State != jointforce.InquiryOpen:
		return jointforce.InformationRequest{}, ErrClosed
	case len(q.InformationRequests) == informationRequests:
		return jointforce.InformationRequest{}, ErrLimit
	}
	now := m.now().UTC()
	asked := jointforce.InformationRequest{
		ID: fmt.Sprintf("INF-%s-%d", q.ID, len(q.InformationRequests)+1), Inquiry: q.ID, Reference: r.Reference, State: jointforce.InformationOpen,
		Wants: r.Wants, Question: r.Question, AskedAt: now, ReplyBy: now.Add(replyTime),
	}
	at := len(q.InformationRequests)
	q.InformationRequests = append(q.InformationRequests, asked)
	q.DueAt = q.DueAt.Add(replyTime)
	if slices.Contains(r.Wants, "sample") {
		q.DueAt = q.DueAt.Add(sampleTime)
	}
	m.tellInformation(&asked)
	m.later(now.Add(replyTime/2), func() { m.replyTo(q, at) })
	return asked, nil
}

func (m *Market) tellInformation(r *jointforce.InformationRequest) {
	m.event(jointforce.Event{Type: jointforce.EventInformation, Subject: r.Inquiry, Item: r.ID, State: string(r.State)})
}

// replyTo replies to an information request, as far as the marketplace has what
// is wanted, or declines it.
func (m *Market) replyTo(q *jointforce.Inquiry, at int) {
	// The list is copied, since readers hold the one before.
	q.InformationRequests = slices.Clone(q.InformationRequests)
	r := &q.InformationRequests[at]
	if m.dice("decline "+r.ID).Float64() < m.life.Declines {
		r.State = jointforce.InformationDeclined
		r.Reply = &jointforce.InformationReply{At: m.now().UTC(), Text: "We may not give that out.", Files: []jointforce.File{}}
		m.tellInformation(r)
		return
	}
	r.State = jointforce.InformationAnswered
	r.Reply = &jointforce.InformationReply{At: m.now().UTC(), Files: []jointforce.File{}}
	offer := m.byID[q.Listing.ItemID]
	for _, want := range r.Wants {
		switch want {
		case "sample":
			r.Reply.Sample = m.order(q)
			r.Reply.Text += "We have bought an article from the listing for you. "
		case "seller_documents":
			r.Reply.Files = append(r.Reply.Files, m.keep(jointforce.FromSeller, "invoice.txt", "text/plain", []byte(invoice(offer))))
			r.Reply.Text += "The seller sent the document beside this. "
		case "sales_figures":
			r.Reply.Text += "The listing says: " + cmp.Or(offer.Sold, "nothing about sales") + ". "
		case "seller_identity":
			r.Reply.Text += fmt.Sprintf("The seller has been with us since %d and gives its place as %s. ", offer.Seller.Since, offer.Seller.Location)
		default:
			r.Reply.Text += "We have no more than the listing shows. "
		}
	}
	m.tellInformation(r)
}

// invoice is what the seller shows for where its goods are from. A seller of
// counterfeits shows one that names another article.
func invoice(o *Offer) string {
	goods := o.Model
	if o.Truth == Counterfeit {
		goods = "assorted goods, no brand"
	}
	return fmt.Sprintf("PRACTICE - NOT A REAL DOCUMENT\nInvoice to %s\n100 pieces, %s\n", o.Seller.Name, goods)
}
