package sampledesk

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// ByHand is Filled with notices that only a person can file, at a portal, each in two
// submissions.
func ByHand() *Desk {
	d := Filled()
	d.portal = true
	return d
}

// Steps is what was done about questions and notices, beside Answers, and to what
// files, a line each.
func (d *Desk) Steps() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.steps)
}

// step records what was done, under the lock.
func (d *Desk) step(format string, args ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, fmt.Sprintf(format, args...))
	return d.Fail
}

// AddQuestion implements model.PostBook.
func (d *Desk) AddQuestion(_ context.Context, q evidence.Inquiry, due string) (evidence.ID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, strings.Join([]string{"add", string(q.Asker), q.From, q.External, cmp.Or(q.Question, q.Offer.URL), due}, " | "))
	q.State = evidence.InquiryCaptured
	f := d.ask(q)
	f.ByHand = true
	return f.ID(), d.Fail
}

// TakeQuestions implements model.PostBook.
func (d *Desk) TakeQuestions(_ context.Context, path string, _ evidence.Progress) (int, error) {
	return 2, d.step("take %s", filepath.Base(path))
}

// Messages implements model.PostBook.
func (d *Desk) Messages(context.Context) ([]evidence.Message, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := slices.Clone(d.messages)
	slices.Reverse(list)
	return list, d.Fail
}

// Write implements model.PostBook.
func (d *Desk) Write(_ context.Context, subject, text string, replyTo evidence.ID, _ evidence.Progress) error {
	return d.step("write %s: %s (reply: %t)", subject, text, replyTo != "")
}

// Package implements model.ByHandBook.
func (d *Desk) Package(_ context.Context, _ evidence.ID, folder string) error {
	return d.step("package in %s", filepath.Base(folder))
}

// Resolve implements model.ByHandBook.
func (d *Desk) Resolve(_ context.Context, id evidence.ID, arrived bool, number string) error {
	if err := d.step("arrived %t %s", arrived, number); err != nil {
		return err
	}
	d.mu.Lock()
	d.notice(id).ByHand.Packages, d.notice(id).ByHand.Unresolved = nil, false
	d.mu.Unlock()
	return d.move(id, evidence.ItemSubmitted, "Submission resolved")
}

// SetOutcome implements model.ByHandBook.
func (d *Desk) SetOutcome(_ context.Context, items []evidence.ID, outcome evidence.ItemState, reason string) error {
	return d.step("outcome of %d: %s %s", len(items), outcome, reason)
}

// ExportCase implements model.Keeper.
func (d *Desk) ExportCase(_ context.Context, _ evidence.ID, form, path string, _ evidence.Progress) ([]string, error) {
	return nil, d.step("export %s as %s", form, filepath.Ext(path))
}

// Backup implements model.Keeper.
func (d *Desk) Backup(_ context.Context, path string, _ evidence.Progress) error {
	return d.step("back up to %s", filepath.Ext(path))
}
