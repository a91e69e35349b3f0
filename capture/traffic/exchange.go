package traffic

import (
	"context"
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
// own, with RedirectTo set.
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
	FromCache    bool
	RedirectTo   string
	TLS          *evidence.TLS
	Messages     []Message // of a WebSocket
}

// Timing is how long each phase of an exchange took. Absent (a new connection
// was not needed, or Chrome did not say) is negative.
type Timing struct {
	Blocked time.Duration
	DNS     time.Duration
	Connect time.Duration // TLS included, as HAR wants it
	TLS     time.Duration
	Send    time.Duration
	Wait    time.Duration
	Receive time.Duration
}

// NoTiming is a Timing of which nothing is known.
var NoTiming = Timing{-1, -1, -1, -1, -1, -1, -1}

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
	// NewID makes the URI of a WARC record; nil makes random urn:uuid: ones.
	NewID func() string
}

// WriteWARC writes v as WARC 1.1, one gzip member per record. It stops between
// records when ctx is done; an error leaves w holding whole records or a cut
// last one.
func WriteWARC(ctx context.Context, w io.Writer, v Visit) error { return nil }

// WriteHAR writes v as HAR 1.2.
func WriteHAR(ctx context.Context, w io.Writer, v Visit) error { return nil }

// WritePEM writes a certificate chain, each certificate DER-encoded, leaf first.
func WritePEM(w io.Writer, chain [][]byte) error { return nil }
