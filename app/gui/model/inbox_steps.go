package model

import (
	"context"

	"touchstone/store/evidence"
)

// Return takes the open inquiry's verdict back, with the reason.
func (x *Inbox) Return(reason string) {
	x.act(T("The verdict was not given back."), T("The verdict was given back. It can be judged anew."), func(ctx context.Context, id evidence.ID) error {
		return x.book.ReturnVerdict(ctx, id, reason)
	})
}

// Finish closes what is open, with the reason: it is done with, or its missed
// deadline was seen.
func (x *Inbox) Finish(reason string) {
	x.act(T("It was not closed."), T("It was closed. The record keeps the deadline that was missed."), func(ctx context.Context, id evidence.ID) error {
		return x.book.CloseAsked(ctx, id, reason)
	})
}

// Sent records that the open inquiry's answer was sent by hand.
func (x *Inbox) Sent() {
	x.act(T("That it was sent was not recorded."), T("It is recorded as sent."), x.book.AnswerSent)
}

// Retry captures the open inquiry's offer once more.
func (x *Inbox) Retry() {
	x.act(T("The offer is not captured again."), "", func(ctx context.Context, id evidence.ID) error {
		err := x.book.RetryInquiry(ctx, id)
		if err == nil {
			x.b.Post(x.capture)
		}
		return err
	})
}

// CaptureAsked captures the offers that are asked about and wait for it.
func (x *Inbox) CaptureAsked() { x.capture() }

// Uncaptured is how many offers of the list wait to be captured.
func (x *Inbox) Uncaptured() int {
	n := 0
	for _, a := range x.list {
		if a.Inquiry != nil && (a.Inquiry.State == evidence.InquiryValidated || a.Inquiry.State == evidence.InquiryCapturing) {
			n++
		}
	}
	return n
}

// AskInformation asks the marketplace for more about the open inquiry.
func (x *Inbox) AskInformation(wants []string, question string) {
	id := x.open
	x.problems.Dismiss()
	x.task.start(T("Asking for more"), func(ctx context.Context, p evidence.Progress) func() {
		err := x.book.AskInformation(ctx, id, wants, question, p)
		return func() {
			if err != nil {
				x.problems.report(T("The question was not asked."), T("Nothing was changed."), err)
			} else {
				x.problems.Tell(T("The question was asked. The deadline moves by the time that the answer takes."))
			}
			x.Load()
		}
	})
}

// Attach seals a file of ours with what is open.
func (x *Inbox) Attach(path string) {
	id := x.open
	x.task.start(T("Attaching the file"), func(ctx context.Context, p evidence.Progress) func() {
		err := x.book.AttachTo(ctx, id, path, p)
		return func() {
			if err != nil {
				x.problems.report(T("The file was not attached."), T("Nothing was changed."), err)
			}
			x.Load()
		}
	})
}

// CopyOut writes a copy of a document to a new file.
func (x *Inbox) CopyOut(d Document, path string) {
	x.act(T("The copy was not written."), T("The copy was written to %s", path), func(ctx context.Context, _ evidence.ID) error {
		return x.book.CopyOut(ctx, d.File, path)
	})
}

// Letter hands over the text of the open inquiry's answer.
func (x *Inbox) Letter(take func(text string)) {
	id := x.open
	x.b.Run(func(ctx context.Context) func() {
		text, err := x.book.Letter(ctx, id)
		return func() {
			if err != nil {
				x.problems.report(T("The letter could not be written."), T("Nothing was changed."), err)
				return
			}
			take(text)
		}
	})
}
