package takedowntest

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Contract is a handler that holds every exchange against an OpenAPI document.
type Contract struct {
	t      testing.TB
	router routers.Router
	next   http.Handler
	checks atomic.Int64
	// Lenient lets requests be wrong that the server refuses: for tests that send
	// nonsense on purpose. A wrong request that is accepted always fails the test.
	Lenient bool
}

// NewContract checks the document itself and wraps next.
func NewContract(t testing.TB, document []byte, next http.Handler) *Contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatalf("read the OpenAPI document: %v", err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the OpenAPI document breaks the rules of OpenAPI: %v", err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("the OpenAPI document's paths: %v", err)
	}
	return &Contract{t: t, router: router, next: next}
}

// Checks is how many exchanges were held against the document.
func (c *Contract) Checks() int { return int(c.checks.Load()) }

// ServeHTTP lets next answer and checks request and answer.
func (c *Contract) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, params, err := c.router.FindRoute(r)
	heard := &heard{ResponseWriter: w, status: http.StatusOK}
	if err != nil {
		c.next.ServeHTTP(heard, r)
		if heard.status < 400 {
			c.t.Errorf("%s %s is not in the document but is answered %d", r.Method, r.URL, heard.status)
		}
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Errorf("%s %s: read the request: %v", r.Method, r.URL, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: withBody(r, body), PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true},
	}
	wrong := openapi3filter.ValidateRequest(r.Context(), in)
	c.next.ServeHTTP(heard, withBody(r, body))
	c.checks.Add(1)
	if wrong != nil && (!c.Lenient || heard.status < 400) {
		c.t.Errorf("%s %s (answered %d) breaks the document: %v\n%s", r.Method, r.URL, heard.status, wrong, body)
	}
	if heard.body.Len() == 0 { // dropped on purpose: nothing was answered
		return
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: heard.status, Header: w.Header(), Options: in.Options}
	out.SetBodyBytes(heard.body.Bytes())
	if err := openapi3filter.ValidateResponse(r.Context(), out); err != nil {
		c.t.Errorf("the answer %d to %s %s breaks the document: %v\n%s", heard.status, r.Method, r.URL, err, heard.body.Bytes())
	}
}

func withBody(r *http.Request, body []byte) *http.Request {
	c := r.Clone(r.Context())
	c.Body = io.NopCloser(bytes.NewReader(body))
	return c
}

// heard overhears an answer.
type heard struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heard) WriteHeader(status int) {
	h.status = status
	h.ResponseWriter.WriteHeader(status)
}

func (h *heard) Write(b []byte) (int, error) {
	h.body.Write(b)
	return h.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (h *heard) Unwrap() http.ResponseWriter { return h.ResponseWriter }
