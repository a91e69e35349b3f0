package wire

import (
	"net/http"

	"touchstone/report/takedown"
)

// API is the interface of a channel over HTTP: what the channel takes, where its
// calls go, and the way there. A connector embeds it, and has from it Name,
// Descriptor and Close.
type API struct {
	About takedown.Descriptor
	Base  string // before the path of each call, without a slash at its end
	Line  *Line
}

// Open is the API of the channel with the name at an address; path goes between
// the address and that of each call. It talks to nobody yet.
func Open(name, address, path string, o Options) (API, error) {
	base, err := Base(address)
	if err != nil {
		return API{}, err
	}
	about, err := takedown.Describe(name)
	if err != nil {
		return API{}, err
	}
	return API{About: about, Base: base.String() + path, Line: New(o)}, nil
}

// Name implements takedown.Connector.
func (a *API) Name() string { return a.About.Name }

// Descriptor implements takedown.Connector.
func (a *API) Descriptor() takedown.Descriptor { return a.About }

// Close lets go of idle connections.
func (a *API) Close() { a.Line.Close() }

// Call is a request for JSON at a path of the API; body is JSON, or nil.
func (a *API) Call(method, path string, body []byte) Call {
	h := http.Header{"Accept": {"application/json"}}
	if body != nil {
		h.Set("Content-Type", "application/json")
	}
	return Call{Method: method, URL: a.Base + path, Header: h, Body: body}
}
