// Package api is the reference server of the joint-force protocol
// (assets/openapi/jointforce.yaml) for one brand's account at a practice market.
// It checks who asks and what they send, keeps the answers to POSTs by their
// idempotency keys, and leaves every decision to the market.
//
// For practice it can be told to fail: see [Fault].
package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/app/practice/market"
	"touchstone/assets"
	"touchstone/report/takedown/jointforce"
)

// Prefix is the path below which the API is served.
const Prefix = "/joint-force/v1"

// Config is how to set up a server.
type Config struct {
	Market       *market.Market
	Now          func() time.Time // by which tokens run out; the market has its own clock
	ClientID     string
	ClientSecret string
	Seed         int64 // of the faults
	Faults       Faults
}

// Server answers the protocol's requests. It is safe for concurrent use.
type Server struct {
	market       *market.Market
	now          func() time.Time
	clientID     string
	clientSecret string
	handler      http.Handler

	posting sync.Mutex // POSTs are handled one after the other
	replays map[string]replay
	crowded int // at how many old ones are looked for
	again   int // requests that came with a key that was known

	weather *weather

	mu     sync.Mutex
	tokens map[string]time.Time // until when each is valid
}

// New is a server for the market.
func New(c Config) *Server {
	s := &Server{
		market: c.Market, now: c.Now, clientID: c.ClientID, clientSecret: c.ClientSecret,
		replays: map[string]replay{}, weather: newWeather(c.Seed, c.Faults), tokens: map[string]time.Time{},
	}
	mux := http.NewServeMux()
	handle(mux, "/{$}", methods{"GET": s.service})
	handle(mux, "/openapi.yaml", methods{"GET": document})
	handle(mux, "/oauth/token", methods{"POST": s.token})
	handle(mux, "/account", methods{"GET": s.member(s.account)})
	handle(mux, "/reasons", methods{"GET": s.member(reasons)})
	handle(mux, "/notices", methods{
		"GET":  s.member(list("reference", 128, s.market.Notices, func(l []jointforce.Notice, next string) any { return jointforce.Notices{Notices: l, Next: next} })),
		"POST": s.member(s.once(s.fileNotice)),
	})
	handle(mux, "/notices/{notice}", methods{"GET": s.member(one("notice", s.market.Notice))})
	handle(mux, "/notices/{notice}/withdrawals", methods{"POST": s.member(s.once(on("notice", s.market.Withdraw)))})
	handle(mux, "/inquiries", methods{"GET": s.member(s.inquiries)})
	handle(mux, "/inquiries/{inquiry}", methods{"GET": s.member(one("inquiry", s.market.Inquiry))})
	handle(mux, "/inquiries/{inquiry}/answers", methods{"POST": s.member(s.once(on("inquiry", s.market.Answer)))})
	handle(mux, "/inquiries/{inquiry}/information-requests", methods{"POST": s.member(s.once(on("inquiry", s.market.AskInformation)))})
	handle(mux, "/counter-notices", methods{"GET": s.member(s.counters)})
	handle(mux, "/counter-notices/{counter}", methods{"GET": s.member(one("counter", s.market.CounterNotice))})
	handle(mux, "/counter-notices/{counter}/answers", methods{"POST": s.member(s.once(on("counter", s.market.AnswerCounter)))})
	handle(mux, "/decisions", methods{
		"GET": s.member(list("notice", 64, s.market.Decisions, func(l []jointforce.Decision, next string) any { return jointforce.Decisions{Decisions: l, Next: next} })),
	})
	handle(mux, "/decisions/{decision}", methods{"GET": s.member(one("decision", s.market.Decision))})
	handle(mux, "/samples", methods{
		"GET": s.member(list("", 0, all(s.market.Samples), func(l []jointforce.Sample, next string) any { return jointforce.Samples{Samples: l, Next: next} })),
	})
	handle(mux, "/samples/{sample}", methods{"GET": s.member(one("sample", s.market.Sample))})
	handle(mux, "/samples/{sample}/receipt", methods{"POST": s.member(s.once(on("sample", s.market.ReceiveSample)))})
	handle(mux, "/samples/{sample}/finding", methods{"POST": s.member(s.once(on("sample", s.market.ExamineSample)))})
	handle(mux, "/messages", methods{
		"GET":  s.member(list("thread", 64, s.market.Messages, func(l []jointforce.Message, next string) any { return jointforce.Messages{Messages: l, Next: next} })),
		"POST": s.member(s.once(s.sendMessage)),
	})
	handle(mux, "/files", methods{"POST": s.member(s.upload)})
	handle(mux, "/files/{file}", methods{"GET": s.member(s.download)})
	handle(mux, "/brand-feed", methods{"GET": s.member(s.feed), "PUT": s.member(s.publishFeed)})
	handle(mux, "/alerts", methods{
		"GET": s.member(list("", 0, all(s.market.Alerts), func(l []jointforce.Alert, next string) any { return jointforce.Alerts{Alerts: l, Next: next} })),
	})
	handle(mux, "/events", methods{"GET": s.member(s.events)})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, jointforce.Problem{Type: jointforce.ProblemNotFound, Title: "There is nothing here", Status: http.StatusNotFound})
	})
	s.handler = http.StripPrefix(Prefix, versioned(mux))
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/oauth/token") {
		s.handler.ServeHTTP(w, r)
		return
	}
	s.struck(w, r)
}

type methods map[string]http.HandlerFunc

// handle serves a path for some methods and says so to those who use others.
func handle(mux *http.ServeMux, path string, m methods) {
	var allowed []string
	for method, h := range m {
		mux.HandleFunc(method+" "+path, h)
		allowed = append(allowed, method)
	}
	slices.Sort(allowed)
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		refuse(w, jointforce.Problem{Type: jointforce.ProblemMethod, Title: "This method is not for this address", Status: http.StatusMethodNotAllowed})
	})
}

func versioned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Joint-Force-Version", jointforce.Version)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// answer writes a JSON answer.
func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		refuse(w, jointforce.Problem{Type: jointforce.ProblemInternal, Title: "The answer could not be written", Status: http.StatusInternalServerError})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

func (s *Server) service(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, jointforce.Service{
		Version: jointforce.Version, Marketplace: market.Name, Practice: true,
		TokenEndpoint: s.market.URL(Prefix + "/oauth/token"), Document: s.market.URL(Prefix + "/openapi.yaml"),
	})
}

func document(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Write(assets.JointForceOpenAPI)
}
