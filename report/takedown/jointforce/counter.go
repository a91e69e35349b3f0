package jointforce

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"touchstone/report/takedown"
)

// CounterState is how a counter-notice stands.
type CounterState string

// The states of a counter-notice. From open the brand's answer leads to accepted,
// answered or escalated, and the clock to missed; from answered the marketplace's
// decision leads to accepted or rejected.
const (
	CounterOpen      CounterState = "open"      // awaits the brand's answer; the listing is down
	CounterAnswered  CounterState = "answered"  // the brand disagrees; the marketplace decides
	CounterAccepted  CounterState = "accepted"  // by the brand or the marketplace; the listing is up again
	CounterRejected  CounterState = "rejected"  // by the marketplace; the listing stays down
	CounterMissed    CounterState = "missed"    // not answered in time; the listing is up again
	CounterEscalated CounterState = "escalated" // before a court; the listing stays down
)

// CounterNotice is a seller's objection to the removal of a listing.
type CounterNotice struct {
	ID         string         `json:"id" rule:"some"`
	State      CounterState   `json:"state"`
	Notice     string         `json:"notice"`
	Item       string         `json:"item"` // the notice item
	ItemID     string         `json:"item_id"`
	URL        string         `json:"url" rule:"uri"`
	Seller     InquirySeller  `json:"seller"`
	Grounds    string         `json:"grounds" rule:"word"` // authorised_seller, genuine_goods, own_right, exhausted_right, wrong_listing or other
	Statement  string         `json:"statement"`
	Language   string         `json:"language" rule:"language"`
	Documents  []File         `json:"documents"`
	ReceivedAt time.Time      `json:"received_at"`
	DueAt      time.Time      `json:"due_at"` // for the brand's answer
	Answer     *CounterAnswer `json:"answer,omitempty"`
	Decision   string         `json:"decision,omitempty"` // the ID of the one that ended it
	Practice   bool           `json:"practice"`
}

// CounterNotices is one page of the counter-notices.
type CounterNotices struct {
	CounterNotices []CounterNotice `json:"counter_notices"`
	Next           string          `json:"next,omitempty"`
}

// Position is what the brand says to a counter-notice.
type Position string

// The positions.
const (
	AcceptCounter   Position = "accept"   // the seller is right: the listing goes up again
	RejectCounter   Position = "reject"   // the seller is wrong: the marketplace decides
	EscalateCounter Position = "escalate" // the matter is before a court: the listing stays down
)

// CounterReasons are why a counter-notice may be rejected.
var CounterReasons = []string{"documents_do_not_match", "documents_illegible", "documents_forged", "not_authorised", "goods_examined", "right_not_exhausted", "other"}

// CounterAnswerRequest answers a counter-notice.
type CounterAnswerRequest struct {
	Reference   string   `json:"reference"`
	Position    Position `json:"position"`
	Reason      string   `json:"reason,omitempty"` // of CounterReasons; where Position is reject
	Explanation string   `json:"explanation,omitempty"`
	Documents   []string `json:"documents,omitempty"` // IDs of files
	Court       *Court   `json:"court,omitempty"`     // where Position is escalate
	AnsweredBy  string   `json:"answered_by"`
}

// Court is where an action is pending.
type Court struct {
	Name    string `json:"name"`
	Docket  string `json:"docket"`
	FiledOn string `json:"filed_on"` // day
}

// CounterAnswer is the brand's answer as the marketplace has it.
type CounterAnswer struct {
	ID            string    `json:"id" rule:"some"`
	CounterNotice string    `json:"counter_notice"`
	Reference     string    `json:"reference"`
	Position      Position  `json:"position"`
	Reason        string    `json:"reason,omitempty"`
	Explanation   string    `json:"explanation,omitempty"`
	Documents     []File    `json:"documents"`
	ReceivedAt    time.Time `json:"received_at"`
}

// Validate lists what in the answer breaks the protocol's rules.
func (r *CounterAnswerRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.oneOf("/position", string(r.Position), string(AcceptCounter), string(RejectCounter), string(EscalateCounter))
	if r.Position == RejectCounter || r.Reason != "" {
		v.oneOf("/reason", r.Reason, CounterReasons...)
	}
	v.text("/explanation", r.Explanation, 0, MaxExplanation)
	v.files("/documents", r.Documents)
	v.text("/answered_by", r.AnsweredBy, 1, 200)
	if (r.Position == EscalateCounter) != (r.Court != nil) {
		v.add("/court", "goes with the position escalate, and only with it")
	}
	if r.Court != nil {
		v.text("/court/name", r.Court.Name, 1, 300)
		v.text("/court/docket", r.Court.Docket, 1, 128)
		if _, err := time.Parse(time.DateOnly, r.Court.FiledOn); err != nil {
			v.add("/court/filed_on", "must be a day such as 2026-11-30")
		}
	}
	return v
}

// CounterNotices is one page of the sellers' objections, all or those in the
// state.
func (c *Client) CounterNotices(ctx context.Context, state CounterState, after string) (CounterNotices, error) {
	return get[CounterNotices](ctx, c, "/counter-notices", given("state", string(state), "after", after))
}

// CounterNotice is one objection.
func (c *Client) CounterNotice(ctx context.Context, id string) (CounterNotice, error) {
	return get[CounterNotice](ctx, c, "/counter-notices/"+url.PathEscape(id), nil)
}

// AnswerCounter answers a counter-notice, once: a second answer is refused with
// ProblemAnswered, one after the deadline with ProblemCounterClosed.
func (c *Client) AnswerCounter(ctx context.Context, id string, r CounterAnswerRequest, key string) (CounterAnswer, takedown.Answer, error) {
	return post(ctx, c, "answer the counter-notice", fmt.Sprintf("/counter-notices/%s/answers", url.PathEscape(id)), &r, key,
		func(a *CounterAnswer) bool { return a.ID != "" && a.CounterNotice == id && a.Position == r.Position })
}
