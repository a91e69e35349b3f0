package api

import (
	"io"
	"net/http"
	"time"

	"touchstone/report/takedown/jointforce"
)

// Fault is a way for the API to fail.
type Fault string

// The faults.
const (
	FaultNone  Fault = ""
	FaultSlow  Fault = "slow"  // answers after two seconds
	FaultError Fault = "error" // 500, before anything is done
	FaultBusy  Fault = "busy"  // 429 with Retry-After
	FaultDrop  Fault = "drop"  // acts on the request, then drops the connection
)

const (
	slowness   = 2 * time.Second
	retryAfter = "1" // seconds
)

// Inject makes the next n requests fail in the given way. Requests for a token
// are spared.
func (s *Server) Inject(f Fault, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.faults = f, n
}

// strike is the fault that the request at hand suffers.
func (s *Server) strike() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == 0 {
		return FaultNone
	}
	s.faults--
	return s.fault
}

// struck answers a request, or fails to.
func (s *Server) struck(w http.ResponseWriter, r *http.Request) {
	fail := func(kind, title string, status int) {
		versioned(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			refuse(w, jointforce.Problem{Type: kind, Title: title, Status: status})
		})).ServeHTTP(w, r)
	}
	switch s.strike() {
	case FaultError:
		fail(jointforce.ProblemInternal, "Something went wrong here (injected)", http.StatusInternalServerError)
	case FaultBusy:
		w.Header().Set("Retry-After", retryAfter)
		fail(jointforce.ProblemBusy, "Too many requests (injected)", http.StatusTooManyRequests)
	case FaultDrop:
		s.handler.ServeHTTP(unheard{http.Header{}}, r)
		drop(w, r)
	case FaultSlow:
		patience := time.NewTimer(slowness)
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
