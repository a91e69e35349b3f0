// Package mercadolibre files complaints with Mercado Libre's Brand Protection
// Program (PPPI): one item a complaint. The seller's documents then wait for the
// member's answer; a member who is late has the listing back.
package mercadolibre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/oauth"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// Config is a member's account.
type Config struct {
	BaseURL string
	Site    string // as in MLA, for reasons
	Account oauth.Config
	HTTP    *http.Client
	Now     func() time.Time
}

// Client is the channel to Mercado Libre. It is safe for concurrent use.
type Client struct {
	wire.API
	config  Config
	account *oauth.Account
}

var _ takedown.Connector = (*Client)(nil)

// New is a client for the account. It talks to nobody yet.
func New(c Config) (*Client, error) {
	api, err := wire.Open("mercadolibre", c.BaseURL, "/moderations/pppi", wire.Options{HTTP: c.HTTP, Now: c.Now, Refusal: refusal})
	if err != nil {
		return nil, err
	}
	c.Account.HTTP, c.Account.Now = c.HTTP, c.Now
	return &Client{api, c, oauth.New(c.Account)}, nil
}

// Account is what the client signs in with.
func (c *Client) Account() *oauth.Account { return c.account }

type complaint struct {
	Reason   string   `json:"report_reason_id"`
	Comment  string   `json:"comment"`
	Pictures []string `json:"photos_denounced,omitempty"` // IDs
}

// Compose implements takedown.Connector.
func (c *Client) Compose(f takedown.Filing) (takedown.Parcel, error) {
	if len(f.Items) != 1 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: []takedown.Violation{{Pointer: "/items", Detail: "one complaint is about one item"}}}
	}
	body := complaint{Reason: c.About.ReasonFor(&f), Comment: f.Notice.Explanation}
	for _, address := range f.Pictures(&f.Items[0]) {
		if id := pictureID(address); id != "" {
			body.Pictures = append(body.Pictures, id)
		}
	}
	violations := c.About.Violations(body.Reason, map[string]string{"report_reason_id": body.Reason, "comment": body.Comment, "photos_denounced": strings.Join(body.Pictures, " ")})
	for i, v := range violations {
		if v.Pointer == "/photos_denounced" {
			violations[i].Detail += ": name the pictures complained of with touchstone notice set " + string(f.Notice.ID) + " --picture URL; touchstone show " + string(f.Items[0].Capture.ID) + " --pictures lists them"
		}
	}
	id := itemID(&f.Items[0])
	if id == "" {
		violations = append(violations, takedown.Violation{Pointer: "/item_id", Detail: "is missing: is " + f.Items[0].Address() + " a listing at Mercado Libre?"})
	}
	if len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	text, err := json.Marshal(body)
	return takedown.Parcel{Key: f.IdempotencyKey, To: "/denounces/items/" + url.PathEscape(id), MediaType: "application/json", Body: text, Items: f.Targets(itemID)}, err
}

// itemID is the item's number as the API writes it: MLA123, where addresses have MLA-123.
func itemID(i *takedown.Item) string { return strings.ReplaceAll(i.Listing.ItemID, "-", "") }

// pictureNames are the IDs of pictures as they stand in their addresses, as in
// https://http2.mlstatic.com/D_NQ_NP_666591-MLA26622267232_012016-O.webp: the form
// of the ID is documented, that of the address as seen on listings.
var pictureNames = regexp.MustCompile(`[0-9]+-M[A-Z]{2}[0-9]+_[0-9]{6}`)

// pictureID is the ID of the picture at an address; "" where it has none.
func pictureID(address string) string { return pictureNames.FindString(address) }

// Submit implements takedown.Connector. External is the denounce_id, which
// cannot be asked for again.
func (c *Client) Submit(ctx context.Context, p takedown.Parcel) (takedown.Answer, error) {
	if id, isReply := strings.CutPrefix(p.To, casePath); isReply {
		return c.reply(ctx, id, p)
	}
	var answer struct {
		ID int64 `json:"denounce_id"`
	}
	x, err := c.call(ctx, http.MethodPost, p.To, p.Body, &answer)
	if err == nil && answer.ID == 0 {
		err = x.Lost(errors.New("the answer has no denounce_id"))
	}
	a := x.Answer()
	if err != nil {
		return a, fmt.Errorf("complain to Mercado Libre: %w", err)
	}
	a.External = strconv.FormatInt(answer.ID, 10)
	a.Items = []takedown.ItemStatus{{Item: p.Items[0].Item, External: a.External, State: evidence.ItemAcknowledged, Word: "CREATED"}}
	return a, nil
}

// Reasons are those that the member may complain of at the site.
func (c *Client) Reasons(ctx context.Context) ([]takedown.Reason, error) {
	var list []struct {
		ID          string `json:"id"`
		Description string `json:"description"`
		English     string `json:"description_en"`
	}
	if _, err := c.call(ctx, http.MethodGet, "/denounces/"+url.PathEscape(c.config.Site)+"/ITM/options", nil, &list); err != nil {
		return nil, fmt.Errorf("ask Mercado Libre for its reasons: %w", err)
	}
	var reasons []takedown.Reason
	for _, r := range list {
		title := r.English
		if title == "" {
			title = r.Description
		}
		reasons = append(reasons, takedown.Reason{Code: r.ID, Title: title})
	}
	return reasons, nil
}

// Check asks for the reasons, to see whether the credentials are good.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.Reasons(ctx)
	return err
}

func (c *Client) call(ctx context.Context, method, path string, body []byte, v any) (wire.Exchange, error) {
	x, err := c.account.Do(ctx, c.Line, c.Call(method, path, body))
	if err == nil {
		err = x.JSON(v)
	}
	return x, err
}

func refusal(_ int, mediaType string, body []byte) *takedown.RefusedError {
	var answer struct {
		Message string `json:"message"`
		Error   string `json:"error"`
	}
	if mediaType != "application/json" || json.Unmarshal(body, &answer) != nil {
		return nil
	}
	return &takedown.RefusedError{Type: answer.Error, Title: answer.Message}
}
