package jointforce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// noticesPath is where notices are filed.
const noticesPath = "/notices"

// ComposeAnswer makes up the answer to an inquiry for sending, with the notice that
// the filing is; nil for none.
func (c *Client) ComposeAnswer(inquiry string, r AnswerRequest, f *takedown.Filing, key string) (takedown.Parcel, error) {
	var items []evidence.SubmittedItem
	if f != nil {
		n := requestOf(*f)
		r.Notice = &n
		items = f.Targets((*takedown.Item).Address)
	}
	return compose("/inquiries/"+url.PathEscape(inquiry)+"/answers", &r, items, key)
}

// ComposeCounterAnswer makes up the answer to a counter-notice for sending.
func (c *Client) ComposeCounterAnswer(counter string, r CounterAnswerRequest, key string) (takedown.Parcel, error) {
	return compose("/counter-notices/"+url.PathEscape(counter)+"/answers", &r, nil, key)
}

// ComposeMessage makes up a message to the account manager for sending.
func (c *Client) ComposeMessage(r MessageRequest, key string) (takedown.Parcel, error) {
	return compose("/messages", &r, nil, key)
}

// ComposeInformationAsk makes up a request for information about an inquiry for
// sending.
func (c *Client) ComposeInformationAsk(inquiry string, r InformationAsk, key string) (takedown.Parcel, error) {
	return compose("/inquiries/"+url.PathEscape(inquiry)+"/information-requests", &r, nil, key)
}

// ComposeSampleReceipt makes up the receipt of a sample for sending.
func (c *Client) ComposeSampleReceipt(sample string, r SampleReceiptRequest, key string) (takedown.Parcel, error) {
	return compose("/samples/"+url.PathEscape(sample)+"/receipt", &r, nil, key)
}

// ComposeFinding makes up what the examination of a sample found for sending.
func (c *Client) ComposeFinding(sample string, r FindingRequest, key string) (takedown.Parcel, error) {
	return compose("/samples/"+url.PathEscape(sample)+"/finding", &r, nil, key)
}

// ComposeWithdrawal makes up the withdrawal of items of a notice for sending.
func (c *Client) ComposeWithdrawal(notice string, r WithdrawalRequest, key string) (takedown.Parcel, error) {
	return compose(noticesPath+"/"+url.PathEscape(notice)+withdrawals, &r, nil, key)
}

func compose(to string, r request, items []evidence.SubmittedItem, key string) (takedown.Parcel, error) {
	if err := fit(r.Validate(), key); err != nil {
		return takedown.Parcel{}, err
	}
	body, err := json.Marshal(r)
	return takedown.Parcel{Key: key, To: to, MediaType: jsonType, Body: body, Items: items}, err
}

// deliver sends a parcel that is not a notice alone. The answer's number is that
// of the notice that the parcel carries, else that of what it made.
func (c *Client) deliver(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	switch {
	case p.To == "/messages":
		return deliver(ctx, c, p, func(m *Message) (string, *Notice) { return m.ID, nil })
	case strings.HasSuffix(p.To, withdrawals):
		return deliver(ctx, c, p, func(n *Notice) (string, *Notice) { return n.ID, nil })
	case strings.HasPrefix(p.To, "/counter-notices/"):
		return deliver(ctx, c, p, func(a *CounterAnswer) (string, *Notice) { return a.ID, nil })
	case strings.HasPrefix(p.To, "/samples/"):
		return deliver(ctx, c, p, func(s *Sample) (string, *Notice) { return s.ID, nil })
	case strings.HasSuffix(p.To, "/information-requests"):
		return deliver(ctx, c, p, func(r *InformationRequest) (string, *Notice) { return r.ID, nil })
	default:
		return deliver(ctx, c, p, func(a *Answer) (string, *Notice) { return a.ID, a.Notice })
	}
}

func deliver[T any](ctx context.Context, c *Client, p takedown.Parcel, made func(*T) (string, *Notice)) (takedown.Answer, error) {
	x := exchange{method: http.MethodPost, path: p.To, key: p.Key, body: p.Body, mediaType: p.MediaType}
	var v T
	err := c.do(ctx, &x, &v)
	id, notice := made(&v)
	if notice == nil {
		notice = &Notice{ID: id}
	}
	if err == nil {
		err = x.whole(id != "" && about(*notice, p.Items))
	}
	return x.answer(*notice, err), wrap("send", err)
}
