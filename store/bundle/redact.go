package bundle

import (
	"bytes"
	"strings"
)

// redacted stands where a secret was.
const redacted = "REDACTED"

// Redaction says what was taken out of a file.
type Redaction struct {
	Values int `json:"values_replaced"`
}

// archivedPrefix is what archiving tools put before the names of headers that
// described how a body was sent.
const archivedPrefix = "x-archive-orig-"

// redactHeader takes the secrets out of the value of an HTTP header and counts
// them: the values of cookies, whose names stay, and all of a header that only
// proves who asks.
func redactHeader(name, value string) (string, int) {
	switch strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), archivedPrefix) {
	case "cookie", "cookie2":
		parts := strings.Split(value, ";")
		for i, part := range parts {
			parts[i] = redactCookie(part)
		}
		return strings.Join(parts, ";"), len(parts)
	case "set-cookie", "set-cookie2":
		cookie, attributes, has := strings.Cut(value, ";")
		cookie = redactCookie(cookie)
		if has {
			cookie += ";" + attributes
		}
		return cookie, 1
	case "authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info",
		"x-api-key", "x-auth-token", "x-access-token", "x-csrf-token", "x-xsrf-token", "x-amz-security-token":
		return redacted, 1
	}
	return value, 0
}

// redactCookie replaces the value in "name=value", with the spaces around it kept.
func redactCookie(pair string) string {
	name, _, ok := strings.Cut(pair, "=")
	if !ok {
		name = pair[:len(pair)-len(strings.TrimLeft(pair, " \t"))]
		return name + redacted
	}
	return name + "=" + redacted
}

// redactHead takes the secrets out of the head of an HTTP message: its first
// line and headers, with the empty line that ends them.
func redactHead(head []byte) ([]byte, int) {
	var out bytes.Buffer
	count, secret := 0, false
	for i, line := range bytes.SplitAfter(head, []byte("\n")) {
		text := strings.TrimRight(string(line), "\r\n")
		end := string(line[len(text):])
		folded := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")
		name, value, ok := strings.Cut(text, ":")
		switch {
		case folded && i > 0 && secret:
			continue // goes on with a value that was replaced
		case folded, i == 0, !ok:
			out.Write(line)
			continue
		}
		space := value[:len(value)-len(strings.TrimLeft(value, " \t"))]
		clean, n := redactHeader(name, value[len(space):])
		secret, count = n > 0, count+n
		out.WriteString(name + ":" + space + clean + end)
	}
	return out.Bytes(), count
}
