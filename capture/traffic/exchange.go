package traffic

import (
	"io"
	"time"

	"touchstone/store/evidence"
)

// Header is one header line. Value may hold several values separated by "\n",
// the way Chrome reports repeated headers; writers make a line of each.
type Header struct {
	Name  string
	Value string
}

// Truncation says why a body is not whole, in WARC-Truncated's words.
type Truncation string

// The reasons for a truncated body.
const (
	Whole                 Truncation = ""
	TruncatedLength       Truncation = "length"      // over a size limit of ours
	TruncatedTime         Truncation = "time"        // the capture's deadline came first
	TruncatedDisconnect   Truncation = "disconnect"  // the connection broke
	TruncatedUnobtainable Truncation = "unspecified" // the browser did not hand it over, as for redirects
)

// Exchange is one request and what came back. A redirect is an exchange of its
// own, with RedirectTo set. Exchanges that are not of http, https, ws or wss
// (data:, blob:) crossed no network; writers leave them out.
type Exchange struct {
	ID     string // unique in the visit; the same for the hops of a redirect chain is fine
	URL    string
	Method string

	RequestHeaders  []Header // as sent on the wire where known
	RequestBody     []byte
	ResponseHeaders []Header // as received on the wire where known

	Status     int // 0 when no response came
	StatusText string
	Protocol   string // as Chrome names it: http/1.0, http/1.1, h2, h3
	MediaType  string
	RemoteAddr string // IP and port of the connection, of the server itself and not of a proxy

	Started    time.Time // request sent
	ResponseAt time.Time // headers received; zero when none came
	Finished   time.Time // body complete or given up
	Timing     Timing

	Body            Body  // after content and transfer decoding
	BodyEncodedSize int64 // bytes on the wire; -1 or 0 where unknown
	Truncated       Truncation
	Failed          string // net::ERR_ name when the exchange failed

	ResourceType string // Document, Script, Image, ... as Chrome names it
	FrameID      string
	FromCache    bool // of the browser: no server was asked
	FromWorker   bool // made by a service worker: its own requests are exchanges too
	RedirectTo   string
	TLS          *evidence.TLS
	Messages     []Message // of a WebSocket
}

// Timing is how long each phase of an exchange took. Absent (no new connection
// was needed, or Chrome did not say) is negative. The zero Timing says nothing:
// writers then tell waiting from receiving by the exchange's times.
type Timing struct {
	Blocked time.Duration
	DNS     time.Duration
	Connect time.Duration // TLS included, as HAR wants it
	TLS     time.Duration
	Send    time.Duration
	Wait    time.Duration
	Receive time.Duration
}

// Message is one WebSocket message.
type Message struct {
	At     time.Time
	Sent   bool // by the page; else received
	Opcode int  // 1 text, 2 binary, 8 close, ...
	Data   []byte
}

// Resource is a file made from the page, such as the screenshot, that travels
// in the WARC beside the exchanges. Each Open gives the same bytes from the
// start.
type Resource struct {
	URI       string // as in "urn:touchstone:screenshot:https://example.com/item/1"
	MediaType string
	At        time.Time
	Open      func() (io.ReadCloser, error)
}

// Visit is the traffic of one visit to a page.
type Visit struct {
	URL           string // as asked for
	Title         string
	Started       time.Time
	ContentLoaded time.Time // zero when the event never came
	Loaded        time.Time // zero when the event never came
	Tool          evidence.Tool
	Browser       evidence.Browser
	Exchanges     []*Exchange // in the order in which they started
	Resources     []Resource
	// TempDir is where a writer may put a temporary file ("" is the system's
	// folder for them). WARC records over 1 MiB need one.
	TempDir string
	// NewID makes the URI of a WARC record; nil makes random urn:uuid: ones.
	NewID func() string
}
