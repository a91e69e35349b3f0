package sampledesk

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"path/filepath"
	"slices"
	"time"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// WithInbox is Plain with four inquiries, one of them late, and a counter-notice.
func WithInbox() *Desk {
	d := Plain()
	rows := d.rows[d.cases[0].ID]
	for _, q := range []struct {
		row   int
		state evidence.InquiryState
		due   time.Duration
	}{{0, evidence.InquiryCaptured, 3*time.Hour + 12*time.Minute}, {2, evidence.InquiryCaptured, 26 * time.Hour}, {1, evidence.InquiryInReview, 51 * time.Hour}} {
		r := rows[q.row]
		f := d.ask(evidence.Inquiry{Channel: "jointforce", External: fmt.Sprintf("INQ-%06d", 1041+q.row), Question: "Is this offer genuine?", State: q.state,
			Offer: evidence.InquiryOffer{URL: r.Listing.URL, Title: r.Listing.Title, ItemID: "4410982", Seller: &r.Seller.Facts, Price: r.Capture.Facts.Price},
			Case:  r.Listing.Case, Listing: r.Listing.ID, Capture: r.Capture.ID, DueAt: Start.Add(q.due)})
		f.Capture, f.Shot = r.Capture, model.ShotOf(r.Capture)
		f.Price, f.Seller = model.PriceText(r.Capture.Facts.Price), r.Seller.Facts.Name
		for i := range 3 {
			f.Pictures = append(f.Pictures, d.picture(fmt.Sprintf("offer %d %d", q.row, i), 7*q.row+i))
		}
	}
	late := d.ask(evidence.Inquiry{Asker: evidence.AskerCustoms, From: "Zollamt Emmerich", External: "DE-4417/26", Question: "40 handbags marked AUREL, in transit", State: evidence.InquiryExpired,
		DueAt: Start.Add(-7 * time.Hour), MissedAt: Start.Add(-7 * time.Hour), Reason: "its deadline passed without an answer"})
	late.ByHand = true
	d.object(rows[0])
	d.messages = []evidence.Message{{ID: d.id(evidence.KindMessage), Channel: "jointforce", Incoming: true, From: "Li Na", Subject: "Your rate", Thread: "TH-1", At: Start.Add(-time.Hour),
		Text: "Of your notices of this month one in ten was rejected. Please look at the pictures once more before you file."}}
	return d
}

// ask records an inquiry.
func (d *Desk) ask(q evidence.Inquiry) *model.InquiryFile {
	q.ID, q.Asker, q.AskedAt, q.Brand = d.id(evidence.KindInquiry), cmp.Or(q.Asker, evidence.AskerMarketplace), Start.Add(-20*time.Hour), Brand.Brand.ID
	channel := ""
	if q.Channel != "" {
		channel = "Joint force"
	}
	f := &model.InquiryFile{Asked: model.Asked{Inquiry: &q, Channel: channel}, Address: q.Offer.URL, Brand: Brand.Brand.Name,
		Markers: Brand.Brand.GenuineMarkers, Features: Brand.Brand.CounterfeitFeatures, Wants: []string{"more_pictures", "seller_documents", "sample"},
		Hints: []model.Hint{
			model.HintOf("price", "price_share", []string{"7", "89.00 EUR", "Soleil bag (SOL-22)", "1250.00 EUR"}),
			model.HintOf("earlier", "judged_other", []string{"counterfeit", "asm_01KAT7Z5W3N5QK0V9J0000000A", "M. Weber", "2026-11-02", "examined_purchase", "Aurel Luna wallet"}),
			model.HintOf("picture", "picture_reused", []string{"counterfeit", "bagheaven", "https://market.example/item/4410990"}),
		}}
	for i, label := range []string{"Soleil bag SOL-22", "Soleil bag SOL-22, lining", "Serial number"} {
		f.Photos = append(f.Photos, model.Photo{Label: label, Picture: d.picture(label, 40+i)})
	}
	d.asked = append(d.asked, f)
	return f
}

// object records a seller's objection about a listing.
func (d *Desk) object(r model.Row) {
	c := evidence.CounterNotice{ID: d.id(evidence.KindCounter), Channel: "jointforce", External: "CN-000007", Seller: "lux_outlet_88", Grounds: "genuine_goods",
		Statement: "These are genuine goods, bought from the brand's own shop in Milan. The invoice is attached.", State: evidence.CounterOpen, FiledAt: Start.Add(-30 * time.Hour), DueAt: Start.Add(18 * time.Hour)}
	d.objected = append(d.objected, &model.CounterFile{Asked: model.Asked{Counter: &c, Channel: "Joint force"}, Listing: r, Shot: model.ShotOf(r.Capture),
		Documents: []model.Document{{ID: d.id(evidence.KindAttachment), Name: "invoice.pdf", File: evidence.HashOf([]byte("invoice")), MediaType: "application/pdf", Size: 84_112}},
		Reasons:   []evidence.CounterOption{{Code: "documents_do_not_match"}, {Code: "documents_forged"}, {Code: "goods_examined"}, {Code: "other", Title: "None of these"}}})
}

// picture is a photo of something like a bag.
func (d *Desk) picture(name string, seed int) evidence.Hash {
	h := evidence.HashOf([]byte(name))
	d.blobs[h] = func() []byte { return product(640, 480, seed) }
	return h
}

// product draws something that looks like a bag from afar.
func product(w, h, seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(img.Rect, color.RGBA{236, 238, 241, 255})
	body := color.RGBA{uint8(90 + seed*41%120), uint8(60 + seed*67%90), uint8(50 + seed*23%70), 255}
	fill(image.Rect(170, 190, 470, 410), body)
	for i := range 8 {
		fill(image.Rect(230+i*4, 190-i*14, 240+i*4, 200-i*12), body)
		fill(image.Rect(400-i*4, 190-i*14, 410-i*4, 200-i*12), body)
	}
	fill(image.Rect(256, 80, 384, 92), body)
	fill(image.Rect(292, 260, 348, 316), color.RGBA{227, 176, 75, 255})
	return encode(img)
}

// waiting lists what waits for an answer.
func (d *Desk) waiting() []model.Asked {
	var list []model.Asked
	for _, f := range d.asked {
		if f.Inquiry.State != evidence.InquiryAcknowledged && f.Inquiry.State != evidence.InquiryClosed {
			list = append(list, f.Asked)
		}
	}
	for _, f := range d.objected {
		if f.Counter.State == evidence.CounterOpen {
			list = append(list, f.Asked)
		}
	}
	slices.SortStableFunc(list, func(a, b model.Asked) int { return a.DueAt().Compare(b.DueAt()) })
	return list
}

// Asked implements model.InboxBook.
func (d *Desk) Asked(context.Context) ([]model.Asked, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting(), d.Fail
}

// Settled implements model.InboxBook.
func (d *Desk) Settled(context.Context) ([]model.Asked, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []model.Asked
	for _, f := range d.asked {
		if f.Inquiry.State == evidence.InquiryAcknowledged || f.Inquiry.State == evidence.InquiryClosed {
			list = append(list, f.Asked)
		}
	}
	return list, d.Fail
}

func (d *Desk) inquiry(id evidence.ID) *model.InquiryFile {
	return d.asked[slices.IndexFunc(d.asked, func(f *model.InquiryFile) bool { return f.ID() == id })]
}

// objection is a copy that takes the counter-notice's place: what was read before
// stays as it was.
func (d *Desk) objection(id evidence.ID) *evidence.CounterNotice {
	f := d.objected[slices.IndexFunc(d.objected, func(f *model.CounterFile) bool { return f.ID() == id })]
	c := *f.Counter
	f.Counter = &c
	return &c
}

// InquiryFile implements model.InboxBook.
func (d *Desk) InquiryFile(_ context.Context, id evidence.ID) (model.InquiryFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return *d.inquiry(id), d.Fail
}

// turn brings an inquiry into a state.
func (d *Desk) turn(f *model.InquiryFile, s evidence.InquiryState) {
	q := *f.Inquiry // what was read before stays as it was
	q.State = s
	f.Inquiry = &q
}

// AnswerInquiry implements model.InboxBook.
func (d *Desk) AnswerInquiry(_ context.Context, id evidence.ID, v model.Verdict, _ evidence.Progress) (model.Answered, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return model.Answered{}, d.Fail
	}
	d.Answers = append(d.Answers, string(v.Verdict))
	f := d.inquiry(id)
	a := evidence.Answer{ID: d.id(evidence.KindAnswer), Inquiry: id, Verdict: v.Verdict, Basis: v.Basis, Reason: v.Reason, By: "M. Weber", At: Start}
	var out model.Answered
	if v.Infringing() && !v.Alone {
		a.Notice = d.id(evidence.KindNotice)
		out.Notice = a.Notice
	}
	f.Answers = append(slices.Clone(f.Answers), a)
	state := evidence.InquiryAcknowledged
	switch {
	case d.SecondPerson:
		state, out.Waits = evidence.InquiryVerdictDraft, model.WaitsForSecondPerson
	case f.ByHand:
		state, out.Waits = evidence.InquiryVerdictApproved, model.WaitsForPerson
	case a.Notice != "" && !d.Standing:
		state, out.Waits = evidence.InquiryVerdictApproved, model.WaitsForSignatory
	}
	d.turn(f, state)
	f.Inquiry.Answer = a.ID
	return out, nil
}

// ApproveVerdict implements model.InboxBook.
func (d *Desk) ApproveVerdict(_ context.Context, id evidence.ID, _ evidence.Progress) (model.Answered, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turn(d.inquiry(id), evidence.InquiryAcknowledged)
	d.Answers = append(d.Answers, "approved")
	return model.Answered{}, d.Fail
}

// ReturnVerdict implements model.InboxBook.
func (d *Desk) ReturnVerdict(_ context.Context, id evidence.ID, reason string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, "return: "+reason)
	f := d.inquiry(id)
	if f.Inquiry.State == evidence.InquiryAcknowledged {
		return model.ErrLeft
	}
	d.turn(f, evidence.InquiryInReview)
	d.Answers = append(d.Answers, "taken back")
	return d.Fail
}

// CloseAsked implements model.InboxBook.
func (d *Desk) CloseAsked(_ context.Context, id evidence.ID, reason string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, "close: "+reason)
	if id.Kind() == evidence.KindCounter {
		d.objection(id).State = evidence.CounterClosed
		return d.Fail
	}
	d.turn(d.inquiry(id), evidence.InquiryClosed)
	return d.Fail
}

// AskInformation implements model.InboxBook.
func (d *Desk) AskInformation(_ context.Context, id evidence.ID, wants []string, question string, _ evidence.Progress) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, fmt.Sprintf("ask %v: %s", wants, question))
	d.turn(d.inquiry(id), evidence.InquiryInfoRequested)
	return d.Fail
}

// RetryInquiry implements model.InboxBook.
func (d *Desk) RetryInquiry(_ context.Context, id evidence.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.uncaptured = append(d.uncaptured, d.inquiry(id).Inquiry.Offer.URL)
	return d.Fail
}

// Letter implements model.InboxBook.
func (d *Desk) Letter(context.Context, evidence.ID) (string, error) {
	return "The goods are counterfeit.\n", d.Fail
}

// AnswerSent implements model.InboxBook.
func (d *Desk) AnswerSent(_ context.Context, id evidence.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, "sent")
	d.turn(d.inquiry(id), evidence.InquiryAcknowledged)
	return d.Fail
}

// CounterFile implements model.InboxBook.
func (d *Desk) CounterFile(_ context.Context, id evidence.ID) (model.CounterFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.objected {
		if f.ID() == id {
			return *f, d.Fail
		}
	}
	return model.CounterFile{}, fmt.Errorf("%s is not in the workspace", id)
}

// AnswerCounter implements model.InboxBook.
func (d *Desk) AnswerCounter(_ context.Context, id evidence.ID, r model.CounterReply, _ evidence.Progress) (model.Answered, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Answers = append(d.Answers, string(r.Decision)+" "+r.ReasonCode)
	d.objection(id).State = evidence.CounterAnswered
	return model.Answered{}, d.Fail
}

// AttachTo implements model.InboxBook.
func (d *Desk) AttachTo(context.Context, evidence.ID, string, evidence.Progress) error { return d.Fail }

// CopyOut implements model.InboxBook.
func (d *Desk) CopyOut(_ context.Context, _ evidence.Hash, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps = append(d.steps, "copy to "+filepath.Base(path))
	return d.Fail
}

// WaitingAsked implements model.Capturer.
func (d *Desk) WaitingAsked(context.Context) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.uncaptured), d.Fail
}

// CaptureAsked implements model.Capturer.
func (d *Desk) CaptureAsked(ctx context.Context, p evidence.Progress) error {
	urls, _ := d.WaitingAsked(ctx)
	if err := d.Capture(ctx, d.cases[0].ID, urls, p); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.uncaptured = nil
	for _, f := range d.asked {
		if slices.Contains(urls, f.Inquiry.Offer.URL) {
			d.turn(f, evidence.InquiryCaptured)
		}
	}
	return nil
}
