package traffic

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// archivedPrefix marks the response headers that describe how the body was
// sent. The body is kept decoded, so readers must not undo the encoding again;
// other archiving tools rename the headers the same way.
const archivedPrefix = "X-Archive-Orig-"

// requestHead is the exchange's request line and headers as HTTP/1.1, whatever
// the protocol was, ending with the empty line.
func (x *Exchange) requestHead() []byte {
	var b bytes.Buffer
	path, host := "/", ""
	if u, err := url.Parse(x.URL); err == nil {
		path, host = u.RequestURI(), u.Host
	}
	method := token(x.Method)
	if method == "" {
		method = "GET"
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", method, uri(path))
	lines := headerLines(x.RequestHeaders)
	if !hasHeader(lines, "Host") && host != "" {
		lines = append([]Header{{"Host", cleanValue(host)}}, lines...)
	}
	for _, h := range lines {
		name := h.Name
		if strings.EqualFold(name, "Transfer-Encoding") {
			name = archivedPrefix + name
		}
		writeHeader(&b, name, h.Value)
	}
	if len(x.RequestBody) > 0 && !hasHeader(lines, "Content-Length") {
		writeHeader(&b, "Content-Length", strconv.Itoa(len(x.RequestBody)))
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// requestCut reports whether the browser announced a request body other than
// the one it let us see.
func (x *Exchange) requestCut() bool {
	for _, h := range headerLines(x.RequestHeaders) {
		if strings.EqualFold(h.Name, "Content-Length") {
			n, err := strconv.ParseInt(h.Value, 10, 64)
			return err == nil && n != int64(len(x.RequestBody))
		}
	}
	return false
}

// responseHead is the exchange's status line and headers as HTTP/1.1 would have
// sent the decoded body, ending with the empty line.
func (x *Exchange) responseHead() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", x.Status, cleanValue(x.StatusText))
	length := strconv.FormatInt(x.Body.Size(), 10)
	stated := false
	for _, h := range headerLines(x.ResponseHeaders) {
		name := h.Name
		switch strings.ToLower(name) {
		case "content-encoding", "transfer-encoding":
			name = archivedPrefix + name
		case "content-length":
			if stated = !x.bodyless() && h.Value == length; !stated && !x.bodyless() {
				name = archivedPrefix + name
			}
		}
		writeHeader(&b, name, h.Value)
	}
	if !stated && !x.bodyless() {
		writeHeader(&b, "Content-Length", length)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// bodyless reports whether HTTP forbids a body here, so that Content-Length, if
// any, speaks of another response (RFC 9110, section 8.6).
func (x *Exchange) bodyless() bool {
	return x.Body.Size() == 0 &&
		(strings.EqualFold(x.Method, "HEAD") || x.Status == 304 || x.Status == 204 || x.Status/100 == 1)
}

// headerLines makes one header of each value and makes names and values fit to
// be written as lines. HTTP/2's pseudo headers are left out, but for the host.
func headerLines(headers []Header) []Header {
	lines := make([]Header, 0, len(headers))
	for _, h := range headers {
		if pseudo, ok := strings.CutPrefix(h.Name, ":"); ok {
			if pseudo != "authority" || hasHeader(headers, "Host") {
				continue
			}
			h.Name = "Host"
		}
		name := token(h.Name)
		if name == "" {
			continue
		}
		for value := range strings.SplitSeq(h.Value, "\n") {
			lines = append(lines, Header{name, cleanValue(value)})
		}
	}
	return lines
}

func hasHeader(headers []Header, name string) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

func writeHeader(b *bytes.Buffer, name, value string) {
	b.WriteString(name)
	b.WriteString(": ")
	b.WriteString(value)
	b.WriteString("\r\n")
}

// token percent-encodes what may not stand in a method or a header's name.
func token(s string) string {
	return escape(s, func(c byte) bool {
		return c > ' ' && c < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, rune(c))
	})
}

// cleanValue trims a header's value and percent-encodes the control characters
// in it. Bytes above 0x7f, whatever their encoding, stay.
func cleanValue(s string) string {
	return escape(strings.Trim(s, " \t\r\n"), func(c byte) bool {
		return c == '\t' || c >= ' ' && c != 0x7f
	})
}

// uri percent-encodes what may not stand in a URI.
func uri(s string) string {
	return escape(s, func(c byte) bool {
		return c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", rune(c))
	})
}

func escape(s string, legal func(byte) bool) string {
	clean := true
	for i := range len(s) {
		clean = clean && legal(s[i])
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if legal(s[i]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// crossedNetwork reports whether the exchange's URL is one that a server answers.
func (x *Exchange) crossedNetwork() bool {
	scheme, _, _ := strings.Cut(x.URL, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "ws", "wss":
		return true
	}
	return false
}

// remoteIP is the address of the server without its port, "" where unknown.
func (x *Exchange) remoteIP() string {
	if ap, err := netip.ParseAddrPort(x.RemoteAddr); err == nil {
		return ap.Addr().Unmap().WithZone("").String()
	}
	if a, err := netip.ParseAddr(strings.Trim(x.RemoteAddr, "[]")); err == nil {
		return a.Unmap().WithZone("").String()
	}
	return ""
}
