package sampledesk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Brand is the sample's brand.
var Brand = evidence.BrandFile{
	Brand: evidence.Brand{ID: "brand_01KAT7Z5W3N5QK0V9J0000000A", Name: "Aurel", Site: "https://aurel.example",
		Owner:               evidence.Organisation{Name: "Maison Aurel SA", Address: "12 rue des Orfèvres", City: "Paris", Country: "FR", Email: "ip@aurel.example"},
		GenuineMarkers:      []string{"The bar of the A in the device is a rising sun.", "Serial numbers begin with AU and have nine digits."},
		CounterfeitFeatures: []string{"The bar of the A is straight.", "The lining is black."},
		Products:            []evidence.Product{{Model: "SOL-22", Name: "Soleil bag", Price: "1250.00", Currency: "EUR"}},
		Authorisations:      []evidence.Authorisation{{Agent: "Weber & Partner", Territories: []string{"EU"}, To: "2027-03-31"}},
	},
	Rights: []evidence.Right{{ID: "right_01KAT7Z5W3N5QK0V9J0000000A", Type: evidence.Trademark, Name: "AUREL", Number: "018000142", Office: "EUIPO",
		Jurisdiction: "EU", Classes: []int{14, 18, 25}, Expires: "2027-01-14"}},
	Signatories: []evidence.Signatory{{ID: "sig_01KAT7Z5W3N5QK0V9J0000000A", Name: "Claire Aurel", Title: "Head of brand protection", Email: "claire@aurel.example"}},
}

var channels = []model.Channel{
	{Name: "ebay", Title: "eBay VeRO", Tests: true, Settings: []model.ChannelSetting{{Key: "client_id", Title: "Client ID", Required: true}, {Key: "client_secret", Title: "Client secret", Required: true, Secret: true}}},
	{Name: "jointforce", Title: "Joint force", Ready: true, Tests: true, GoodFaith: true,
		Reasons: []evidence.ChannelReason{{Code: "counterfeit", Title: "Counterfeit goods"}}},
	{Name: "taobao", Title: "Taobao", ByHand: true, Ready: true},
}

// Notices implements model.NoticeBook.
func (d *Desk) Notices(context.Context) ([]model.NoticeRecord, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	records := make([]model.NoticeRecord, 0, len(d.notices))
	for _, n := range d.notices {
		records = append(records, n.NoticeRecord)
	}
	return records, d.Fail
}

// NoticeFile implements model.NoticeBook.
func (d *Desk) NoticeFile(_ context.Context, id evidence.ID) (model.NoticeFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.notice(id)
	if n == nil {
		return model.NoticeFile{}, fmt.Errorf("%s is not in the workspace", id)
	}
	f := *n
	f.Items = slices.Clone(f.Items)
	if f.Notice.Explanation == "" {
		f.Findings = append(f.Findings, model.Finding{Code: "explanation_missing", Blocks: true, What: "The notice has no explanation.", Advice: "Say in a few sentences why the offers infringe."})
	}
	if f.Notice.Approval == nil {
		f.Findings = append(f.Findings, model.Finding{Code: model.ApprovalMissing, Blocks: true, What: "The signatory has not approved the statements.", Advice: "Show the statements to the signatory and record the approval."})
	}
	return f, d.Fail
}

func (d *Desk) notice(id evidence.ID) *model.NoticeFile {
	for i := range d.notices {
		if d.notices[i].Notice.ID == id {
			return &d.notices[i]
		}
	}
	return nil
}

// Draft implements model.NoticeBook.
func (d *Desk) Draft(_ context.Context, caseID evidence.ID, listings []evidence.ID) (evidence.ID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return "", d.Fail
	}
	id := d.id(evidence.KindNotice)
	f := model.NoticeFile{
		NoticeRecord: model.NoticeRecord{Case: d.nameOf(caseID), Brand: "Aurel", Right: "AUREL (EUIPO 018000142)", Channel: "Joint force",
			Notice: evidence.Notice{ID: id, Case: caseID, Brand: Brand.Brand.ID, Right: Brand.Rights[0].ID, Signatory: Brand.Signatories[0].ID,
				Channel: "jointforce", LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
				Language: "en", CreatedAt: Start, Statements: []evidence.Statement{
					{Kind: "good_faith", Text: "I have a good faith belief that the use of the mark in the listings is not authorised by its owner, its agent or the law."},
					{Kind: "accuracy", Text: "The information in this notice is accurate."}}}},
		Choices: model.Choices{Rights: Brand.Rights, Signatories: Brand.Signatories, Channels: channels, Languages: []string{"en", "zh"}},
		Story:   []model.Happening{{At: Start, What: "Notice made", Detail: "M. Weber"}},
	}
	if d.portal {
		f.Channel, f.Notice.Channel = "Taobao", "taobao"
		f.ByHand = model.ByHand{Packages: []evidence.ID{d.id(evidence.KindSubmission), d.id(evidence.KindSubmission)}, Unresolved: true}
	}
	rows := d.rows[caseID]
	for i := range rows {
		r := rows[i]
		if len(listings) > 0 && !slices.Contains(listings, r.Listing.ID) || len(listings) == 0 && r.Assessment == nil {
			continue
		}
		item := evidence.NoticeItem{ID: d.id(evidence.KindItem), Notice: id, Listing: r.Listing.ID, State: evidence.ItemDraft, UpdatedAt: Start}
		f.Items = append(f.Items, item)
		r.Item = &item
		rows[i].Item = &item
		f.Listings = append(f.Listings, r)
	}
	d.notices = append([]model.NoticeFile{f}, d.notices...)
	return id, nil
}

func (d *Desk) nameOf(caseID evidence.ID) string {
	for _, c := range d.cases {
		if c.ID == caseID {
			return c.Name
		}
	}
	return ""
}

// Revise implements model.NoticeBook.
func (d *Desk) Revise(_ context.Context, id evidence.ID, change func(*evidence.Notice)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail == nil {
		change(&d.notice(id).Notice)
	}
	return d.Fail
}

// move brings every item of a notice into a state.
func (d *Desk) move(id evidence.ID, to evidence.ItemState, what string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return d.Fail
	}
	f := d.notice(id)
	for i := range f.Items {
		f.Items[i].State = to
		f.Listings[i].Item = &f.Items[i]
	}
	f.Story = append(f.Story, model.Happening{At: Start.Add(time.Duration(len(f.Story)) * time.Minute), What: what, Detail: "M. Weber"})
	if to == evidence.ItemApproved {
		f.Notice.Approval = &evidence.Approval{Signatory: f.Notice.Signatory, At: Start}
	}
	return nil
}

// Accept implements model.NoticeBook.
func (d *Desk) Accept(context.Context, evidence.ID) error { return d.Fail }

// Approve implements model.NoticeBook.
func (d *Desk) Approve(_ context.Context, id, _ evidence.ID) error {
	return d.move(id, evidence.ItemApproved, "Notice approved")
}

// Submit implements model.NoticeBook.
func (d *Desk) Submit(_ context.Context, id evidence.ID, _ evidence.Progress) ([]string, error) {
	return d.Remarks, d.move(id, evidence.ItemSubmitted, "Sent")
}

// Withdraw implements model.NoticeBook.
func (d *Desk) Withdraw(_ context.Context, id evidence.ID) error {
	return d.move(id, evidence.ItemWithdrawn, "Notice withdrawn")
}

// NoticePacket implements model.NoticeBook.
func (d *Desk) NoticePacket(ctx context.Context, id evidence.ID, path string, p evidence.Progress) ([]string, error) {
	return d.Packet(ctx, id, path, p)
}

// Sync implements model.NoticeBook: what was submitted has been removed, and what
// is to be asked is asked.
func (d *Desk) Sync(context.Context, evidence.Progress) (model.News, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	moved := 0
	for n := range d.notices {
		for i := range d.notices[n].Items {
			if item := &d.notices[n].Items[i]; item.State == evidence.ItemSubmitted {
				item.State = evidence.ItemRemoved
				moved++
			}
		}
	}
	news := model.News{Moved: moved, Inquiries: len(d.ToAsk)}
	for _, url := range d.ToAsk {
		d.ask(evidence.Inquiry{Channel: "jointforce", State: evidence.InquiryCapturing, Offer: evidence.InquiryOffer{URL: url, Title: "Listing at " + url}, DueAt: Start.Add(48 * time.Hour)})
	}
	d.uncaptured = append(d.uncaptured, d.ToAsk...)
	d.ToAsk = nil
	return news, d.Fail
}

// Agenda implements model.Agenda.
func (d *Desk) Agenda(context.Context) (model.Waiting, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var w model.Waiting
	for _, c := range d.cases {
		for _, r := range d.rows[c.ID] {
			if r.Capture != nil && !r.Capture.Outcome.Reached() {
				w.Failed = append(w.Failed, r)
			}
			if r.Item != nil && r.Item.State == evidence.ItemReappeared {
				w.Returned = append(w.Returned, r)
			}
		}
	}
	for _, n := range d.notices {
		if slices.ContainsFunc(n.Items, func(i evidence.NoticeItem) bool {
			return i.State == evidence.ItemDraft || i.State == evidence.ItemApproved
		}) {
			w.Notices = append(w.Notices, n.NoticeRecord)
		}
	}
	if len(d.cases) > 0 {
		w.Expiring = d.expiring()
	}
	w.Asked = d.waiting()
	return w, d.Fail
}

func (d *Desk) expiring() []model.Expiry {
	return []model.Expiry{{Brand: "Aurel", What: "trademark EUIPO 018000142", Last: "2027-01-14", Days: 52}}
}

// AssessAll implements model.Reviewer. With a Gate each listing waits for it.
func (d *Desk) AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment, p evidence.Progress) (done int, err error) {
	for _, id := range listings {
		if err := d.pass(ctx); err != nil {
			return done, err
		}
		a.Listing = id
		if _, err := d.Assess(ctx, a); err != nil {
			return done, err
		}
		done++
		p.Report(evidence.Event{Stage: "assess", Done: int64(done), Total: int64(len(listings))})
	}
	return d.SetReviews(ctx, reviewed(listings, evidence.ReviewValidated), evidence.Quiet)
}

// pass waits for the Gate, if there is one.
func (d *Desk) pass(ctx context.Context) error {
	if d.Gate != nil {
		select {
		case <-d.Gate:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

func reviewed(listings []evidence.ID, r evidence.Review) []model.ReviewOf {
	var all []model.ReviewOf
	for _, id := range listings {
		all = append(all, model.ReviewOf{Listing: id, Review: r})
	}
	return all
}

// SetReviews implements model.Reviewer.
func (d *Desk) SetReviews(_ context.Context, to []model.ReviewOf, _ evidence.Progress) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return 0, d.Fail
	}
	wanted := map[evidence.ID]evidence.Review{}
	for _, r := range to {
		wanted[r.Listing] = r.Review
	}
	for _, rows := range d.rows {
		for i := range rows {
			if r, ok := wanted[rows[i].Listing.ID]; ok {
				rows[i].Listing.Review = r
			}
		}
	}
	return len(to), nil
}

// Brands implements model.RightsBook.
func (d *Desk) Brands(context.Context) ([]evidence.BrandFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unbranded {
		return nil, d.Fail
	}
	return []evidence.BrandFile{Brand}, d.Fail
}

// ReadBrand implements model.RightsBook.
func (d *Desk) ReadBrand(_ context.Context, path string) (model.BrandPreview, error) {
	return model.BrandPreview{Path: path, Brand: "Aurel", Lines: []string{"added: trademark EUIPO 018000143"}}, d.Fail
}

// BrandPhotos implements model.RightsBook.
func (d *Desk) BrandPhotos(context.Context, evidence.ID) ([]model.Photo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return []model.Photo{
		{Label: "Soleil bag SOL-22", Picture: d.picture("Soleil bag SOL-22", 40)},
		{Label: Brand.Brand.GenuineMarkers[0], Picture: d.picture(Brand.Brand.GenuineMarkers[0], 41)},
		{Label: Brand.Brand.CounterfeitFeatures[0], Picture: d.picture(Brand.Brand.CounterfeitFeatures[0], 42), Fake: true},
	}, d.Fail
}

// ImportBrand implements model.RightsBook.
func (d *Desk) ImportBrand(context.Context, string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unbranded = false
	return d.Fail
}

// BrandForm implements model.RightsBook.
func (d *Desk) BrandForm(context.Context, string) error { return d.Fail }

// Expiring implements model.RightsBook.
func (d *Desk) Expiring(context.Context) ([]model.Expiry, error) { return d.expiring(), d.Fail }

// Sellers implements model.SellerBook.
func (d *Desk) Sellers(context.Context) ([]model.SellerLine, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var lines []model.SellerLine
	for _, rows := range d.rows {
		for _, r := range rows {
			if r.Seller != nil {
				lines = append(lines, model.SellerLine{Seller: *r.Seller, Listings: 1})
			}
		}
	}
	slices.SortFunc(lines, func(a, b model.SellerLine) int { return compareText(a.Name(), b.Name()) })
	return lines, d.Fail
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// SellerFile implements model.SellerBook.
func (d *Desk) SellerFile(_ context.Context, id evidence.ID) (model.SellerFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var f model.SellerFile
	for _, rows := range d.rows {
		for _, r := range rows {
			switch {
			case r.Seller == nil:
			case r.Seller.ID == id:
				f.Seller, f.Rows = *r.Seller, append(f.Rows, r)
			case len(f.Linked) == 0:
				f.Linked = append(f.Linked, model.LinkedSeller{Seller: *r.Seller, Reasons: []string{"telephone +8613800000000"}})
			}
		}
	}
	f.Listings = len(f.Rows)
	return f, d.Fail
}

// Revision implements model.Watcher.
func (d *Desk) Revision() (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprint(d.Others), nil
}

// ExportListings implements model.ListingExporter.
func (d *Desk) ExportListings(_ context.Context, _ evidence.ID, listings []evidence.ID, _ string, _ evidence.Progress) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Exported = listings
	return d.Remarks, d.Fail
}

// WriteReport implements model.Supporter.
func (d *Desk) WriteReport(_ context.Context, _ string, troubles []model.Trouble) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Report = troubles
	return d.Fail
}
