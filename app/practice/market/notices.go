package market

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// What the market refuses.
var (
	ErrNotFound      = errors.New("there is nothing of that number")
	ErrCursor        = errors.New("the cursor is not one of this marketplace's")
	ErrUnknownRight  = errors.New("the right is not registered with the programme")
	ErrUnknownReason = errors.New("there is no such reason")
	ErrAnswered      = errors.New("the inquiry has been answered before")
	ErrClosed        = errors.New("the inquiry is closed")
	ErrOtherListing  = errors.New("the notice is not about the inquiry's listing alone")
	ErrCounterClosed = errors.New("the counter-notice is closed")
	ErrSampleState   = errors.New("this cannot be done with the sample now")
	ErrFeedChanged   = errors.New("the feed has changed meanwhile")
	ErrLimit         = errors.New("no more information requests about this inquiry")
	ErrStanding      = errors.New("the member is not in good standing")
	ErrCursorExpired = errors.New("what follows the cursor is not kept any more")
	ErrUnknownFile   = errors.New("a file that is named was not handed over")
)

// Why an item is rejected.
const (
	becauseElsewhere    = "not_on_this_marketplace"
	becauseUnknown      = "no_such_listing"
	becauseDown         = "already_down"
	becauseInsufficient = "insufficient_evidence"
)

// uncounted are the rejections that do not weigh on a member's standing.
var uncounted = []string{becauseElsewhere, becauseUnknown, becauseDown}

// How long the marketplace looks at what is not reported in good faith: for
// members in good standing, and for others.
const (
	reviewTime     = 2 * time.Hour
	slowReviewTime = 48 * time.Hour
)

// notice is a notice with the offers that its items are about.
type notice struct {
	jointforce.Notice
	right  jointforce.Right
	offers []*Offer // one an item; nil where the URL led to none
}

// File takes a notice in. What a member in good standing reports in good faith
// comes down at once; the rest is put under review.
func (m *Market) File(r *jointforce.NoticeRequest) (jointforce.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return m.file(r)
}

func (m *Market) file(r *jointforce.NoticeRequest) (jointforce.Notice, error) {
	reasons := Reasons()
	reason := slices.IndexFunc(reasons, func(k jointforce.Reason) bool { return k.Code == r.Reason })
	if reason < 0 {
		return jointforce.Notice{}, ErrUnknownReason
	}
	if !slices.ContainsFunc(m.account.rights, func(k jointforce.Right) bool {
		return k.Type == r.Right.Type && k.Office == r.Right.Office && k.Number == r.Right.Number
	}) {
		return jointforce.Notice{}, ErrUnknownRight
	}
	n := &notice{right: r.Right, Notice: jointforce.Notice{
		ID: fmt.Sprintf("JF-%06d", len(m.notices)+1), Reference: r.Reference, Inquiry: r.Inquiry, Reason: r.Reason, Practice: true,
		GoodFaith: r.GoodFaith && m.account.goodFaith && reasons[reason].GoodFaith, ReceivedAt: m.now().UTC(),
	}}
	m.notices = append(m.notices, n)
	for i, item := range r.Items {
		here, offer := m.offerAt(item.URL)
		n.offers = append(n.offers, offer)
		n.Items = append(n.Items, jointforce.NoticeItem{
			ID: n.ID + "-" + strconv.Itoa(i+1), Reference: item.Reference, URL: item.URL,
		})
		m.receive(n, i, here)
	}
	m.judge()
	return n.copy(), nil
}

// receive decides on one new item, or puts the decision on the agenda.
func (m *Market) receive(n *notice, i int, here bool) {
	offer := n.offers[i]
	switch {
	case !here:
		m.reject(n, i, becauseElsewhere, "the address is not one of this marketplace")
		return
	case offer == nil:
		m.reject(n, i, becauseUnknown, "there is no listing at the address")
		return
	}
	n.Items[i].ItemID = offer.ItemID
	switch {
	case m.standingOf(offer.ItemID).Status != Live:
		m.reject(n, i, becauseDown, "the listing was down before the notice arrived")
	case n.GoodFaith:
		m.remove(n, i)
	default:
		m.move(n, i, evidence.ItemUnderReview, nil)
		wait := reviewTime
		if !m.account.goodFaith {
			wait = slowReviewTime
		}
		m.later(n.ReceivedAt.Add(wait), func() { m.review(n, i) })
	}
}

// review decides on an item as the marketplace's own people would, who see what
// the listing says of itself.
func (m *Market) review(n *notice, i int) {
	switch offer := n.offers[i]; {
	case n.Items[i].State != evidence.ItemUnderReview: // withdrawn meanwhile
		return
	case m.standingOf(offer.ItemID).Status != Live:
		m.reject(n, i, becauseDown, "the listing came down meanwhile")
	case offer.Truth == Counterfeit:
		m.remove(n, i)
	default:
		m.reject(n, i, becauseInsufficient, "the listing does not show what the notice says")
	}
	m.judge()
}

func (m *Market) remove(n *notice, i int) {
	m.standing[n.offers[i].ItemID] = Standing{TakeDown, m.now()}
	m.decide(n, i, "notice", evidence.ItemRemoved, nil)
	m.recall(n.offers[i].ItemID, n.Inquiry)
	m.resist(n, i)
}

func (m *Market) reject(n *notice, i int, code, detail string) {
	m.decide(n, i, "notice", evidence.ItemRejected, &jointforce.Because{Code: code, Detail: detail})
}

func (m *Market) move(n *notice, i int, to evidence.ItemState, why *jointforce.Because) {
	item := &n.Items[i]
	item.State, item.Reason, item.UpdatedAt = to, why, m.now().UTC()
	m.event(jointforce.Event{Type: jointforce.EventNoticeItem, Subject: n.ID, Item: item.ID, State: string(to)})
}

func (n *notice) copy() jointforce.Notice {
	c := n.Notice
	c.Items = slices.Clone(n.Items)
	return c
}

// Notice is how a notice stands.
func (m *Market) Notice(id string) (jointforce.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	n, err := m.notice(id)
	if err != nil {
		return jointforce.Notice{}, err
	}
	return n.copy(), nil
}

func (m *Market) notice(id string) (*notice, error) {
	return find(m.notices, id, func(n *notice) string { return n.ID })
}

// Withdraw takes items of a notice back.
func (m *Market) Withdraw(id string, r *jointforce.WithdrawalRequest) (jointforce.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	n, err := m.notice(id)
	if err != nil {
		return jointforce.Notice{}, err
	}
	at := make([]int, len(r.Items))
	for k, item := range r.Items {
		if at[k] = slices.IndexFunc(n.Items, func(i jointforce.NoticeItem) bool { return i.ID == item }); at[k] < 0 {
			return jointforce.Notice{}, ErrNotFound
		}
	}
	for _, i := range at {
		m.withdraw(n, i, r.Reason)
	}
	m.judge()
	return n.copy(), nil
}

func (m *Market) withdraw(n *notice, i int, reason string) {
	item := &n.Items[i]
	because := &jointforce.Because{Code: reason, Detail: "the brand took the notice back"}
	switch item.State {
	case evidence.ItemRejected, evidence.ItemReinstated, evidence.ItemWithdrawn:
		return
	case evidence.ItemUnderReview:
		m.move(n, i, evidence.ItemWithdrawn, because)
		return
	}
	m.restore(n.offers[i])
	m.decide(n, i, "withdrawal", evidence.ItemWithdrawn, because)
	if c, err := m.counter(item.Counter); err == nil && c.Decision == "" {
		c.State, c.Decision = jointforce.CounterAccepted, item.Decision
		m.tellCounter(c)
	}
}

// restore puts an offer up again that came down for a notice.
func (m *Market) restore(o *Offer) {
	if m.standing[o.ItemID].Status == TakeDown {
		delete(m.standing, o.ItemID)
	}
}

// Notices lists up to limit notices after the cursor, all or those with the
// brand's reference, and the cursor to go on from; that is empty at the end.
func (m *Market) Notices(reference, after string, limit int) ([]jointforce.Notice, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return pageOf(m.notices, after, limit, func(n *notice) bool { return reference == "" || n.Reference == reference }, (*notice).copy)
}

// cursor and position turn a place in a list into words and back.
func cursor(n int) string { return "c" + strconv.Itoa(n) }

func position(cursor string, length int) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(cursor[1:])
	if cursor[0] != 'c' || err != nil || n < 0 || n > length {
		return 0, ErrCursor
	}
	return n, nil
}
