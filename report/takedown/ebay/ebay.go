// Package ebay files notices with eBay's Verified Rights Owner (VeRO) programme
// over its REST API. Its messages are those of version 1 of the API, the last one
// that was published whole; its base path is a setting, and version 2's by default.
//
// Two traps shape it. A lost veroReportId cannot be asked for again, so that after
// a lost answer the reported items are looked for by date. And eBay's REMOVED
// stands also for an item that had ended already: it is passed on as the
// marketplace's claim, to be proven by a capture of our own.
package ebay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config is an account with eBay.
type Config struct {
	BaseURL, BasePath string
	Site              string // as in EBAY_US, for reason codes; empty for all
	CopyToOwner       bool   // have eBay mail the rights owner a copy of each notice
	Account           oauth.Config
	HTTP              *http.Client
	Now               func() time.Time
}

// Client is the channel to eBay. It is safe for concurrent use.
type Client struct {
	wire.API
	config  Config
	account *oauth.Account
}

var (
	_ takedown.Connector = (*Client)(nil)
	_ takedown.Finder    = (*Client)(nil)
)

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	api, err := wire.Open("ebay", c.BaseURL, "/"+strings.Trim(c.BasePath, "/"), wire.Options{HTTP: c.HTTP, Now: c.Now, Refusal: refusal})
	if err != nil {
		return nil, err
	}
	c.Account.HTTP, c.Account.Now = c.HTTP, c.Now
	return &Client{api, c, oauth.New(c.Account)}, nil
}

// Account is what the client signs in with.
func (c *Client) Account() *oauth.Account { return c.account }

const reportPath = "/vero_report"

// Compose implements takedown.Connector.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	request, violations := c.requestOf(&f)
	if n := len(f.Items); n > c.About.MaxItems {
		violations = append(violations, takedown.Violation{Pointer: "/reportItems", Detail: fmt.Sprintf("has %d items, at most %d are allowed", n, c.About.MaxItems)})
	}
	if len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	body, err := json.Marshal(request)
	return takedown.Parcel{
		Key: f.IdempotencyKey, To: reportPath, MediaType: "application/json", Body: body,
		Items: f.Targets(func(i *takedown.Item) string { return i.Listing.ItemID }),
	}, err
}

// Submit implements takedown.Connector. External is the veroReportId.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	x, err := c.call(ctx, http.MethodPost, p.To, nil, p.Body)
	a := x.Answer()
	var r reportAnswer
	if err == nil {
		err = x.JSON(&r)
	}
	if err == nil && r.ID == "" {
		err = x.Lost(errors.New("the answer has no veroReportId"))
	}
	if err != nil {
		return a, fmt.Errorf("report to eBay: %w", err)
	}
	a.External, a.Items = r.ID, statuses(p.Items, nil, r.Status)
	return a, nil
}

// Status implements takedown.Connector. Where the veroReportId was lost the items
// are asked for one by one.
func (c *Client) Status(ctx context.Context, external string, items []evidence.SubmittedItem) (takedown.Answer, error) {
	if external == "" {
		return c.itemByItem(ctx, items)
	}
	x, err := c.call(ctx, http.MethodGet, reportPath+"/"+url.PathEscape(external), url.Values{"includeItemDetails": {"true"}}, nil)
	a := x.Answer()
	var r reportAnswer
	if err == nil {
		err = x.JSON(&r)
	}
	if err == nil && r.ID != external {
		err = x.Lost(errors.New("the answer is about another report"))
	}
	if err != nil {
		return a, fmt.Errorf("ask eBay how the report stands: %w", err)
	}
	a.External, a.Items = r.ID, statuses(items, r.Items, r.Status)
	return a, nil
}

func (c *Client) itemByItem(ctx context.Context, items []evidence.SubmittedItem) (takedown.Answer, error) {
	var a takedown.Answer
	var all []reportedItem
	for _, i := range items {
		var page itemsAnswer
		x, err := c.get(ctx, "/vero_report_items", url.Values{"itemId": {i.Target}}, &page)
		a.Request, a.Response = append(a.Request, x.Sent...), append(a.Response, x.Received...)
		a.HTTPStatus, a.At = x.Status, x.At
		if err != nil {
			return a, fmt.Errorf("ask eBay how item %s stands: %w", i.Target, err)
		}
		all = append(all, page.Items...)
	}
	a.Items = statuses(items, all, "")
	return a, nil
}

// The search for a report: eBay's clock may differ from ours, and lists come in pages.
const (
	clockSkew = 10 * time.Minute
	pageSize  = 25
	mostPages = 400
	dateForm  = "2006-01-02T15:04:05Z"
)

// Find implements takedown.Finder: it looks for the parcel's items among those
// reported about the time. All of them found means that the report arrived; only
// some may be another report's.
func (c *Client) Find(ctx context.Context, p takedown.Parcel, sent time.Time) (takedown.Answer, error) {
	from, to := sent.Add(-clockSkew).UTC(), sent.Add(c.About.Settle()+clockSkew).UTC()
	q := url.Values{"filter": {"reportSubmittedDate:[" + from.Format(dateForm) + ".." + to.Format(dateForm) + "]"}, "limit": {strconv.Itoa(pageSize)}}
	var a takedown.Answer
	var found []reportedItem
	for page := range mostPages {
		q.Set("offset", strconv.Itoa(page*pageSize))
		var answer itemsAnswer
		x, err := c.get(ctx, "/vero_report_items", q, &answer)
		a = x.Answer()
		if err != nil {
			return a, fmt.Errorf("look for the report at eBay: %w", err)
		}
		found = append(found, answer.Items...)
		if len(answer.Items) == 0 || len(found) >= answer.Total {
			break
		}
	}
	there := 0
	for _, i := range p.Items {
		if slices.ContainsFunc(found, func(r reportedItem) bool { return r.ItemID == i.Target }) {
			there++
		}
	}
	switch there {
	case 0:
		return a, fmt.Errorf("look for the report at eBay: %w", takedown.ErrNotFound)
	case len(p.Items):
		a.Items = statuses(p.Items, found, "")
		return a, nil
	default:
		return a, fmt.Errorf("%d of %d items were reported to eBay about that time: %w", there, len(p.Items), takedown.ErrAmbiguous)
	}
}

// Reasons are the reason codes of the site, or of all sites.
func (c *Client) Reasons(ctx context.Context) ([]takedown.Reason, error) {
	var r reasonsAnswer
	if _, err := c.get(ctx, "/vero_reason_code", nil, &r); err != nil {
		return nil, fmt.Errorf("ask eBay for its reason codes: %w", err)
	}
	var list []takedown.Reason
	for _, site := range r.Sites {
		for _, d := range site.Reasons {
			title := d.Brief
			if c.config.Site == "" {
				title = site.Marketplace + ": " + title
			}
			list = append(list, takedown.Reason{Code: d.ID, Title: title})
		}
	}
	return list, nil
}

// Check asks for the reason codes, to see whether the credentials are good.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.Reasons(ctx)
	return err
}

func (c *Client) get(ctx context.Context, path string, q url.Values, v any) (wire.Exchange, error) {
	x, err := c.call(ctx, http.MethodGet, path, q, nil)
	if err == nil {
		err = x.JSON(v)
	}
	return x, err
}

func (c *Client) call(ctx context.Context, method, path string, q url.Values, body []byte) (wire.Exchange, error) {
	call := c.Call(method, path, body)
	if c.config.Site != "" && path == "/vero_reason_code" {
		call.Header.Set("X-EBAY-C-MARKETPLACE-ID", c.config.Site)
	}
	if len(q) > 0 {
		call.URL += "?" + q.Encode()
	}
	x, err := c.account.Do(ctx, c.Line, call)
	if refused := requestError(&x); refused != nil {
		err = refused
	}
	return x, err
}
