package browser

import (
	"context"
	"fmt"
	"sync"

	"github.com/chromedp/cdproto"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// firstOwnID is where our message numbers begin, far above chromedp's, which
// count from 1 for each Chrome.
const firstOwnID = 1 << 30

// wire is the connection to Chrome, shared with chromedp. chromedp drops the
// messages of targets that attach by themselves (iframes of other sites,
// workers): wire takes them out of the stream and brings them to their tab.
type wire struct {
	chromedp.Transport

	mu       sync.Mutex
	next     int64
	calls    map[int64]chan<- *cdproto.Message
	children map[target.SessionID]*Tab // by the child's session
	parents  map[target.SessionID]*Tab // by the session that the tab's children attach to
	leads    map[target.SessionID]*Tab // by the session that a tab was held by
	newcomer func(Newcomer)            // told of tabs that are opened; nil for nobody
	target   func(*target.Info)        // told of targets that appear; nil for nobody
	lost     chan struct{}
	lostOnce sync.Once
}

func newWire(t chromedp.Transport) *wire {
	return &wire{
		Transport: t,
		next:      firstOwnID,
		calls:     make(map[int64]chan<- *cdproto.Message),
		children:  make(map[target.SessionID]*Tab),
		parents:   make(map[target.SessionID]*Tab),
		leads:     make(map[target.SessionID]*Tab),
		lost:      make(chan struct{}),
	}
}

// Read gives chromedp the next message that is not ours.
func (w *wire) Read(ctx context.Context, msg *cdproto.Message) error {
	for {
		*msg = cdproto.Message{}
		if err := w.Transport.Read(ctx, msg); err != nil {
			w.lostOnce.Do(func() { close(w.lost) })
			return err
		}
		if !w.take(msg) {
			return nil
		}
	}
}

// take handles the message if it is ours.
func (w *wire) take(msg *cdproto.Message) bool {
	if msg.ID >= firstOwnID {
		w.mu.Lock()
		answer := w.calls[msg.ID]
		delete(w.calls, msg.ID)
		w.mu.Unlock()
		if answer != nil {
			kept := *msg
			answer <- &kept // buffered for the one answer there is
		}
		return true
	}
	if msg.SessionID == "" && msg.ID == 0 {
		w.welcome(msg)
		return false
	}
	w.mu.Lock()
	tab, ours := w.children[msg.SessionID]
	lead, leads := w.leads[msg.SessionID]
	if leads {
		tab, ours = lead, true
	}
	if !ours {
		tab = w.parents[msg.SessionID]
	}
	w.mu.Unlock()
	if tab == nil || msg.ID != 0 {
		return ours
	}
	switch string(msg.Method) {
	case target.AttachedToTarget.Method:
		tab.adopt(msg)
	case target.DetachedFromTarget.Method:
		tab.release(msg)
	}
	if ours {
		tab.deliver(msg)
	}
	return ours
}

// send runs a command in a session that is not chromedp's and decodes its result
// into res.
func (w *wire) send(ctx context.Context, session target.SessionID, method string, params, res any) error {
	finish, err := w.begin(ctx, session, method, params)
	if err != nil {
		return err
	}
	return finish(ctx, res)
}

// begin sends a command; finish waits for its answer and must be called.
func (w *wire) begin(ctx context.Context, session target.SessionID, method string, params any) (finish func(context.Context, any) error, err error) {
	raw, err := jsonv2.Marshal(params, chromedp.DefaultMarshalOptions)
	if err != nil {
		return nil, err
	}
	answer := make(chan *cdproto.Message, 1)
	w.mu.Lock()
	w.next++
	id := w.next
	w.calls[id] = answer
	w.mu.Unlock()
	forget := func() {
		w.mu.Lock()
		delete(w.calls, id)
		w.mu.Unlock()
	}
	msg := &cdproto.Message{ID: id, SessionID: session, Method: cdproto.MethodType(method), Params: raw}
	if err := w.Write(ctx, msg); err != nil {
		forget()
		return nil, err
	}
	return func(ctx context.Context, res any) error {
		defer forget()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-w.lost:
			return fmt.Errorf("%s: %w", method, ErrLost)
		case msg := <-answer:
			if msg.Error != nil {
				return fmt.Errorf("%s: %w", method, msg.Error)
			}
			if res == nil {
				return nil
			}
			return jsonv2.Unmarshal(msg.Result, res, chromedp.DefaultUnmarshalOptions)
		}
	}, nil
}

// hangUp closes the connection, which tells Chrome to end.
func (w *wire) hangUp() { _ = w.Transport.Close() } // both ends are done with it
