package api

import (
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"touchstone/report/takedown/jointforce"
)

// Fault is a way for the API to fail.
type Fault string

// The faults.
const (
	FaultNone      Fault = ""
	FaultSlow      Fault = "slow"      // answers late
	FaultError     Fault = "error"     // 500, before anything is done
	FaultLost      Fault = "lost"      // acts on the request, then answers 500
	FaultBusy      Fault = "busy"      // 429 with Retry-After
	FaultDrop      Fault = "drop"      // acts on the request, then drops the connection
	FaultDuplicate Fault = "duplicate" // tells an event twice
	FaultReorder   Fault = "reorder"   // tells events out of their order
)

// Faults are the shares of requests that fail in each way, and of event pages
// that are wrong in each way. Requests for a token are spared.
type Faults struct {
	Slow      float64
	Error     float64
	Lost      float64
	Busy      float64
	Drop      float64
	Duplicate float64
	Reorder   float64
	Slowness  time.Duration // how late a slow answer is; default two seconds
}

// FaultNames lists the faults that have a share.
func FaultNames() []Fault {
	return []Fault{FaultSlow, FaultError, FaultLost, FaultBusy, FaultDrop, FaultDuplicate, FaultReorder}
}

// Share is where the share of a fault stands; nil for one that has none.
func (f *Faults) Share(of Fault) *float64 {
	switch of {
	case FaultSlow:
		return &f.Slow
	case FaultError:
		return &f.Error
	case FaultLost:
		return &f.Lost
	case FaultBusy:
		return &f.Busy
	case FaultDrop:
		return &f.Drop
	case FaultDuplicate:
		return &f.Duplicate
	case FaultReorder:
		return &f.Reorder
	default:
		return nil
	}
}

const (
	defaultSlowness = 2 * time.Second
	retryAfter      = "1" // seconds
)

// weather decides which request fails how. Its decisions follow from the seed and
// the order of the requests.
type weather struct {
	mu     sync.Mutex
	dice   *rand.Rand
	rates  Faults
	next   Fault // ordered for the requests to come
	left   int   // how many of them
	struck map[Fault]int
}

func newWeather(seed int64, rates Faults) *weather {
	return &weather{dice: rand.New(rand.NewPCG(uint64(seed), 0x6661756c7473)), rates: rates, struck: map[Fault]int{}}
}

// Inject makes the next n requests fail in the given way. Requests for a token
// are spared.
func (s *Server) Inject(f Fault, n int) {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	s.weather.next, s.weather.left = f, n
}

// SetFaults changes the shares of requests that fail.
func (s *Server) SetFaults(f Faults) {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	s.weather.rates = f
}

// Faults are the shares of requests that fail.
func (s *Server) Faults() Faults {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	return s.weather.rates
}

// Struck counts the faults that there were.
func (s *Server) Struck() map[Fault]int {
	s.weather.mu.Lock()
	defer s.weather.mu.Unlock()
	return maps.Clone(s.weather.struck)
}

// strike is the fault that the request at hand suffers.
func (w *weather) strike() Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := FaultNone
	if w.left > 0 {
		w.left--
		f = w.next
	} else {
		p := w.dice.Float64()
		for _, k := range []Fault{FaultSlow, FaultError, FaultLost, FaultBusy, FaultDrop} {
			if p -= *w.rates.Share(k); p < 0 {
				f = k
				break
			}
		}
	}
	if f != FaultNone {
		w.struck[f]++
	}
	return f
}

// muddle tells a page of events wrongly: one twice, or all in another order. It
// does not lengthen the page beyond the limit.
func (w *weather) muddle(page []jointforce.Event, limit int) []jointforce.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(page) == 0 {
		return page
	}
	if w.dice.Float64() < w.rates.Duplicate && len(page) < limit {
		page = append(page, page[w.dice.IntN(len(page))])
		w.struck[FaultDuplicate]++
	}
	if w.dice.Float64() < w.rates.Reorder {
		w.dice.Shuffle(len(page), func(i, k int) { page[i], page[k] = page[k], page[i] })
		w.struck[FaultReorder]++
	}
	return page
}

func (w *weather) slowness() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rates.Slowness > 0 {
		return w.rates.Slowness
	}
	return defaultSlowness
}

// struck answers a request, or fails to.
func (s *Server) struck(w http.ResponseWriter, r *http.Request) {
	fail := func(kind, title string, status int) {
		versioned(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			refuse(w, jointforce.Problem{Type: kind, Title: title, Status: status})
		})).ServeHTTP(w, r)
	}
	switch s.weather.strike() {
	case FaultError:
		fail(jointforce.ProblemInternal, "Something went wrong here (injected)", http.StatusInternalServerError)
	case FaultLost:
		s.handler.ServeHTTP(unheard{http.Header{}}, r)
		fail(jointforce.ProblemInternal, "Something went wrong here (injected)", http.StatusInternalServerError)
	case FaultBusy:
		w.Header().Set("Retry-After", retryAfter)
		fail(jointforce.ProblemBusy, "Too many requests (injected)", http.StatusTooManyRequests)
	case FaultDrop:
		s.handler.ServeHTTP(unheard{http.Header{}}, r)
		drop(w, r)
	case FaultSlow:
		patience := time.NewTimer(s.weather.slowness())
		defer patience.Stop()
		select {
		case <-patience.C:
			s.handler.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	default:
		s.handler.ServeHTTP(w, r)
	}
}

// drop closes the connection without an answer.
func drop(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// unheard is where an answer goes that nobody shall hear.
type unheard struct{ header http.Header }

func (u unheard) Header() http.Header       { return u.header }
func (unheard) Write(b []byte) (int, error) { return len(b), nil }
func (unheard) WriteHeader(int)             {}
