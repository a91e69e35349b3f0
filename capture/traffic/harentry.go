package traffic

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// The objects of HAR 1.2 (www.softwareishard.com/blog/har-12-spec). Times in
// milliseconds; -1 stands for what is not known.

const harPageID = "page_1"

type harLog struct {
	Version string     `json:"version"`
	Creator harProgram `json:"creator"`
	Browser harProgram `json:"browser"`
	Pages   []harPage  `json:"pages"`
}

type harProgram struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Comment string `json:"comment,omitempty"`
}

type harPage struct {
	StartedDateTime string         `json:"startedDateTime"`
	ID              string         `json:"id"`
	Title           string         `json:"title"`
	PageTimings     harPageTimings `json:"pageTimings"`
}

type harPageTimings struct {
	OnContentLoad float64 `json:"onContentLoad"`
	OnLoad        float64 `json:"onLoad"`
}

// harEntry is an entry without its response, which is written after it.
type harEntry struct {
	PageRef         string       `json:"pageref"`
	StartedDateTime string       `json:"startedDateTime"`
	Time            float64      `json:"time"`
	Cache           struct{}     `json:"cache"`
	Timings         harTimings   `json:"timings"`
	ServerIPAddress string       `json:"serverIPAddress,omitempty"`
	ResourceType    string       `json:"_resourceType,omitempty"`
	FromCache       bool         `json:"_fromCache,omitempty"`
	FromWorker      bool         `json:"_fromServiceWorker,omitempty"`
	Messages        []harMessage `json:"_webSocketMessages,omitempty"`
	Request         harRequest   `json:"request"`
}

type harTimings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	SSL     float64 `json:"ssl"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harCookie  `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int64        `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
}

type harPostData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"_encoding,omitempty"`
}

// harResponse is a response without its content, which is written after it.
type harResponse struct {
	Status      int         `json:"status"`
	StatusText  string      `json:"statusText"`
	HTTPVersion string      `json:"httpVersion"`
	Cookies     []harCookie `json:"cookies"`
	Headers     []harPair   `json:"headers"`
	RedirectURL string      `json:"redirectURL"`
	HeadersSize int64       `json:"headersSize"`
	BodySize    int64       `json:"bodySize"`
	Error       string      `json:"_error,omitempty"`
	Truncated   Truncation  `json:"_truncated,omitempty"`
}

// harContent is a content without its text, which is written after it.
type harContent struct {
	Size        int64  `json:"size"`
	Compression int64  `json:"compression,omitempty"`
	MimeType    string `json:"mimeType"`
	Encoding    string `json:"encoding,omitempty"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harCookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Path     string `json:"path,omitempty"`
	Domain   string `json:"domain,omitempty"`
	Expires  string `json:"expires,omitempty"`
	HTTPOnly bool   `json:"httpOnly,omitempty"`
	Secure   bool   `json:"secure,omitempty"`
}

// harMessage has the form that Chrome's developer tools export.
type harMessage struct {
	Type   string  `json:"type"` // send, receive
	Time   float64 `json:"time"` // seconds since 1970
	Opcode int     `json:"opcode"`
	Data   string  `json:"data"` // base64 where it is not UTF-8, and for opcode 2
}

func newHARLog(v Visit) harLog {
	name, version, _ := strings.Cut(v.Browser.Product, "/")
	title := v.Title
	if title == "" {
		title = v.URL
	}
	return harLog{
		Version: "1.2",
		Creator: harProgram{Name: v.Tool.Name, Version: v.Tool.Version, Comment: v.Tool.Commit},
		Browser: harProgram{Name: name, Version: version},
		Pages: []harPage{{
			StartedDateTime: harTime(v.Started),
			ID:              harPageID,
			Title:           utf8Text(title),
			PageTimings: harPageTimings{
				OnContentLoad: sinceOrAbsent(v.Started, v.ContentLoaded),
				OnLoad:        sinceOrAbsent(v.Started, v.Loaded),
			},
		}},
	}
}

func newHAREntry(x *Exchange, visit time.Time) harEntry {
	timings := newHARTimings(x)
	started := x.Started
	if started.IsZero() {
		started = visit
	}
	return harEntry{
		PageRef:         harPageID,
		StartedDateTime: harTime(started),
		Time:            timings.total(),
		Timings:         timings,
		ServerIPAddress: x.remoteIP(),
		ResourceType:    x.ResourceType,
		FromCache:       x.FromCache,
		FromWorker:      x.FromWorker,
		Messages:        harMessages(x.Messages),
		Request: harRequest{
			Method:      utf8Text(x.Method),
			URL:         uri(x.URL),
			HTTPVersion: x.Protocol,
			Cookies:     requestCookies(x.RequestHeaders),
			Headers:     harHeaders(x.RequestHeaders),
			QueryString: harQuery(x.URL),
			PostData:    newHARPostData(x),
			HeadersSize: -1,
			BodySize:    int64(len(x.RequestBody)),
		},
	}
}

func newHARResponse(x *Exchange) harResponse {
	r := harResponse{
		Status:      x.Status,
		StatusText:  utf8Text(x.StatusText),
		HTTPVersion: x.Protocol,
		Cookies:     responseCookies(x.ResponseHeaders),
		Headers:     harHeaders(x.ResponseHeaders),
		RedirectURL: utf8Text(x.RedirectTo),
		HeadersSize: -1,
		BodySize:    -1,
		Error:       x.Failed,
		Truncated:   x.Truncated,
	}
	if x.BodyEncodedSize > 0 || x.BodyEncodedSize == 0 && x.Body.Size() == 0 {
		r.BodySize = x.BodyEncodedSize
	}
	return r
}

func newHARContent(x *Exchange) harContent {
	c := harContent{Size: x.Body.Size(), MimeType: utf8Text(x.MediaType)}
	if c.MimeType == "" {
		c.MimeType = "x-unknown"
	}
	if x.BodyEncodedSize > 0 {
		c.Compression = x.Body.Size() - x.BodyEncodedSize
	}
	return c
}

func newHARPostData(x *Exchange) *harPostData {
	if len(x.RequestBody) == 0 {
		return nil
	}
	p := &harPostData{MimeType: "application/octet-stream", Text: string(x.RequestBody)}
	for _, h := range headerLines(x.RequestHeaders) {
		if strings.EqualFold(h.Name, "Content-Type") {
			p.MimeType = utf8Text(h.Value)
		}
	}
	if !utf8.Valid(x.RequestBody) {
		p.Text, p.Encoding = base64.StdEncoding.EncodeToString(x.RequestBody), "base64"
	}
	return p
}

// newHARTimings gives send, wait and receive, which HAR demands, from the
// exchange's times where the browser did not say.
func newHARTimings(x *Exchange) harTimings {
	t := x.Timing
	if t == (Timing{}) {
		t = Timing{Blocked: -1, DNS: -1, Connect: -1, TLS: -1, Wait: -1, Receive: -1}
	}
	answered := x.ResponseAt
	if answered.IsZero() {
		answered = x.Finished
	}
	return harTimings{
		Blocked: milliseconds(t.Blocked),
		DNS:     milliseconds(t.DNS),
		Connect: milliseconds(t.Connect),
		SSL:     milliseconds(t.TLS),
		Send:    max(0, milliseconds(t.Send)),
		Wait:    knownOr(t.Wait, x.Started, answered),
		Receive: knownOr(t.Receive, answered, x.Finished),
	}
}

// total is the entry's time: connect contains ssl already.
func (t harTimings) total() float64 {
	sum := 0.0
	for _, phase := range []float64{t.Blocked, t.DNS, t.Connect, t.Send, t.Wait, t.Receive} {
		sum += max(0, phase)
	}
	return sum
}

func knownOr(d time.Duration, from, to time.Time) float64 {
	if d >= 0 {
		return milliseconds(d)
	}
	return max(0, sinceOrAbsent(from, to))
}

func sinceOrAbsent(from, to time.Time) float64 {
	if from.IsZero() || to.IsZero() {
		return -1
	}
	return milliseconds(to.Sub(from))
}

func milliseconds(d time.Duration) float64 {
	if d < 0 {
		return -1
	}
	return float64(d.Microseconds()) / 1000
}

func harTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func harHeaders(headers []Header) []harPair {
	pairs := []harPair{}
	for _, h := range headerLines(headers) {
		pairs = append(pairs, harPair{h.Name, utf8Text(h.Value)})
	}
	return pairs
}

// harQuery is the URL's query, in order, decoded where it can be.
func harQuery(rawURL string) []harPair {
	pairs := []harPair{}
	u, err := url.Parse(rawURL)
	if err != nil || u.RawQuery == "" {
		return pairs
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{unescapeQuery(name), unescapeQuery(value)})
	}
	return pairs
}

func unescapeQuery(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		s = plain
	}
	return utf8Text(s)
}

func requestCookies(headers []Header) []harCookie {
	cookies := []harCookie{}
	for _, h := range headerLines(headers) {
		if !strings.EqualFold(h.Name, "Cookie") {
			continue
		}
		for part := range strings.SplitSeq(h.Value, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
				cookies = append(cookies, harCookie{Name: utf8Text(name), Value: utf8Text(value)})
			}
		}
	}
	return cookies
}

// responseCookies leaves out what is no cookie; the headers still show it.
func responseCookies(headers []Header) []harCookie {
	cookies := []harCookie{}
	for _, h := range headerLines(headers) {
		if !strings.EqualFold(h.Name, "Set-Cookie") {
			continue
		}
		c, err := http.ParseSetCookie(h.Value)
		if err != nil {
			continue
		}
		cookie := harCookie{
			Name: utf8Text(c.Name), Value: utf8Text(c.Value), Path: utf8Text(c.Path), Domain: utf8Text(c.Domain),
			HTTPOnly: c.HttpOnly, Secure: c.Secure,
		}
		if !c.Expires.IsZero() {
			cookie.Expires = harTime(c.Expires)
		}
		cookies = append(cookies, cookie)
	}
	return cookies
}

func harMessages(messages []Message) []harMessage {
	var out []harMessage
	for _, m := range messages {
		h := harMessage{Type: "receive", Time: float64(m.At.UnixMicro()) / 1e6, Opcode: m.Opcode}
		if m.Sent {
			h.Type = "send"
		}
		if m.Opcode == 2 || !utf8.Valid(m.Data) {
			h.Data = base64.StdEncoding.EncodeToString(m.Data)
		} else {
			h.Data = string(m.Data)
		}
		out = append(out, h)
	}
	return out
}

// utf8Text reads bytes that are not UTF-8 as Latin-1, as browsers read headers.
func utf8Text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}
