package model

import (
	"net/url"
	"strings"
)

// Links is what was found in pasted text.
type Links struct {
	URLs     []string // each once, in order
	Repeated int      // times that a URL came again
	Known    []string // of URLs, those that the case already has
	Other    []string // lines without a link
}

// ParseLinks finds the links in text that people paste: one a line, in a
// column, in a sentence, with or without https://.
func ParseLinks(text string) Links {
	var links Links
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		before := len(links.URLs) + links.Repeated
		for _, word := range strings.Fields(line) {
			link, ok := asLink(strings.Trim(word, "<>\"'()[]{},;“”‘’，；。、"))
			switch {
			case !ok:
			case seen[link]:
				links.Repeated++
			default:
				seen[link] = true
				links.URLs = append(links.URLs, link)
			}
		}
		if line = strings.TrimSpace(line); line != "" && len(links.URLs)+links.Repeated == before {
			links.Other = append(links.Other, line)
		}
	}
	return links
}

// asLink reports whether word is the address of a page, and completes it.
func asLink(word string) (string, bool) {
	scheme, _, ok := strings.Cut(word, "://")
	if !ok {
		// A bare host needs a dot and a path, or www., to be told from prose.
		host, path, slash := strings.Cut(word, "/")
		if !strings.HasPrefix(host, "www.") && (!slash || path == "" || !strings.Contains(host, ".")) {
			return "", false
		}
		word, scheme = "https://"+word, "https"
	}
	if s := strings.ToLower(scheme); s != "http" && s != "https" {
		return "", false
	}
	u, err := url.Parse(word)
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	return word, true
}
