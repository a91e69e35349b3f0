package gui

import (
	"sync"

	"touchstone/app/desk"
)

// lists remembers what lists of links say beside the links, until these are
// captured: seller, note, status, notices that were made before.
type lists struct {
	mu   sync.Mutex
	said map[string]desk.Listed
}

func (l *lists) keep(list []desk.Listed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said == nil {
		l.said = map[string]desk.Listed{}
	}
	for _, one := range list {
		l.said[one.URL] = one
	}
}

// of is what was said of the links.
func (l *lists) of(urls []string) []desk.Listed {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []desk.Listed
	for _, url := range urls {
		if one, ok := l.said[url]; ok {
			list = append(list, one)
		}
	}
	return list
}
