package bundle

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cdxEntry is what a CDXJ line says of a record (CDXJ 0.1.0). Numbers are
// strings there.
type cdxEntry struct {
	URL      string `json:"url"`
	Mime     string `json:"mime,omitempty"`
	Status   string `json:"status,omitempty"`
	Digest   string `json:"digest,omitempty"`
	Length   string `json:"length"`
	Offset   string `json:"offset"`
	Filename string `json:"filename"`
	Method   string `json:"method,omitempty"` // where it is not GET
}

// cdxLines indexes what a WARC file, which will be called name, answers with:
// a line for each response and resource, unsorted.
func cdxLines(ctx context.Context, r io.Reader, name string) ([]string, error) {
	methods := map[string]string{} // of requests, by the ID of their response
	type answer struct {
		id, key, time string
		entry         cdxEntry
	}
	var answers []*answer
	var last *answer
	visit := func(rec *record) error {
		last = nil
		switch rec.get("WARC-Type") {
		case "request":
			method, err := firstWord(rec.block)
			if err != nil {
				return err
			}
			methods[rec.get("WARC-Concurrent-To")] = method
			return nil
		case "response", "resource":
		default:
			return nil
		}
		at, err := time.Parse(time.RFC3339Nano, rec.get("WARC-Date"))
		if err != nil {
			return fmt.Errorf("%w: %.40q is not a date", ErrWARC, rec.get("WARC-Date"))
		}
		last = &answer{id: rec.get("WARC-Record-ID"), time: at.UTC().Format("20060102150405"), entry: cdxEntry{
			URL: strings.Trim(rec.get("WARC-Target-URI"), "<>"), Mime: mediaType(rec.get("Content-Type")),
			Status: "200", Digest: rec.get("WARC-Payload-Digest"), Offset: strconv.FormatInt(rec.offset, 10), Filename: name,
		}}
		last.key = surt(last.entry.URL)
		answers = append(answers, last)
		if !rec.http() {
			return nil
		}
		last.entry.Status, last.entry.Mime, err = answered(rec.block)
		return err
	}
	err := eachRecord(ctx, r, visit, func(size int64) {
		if last != nil {
			last.entry.Length = strconv.FormatInt(size, 10)
		}
	})
	if err != nil {
		return nil, err
	}
	lines := make([]string, 0, len(answers))
	for _, a := range answers {
		if m := methods[a.id]; m != "GET" {
			a.entry.Method = m
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(a.entry); err != nil {
			return nil, err
		}
		lines = append(lines, a.key+" "+a.time+" "+b.String())
	}
	return lines, nil
}

// firstWord is the method of an HTTP request.
func firstWord(block io.Reader) (string, error) {
	head, err := readUntilEmptyLine(bufio.NewReader(block))
	if err != nil {
		return "", err
	}
	word, _, _ := bytes.Cut(head, []byte(" "))
	return string(word[:min(len(word), 20)]), nil
}

// answered is the status and media type of an HTTP response.
func answered(block io.Reader) (status, mime string, err error) {
	head, err := readUntilEmptyLine(bufio.NewReader(block))
	if err != nil {
		return "", "", err
	}
	lines := strings.Split(string(head), "\n")
	if words := strings.Fields(lines[0]); len(words) > 1 {
		status = words[1]
	}
	for _, line := range lines[1:] {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "Content-Type") {
			mime = mediaType(value)
		}
	}
	return status, mime, nil
}

func mediaType(contentType string) string {
	m, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(m))
}

// surt is the key that a URL is sorted and sought under: its host's labels in
// reverse, without a leading www, in lower case, parameters sorted.
func surt(rawURL string) string {
	u, err := url.Parse(strings.ToLower(rawURL))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return strings.ReplaceAll(rawURL, " ", "%20")
	}
	labels := strings.Split(u.Hostname(), ".")
	if len(labels) > 2 && strings.TrimRight(labels[0], "0123456789") == "www" {
		labels = labels[1:]
	}
	slices.Reverse(labels)
	key := strings.Join(labels, ",")
	if p := u.Port(); p != "" {
		key += ":" + p
	}
	key += ")" + cmp.Or(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		slices.Sort(parts)
		key += "?" + strings.Join(parts, "&")
	}
	return strings.ReplaceAll(key, " ", "%20")
}
