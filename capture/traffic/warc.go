package traffic

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v2"

	"touchstone/store/evidence"
)

const (
	warcSpec     = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
	httpRequest  = "application/http; msgtype=request"
	httpResponse = "application/http; msgtype=response"
	warcFields   = "application/warc-fields"
	// warcTime is RFC 3339 with microseconds, which WARC 1.1 allows.
	warcTime = "2006-01-02T15:04:05.000000Z"
)

// WriteWARC writes v as WARC 1.1, one gzip member per record: warcinfo, then for
// each exchange its response, request and metadata, then the resources. Digests
// are SHA-256 in hexadecimal, the form that sha256sum prints. It stops between
// records when ctx is done; an error leaves w holding whole records and perhaps
// a cut last one.
func WriteWARC(ctx context.Context, w io.Writer, v Visit) error {
	a, err := newArchive(w, v)
	if err != nil {
		return err
	}
	if err := a.info(v); err != nil {
		return fmt.Errorf("write warcinfo record: %w", err)
	}
	for _, x := range v.Exchanges {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write WARC: %w", err)
		}
		if !x.crossedNetwork() {
			continue
		}
		if err := a.exchange(x); err != nil {
			return fmt.Errorf("write WARC records of %s: %w", x.URL, err)
		}
	}
	for _, r := range v.Resources {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write WARC: %w", err)
		}
		if err := a.resource(r); err != nil {
			return fmt.Errorf("write WARC record of %s: %w", r.URI, err)
		}
	}
	return nil
}

// archive writes records one after the other.
type archive struct {
	w         io.Writer
	gzip      *gzip.Writer
	options   []gowarc.WarcRecordOption
	marshaler gowarc.Marshaler
	newID     func() string
	started   time.Time // of the visit
	infoID    string
}

func newArchive(w io.Writer, v Visit) (*archive, error) {
	// Most bytes are pictures, which nothing makes smaller: favour speed.
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("write WARC: %w", err)
	}
	a := &archive{w: w, gzip: z, marshaler: gowarc.NewMarshaler(), newID: v.NewID, started: v.Started}
	if a.newID == nil {
		a.newID = randomID
	}
	a.options = []gowarc.WarcRecordOption{
		gowarc.WithVersion(gowarc.V1_1),
		gowarc.WithDefaultDigestAlgorithm("sha256"),
		gowarc.WithDefaultDigestEncoding(gowarc.Base16),
		gowarc.WithBufferTmpDir(v.TempDir),
	}
	return a, nil
}

// randomID is a URI of a random UUID (RFC 9562, version 4).
func randomID() string {
	var u [16]byte
	_, _ = rand.Read(u[:]) // never fails
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// building is held while gowarc makes a record builder: each time it writes a
// variable of the package that would make the record's ID, unguarded. Every
// record here brings its own ID, so nothing else reads or writes that variable.
var building sync.Mutex

func newBuilder(kind gowarc.RecordType, options []gowarc.WarcRecordOption) gowarc.WarcRecordBuilder {
	building.Lock()
	defer building.Unlock()
	return gowarc.NewRecordBuilder(kind, options...)
}

// record writes one record and returns its ID.
func (a *archive) record(kind gowarc.RecordType, at time.Time, contentType string, fields []Header, block io.Reader) (string, error) {
	b := newBuilder(kind, a.options)
	id := "<" + a.newID() + ">"
	b.AddWarcHeader(gowarc.WarcRecordID, id)
	b.AddWarcHeader(gowarc.WarcDate, at.UTC().Format(warcTime))
	b.AddWarcHeader(gowarc.ContentType, contentType)
	if kind != gowarc.Warcinfo {
		b.AddWarcHeader(gowarc.WarcWarcinfoID, a.infoID)
	}
	for _, f := range fields {
		b.AddWarcHeader(f.Name, f.Value)
	}
	if _, err := b.ReadFrom(block); err != nil {
		_ = b.Close()
		return "", err
	}
	// What the library finds to warn about comes from the server and is kept.
	r, _, err := b.Build()
	if err != nil {
		_ = b.Close()
		return "", err
	}
	defer func() { _ = r.Close() }()
	a.gzip.Reset(a.w)
	if _, _, err := a.marshaler.Marshal(a.gzip, r, 0); err != nil {
		return "", err
	}
	return id, a.gzip.Close()
}

func (a *archive) info(v Visit) error {
	software := strings.TrimSpace(v.Tool.Name + "/" + v.Tool.Version)
	if v.Tool.Commit != "" {
		software += " (" + v.Tool.Commit + ")"
	}
	block := fieldBlock([]Header{
		{"software", software},
		{"format", "WARC File Format 1.1"},
		{"conformsTo", warcSpec},
		{"description", "one visit to " + v.URL},
		{"browser", v.Browser.Product},
		{"http-header-user-agent", v.Browser.UserAgent},
	})
	id, err := a.record(gowarc.Warcinfo, v.Started, warcFields, nil, block)
	a.infoID = id
	return err
}

// exchange writes what there is of x: response, request, metadata, and a
// WebSocket's messages. Each names the first of them.
func (a *archive) exchange(x *Exchange) error {
	target := Header{gowarc.WarcTargetURI, uri(x.URL)}
	at, first := x.Started, ""
	if at.IsZero() {
		at = a.started
	}
	write := func(kind gowarc.RecordType, contentType string, block io.Reader, fields ...Header) error {
		fields = append([]Header{target}, fields...)
		if first != "" {
			fields = append(fields, Header{gowarc.WarcConcurrentTo, first})
		}
		id, err := a.record(kind, at, contentType, fields, block)
		if first == "" {
			first = id
		}
		return err
	}
	if x.Status != 0 {
		block := io.MultiReader(bytes.NewReader(x.responseHead()), x.Body.Open())
		fields := x.connectionFields()
		if x.Truncated != Whole {
			fields = append(fields, Header{gowarc.WarcTruncated, string(x.Truncated)})
		}
		if err := write(gowarc.Response, httpResponse, block, fields...); err != nil {
			return err
		}
	}
	if !x.FromCache && !x.FromWorker {
		block := io.MultiReader(bytes.NewReader(x.requestHead()), bytes.NewReader(x.RequestBody))
		fields := x.connectionFields()
		if x.requestCut() {
			fields = append(fields, Header{gowarc.WarcTruncated, string(TruncatedUnobtainable)})
		}
		if err := write(gowarc.Request, httpRequest, block, fields...); err != nil {
			return err
		}
	}
	if err := write(gowarc.Metadata, warcFields, fieldBlock(x.metadata())); err != nil {
		return err
	}
	if len(x.Messages) == 0 {
		return nil
	}
	messages, err := json.Marshal(harMessages(x.Messages))
	if err != nil {
		return err
	}
	return write(gowarc.Metadata, "application/json", bytes.NewReader(messages))
}

// connectionFields name the server's address and the protocols. WARC-Protocol
// is IIPC's proposal 42, one field a layer.
func (x *Exchange) connectionFields() []Header {
	if x.FromCache || x.FromWorker {
		return nil
	}
	var fields []Header
	if ip := x.remoteIP(); ip != "" {
		fields = append(fields, Header{gowarc.WarcIPAddress, ip})
	}
	switch p := strings.ToLower(x.Protocol); p {
	case "http/0.9", "http/1.0", "http/1.1", "h2", "h2c", "h3":
		fields = append(fields, Header{"WARC-Protocol", p})
	}
	if x.TLS != nil {
		if p, ok := tlsProtocols[x.TLS.Protocol]; ok {
			fields = append(fields, Header{"WARC-Protocol", p})
		}
	}
	return fields
}

// tlsProtocols turns Chrome's names into IIPC's.
var tlsProtocols = map[string]string{
	"TLS 1":   "tls/1.0",
	"TLS 1.0": "tls/1.0",
	"TLS 1.1": "tls/1.1",
	"TLS 1.2": "tls/1.2",
	"TLS 1.3": "tls/1.3",
}

// metadata is what neither request nor response says. fetchTimeMs is WARC's own
// field; the others are ours.
func (x *Exchange) metadata() []Header {
	fields := []Header{{"resourceType", x.ResourceType}, {"frame", x.FrameID}, {"exchange", x.ID}}
	if !x.Finished.IsZero() && !x.Started.IsZero() {
		fields = append(fields, Header{"fetchTimeMs", strconv.FormatInt(x.Finished.Sub(x.Started).Milliseconds(), 10)})
	}
	if x.BodyEncodedSize > 0 {
		fields = append(fields, Header{"bodyEncodedSize", strconv.FormatInt(x.BodyEncodedSize, 10)})
	}
	if x.FromCache {
		fields = append(fields, Header{"fromCache", "true"})
	}
	if x.FromWorker {
		fields = append(fields, Header{"fromServiceWorker", "true"})
	}
	fields = append(fields, Header{"redirectTo", x.RedirectTo}, Header{"failed", x.Failed})
	return append(fields, tlsFields(x.TLS)...)
}

func tlsFields(t *evidence.TLS) []Header {
	if t == nil {
		return nil
	}
	return []Header{
		{"tlsProtocol", t.Protocol},
		{"tlsCipher", t.Cipher},
		{"tlsSubject", t.Subject},
		{"tlsIssuer", t.Issuer},
		{"tlsNotBefore", t.NotBefore.UTC().Format(time.RFC3339)},
		{"tlsNotAfter", t.NotAfter.UTC().Format(time.RFC3339)},
		{"tlsValid", strconv.FormatBool(t.Valid)},
		{"tlsError", t.Error},
	}
}

// fieldBlock is a block of application/warc-fields; empty ones are left out.
func fieldBlock(fields []Header) io.Reader {
	var b bytes.Buffer
	for _, f := range fields {
		if v := cleanValue(strings.ToValidUTF8(f.Value, "\uFFFD")); v != "" {
			writeHeader(&b, f.Name, v)
		}
	}
	return &b
}

func (a *archive) resource(r Resource) error {
	f, err := r.Open()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	fields := []Header{{gowarc.WarcTargetURI, uri(r.URI)}}
	media := cleanValue(r.MediaType)
	if media == "" {
		media = "application/octet-stream"
	}
	_, err = a.record(gowarc.Resource, r.At, media, fields, f)
	return err
}
