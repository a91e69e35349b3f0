package jointforce

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Submit files the notice. Sent twice with the same IdempotencyKey it is filed
// once, and both answers are the same.
func (c *Client) Submit(ctx context.Context, f takedown.Filing) (takedown.Answer, error) {
	if !ValidKey(f.IdempotencyKey) {
		return takedown.Answer{}, fmt.Errorf("idempotency key %q: want 1 to 128 visible ASCII characters", f.IdempotencyKey)
	}
	body, err := c.Compose(f)
	if err != nil {
		return takedown.Answer{}, err
	}
	x := exchange{method: http.MethodPost, path: "/notices", key: f.IdempotencyKey, body: body}
	var n Notice
	err = c.do(ctx, &x, &n)
	if err == nil {
		err = x.whole(n.ID != "" && n.Reference == string(f.Notice.ID) && len(n.Items) == len(f.Items))
	}
	return x.answer(n, err), wrap("file the notice", err)
}

// Status asks how the notice stands that the marketplace calls external.
func (c *Client) Status(ctx context.Context, external string) (takedown.Answer, error) {
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
	a := takedown.Answer{Request: x.sent, Response: x.received, HTTPStatus: x.status, At: x.at}
	if err != nil {
		return a
	}
	a.External = n.ID
	for _, i := range n.Items {
		s := takedown.ItemStatus{Item: evidence.ID(i.Reference), External: i.ID, URL: i.URL, State: i.State}
		if i.Reason != nil {
			s.Reason = i.Reason.Code + ": " + i.Reason.Detail
		}
		a.Items = append(a.Items, s)
	}
	return a
}
