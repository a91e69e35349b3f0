package market

import (
	"container/heap"
	"context"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"touchstone/app/practice/picture"
	"touchstone/report/takedown/jointforce"
)

// Config is how to set up a market.
type Config struct {
	Seed int64
	Now  func() time.Time
	Base *url.URL // where its pages are served
	Side int      // of product pictures, in pixels; default 800
}

// Name is the practice marketplace's name.
const Name = "Practice Bazaar"

// Market is one practice marketplace. It is safe for concurrent use.
type Market struct {
	base     *url.URL
	now      func() time.Time
	opened   time.Time
	offers   []*Offer // as in the catalogue; never changes
	byID     map[string]*Offer
	pictures map[string]picture.Spec

	mu        sync.Mutex
	standing  map[string]Standing // of offers that are not live
	agenda    agenda
	notices   []*notice // by number
	inquiries []*jointforce.Inquiry
	counters  []*counter
	decisions []jointforce.Decision
	samples   []*jointforce.Sample
	messages  []jointforce.Message
	alerts    []jointforce.Alert
	files     []*document
	feed      jointforce.PublishedFeed
	events    []jointforce.Event
	changed   chan struct{} // closed and replaced at each event
	account   account
}

// New opens a market.
func New(c Config) (*Market, error) {
	now := c.Now()
	offers, err := build(c.Seed, orDefault(c.Side, 800), now)
	if err != nil {
		return nil, err
	}
	m := &Market{
		base: c.Base, now: c.Now, opened: now, offers: offers,
		byID: map[string]*Offer{}, pictures: map[string]picture.Spec{}, standing: map[string]Standing{},
		changed: make(chan struct{}), account: newAccount(now), feed: emptyFeed(),
	}
	for _, o := range offers {
		m.byID[o.ItemID] = o
		for _, p := range slices.Concat(o.Pictures, o.Details) {
			m.pictures[p.Name] = p.Spec
		}
		switch {
		case o.Truth == Removed:
			m.standing[o.ItemID] = Standing{TakeDown, now.AddDate(0, 0, -9)}
		case o.ended:
			m.standing[o.ItemID] = Standing{Ended, now.AddDate(0, 0, -3)}
		}
	}
	m.askAboutSome(now)
	return m, nil
}

// Offers is the catalogue, the demo's six first.
func (m *Market) Offers() []*Offer { return m.offers }

// Offer finds an offer by its number, and how it stands.
func (m *Market) Offer(itemID string) (*Offer, Standing, bool) {
	o, ok := m.byID[itemID]
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return o, m.standingOf(itemID), ok
}

// Live lists the offers that are up and that keep agrees to.
func (m *Market) Live(keep func(*Offer) bool) []*Offer {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	var live []*Offer
	for _, o := range m.offers {
		if m.standingOf(o.ItemID).Status == Live && keep(o) {
			live = append(live, o)
		}
	}
	return live
}

// Seller finds a seller.
func (m *Market) Seller(id string) (*Seller, bool) {
	for _, o := range m.offers {
		if o.Seller.ID == id {
			return o.Seller, true
		}
	}
	return nil, false
}

// Picture finds how a picture is drawn.
func (m *Market) Picture(name string) (picture.Spec, bool) {
	s, ok := m.pictures[name]
	return s, ok
}

// Matches reports whether the offer answers a search.
func (o *Offer) Matches(query string) bool {
	text := strings.ToLower(strings.Join([]string{o.Title, o.Brand, o.Model, o.Category, o.Seller.Name}, " "))
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// Path is where the offer's page is.
func (o *Offer) Path() string { return "/item/" + o.ItemID + ".html" }

// Path is where the seller's page is.
func (s *Seller) Path() string { return "/shop/" + s.ID }

// URL makes a path absolute.
func (m *Market) URL(p string) string { return m.base.String() + p }

// offerAt finds the offer that a URL points to. Its first result is false when
// the URL is not of this marketplace.
func (m *Market) offerAt(address string) (bool, *Offer) {
	u, err := url.Parse(address)
	if err != nil || u.Port() != m.base.Port() || u.Hostname() != m.base.Hostname() && u.Hostname() != "localhost" {
		return false, nil
	}
	dir, file := path.Split(u.Path)
	if dir != "/item/" {
		return true, nil
	}
	return true, m.byID[strings.TrimSuffix(file, ".html")]
}

func (m *Market) standingOf(itemID string) Standing {
	if s, ok := m.standing[itemID]; ok {
		return s
	}
	return Standing{Status: Live, Since: m.opened}
}

// event tells the account and wakes who waits.
func (m *Market) event(e jointforce.Event) {
	e.Seq = len(m.events) + 1
	e.ID = "EV-" + strconv.Itoa(e.Seq)
	e.At = m.now().UTC()
	m.events = append(m.events, e)
	close(m.changed)
	m.changed = make(chan struct{})
}

// Events lists up to limit events after the cursor, and the cursor to go on from.
func (m *Market) Events(after string, limit int) ([]jointforce.Event, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	from, err := position(after, len(m.events))
	if err != nil {
		return nil, "", err
	}
	to := min(len(m.events), from+limit)
	return slices.Clone(m.events[from:to]), cursor(to), nil
}

// look is how often a waiting request looks whether something has fallen due.
const look = 200 * time.Millisecond

// Wait returns when there is an event after the cursor, or ctx is done.
func (m *Market) Wait(ctx context.Context, after string) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		m.mu.Lock()
		m.settle()
		from, err := position(after, len(m.events))
		changed := m.changed
		news := err != nil || from < len(m.events)
		m.mu.Unlock()
		if news {
			return
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// agenda is what will happen, soonest first.
type agenda []appointment

type appointment struct {
	at time.Time
	do func()
}

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)        { *a = append(*a, x.(appointment)) }
func (a *agenda) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}

// later puts something on the agenda.
func (m *Market) later(at time.Time, do func()) { heap.Push(&m.agenda, appointment{at, do}) }

// settle does what has fallen due. Every look at the market begins with it.
func (m *Market) settle() {
	for now := m.now(); len(m.agenda) > 0 && !m.agenda[0].at.After(now); {
		heap.Pop(&m.agenda).(appointment).do()
	}
}
