package model

import (
	"context"

	"touchstone/store/evidence"
)

// Comparison is two captures of the open listing beside each other.
type Comparison struct {
	OnChange func()

	b        *Background
	examiner Examiner
	problems *Problems
	loads    latest

	open          bool
	before, after evidence.Capture
	changes       []Change
	read          bool
}

// Of compares two captures, in whatever order they are given.
func (c *Comparison) Of(one, other evidence.Capture) {
	if one.StartedAt.After(other.StartedAt) {
		one, other = other, one
	}
	c.open, c.before, c.after, c.changes, c.read = true, one, other, nil, false
	changed(c.OnChange)
	c.loads.run(c.b, func(ctx context.Context) func() {
		changes, err := c.examiner.Differences(ctx, one.ID, other.ID)
		return func() {
			if err != nil {
				c.problems.report(T("The facts of the two captures could not be compared."), T("Their screenshots are shown."), err)
				return
			}
			c.changes, c.read = changes, true
			changed(c.OnChange)
		}
	})
}

// Close ends the comparison.
func (c *Comparison) Close() {
	c.loads.drop()
	c.open = false
	changed(c.OnChange)
}

// Open reports whether two captures are compared.
func (c *Comparison) Open() bool { return c.open }

// Captures is the two, the older one first.
func (c *Comparison) Captures() (before, after evidence.Capture) { return c.before, c.after }

// Read reports whether it is known what has changed.
func (c *Comparison) Read() bool { return c.read }

// Changes is what the page says otherwise at the newer capture.
func (c *Comparison) Changes() []Change { return c.changes }

// Compare compares the capture looked at with the i-th.
func (l *Listing) Compare(i int) {
	c, ok := l.Capture()
	if ok && i != l.chosen && i >= 0 && i < len(l.captures) {
		l.Comparison.Of(l.captures[i], c)
	}
}

// CompareBefore compares the capture looked at with the one before it, or the first
// with the one after.
func (l *Listing) CompareBefore() {
	if other := l.chosen + 1; other < len(l.captures) {
		l.Compare(other)
		return
	}
	l.Compare(l.chosen - 1)
}
