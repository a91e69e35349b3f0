package jointforce

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Submit files the notice, or sends what else was made up. Sent twice with the same
// key it is taken once, and both answers are the same.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	if p.To != noticesPath {
		return c.deliver(ctx, p)
	}
	x := exchange{method: http.MethodPost, path: p.To, key: p.Key, body: p.Body, mediaType: jsonType}
	var n Notice
	err := c.do(ctx, &x, &n)
	if err == nil {
		err = x.whole(n.ID != "" && about(n, p.Items))
	}
	return x.answer(n, err), wrap("file the notice", err)
}

// about reports whether a notice is about exactly these items.
func about(n Notice, items []evidence.SubmittedItem) bool {
	return slices.EqualFunc(n.Items, items, func(a NoticeItem, b evidence.SubmittedItem) bool { return a.Reference == string(b.Item) })
}

// Status asks how the notice stands that the marketplace calls external.
func (c *Client) Status(ctx context.Context, external string, _ []evidence.SubmittedItem) (takedown.Answer, error) {
	x := exchange{method: http.MethodGet, path: "/notices/" + url.PathEscape(external)}
	var n Notice
	err := c.do(ctx, &x, &n)
	if err == nil {
		err = x.whole(n.ID == external)
	}
	return x.answer(n, err), wrap("ask how the notice stands", err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// answer is what the exchange brought; the notice counts where err is nil.
func (x *exchange) answer(n Notice, err error) takedown.Answer {
	a := x.Answer()
	if err != nil {
		return a
	}
	a.External = n.ID
	a.Items = statuses(&n)
	return a
}

// statuses is how the notice's items stand, in the words of every channel.
func statuses(n *Notice) []takedown.ItemStatus {
	var list []takedown.ItemStatus
	for _, i := range n.Items {
		s := takedown.ItemStatus{Item: evidence.ID(i.Reference), External: i.ID, State: i.State, Word: string(i.State)}
		if i.Reason != nil {
			s.Reason = i.Reason.Code + ": " + i.Reason.Detail
		}
		list = append(list, s)
	}
	return list
}
