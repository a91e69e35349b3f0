package takedowntest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
)

// Fault is a way for a marketplace to fail.
type Fault string

// The faults: before the marketplace acts on a request, and after.
const (
	FaultBusy       Fault = "429"
	FaultResetEarly Fault = "reset before acting"
	FaultErrorEarly Fault = "500 before acting"
	FaultResetLate  Fault = "reset after acting"
	FaultErrorLate  Fault = "500 after acting"
	FaultHang       Fault = "no answer after acting"
	FaultHalf       Fault = "half an answer"
	FaultGarbage    Fault = "garbage for an answer"
)

// AllFaults are the faults that Faults chooses from.
var AllFaults = []Fault{FaultBusy, FaultResetEarly, FaultErrorEarly, FaultResetLate, FaultErrorLate, FaultHang, FaultHalf, FaultGarbage}

// Faults makes a share of the POST requests to a marketplace fail.
type Faults struct {
	next http.Handler

	mu      sync.Mutex
	share   float64 // 0 to 1
	rand    *rand.Rand
	planned []Fault
	counts  map[Fault]int
}

// NewFaults fails a share of the requests to next, the same ones for the same seed.
func NewFaults(next http.Handler, share float64, seed uint64) *Faults {
	return &Faults{next: next, share: share, rand: rand.New(rand.NewPCG(seed, seed)), counts: map[Fault]int{}}
}

// Plan has the next POST requests fail in these ways, one each.
func (f *Faults) Plan(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.planned = append(f.planned, faults...)
}

// Heal ends the faults, but for those that are planned.
func (f *Faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.share = 0
}

// Counts is how often each fault struck.
func (f *Faults) Counts() map[Fault]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	counts := map[Fault]int{}
	for fault, n := range f.counts {
		counts[fault] = n
	}
	return counts
}

func (f *Faults) strike() (fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case len(f.planned) > 0:
		fault, f.planned = f.planned[0], f.planned[1:]
	case f.rand.Float64() < f.share:
		fault = AllFaults[f.rand.IntN(len(AllFaults))]
	default:
		return ""
	}
	f.counts[fault]++
	return fault
}

// ServeHTTP implements http.Handler.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		f.next.ServeHTTP(w, r)
		return
	}
	switch fault := f.strike(); fault {
	case "":
		f.next.ServeHTTP(w, r)
	case FaultBusy:
		w.Header().Set("Retry-After", "1")
		http.Error(w, `{"message":"too many requests"}`, http.StatusTooManyRequests)
	case FaultResetEarly:
		reset(w, r)
	case FaultErrorEarly:
		http.Error(w, "something went wrong", http.StatusInternalServerError)
	default:
		said := &unsaid{header: http.Header{}, status: http.StatusOK}
		f.next.ServeHTTP(said, r)
		said.spoil(w, r, fault)
	}
}

// unsaid is an answer that was made and is not given as it is.
type unsaid struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (u *unsaid) Header() http.Header         { return u.header }
func (u *unsaid) Write(b []byte) (int, error) { return u.body.Write(b) }
func (u *unsaid) WriteHeader(status int)      { u.status = status }

func (u *unsaid) spoil(w http.ResponseWriter, r *http.Request, fault Fault) {
	switch fault {
	case FaultResetLate:
		reset(w, r)
	case FaultErrorLate:
		http.Error(w, "something went wrong", http.StatusInternalServerError)
	case FaultHang:
		<-r.Context().Done() // until the client gives up
	case FaultHalf:
		for name, values := range u.header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", "100000")
		w.WriteHeader(u.status)
		w.Write(u.body.Bytes()[:u.body.Len()/2])
		reset(w, r)
	case FaultGarbage:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(u.status)
		io.WriteString(w, "\x00{{<html>")
	}
}

// reset closes the connection without another byte.
func reset(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	control := http.NewResponseController(w)
	control.Flush() // fails where nothing was written
	if conn, _, err := control.Hijack(); err == nil {
		conn.Close()
	}
}
