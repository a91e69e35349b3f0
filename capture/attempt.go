package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"touchstone/capture/guard"
	"touchstone/capture/listing"
	"touchstone/capture/page"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// attempt is one capture under way.
type attempt struct {
	engine   *Engine
	request  Request
	sink     Sink
	stage    func(string)
	snapshot *evidence.Snapshot

	shots     *traffic.Spool
	tiles     []tile // of the full-page screenshot
	resources []traffic.Resource
}

// run fills in the snapshot.
func (a *attempt) run(ctx context.Context) {
	s := a.snapshot
	if err := webURL(a.request.URL); err != nil {
		a.fail(evidence.CauseRefused, err.Error())
		return
	}
	w, err := a.engine.way(ctx, a.request)
	if err != nil {
		a.fail(causeOfNoWay(err), err.Error())
		return
	}
	s.Browser = w.identity
	bodies, shots := a.engine.spools(a.request.Limits)
	a.shots = shots
	res := a.visit(ctx, w, bodies)
	s.Cause, s.RetryAfter = causeOf(ctx, w.chrome, res, w.guard), retryAfter(res)
	a.describe(res, w.guard)
	// The guard's listener is local, a profile's copy is swept by a later start
	// and the spools' files have no name: nothing follows from an error here
	// that evidence should mention.
	_ = w.done()

	a.stage("writing")
	doc := read(res)
	a.judge(res, w.guard, doc)
	a.keepFacts(ctx, res, doc)
	a.keepCertificates(ctx, res)
	a.keepTraffic(ctx, res)
	_ = bodies.Close()
	_ = shots.Close()
}

// visit has the page visited and its artifacts kept.
func (a *attempt) visit(ctx context.Context, w way, bodies *traffic.Spool) page.Result {
	return page.Do(ctx, w.chrome, page.Request{
		URL: a.request.URL, Settings: a.snapshot.Settings, UserAgent: w.identity.UserAgent,
		Timeout: a.request.Timeout, Limits: a.request.Limits, Proxy: w.proxy(), Spool: bodies, Disconnect: w.disconnect(),
		Keep: a.keepShot, Stage: a.stage,
	})
}

// describe records how the page was reached.
func (a *attempt) describe(res page.Result, g *guard.Guard) {
	s := a.snapshot
	s.FinalURL, s.HTTPStatus, s.Redirects, s.TLS = res.URL, res.Status, res.Redirects, res.TLS
	s.Missing = append(s.Missing, res.Missing...)
	s.Alterations = append(s.Alterations, res.Alterations...)
	s.Clock = clock(res)
	if g == nil {
		s.ServerAddress = reported(res)
		return
	}
	s.DNS = g.DNS()
	for _, x := range res.Exchanges {
		// Chrome knows the proxy's address only.
		x.RemoteAddr = ""
		if remote, ok := g.RemoteOf(page.HostPort(x.URL)); ok && !x.FromCache {
			x.RemoteAddr = remote.String()
		}
	}
	if remote, ok := g.RemoteOf(res.Host); ok {
		s.ServerAddress = remote.String()
	}
}

// reported is the address of the page's server as Chrome has it, where no guard
// made the connection.
func reported(res page.Result) string {
	for _, x := range res.Exchanges {
		if x.URL == res.URL && x.RemoteAddr != "" {
			return x.RemoteAddr
		}
	}
	return ""
}

// clock compares the server's Date header with our clock when it came.
func clock(res page.Result) *evidence.ClockCheck {
	for _, h := range res.Headers {
		if !strings.EqualFold(h.Name, "Date") {
			continue
		}
		date, err := http.ParseTime(h.Value)
		if err != nil {
			return nil
		}
		return &evidence.ClockCheck{ServerDate: date.UTC(), LocalTime: res.Answered, OffsetSeconds: date.Sub(res.Answered).Seconds()}
	}
	return nil
}

// fail records an attempt that did not get as far as a tab.
func (a *attempt) fail(cause evidence.Cause, why string) {
	s := a.snapshot
	s.Outcome, s.Cause, s.Reason = evidence.Unreachable, cause, why
	for _, role := range []evidence.Role{evidence.RoleViewport, evidence.RoleScreenshot, evidence.RoleHTML, evidence.RoleMHTML,
		evidence.RoleConsole, evidence.RoleCookies, evidence.RoleFacts, evidence.RoleWARC, evidence.RoleHAR} {
		a.miss(role, why)
	}
}

func (a *attempt) miss(role evidence.Role, why string) {
	a.snapshot.Missing = append(a.snapshot.Missing, evidence.Missing{Role: role, Reason: why})
}

// keep stores an artifact and lists it.
func (a *attempt) keep(ctx context.Context, art evidence.Artifact, r io.Reader) error {
	hash, size, err := a.sink.Put(ctx, r)
	if err != nil {
		return err
	}
	art.SHA256, art.Size = hash, size
	a.snapshot.Artifacts = append(a.snapshot.Artifacts, art)
	return nil
}

// keepShot stores an artifact of the page; the pictures and the document also
// travel in the WARC.
func (a *attempt) keepShot(ctx context.Context, art evidence.Artifact, r io.Reader) error {
	switch art.Role {
	case evidence.RoleScreenshot, evidence.RoleViewport, evidence.RoleHTML:
	default:
		return a.keep(ctx, art, r)
	}
	w := a.shots.Create()
	if err := a.keep(ctx, art, io.TeeReader(r, w)); err != nil {
		return err
	}
	name := string(art.Role)
	if art.Index > 0 {
		name = fmt.Sprintf("%s-%d", name, art.Index)
	}
	body := w.Body()
	if art.Role == evidence.RoleScreenshot {
		a.tiles = append(a.tiles, tile{art, body})
	}
	a.resources = append(a.resources, traffic.Resource{
		URI: "urn:touchstone:" + name + ":" + a.request.URL, MediaType: art.MediaType, At: time.Now().UTC(),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(body.Open()), nil },
	})
	return nil
}

// keepFacts stores what the page says, where there is a page.
func (a *attempt) keepFacts(ctx context.Context, res page.Result, doc *listing.Page) {
	if len(res.HTML) == 0 {
		a.miss(evidence.RoleFacts, "there is no document to read them from")
		return
	}
	facts := doc.Facts()
	takePrints(ctx, &facts, res)
	a.takePlaces(ctx, &facts, doc, res.Seen)
	a.snapshot.Facts = &facts
	b, err := json.MarshalIndent(facts, "", "  ")
	if err == nil {
		err = a.keep(ctx, evidence.Artifact{Role: evidence.RoleFacts, MediaType: "application/json"}, bytes.NewReader(b))
	}
	if err != nil {
		a.miss(evidence.RoleFacts, fmt.Sprintf("they could not be stored: %v", err))
	}
}

// read parses the document once, for the outcome and the facts.
func read(res page.Result) *listing.Page {
	return listing.Parse(listing.Document{URL: res.URL, HTML: res.HTML, ContentType: "text/html; charset=utf-8", Loaded: loaded(res)})
}

// loaded are the hashes of the pictures that the page loaded, by URL.
func loaded(res page.Result) map[string]evidence.Hash {
	hashes := make(map[string]evidence.Hash)
	for _, x := range res.Exchanges {
		if x.ResourceType != "Image" || x.Truncated != traffic.Whole || x.Body.Size() == 0 {
			continue
		}
		if h, err := x.Body.Hash(); err == nil {
			hashes[x.URL] = h
		}
	}
	return hashes
}

func (a *attempt) keepCertificates(ctx context.Context, res page.Result) {
	if len(res.Chain) == 0 {
		return // the visit has said why, if the page came over TLS at all
	}
	var b bytes.Buffer
	err := traffic.WritePEM(&b, res.Chain)
	if err == nil {
		err = a.keep(ctx, evidence.Artifact{Role: evidence.RoleCertificates, MediaType: "application/x-pem-file"}, &b)
	}
	if err != nil {
		a.miss(evidence.RoleCertificates, fmt.Sprintf("they could not be stored: %v", err))
	}
}

// keepTraffic stores WARC and HAR, also of an attempt that reached nothing.
func (a *attempt) keepTraffic(ctx context.Context, res page.Result) {
	v := traffic.Visit{
		URL: a.request.URL, Title: res.Title, Started: a.snapshot.StartedAt, ContentLoaded: res.ContentLoaded, Loaded: res.Loaded,
		Tool: a.engine.config.Tool, Browser: a.snapshot.Browser, Exchanges: res.Exchanges, Resources: a.resources,
		TempDir: a.engine.config.TempDir,
	}
	for _, f := range []struct {
		artifact evidence.Artifact
		write    func(context.Context, io.Writer, traffic.Visit) error
	}{
		{evidence.Artifact{Role: evidence.RoleWARC, MediaType: "application/warc"}, traffic.WriteWARC},
		{evidence.Artifact{Role: evidence.RoleHAR, MediaType: "application/json"}, traffic.WriteHAR},
	} {
		if err := a.stream(ctx, f.artifact, func(w io.Writer) error { return f.write(ctx, w, v) }); err != nil {
			a.miss(f.artifact.Role, fmt.Sprintf("it could not be stored: %v", err))
		}
	}
}

// stream stores an artifact while it is being written.
func (a *attempt) stream(ctx context.Context, art evidence.Artifact, write func(io.Writer) error) error {
	r, w := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := write(w)
		w.CloseWithError(err)
		written <- err
	}()
	err := a.keep(ctx, art, r)
	r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // lets the writer go where storing failed first
	if werr := <-written; err == nil {
		err = werr
	}
	return err
}
