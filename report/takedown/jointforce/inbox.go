package jointforce

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"touchstone/report/takedown"
)

// Account is the membership and its standing.
func (c *Client) Account(ctx context.Context) (Account, error) {
	return get[Account](ctx, c, "/account", nil)
}

// Reasons is what a notice may complain of here.
func (c *Client) Reasons(ctx context.Context) ([]Reason, error) {
	r, err := get[Reasons](ctx, c, "/reasons", nil)
	return r.Reasons, err
}

// Notices is one page of the account's notices, all or those with our reference.
func (c *Client) Notices(ctx context.Context, reference, after string) (Notices, error) {
	return get[Notices](ctx, c, "/notices", given("reference", reference, "after", after))
}

// Inquiries is one page of the marketplace's questions, all or those in the state.
func (c *Client) Inquiries(ctx context.Context, state InquiryState, after string) (Inquiries, error) {
	return get[Inquiries](ctx, c, "/inquiries", given("state", string(state), "after", after))
}

// Inquiry is one of the marketplace's questions.
func (c *Client) Inquiry(ctx context.Context, id string) (Inquiry, error) {
	return get[Inquiry](ctx, c, "/inquiries/"+url.PathEscape(id), nil)
}

// Answer answers an inquiry. The takedown.Answer holds the messages, and the
// notice's items where the answer carried a notice.
func (c *Client) Answer(ctx context.Context, inquiry string, r AnswerRequest, key string) (Answer, takedown.Answer, error) {
	a, sent, err := post(ctx, c, "answer the inquiry", fmt.Sprintf("/inquiries/%s/answers", url.PathEscape(inquiry)), &r, key, func(a *Answer) bool {
		return a.ID != "" && a.Inquiry == inquiry && (a.Notice != nil) == (r.Notice != nil)
	})
	if a.Notice != nil {
		sent.External, sent.Items = a.Notice.ID, statuses(a.Notice)
	}
	return a, sent, err
}

// Events is one page of what changed after the cursor. With nothing new it waits,
// whole seconds up to MaxWait.
func (c *Client) Events(ctx context.Context, after string, wait time.Duration) (Events, error) {
	q := given("after", after)
	if seconds := int(min(wait, MaxWait).Seconds()); seconds > 0 {
		q.Set("wait", strconv.Itoa(seconds))
	}
	return get[Events](ctx, c, "/events", q)
}

// given is a query of the pairs whose value is not empty.
func given(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var v T
	x := exchange{method: http.MethodGet, path: path, query: query}
	err := c.do(ctx, &x, &v)
	return v, wrap("ask for "+path, err)
}

// Check asks for the account, to see whether the credentials are good.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.Account(ctx)
	return err
}
