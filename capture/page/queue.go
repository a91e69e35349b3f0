package page

import (
	"context"
	"sync"
)

// queue passes values from the goroutine that reads Chrome's messages, which
// must never wait, to those that act on them. It has no limit of its own: what
// goes in is limited by what Chrome reports.
type queue[T any] struct {
	mu    sync.Mutex
	items []T
	more  chan struct{}
}

func newQueue[T any]() *queue[T] { return &queue[T]{more: make(chan struct{}, 1)} }

func (q *queue[T]) put(v T) {
	q.mu.Lock()
	q.items = append(q.items, v)
	q.mu.Unlock()
	q.signal()
}

// next waits for a value; ok is false when ctx ended first.
func (q *queue[T]) next(ctx context.Context) (v T, ok bool) {
	for {
		q.mu.Lock()
		if len(q.items) > 0 {
			v, q.items = q.items[0], q.items[1:]
			rest := len(q.items)
			q.mu.Unlock()
			if rest > 0 {
				q.signal() // another reader may be waiting
			}
			return v, true
		}
		q.mu.Unlock()
		select {
		case <-q.more:
		case <-ctx.Done():
			return v, false
		}
	}
}

func (q *queue[T]) signal() {
	select {
	case q.more <- struct{}{}:
	default:
	}
}
