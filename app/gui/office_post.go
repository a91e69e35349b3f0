package gui

import (
	"context"
	"slices"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (o office) AddQuestion(ctx context.Context, q evidence.Inquiry, due string) (evidence.ID, error) {
	if due != "" {
		at, err := desk.ParseDeadline(due)
		if err != nil {
			return "", err
		}
		q.DueAt = at
	}
	q.Via = evidence.ViaForm
	made, err := o.desk.NewInquiry(ctx, q)
	return made.ID, err
}

func (o office) TakeQuestions(ctx context.Context, path string, p evidence.Progress) (int, error) {
	list, err := o.desk.TakeInquiries(ctx, path, evidence.Inquiry{}, p)
	return len(list), err
}

func (o office) Messages(ctx context.Context) ([]evidence.Message, error) {
	list, err := desk.All[evidence.Message](ctx, o.desk, evidence.KindMessage)
	slices.Reverse(list)
	return list, err
}

func (o office) Write(ctx context.Context, subject, text string, replyTo evidence.ID, p evidence.Progress) error {
	_, err := o.desk.SendMessage(ctx, desk.Letter{Channel: desk.JointForceChannel, Subject: subject, Text: text, ReplyTo: replyTo}, p)
	return err
}
