package market

import (
	"cmp"
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
	Life Life
}

// Name is the practice marketplace's name.
const Name = "Practice Bazaar"

// Market is one practice marketplace. It is safe for concurrent use.
type Market struct {
	base   *url.URL
	clock  func() time.Time
	seed   int64
	life   Life
	opened time.Time

	mu        sync.Mutex
	moment    time.Time // of the appointment that is kept; zero outside of one
	offers    []*Offer
	catalogue int // how many of them are the catalogue's
	byID      map[string]*Offer
	sellers   map[string]*Seller
	pictures  map[string]picture.Spec
	relisted  map[string]string   // item numbers, the removed to the new one
	standing  map[string]Standing // of offers that are not live
	agenda    agenda
	planned   int       // appointments ever made
	notices   []*notice // by number
	inquiries []*jointforce.Inquiry
	asked     map[string][]*jointforce.Inquiry // by item number
	counters  []*counter
	decisions []jointforce.Decision
	samples   []*jointforce.Sample
	messages  []jointforce.Message
	alerts    []jointforce.Alert
	files     []*document
	feed      jointforce.PublishedFeed
	events    []jointforce.Event // those that are kept
	dropped   int                // how many came before them
	changed   chan struct{}      // closed and replaced at each event
	account   account
}

// New opens a market.
func New(c Config) (*Market, error) {
	now := c.Now()
	offers, err := build(c.Seed, cmp.Or(c.Side, 800), now)
	if err != nil {
		return nil, err
	}
	m := &Market{
		base: c.Base, clock: c.Now, seed: c.Seed, life: c.Life, opened: now, catalogue: len(offers),
		byID: map[string]*Offer{}, sellers: map[string]*Seller{}, pictures: map[string]picture.Spec{}, standing: map[string]Standing{},
		relisted: map[string]string{}, asked: map[string][]*jointforce.Inquiry{},
		changed: make(chan struct{}), account: newAccount(now), feed: emptyFeed(),
	}
	for _, o := range offers {
		m.add(o)
		for _, p := range o.Details {
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
	m.begin()
	return m, nil
}

// Offers is everything that ever was on offer, the demo's six first.
func (m *Market) Offers() []*Offer {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return slices.Clone(m.offers)
}

// Now is the market's time.
func (m *Market) Now() time.Time { return m.clock() }

// now is the market's time: that of the appointment which is being kept, so that
// what falls due happens at its own time and not when somebody looks.
func (m *Market) now() time.Time {
	if !m.moment.IsZero() {
		return m.moment
	}
	return m.clock()
}

// Offer finds an offer by its number, and how it stands.
func (m *Market) Offer(itemID string) (*Offer, Standing, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	o, ok := m.byID[itemID]
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
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	s, ok := m.sellers[id]
	return s, ok
}

// Picture finds how a picture is drawn.
func (m *Market) Picture(name string) (picture.Spec, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
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
	e.Seq = m.dropped + len(m.events) + 1
	e.ID = "EV-" + strconv.Itoa(e.Seq)
	e.At = m.now().UTC()
	m.events = append(m.events, e)
	m.forget()
	close(m.changed)
	m.changed = make(chan struct{})
}

// Events lists up to limit events after the cursor, and the cursor to go on from.
func (m *Market) Events(after string, limit int) ([]jointforce.Event, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	from, err := m.place(after)
	if err != nil {
		return nil, "", err
	}
	to := min(len(m.events), from+limit)
	return slices.Clone(m.events[from:to]), cursor(m.dropped + to), nil
}

// kept is how long events are kept at least.
const kept = 31 * day

// forget drops events from before the time they are kept for, many at once.
func (m *Market) forget() {
	old := m.now().Add(-kept)
	if len(m.events) < 2 || !m.events[len(m.events)/2].At.Before(old) {
		return
	}
	n := len(m.events) / 2
	m.events = slices.Clone(m.events[n:])
	m.dropped += n
}

// place is where the events after the cursor begin.
func (m *Market) place(after string) (int, error) {
	n, err := position(after, m.dropped+len(m.events))
	if err == nil && after != "" && n < m.dropped {
		err = ErrCursorExpired
	}
	return max(0, n-m.dropped), err
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
		from, err := m.place(after)
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
	at     time.Time
	number int // among all, so that those at the same time are kept in their order
	do     func()
}

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].number < a[j].number
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(appointment)) }
func (a *agenda) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}

// later puts something on the agenda.
func (m *Market) later(at time.Time, do func()) {
	m.planned++
	heap.Push(&m.agenda, appointment{at, m.planned, do})
}

// settle does what has fallen due. Every look at the market begins with it.
func (m *Market) settle() {
	for now := m.clock(); len(m.agenda) > 0 && !m.agenda[0].at.After(now); {
		a := heap.Pop(&m.agenda).(appointment)
		m.moment = a.at
		a.do()
	}
	m.moment = time.Time{}
}
