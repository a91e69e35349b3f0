package gui

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func (o office) Asked(ctx context.Context) ([]model.Asked, error) {
	box, err := o.desk.Inbox(ctx)
	if err != nil {
		return nil, err
	}
	list := o.inquiries(box.MissedInquiries)
	list = append(list, o.counters(box.MissedCounters)...)
	waiting := append(o.counters(box.Counters), o.inquiries(box.Inquiries)...)
	slices.SortStableFunc(waiting, func(a, b model.Asked) int { return sooner(a.DueAt(), b.DueAt()) })
	return append(list, waiting...), nil
}

// sooner orders deadlines; what has none comes last.
func sooner(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return b.Compare(a)
	}
	return a.Compare(b)
}

func (o office) inquiries(list []evidence.Inquiry) []model.Asked {
	asked := make([]model.Asked, len(list))
	for i := range list {
		asked[i] = model.Asked{Inquiry: &list[i], Channel: desk.ChannelTitle(list[i].Channel)}
	}
	return asked
}

func (o office) counters(list []evidence.CounterNotice) []model.Asked {
	asked := make([]model.Asked, len(list))
	for i := range list {
		asked[i] = model.Asked{Counter: &list[i], Channel: desk.ChannelTitle(list[i].Channel)}
	}
	return asked
}

func (o office) Settled(ctx context.Context) ([]model.Asked, error) {
	inquiries, counters, err := o.desk.Settled(ctx)
	if err != nil {
		return nil, err
	}
	list := append(o.inquiries(inquiries), o.counters(counters)...)
	slices.SortStableFunc(list, func(a, b model.Asked) int { return movedAt(b).Compare(movedAt(a)) })
	return list, nil
}

func movedAt(a model.Asked) time.Time {
	if a.Counter != nil {
		return a.Counter.UpdatedAt
	}
	return a.Inquiry.UpdatedAt
}

func (o office) InquiryFile(ctx context.Context, id evidence.ID) (model.InquiryFile, error) {
	var f model.InquiryFile
	in, err := o.desk.Inspect(ctx, id)
	if err != nil {
		return f, err
	}
	f.Asked = o.inquiries([]evidence.Inquiry{in.Inquiry})[0]
	f.Capture, f.Markers, f.Features, f.Answers = in.Capture, in.Markers, in.Features, in.Answers
	f.Documents, f.ByHand, f.Wants = documents(in.Attachments), in.Inquiry.Channel == "", desk.Wants
	f.Address = in.Inquiry.Offer.URL
	if in.Capture != nil {
		f.Shot = model.ShotOf(in.Capture)
		f.Price, f.Seller = priceAndSeller(in.Capture.Facts)
	}
	f.Price = cmp.Or(f.Price, model.PriceText(in.Inquiry.Offer.Price))
	if s := in.Inquiry.Offer.Seller; s != nil {
		f.Seller = cmp.Or(f.Seller, s.Name, s.ID)
	}
	if in.Capture != nil {
		f.Pictures = o.picturesOf(ctx, *in.Capture)
	}
	for _, h := range in.Hints {
		hint := model.HintOf(string(h.Topic), string(h.Code), h.With)
		if hint.Says == "" {
			hint = model.Hint{Topic: model.Words(string(h.Topic)), Says: h.Says, Why: h.Why}
		}
		f.Hints = append(f.Hints, hint)
	}
	if in.Inquiry.Brand == "" {
		return f, nil
	}
	brand, err := desk.Get[evidence.Brand](ctx, o.desk, in.Inquiry.Brand)
	if err != nil {
		return f, err
	}
	f.Brand = brand.Name
	f.Photos, err = o.photos(ctx, brand, f.Title())
	return f, err
}

func priceAndSeller(facts *evidence.Facts) (price, seller string) {
	if facts == nil {
		return "", ""
	}
	if facts.Seller != nil {
		seller = cmp.Or(facts.Seller.Name, facts.Seller.ID)
	}
	return model.PriceText(facts.Price), seller
}

// photos are those of a brand: first those of products whose name or model stands
// in the title, then of its markers and of counterfeits, of its other products, and
// what else was attached to it.
func (o office) photos(ctx context.Context, b evidence.Brand, title string) ([]model.Photo, error) {
	attached, err := o.desk.AttachedTo(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	var first, telling, products, others []model.Photo
	for _, a := range attached {
		file, ok := a.Artifact(evidence.RoleAttachment)
		if !ok || a.Kind != evidence.AttachedPhoto || !strings.HasPrefix(file.MediaType, "image/") {
			continue
		}
		if k := slices.IndexFunc(b.Illustrations, func(p evidence.Illustration) bool { return p.Picture == a.Name }); k >= 0 {
			shows := b.Illustrations[k].Shows
			telling = append(telling, model.Photo{Label: shows, Picture: file.SHA256, Fake: slices.Contains(b.CounterfeitFeatures, shows)})
			continue
		}
		i := slices.IndexFunc(b.Products, func(p evidence.Product) bool { return slices.Contains(p.Pictures, a.Name) })
		if i < 0 {
			others = append(others, model.Photo{Label: strings.TrimSpace(a.Name + " " + a.How), Picture: file.SHA256})
			continue
		}
		photo := model.Photo{Label: strings.TrimSpace(b.Products[i].Name + " " + b.Products[i].Model), Picture: file.SHA256}
		if desk.NamedIn(b.Products[i], title) {
			first = append(first, photo)
		} else {
			products = append(products, photo)
		}
	}
	slices.SortStableFunc(telling, func(x, y model.Photo) int {
		return slices.IndexFunc(b.Illustrations, func(p evidence.Illustration) bool { return p.Shows == x.Label }) -
			slices.IndexFunc(b.Illustrations, func(p evidence.Illustration) bool { return p.Shows == y.Label })
	})
	return slices.Concat(first, telling, products, others), nil
}

func documents(attachments []evidence.Attachment) []model.Document {
	var list []model.Document
	for _, a := range attachments {
		if file, ok := a.Artifact(evidence.RoleAttachment); ok {
			list = append(list, model.Document{ID: a.ID, Name: a.Name, File: file.SHA256, MediaType: file.MediaType, Size: file.Size, Ours: a.How == howAttached})
		}
	}
	return list
}

func (o office) AnswerInquiry(ctx context.Context, id evidence.ID, v model.Verdict, p evidence.Progress) (model.Answered, error) {
	a, err := o.desk.AnswerInquiry(ctx, id, desk.Verdict{Verdict: v.Verdict, Basis: v.Basis, Reason: v.Reason, WithoutNotice: v.Alone,
		Notice: desk.NoticeOrder{Infringement: v.Ground}}, p)
	return answered(a, err)
}

func (o office) ApproveVerdict(ctx context.Context, id evidence.ID, p evidence.Progress) (model.Answered, error) {
	return answered(o.desk.ApproveVerdict(ctx, id, p))
}

// answered is what became of an answer. One that was recorded and could not be
// sent is recorded all the same.
func answered(a desk.Answered, err error) (model.Answered, error) {
	if a.Answer.ID == "" || a.Elsewhere != nil {
		return model.Answered{}, err
	}
	waits := map[string]model.Wait{"second_person": model.WaitsForSecondPerson, "signatory": model.WaitsForSignatory, "person": model.WaitsForPerson}
	out := model.Answered{Waits: waits[a.Waits()], Queued: a.Inquiry.State == evidence.InquiryAnswerQueued}
	if a.Notice != nil {
		out.Notice = a.Notice.ID
	}
	if a.Submission != nil {
		out.Remark = a.Submission.Error
	}
	if err != nil {
		out.Remark = err.Error()
	}
	return out, nil
}

func (o office) ReturnVerdict(ctx context.Context, id evidence.ID, reason string) error {
	q, err := desk.Get[evidence.Inquiry](ctx, o.desk, id)
	if err != nil {
		return err
	}
	switch q.State {
	case evidence.InquiryAnswerQueued, evidence.InquiryAnswered, evidence.InquiryAcknowledged:
		return model.ErrLeft
	}
	_, err = o.desk.ReturnVerdict(ctx, id, reason)
	return err
}

func (o office) CloseAsked(ctx context.Context, id evidence.ID, reason string) error {
	if id.Kind() == evidence.KindCounter {
		_, err := o.desk.CloseCounter(ctx, id, reason)
		return err
	}
	_, err := o.desk.CloseInquiry(ctx, id, reason)
	return err
}

func (o office) AskInformation(ctx context.Context, id evidence.ID, wants []string, question string, p evidence.Progress) error {
	_, err := o.desk.AskInformation(ctx, id, wants, question, p)
	return err
}

func (o office) RetryInquiry(ctx context.Context, id evidence.ID) error {
	_, err := o.desk.RetryInquiry(ctx, id)
	return err
}

func (o office) Letter(ctx context.Context, id evidence.ID) (string, error) {
	return o.desk.Reply(ctx, id)
}

func (o office) AnswerSent(ctx context.Context, id evidence.ID) error {
	_, err := o.desk.AnswerSent(ctx, id, evidence.Moment{})
	return err
}

func (o office) CounterFile(ctx context.Context, id evidence.ID) (model.CounterFile, error) {
	c, err := desk.Get[evidence.CounterNotice](ctx, o.desk, id)
	if err != nil {
		return model.CounterFile{}, err
	}
	f := model.CounterFile{Asked: o.counters([]evidence.CounterNotice{c})[0], Reasons: c.Options}
	if len(f.Reasons) == 0 {
		for _, code := range desk.CounterReasons {
			f.Reasons = append(f.Reasons, evidence.CounterOption{Code: code})
		}
	}
	attached, err := o.desk.AttachedTo(ctx, id)
	if err != nil {
		return f, err
	}
	f.Documents = documents(attached)
	dossier, err := o.desk.Dossier(ctx, c.Notice)
	if err != nil {
		return f, err
	}
	for _, e := range dossier.Exhibits {
		if e.Item.ID == c.Item {
			f.Listing = model.Row{Listing: e.Listing, Assessment: e.Assessment, Item: &e.Item}
			if e.Capture.ID != "" {
				f.Listing.Capture, f.Shot = &e.Capture, model.ShotOf(&e.Capture)
			}
		}
	}
	return f, nil
}

func (o office) AnswerCounter(ctx context.Context, id evidence.ID, r model.CounterReply, p evidence.Progress) (model.Answered, error) {
	reply := desk.CounterReply{Decision: r.Decision, Comment: r.Comment, Attachments: r.Documents}
	switch r.Decision {
	case evidence.RejectCounter:
		reply.ReasonCode = r.ReasonCode
	case evidence.EscalateCounter:
		reply.Court = &r.Court
	}
	c, err := o.desk.AnswerCounter(ctx, id, reply, p)
	return model.Answered{Queued: c.State == evidence.CounterAnswerQueued}, err
}

// howAttached tells files of ours from those that a marketplace handed over.
const howAttached = "attached in the window"

func (o office) AttachTo(ctx context.Context, id evidence.ID, path string, p evidence.Progress) error {
	s, err := o.desk.Settings(ctx)
	if err != nil {
		return err
	}
	_, err = o.desk.Attach(ctx, desk.Attaching{File: path, To: id, Kind: evidence.AttachedDocument, ObtainedAt: evidence.Exactly(time.Now()),
		ObtainedBy: cmp.Or(s.Operator, "the operator"), How: howAttached}, p)
	return err
}

func (o office) CopyOut(ctx context.Context, h evidence.Hash, path string) error {
	return o.desk.CopyOut(ctx, h, path)
}
