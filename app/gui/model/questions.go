package model

import (
	"context"

	"touchstone/store/evidence"
)

// PostBook takes in what comes by hand, and keeps the correspondence with account
// managers.
type PostBook interface {
	// AddQuestion records a question that came by a portal, by mail or from customs.
	// due is its deadline as a person writes it, or "".
	AddQuestion(ctx context.Context, q evidence.Inquiry, due string) (evidence.ID, error)
	// TakeQuestions records the questions that a file holds: a sheet (.xlsx, .csv) or a
	// mail (.eml, .msg). It says how many they are.
	TakeQuestions(ctx context.Context, path string, p evidence.Progress) (int, error)
	// Messages lists the correspondence, the newest first.
	Messages(ctx context.Context) ([]evidence.Message, error)
	// Write sends a message; replyTo is the one that it answers, or "".
	Write(ctx context.Context, subject, text string, replyTo evidence.ID, p evidence.Progress) error
}

// Add records a question that came by hand, and opens it.
func (x *Inbox) Add(q evidence.Inquiry, due string) {
	x.problems.Dismiss()
	x.b.Run(func(ctx context.Context) func() {
		id, err := x.book.AddQuestion(ctx, q, due)
		return func() {
			if err != nil {
				x.problems.report(T("The question was not taken in."), T("Nothing was changed."), err)
				return
			}
			x.Open(id)
			x.taken()
		}
	})
}

// Take records the questions of a file.
func (x *Inbox) Take(path string) {
	x.problems.Dismiss()
	x.task.start(T("Taking questions in"), func(ctx context.Context, p evidence.Progress) func() {
		n, err := x.book.TakeQuestions(ctx, path, p)
		return func() {
			if err != nil {
				x.problems.report(T("The file was not taken in, or not all of it."), T("What was taken in is listed."), err)
			} else {
				x.problems.Tell(N("%d inquiry has come in.", "%d inquiries have come in.", n))
			}
			x.taken()
		}
	})
}

// taken shows what was taken in, and has its offers captured: they may vanish.
func (x *Inbox) taken() {
	x.Load()
	x.moved(nil)
	x.capture()
}

// Messages hands over the correspondence with account managers, the newest first.
func (x *Inbox) Messages(take func([]evidence.Message)) {
	x.b.Run(func(ctx context.Context) func() {
		list, err := x.book.Messages(ctx)
		return func() {
			if err != nil {
				x.problems.report(T("The correspondence could not be read."), T("Nothing was changed."), err)
				return
			}
			take(list)
		}
	})
}

// Write sends a message to the account manager; replyTo is the one that it answers,
// or "".
func (x *Inbox) Write(subject, text string, replyTo evidence.ID) {
	x.problems.Dismiss()
	x.task.start(T("Sending the message"), func(ctx context.Context, p evidence.Progress) func() {
		err := x.book.Write(ctx, subject, text, replyTo, p)
		return func() {
			if err != nil {
				x.problems.report(T("The message was not sent."), T("If it was recorded, it waits in the outbox."), err)
				return
			}
			x.problems.Tell(T("The message was sent."))
		}
	})
}
