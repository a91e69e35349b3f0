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

func (o office) Package(ctx context.Context, submission evidence.ID, folder string) error {
	_, err := o.desk.WritePackage(ctx, submission, folder)
	return err
}

func (o office) Resolve(ctx context.Context, notice evidence.ID, arrived bool, number string) error {
	_, err := o.desk.Resolve(ctx, notice, arrived, number)
	return err
}

func (o office) SetOutcome(ctx context.Context, items []evidence.ID, outcome evidence.ItemState, reason string) error {
	for _, item := range items {
		if _, err := o.desk.SetOutcome(ctx, item, string(outcome), reason); err != nil {
			return err
		}
	}
	return nil
}

func (o office) ExportCase(ctx context.Context, caseID evidence.ID, form, path string, p evidence.Progress) ([]string, error) {
	summary, err := o.desk.Export(ctx, desk.ExportOrder{Case: string(caseID), Format: desk.ExportFormat(form), Out: path}, p)
	return summary.Problems, err
}

func (o office) Backup(ctx context.Context, path string, p evidence.Progress) error {
	_, err := o.desk.Backup(ctx, path, p)
	return err
}
