package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/evidence"
)

// takeReplies attaches to an inquiry what the marketplace replied to our questions
// about it. Once none is open, the inquiry goes back to review.
func (f *feed) takeReplies(ctx context.Context, q *evidence.Inquiry, asked []jointforce.InformationRequest) (bool, error) {
	last, word := "", ""
	for _, r := range asked {
		if r.State == jointforce.InformationOpen {
			return false, nil
		}
		last, word = "", "replied"
		if r.State == jointforce.InformationDeclined {
			word = "declined"
		}
		if r.Reply == nil {
			continue
		}
		last = r.Reply.Text
		if err := f.takeFiles(ctx, q.ID, r.Reply.Files); err != nil {
			return false, err
		}
		how := fmt.Sprintf("the marketplace's reply to %s of channel %s", clip(r.ID, 64), f.client.Name())
		if err := f.attachOnce(ctx, q.ID, "reply.txt", how, []byte(last)); err != nil {
			return false, err
		}
	}
	if q.State != evidence.InquiryInfoRequested || len(asked) == 0 {
		return false, nil
	}
	var err error
	*q, err = f.desk.moveInquiry(ctx, q.ID, evidence.InquiryInReview, strings.TrimSuffix("the marketplace "+word+": "+clip(last, 500), ": "))
	return true, err
}

// takeFiles attaches to a record the files that a channel has for it, each once.
func (f *feed) takeFiles(ctx context.Context, to evidence.ID, files []jointforce.File) error {
	for _, file := range files {
		there, err := f.attached(ctx, to, file.SHA256)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		content, err := f.client.Download(ctx, file)
		if err != nil {
			return err
		}
		how := fmt.Sprintf("handed in by the %s, %s of channel %s", file.From, clip(file.ID, 64), f.client.Name())
		if err := f.attachOnce(ctx, to, safeName(file.Name), how, content); err != nil {
			return err
		}
	}
	return nil
}

// attached reports whether a file is attached to a record.
func (f *feed) attached(ctx context.Context, to evidence.ID, h evidence.Hash) (bool, error) {
	have, err := AllBy[evidence.Attachment](ctx, f.desk, store.AttachmentsByTarget, string(to))
	return slices.ContainsFunc(have, func(a evidence.Attachment) bool {
		got, ok := a.Artifact(evidence.RoleAttachment)
		return ok && got.SHA256 == h
	}), err
}

// attachOnce seals a file that came in with a record, unless it is there.
func (f *feed) attachOnce(ctx context.Context, to evidence.ID, name, how string, content []byte) error {
	if there, err := f.attached(ctx, to, evidence.HashOf(content)); there || err != nil {
		return err
	}
	d := f.desk
	_, err := d.attachContent(ctx, Attaching{
		File: name, To: to, Kind: evidence.AttachedDocument, ObtainedAt: evidence.Exactly(d.cfg.Now()), ObtainedBy: d.actorName(), How: how,
	}, content)
	return err
}

// safeName is a file's name as a stranger gave it, without folders and controls.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '/' || r == '\\' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if strings.Trim(name, ". _") == "" {
		return "document"
	}
	return clip(name, 120)
}
