package gui

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func (o office) Notices(ctx context.Context) ([]model.NoticeRecord, error) {
	list, err := o.desk.Notices(ctx)
	if err != nil {
		return nil, err
	}
	return o.records(list), nil
}

// records gives notices the titles of their channels.
func (o office) records(list []desk.NoticeSummary) []model.NoticeRecord {
	records := make([]model.NoticeRecord, 0, len(list))
	for _, s := range list {
		r := model.NoticeRecord{Notice: s.Notice, Items: s.Items, Brand: s.Brand, Right: s.Right, Channel: desk.ChannelTitle(s.Notice.Channel)}
		if s.Case != nil {
			r.Case = s.Case.Name
		}
		records = append(records, r)
	}
	return records
}

func (o office) NoticeFile(ctx context.Context, id evidence.ID) (model.NoticeFile, error) {
	var f model.NoticeFile
	dossier, err := o.desk.Dossier(ctx, id)
	if err != nil {
		return f, err
	}
	summary := desk.NoticeSummary{Notice: dossier.Notice, Case: dossier.Case, Brand: dossier.Brand.Name,
		Right: fmt.Sprintf("%s (%s)", dossier.Right.Name, dossier.Right.Register())}
	for _, e := range dossier.Exhibits {
		summary.Items = append(summary.Items, e.Item)
		row := model.Row{Listing: e.Listing, Assessment: e.Assessment, Item: &e.Item}
		if e.Capture.ID != "" {
			row.Capture = &e.Capture
		}
		f.Listings = append(f.Listings, row)
	}
	f.NoticeRecord = o.records([]desk.NoticeSummary{summary})[0]
	findings, err := o.desk.CheckNotice(ctx, id)
	if err != nil {
		return f, err
	}
	for _, g := range findings {
		accepted := slices.ContainsFunc(dossier.Notice.Accepted, func(a evidence.Acceptance) bool { return a.Code == g.Code && a.Subject == g.Subject })
		f.Findings = append(f.Findings, model.Finding{Code: g.Code, Blocks: g.Severity == "error", Accepted: accepted, About: g.About, What: g.What, Advice: g.Advice})
	}
	sent, back, err := o.desk.Submissions(ctx, id)
	if err != nil {
		return f, err
	}
	for _, s := range sent {
		if s.State == evidence.SubmissionByHand {
			f.ByHand.Packages = append(f.ByHand.Packages, s.ID)
		}
		f.ByHand.Unresolved = f.ByHand.Unresolved || s.State == evidence.SubmissionByHand || s.State == evidence.SubmissionUnknown && s.Person
	}
	if f.Story, err = o.story(ctx, id, sent, back); err != nil {
		return f, err
	}
	f.Choices, err = o.choices(ctx, dossier.Notice)
	return f, err
}

// story is what was done with a notice, and what came back.
func (o office) story(ctx context.Context, id evidence.ID, sent []evidence.Submission, back []evidence.Receipt) ([]model.Happening, error) {
	entries, err := o.desk.Log(ctx, desk.LogFilter{Subject: id})
	if err != nil {
		return nil, err
	}
	var story []model.Happening
	for _, e := range entries {
		story = append(story, model.Happening{At: e.Leaf.Time, What: model.Words(string(e.Leaf.Action)), Detail: e.Actor.Name})
	}
	for _, s := range sent {
		story = append(story, model.Happening{At: s.CreatedAt, What: model.T("Put into the outbox"), Detail: model.N("%d listing", "%d listings", len(s.Items))})
		if !s.SentAt.IsZero() {
			story = append(story, model.Happening{At: s.SentAt, What: model.T("Sent"), Detail: strings.TrimSpace(s.External + " " + s.Error)})
		}
	}
	for _, r := range back {
		h := model.Happening{At: r.At, What: model.T("The channel answered"), Detail: strings.TrimSpace(r.External + " " + r.Error)}
		if r.Decision != nil {
			h.What, h.Detail = model.T("The marketplace decided"), model.ReasonsText(*r.Decision)
		}
		story = append(story, h)
	}
	slices.SortStableFunc(story, func(a, b model.Happening) int { return a.At.Compare(b.At) })
	return story, nil
}

// choices is what a notice can be made of.
func (o office) choices(ctx context.Context, n evidence.Notice) (model.Choices, error) {
	var c model.Choices
	brands, err := o.desk.Brands(ctx)
	if err != nil {
		return c, err
	}
	for _, b := range brands {
		if b.Brand.ID == n.Brand {
			c.Rights, c.Signatories = b.Rights, b.Signatories
		}
	}
	c.Languages = desk.StatementLanguages(n.LegalBasis)
	c.Channels, err = o.channels(ctx)
	return c, err
}

func (o office) channels(ctx context.Context) ([]model.Channel, error) {
	all, err := o.desk.Channels(ctx)
	if err != nil {
		return nil, err
	}
	channels := make([]model.Channel, 0, len(all))
	for i := range all {
		s := &all[i]
		c := model.Channel{Name: s.Name, Title: s.Title, ByHand: s.Transport == "portal_assist" || s.Transport == "xlsx", Ready: s.Ready(), SignedIn: s.SignedIn,
			Tests: s.Transport == "rest", GoodFaith: s.GoodFaith}
		for _, r := range s.Reasons {
			c.Reasons = append(c.Reasons, evidence.ChannelReason{Code: r.Code, Title: r.Title})
		}
		for _, setting := range s.Settings {
			c.Settings = append(c.Settings, model.ChannelSetting{Key: setting.Key, Title: setting.Title, Value: s.Values[setting.Key], Required: setting.Required, Secret: setting.Secret})
		}
		channels = append(channels, c)
	}
	return channels, nil
}

func (o office) Draft(ctx context.Context, caseID evidence.ID, listings []evidence.ID) (evidence.ID, error) {
	brands, err := o.desk.Brands(ctx)
	if err != nil {
		return "", err
	}
	order := desk.NoticeOrder{Case: caseID, Listings: listings, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Language: "en"}
	if len(brands) > 1 {
		order.Brand = string(brands[len(brands)-1].Brand.ID) // the newest; another can be chosen
	}
	n, _, err := o.desk.NewNotice(ctx, order)
	return n.ID, err
}

func (o office) Revise(ctx context.Context, id evidence.ID, change func(*evidence.Notice)) error {
	_, err := o.desk.Revise(ctx, id, change)
	return err
}

func (o office) Accept(ctx context.Context, id evidence.ID) error { return o.desk.Accept(ctx, id) }

func (o office) Approve(ctx context.Context, id, signatory evidence.ID) error {
	_, err := o.desk.Approve(ctx, id, signatory)
	return err
}

func (o office) Submit(ctx context.Context, id evidence.ID, p evidence.Progress) ([]string, error) {
	sent, err := o.desk.Submit(ctx, id, p)
	var remarks []string
	for _, s := range sent {
		switch {
		case s.Person:
			remarks = append(remarks, model.T("This channel is a portal: write the package, file it there, and record what became of it."))
		case s.Error != "":
			remarks = append(remarks, model.T("It waits in the outbox: %s", s.Error))
		}
	}
	return remarks, err
}

func (o office) Withdraw(ctx context.Context, id evidence.ID) error {
	_, err := o.desk.Withdraw(ctx, id, desk.Retreat{}, evidence.Quiet)
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
	_, err := o.desk.SetOutcome(ctx, items, string(outcome), reason)
	return err
}

func (o office) Proof(ctx context.Context, notice evidence.ID, p evidence.Progress) (model.Proof, error) {
	made, err := o.desk.LookAtPacket(ctx, desk.PacketOrder{Notice: notice}, p)
	if err != nil {
		return nil, err
	}
	return proof{made}, nil
}

// proof is a packet in the words of the window's models.
type proof struct{ made *desk.PacketProof }

func (p proof) Documents() []model.ProofDocument {
	var documents []model.ProofDocument
	for _, d := range p.made.Documents() {
		documents = append(documents, model.ProofDocument(d))
	}
	return documents
}

func (p proof) Page(ctx context.Context, volume, page int, within image.Point) (image.Image, error) {
	img, err := p.made.Page(ctx, volume, page, within)
	if err != nil {
		return nil, err
	}
	return img, nil
}

func (p proof) Save(ctx context.Context, path string) ([]string, error) {
	summary, err := p.made.Save(ctx, path)
	return remarksOf(summary.Problems), err
}

func (p proof) Close() error { return p.made.Close() }

// remarksOf is what a packet lacks, a sentence each.
func remarksOf(problems []desk.PacketProblem) []string {
	remarks := make([]string, len(problems))
	for i, p := range problems {
		remarks[i] = p.What
	}
	return remarks
}

func (o office) NoticePacket(ctx context.Context, id evidence.ID, path string, p evidence.Progress) ([]string, error) {
	summary, err := o.desk.WritePacket(ctx, desk.PacketOrder{Notice: id, Out: path}, p)
	return remarksOf(summary.Problems), err
}

func (o office) Sync(ctx context.Context, p evidence.Progress) (model.News, error) {
	report, err := o.desk.Sync(ctx, p)
	news := model.News{Moved: len(report.Moved), Inquiries: len(report.News.Inquiries), Counters: len(report.News.Counters), Messages: len(report.News.Messages)}
	for _, f := range report.Failed {
		news.Failures = append(news.Failures, f.Channel+": "+f.Why)
	}
	for _, h := range report.Held {
		news.Failures = append(news.Failures, model.T("An answer cannot leave: %s", h.Why))
	}
	return news, err
}

func (o office) Agenda(ctx context.Context) (model.Waiting, error) {
	a, err := o.desk.Agenda(ctx)
	if err != nil {
		return model.Waiting{}, err
	}
	w := model.Waiting{Failed: rowsOf(a.Failed), Returned: rowsOf(a.Returned), Expiring: expiries(a.Expiring),
		Notices: o.records(a.Notices)}
	w.Asked, err = o.Asked(ctx)
	return w, err
}
