package model

import "context"

// Left is the captures that were ordered and not finished, as after a crash.
type Left struct {
	OnChange func()

	b        *Background
	capturer Capturer
	batch    *Batch
	problems *Problems
	loads    latest

	left Unfinished
}

// Load asks what is left.
func (l *Left) Load() {
	l.loads.run(l.b, func(ctx context.Context) func() {
		left, err := l.capturer.Unfinished(ctx)
		return func() {
			if err != nil {
				l.problems.report(T("What an earlier run left could not be read."), T("Nothing was changed."), err)
				return
			}
			l.left = left
			changed(l.OnChange)
		}
	})
}

// Any reports whether captures are left that nobody works on.
func (l *Left) Any() bool { return len(l.left.URLs) > 0 && !l.batch.Running() }

// Text says what is left, as in "3 links left of the batch of 2026-11-23 09:41".
func (l *Left) Text() string {
	return N("%d link left of the batch of %s", "%d links left of the batch of %s", len(l.left.URLs), len(l.left.URLs), TimeText(l.left.Since))
}

// Resume goes on with what is left.
func (l *Left) Resume() {
	urls := l.left.URLs
	l.forget()
	l.batch.resume(urls)
}

// Discard gives up what is left.
func (l *Left) Discard() {
	jobs := l.left.Jobs
	l.forget()
	l.b.Run(func(ctx context.Context) func() {
		err := l.capturer.Discard(ctx, jobs)
		return func() {
			if err != nil {
				l.problems.report(T("The links could not be given up."), T("They are still waiting."), err)
				l.Load()
				return
			}
			l.problems.Tell(N("%d link given up. What was captured before is kept.", "%d links given up. What was captured before is kept.", len(jobs)))
		}
	})
}

func (l *Left) forget() {
	l.loads.drop()
	l.left = Unfinished{}
	changed(l.OnChange)
}
