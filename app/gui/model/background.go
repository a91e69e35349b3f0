package model

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Dispatcher runs functions, in the order in which they were posted, on the
// goroutine that owns the models. Post returns at once and may be called from
// any goroutine.
type Dispatcher interface {
	Post(func())
}

// Background owns the goroutines of all models.
type Background struct {
	ctx    context.Context
	cancel context.CancelFunc
	post   Dispatcher
	work   sync.WaitGroup
	closed atomic.Bool

	pending int    // pieces of work whose result has not come; the owner's
	idle    func() // to call when there is none
}

// NewBackground makes a Background whose work ends with ctx.
func NewBackground(ctx context.Context, d Dispatcher) *Background {
	b := &Background{post: d}
	b.ctx, b.cancel = context.WithCancel(ctx)
	return b
}

// Run does work on another goroutine and posts the closure it returns, if any.
// It is called on the owner's goroutine only.
func (b *Background) Run(work func(ctx context.Context) func()) {
	if b.closed.Load() {
		return
	}
	b.pending++
	b.work.Go(func() {
		apply := work(b.ctx)
		b.Post(func() {
			b.pending--
			if apply != nil {
				apply()
			}
			b.rest()
		})
	})
}

// rest calls idle, once, when nothing is pending.
func (b *Background) rest() {
	if ended := b.idle; ended != nil && b.pending == 0 {
		b.idle = nil
		ended()
	}
}

// Post posts f unless the Background has been closed.
func (b *Background) Post(f func()) {
	if !b.closed.Load() {
		b.post.Post(f)
	}
}

// Stop tells all work to end, and calls ended, on the owner's goroutine, when
// the last result has come.
func (b *Background) Stop(ended func()) {
	b.cancel()
	b.idle = ended
	b.rest()
}

// Close stops all work, waits for it and drops its results. No Run may be under
// way or follow.
func (b *Background) Close() {
	b.closed.Store(true)
	b.cancel()
	b.work.Wait()
}

// lastingLimit is how long work that must not be lost goes on after it was told to
// end.
const lastingLimit = 15 * time.Second

// lasting is a context for what a person has said and must not be lost with the
// window: it ends some time after all work was told to.
func (b *Background) lasting() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.ctx))
	stop := context.AfterFunc(b.ctx, func() {
		limit := time.NewTimer(lastingLimit)
		defer limit.Stop()
		select {
		case <-limit.C:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		stop()
		cancel()
	}
}

// latest lets only the newest of several pieces of like work have an effect.
type latest struct {
	generation int
	cancel     context.CancelFunc
}

// run cancels what ran before and does work; the closure that work returns
// runs only if nothing newer was started and drop was not called.
func (l *latest) run(b *Background, work func(ctx context.Context) func()) {
	l.follow(b, func(ctx context.Context, _ func(func())) func() { return work(ctx) })
}

// follow is run of work that tells how far it has got: the closures that it
// gives to tell run as the one that it returns does.
func (l *latest) follow(b *Background, work func(ctx context.Context, tell func(func())) func()) {
	l.drop()
	mine := l.generation
	ctx, cancel := context.WithCancel(b.ctx)
	l.cancel = cancel
	current := func(apply func()) func() {
		return func() {
			if mine == l.generation && apply != nil {
				apply()
			}
		}
	}
	b.Run(func(context.Context) func() {
		defer cancel()
		return current(work(ctx, func(news func()) { b.Post(current(news)) }))
	})
}

// drop cancels what runs and forgets its result.
func (l *latest) drop() {
	l.generation++
	if l.cancel != nil {
		l.cancel()
	}
}

// turns lets pieces of work run one after another, in the order in which they
// took their turn on the owner's goroutine.
type turns struct {
	last chan struct{} // closed when the newest has ended
}

// take gives work its turn: it waits for those before it.
func (t *turns) take(work func()) func() {
	before, ended := t.last, make(chan struct{})
	t.last = ended
	return func() {
		defer close(ended)
		if before != nil {
			<-before
		}
		work()
	}
}

// settled gives back what waits until all work has ended that has its turn by now.
func (t *turns) settled() (wait func()) {
	last := t.last
	return func() {
		if last != nil {
			<-last
		}
	}
}
