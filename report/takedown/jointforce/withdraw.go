package jointforce

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// withdrawals is where items of a notice are taken back, below the notice.
const withdrawals = "/withdrawals"

// WithdrawalReasons are why items may be taken back.
var WithdrawalReasons = []string{"filed_in_error", "settled", "authorised_since", "other"}

// WithdrawalRequest takes items of a notice back.
type WithdrawalRequest struct {
	Reference   string   `json:"reference"`
	Items       []string `json:"items"` // the marketplace's IDs of the items
	Reason      string   `json:"reason"`
	Explanation string   `json:"explanation,omitempty"`
}

// Validate lists what in the withdrawal breaks the protocol's rules.
func (r *WithdrawalRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.count("/items", len(r.Items), 1, MaxItems)
	for i, id := range r.Items {
		v.text(fmt.Sprintf("/items/%d", i), id, 1, 64)
	}
	v.oneOf("/reason", r.Reason, WithdrawalReasons...)
	v.text("/explanation", r.Explanation, 0, MaxExplanation)
	return v
}

// Withdraw takes items of a notice back. A listing that came down for one goes up
// again. Items that are rejected, reinstated or withdrawn stay as they are. The
// answer is the whole notice.
func (c *Client) Withdraw(ctx context.Context, notice string, r WithdrawalRequest, key string) (Notice, takedown.Answer, error) {
	return post(ctx, c, "withdraw the notice", noticesPath+"/"+url.PathEscape(notice)+withdrawals, &r, key,
		func(n *Notice) bool {
			return n.ID == notice && len(n.Items) > 0 && n.lacks(r.Items, evidence.ItemUnderReview, evidence.ItemRemoved)
		})
}

// lacks reports whether none of the named items is in one of the states.
func (n *Notice) lacks(items []string, states ...evidence.ItemState) bool {
	return !slices.ContainsFunc(n.Items, func(i NoticeItem) bool {
		return slices.Contains(items, i.ID) && slices.Contains(states, i.State)
	})
}
