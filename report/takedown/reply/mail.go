package reply

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"touchstone/store/evidence"
)

// The bounds of what is read of a mail.
const (
	mostText  = 1 << 20 // bytes of text
	mostParts = 100
	mostDepth = 8
)

// Read reads a mail as RFC 5322 and MIME have it.
func Read(r io.Reader) (Message, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return Message{}, err
	}
	h := m.Header
	message := Message{Head: Head(h), References: IDs(h.Get("In-Reply-To") + " " + h.Get("References"))}
	if id := IDs(h.Get("Message-ID")); len(id) > 0 {
		message.ID = id[0]
	}
	t := &texts{}
	t.part(h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), m.Body, 0)
	message.Whole = t.String()
	message.Text = Unquoted(message.Whole)
	if strings.TrimSpace(t.plain.String()) == "" {
		message.Whole += t.targets.String()
	}
	return message, nil
}

// Head is what the head of a mail says.
func Head(h mail.Header) evidence.Mail {
	m := evidence.Mail{Subject: words(h.Get("Subject")), From: words(h.Get("From")), To: words(h.Get("To")), Date: h.Get("Date")}
	if at, err := h.Date(); err == nil {
		at = at.UTC()
		m.SentAt = &at
	}
	return m
}

// words decodes a header's encoded words (RFC 2047), in whatever character set.
func words(s string) string {
	decoder := mime.WordDecoder{CharsetReader: func(label string, r io.Reader) (io.Reader, error) {
		return charset.NewReaderLabel(label, r)
	}}
	decoded, err := decoder.DecodeHeader(s)
	if err != nil || !utf8.ValidString(decoded) {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return decoded
}

var messageIDs = regexp.MustCompile(`<([^<>\s]{1,998})>`)

// IDs are the Message-IDs in a header's text, without angle brackets.
func IDs(header string) []string {
	var list []string
	for _, m := range messageIDs.FindAllStringSubmatch(header, mostParts) {
		list = append(list, m[1])
	}
	return list
}

// texts gathers the text of a mail: plain where there is some, else of its HTML.
type texts struct {
	plain, page strings.Builder
	targets     strings.Builder // of the links in its HTML, a line each
	parts       int
}

func (t *texts) String() string {
	if strings.TrimSpace(t.plain.String()) != "" {
		return t.plain.String()
	}
	return t.page.String()
}

func (t *texts) part(contentType, encoding string, body io.Reader, depth int) {
	if t.parts++; t.parts > mostParts || depth > mostDepth {
		return
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, params = "text/plain", nil
	}
	if strings.HasPrefix(kind, "multipart/") {
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err != nil || t.parts > mostParts {
				return
			}
			if !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") {
				t.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1)
			}
		}
	}
	into := &t.plain
	switch kind {
	case "text/html":
		into = &t.page
	case "text/plain":
	default:
		return
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, _ := io.ReadAll(io.LimitReader(body, int64(mostText-into.Len()))) // as far as it reads
	decoded := decode(text, params["charset"])
	if kind == "text/html" {
		t.targets.WriteString(targets(decoded))
		decoded = Plain(decoded)
	}
	into.WriteString(decoded + "\n")
}

func decode(text []byte, label string) string {
	if label == "" || utf8.Valid(text) {
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	r, err := charset.NewReaderLabel(label, strings.NewReader(string(text)))
	if err != nil {
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	decoded, _ := io.ReadAll(io.LimitReader(r, mostText)) // as far as it reads
	return strings.ToValidUTF8(string(decoded), "\uFFFD")
}

// Plain is the text of a page, a line for each of its blocks. What it quotes of an
// earlier mail is left out.
func Plain(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	hidden := 0 // inside what is not read
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch tag := string(name); tag {
			case "style", "script", "blockquote", "title":
				if kind == html.StartTagToken {
					hidden++
				} else if hidden > 0 {
					hidden--
				}
			case "p", "div", "br", "li", "tr", "table", "h1", "h2", "h3":
				b.WriteString("\n")
				if tag == "p" {
					b.WriteString("\n")
				}
			case "td":
				b.WriteString(" ")
			}
		}
	}
}

// targets are where the links of a page lead, a line each.
func targets(page string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken:
			for more := true; more; {
				var key, value []byte
				if key, value, more = z.TagAttr(); string(key) == "href" {
					fmt.Fprintf(&b, "%s\n", value)
				}
			}
		}
	}
}

// quotes are the lines that begin an earlier mail which is repeated below.
var quotes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(-{2,} ?(original message|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale|forwarded message|原始邮件).*|on .{4,120} wrote:|am .{4,120} schrieb .{0,80}:|le .{4,120} a écrit ?:|el .{4,120} escribió:|em .{4,120} escreveu:|il .{4,120} ha scritto:|_{10,})$`)
})

// Unquoted is a text without what it repeats of an earlier mail.
func Unquoted(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if quotes().MatchString(strings.TrimSpace(line)) {
			break
		}
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
