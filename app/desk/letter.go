package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"touchstone/assets"
	"touchstone/report/packet"
	"touchstone/report/workday"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// LetterOrder says who is to be asked to stop, for whom, and by when.
type LetterOrder struct {
	Case      string
	Seller    string // as Sellers finds it
	Brand     string // name or ID; empty for the only one
	Right     string // number or ID; empty for all of the brand
	Signatory string // e-mail or ID; empty for the brand's first
	Language  string // of the template; empty for English
	Days      int    // until the answer is due; 0 for as many as the template says
	To        evidence.Organisation
	Out       string // .pdf
}

// letterTemplate is a file of assets.Letters. Its texts are templates.
type letterTemplate struct {
	Name     string            `json:"name"`
	Version  string            `json:"version"`
	Language string            `json:"language"`
	Country  string            `json:"country"` // whose working days count where no other is known
	Days     int               `json:"days"`
	Warning  string            `json:"warning"`
	Title    string            `json:"title"`
	Under    string            `json:"under"`
	Labels   map[string]string `json:"labels"`
	Opening  []string          `json:"opening"`
	Rights   string            `json:"rights"` // headings
	Offers   string            `json:"offers"`
	Demanded string            `json:"demanded"`
	Demands  []string          `json:"demands"`
	Parts    []struct {
		Heading string   `json:"heading"`
		Text    []string `json:"text"`
	} `json:"parts"`
}

// LetterLanguages are those that there is a template in.
func LetterLanguages() []string { return []string{"en", "de", "zh"} }

// NewLetter drafts a letter to a seller about the listings of a case that were
// found infringing, and writes it as a PDF for counsel. Errors: *CovertError,
// *InputError, ErrNothingToReport.
func (d *Desk) NewLetter(ctx context.Context, o LetterOrder) (evidence.Letter, error) {
	w := letterWriter{d: d, order: o}
	if err := w.gather(ctx); err != nil {
		return w.letter, err
	}
	draft, err := w.draft()
	if err != nil {
		return w.letter, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return w.letter, err
	}
	said, err := json.Marshal(draft)
	if err != nil {
		return w.letter, err
	}
	if err := newCovert(settings.Covert).check("the letter", string(said)); err != nil {
		return w.letter, err
	}
	var document bytes.Buffer
	if err := packet.WriteDraft(ctx, &document, draft); err != nil {
		return w.letter, err
	}
	// Recorded once its PDF is on the disk, and before that has its name: there is no
	// letter without its PDF, and no PDF without its letter.
	written, err := writeAside(o.Out, func(out io.Writer) error {
		_, err := out.Write(document.Bytes())
		return err
	})
	if err != nil {
		return w.letter, fmt.Errorf("write the letter %s: no letter is recorded: %w", o.Out, err)
	}
	defer written.aside.Close()
	l := w.letter
	if l.File, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(document.Bytes())); err != nil {
		return l, err
	}
	if err := d.putLetter(ctx, l, custody.LetterMade); err != nil {
		return l, err
	}
	if err := written.place(); err != nil {
		return l, fmt.Errorf("letter %s is recorded, but its PDF did not come to its place: %w", l.ID, err)
	}
	return l, nil
}

func (d *Desk) putLetter(ctx context.Context, l evidence.Letter, a custody.Action) error {
	return d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, l.ID, l); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: a, Subject: l.ID, Case: l.Case, Note: string(l.State), Hashes: map[string]evidence.Hash{custody.HashFile: l.File}})
	})
}

// letterWriter is one run of NewLetter.
type letterWriter struct {
	d        *Desk
	order    LetterOrder
	matter   evidence.Case
	template letterTemplate
	brand    evidence.BrandFile
	rights   []evidence.Right
	signs    evidence.Signatory
	rows     []Row
	letter   evidence.Letter
	bought   bool
}

func (w *letterWriter) gather(ctx context.Context) (err error) {
	d, o := w.d, w.order
	if w.matter, err = d.Case(ctx, o.Case); err != nil {
		return err
	}
	if w.order.To.Country, err = country("country", o.To.Country); err != nil {
		return err
	}
	if w.template, err = letterIn(cmp.Or(o.Language, "en")); err != nil {
		return err
	}
	if w.brand, err = d.BrandNamed(ctx, o.Brand); err != nil {
		return err
	}
	w.rights = w.brand.Rights
	if o.Right != "" {
		one, err := pick("right", w.brand.Rights, o.Right, func(r evidence.Right) []string { return []string{string(r.ID), r.Number} })
		if err != nil {
			return err
		}
		w.rights = []evidence.Right{one}
	}
	if w.signs, err = pick("signatory", w.brand.Signatories, o.Signatory, func(s evidence.Signatory) []string { return []string{string(s.ID), s.Email} }); err != nil {
		return err
	}
	seller, err := w.seller(ctx)
	if err != nil {
		return err
	}
	if err := w.listings(ctx, seller); err != nil {
		return err
	}
	return w.begin(seller)
}

func (w *letterWriter) seller(ctx context.Context) (evidence.Seller, error) {
	found, err := w.d.Sellers(ctx, w.order.Seller)
	switch {
	case err != nil:
		return evidence.Seller{}, err
	case len(found) == 0:
		return evidence.Seller{}, &InputError{fmt.Errorf("no seller is %q: touchstone list --kind seller shows them", w.order.Seller)}
	case len(found) > 1:
		return evidence.Seller{}, &InputError{fmt.Errorf("%d sellers are called %q: name one by its ID", len(found), w.order.Seller)}
	}
	return found[0], nil
}

// listings are those of the seller in the case that were found infringing.
func (w *letterWriter) listings(ctx context.Context, seller evidence.Seller) error {
	rows, err := w.d.Rows(ctx, w.matter.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Listing.Seller != seller.ID || r.Assessment == nil || r.Assessment.Verdict != evidence.Counterfeit && r.Assessment.Verdict != evidence.OtherInfringement {
			continue
		}
		w.rows = append(w.rows, r)
		bought, err := AllBy[evidence.TestPurchase](ctx, w.d, store.TestBuysByListing, string(r.Listing.ID))
		if err != nil {
			return err
		}
		w.bought = w.bought || slices.ContainsFunc(bought, func(b evidence.TestPurchase) bool { return b.Verdict == evidence.Counterfeit })
	}
	if len(w.rows) == 0 {
		return fmt.Errorf("%w: none of this seller's in the case was found infringing", ErrNothingToReport)
	}
	return nil
}

// maxLetterDays is the longest time that a letter gives for an answer.
const maxLetterDays = 365

// begin makes the letter's record.
func (w *letterWriter) begin(seller evidence.Seller) error {
	now := w.d.cfg.Now().UTC()
	days := w.order.Days
	if days == 0 {
		days = w.template.Days
	}
	if days < 1 || days > maxLetterDays {
		return &InputError{fmt.Errorf("an answer within %d days cannot be: 1 to %d", days, maxLetterDays)}
	}
	due, err := w.due(now, days)
	if err != nil {
		return err
	}
	w.letter = evidence.Letter{
		ID: evidence.NewID(evidence.KindLetter, now), Case: w.matter.ID, Seller: seller.ID, Brand: w.brand.Brand.ID, Signatory: w.signs.ID, To: w.order.To,
		Template: w.template.Name + " " + w.template.Version, Language: w.template.Language, Date: now.Format(time.DateOnly),
		Deadline: due.At.Format(time.DateOnly), Caveat: due.Caveat(), State: evidence.LetterDraft, CreatedAt: now,
	}
	w.letter.To.Name = cmp.Or(w.letter.To.Name, SellerName(seller))
	for _, r := range w.rights {
		w.letter.Rights = append(w.letter.Rights, r.ID)
	}
	for _, r := range w.rows {
		w.letter.Listings = append(w.letter.Listings, r.Listing.ID)
	}
	return nil
}

// due is the last day for the answer: so many days on or, where nobody works then in
// the addressee's country, the next working day. The country is that of the
// address, else the case's territory, else the template's.
func (w *letterWriter) due(from time.Time, days int) (workday.Deadline, error) {
	of := cmp.Or(w.order.To.Country, w.matter.Territory, w.template.Country)
	calendar, err := workday.Of(of)
	if errors.Is(err, workday.ErrNoCalendar) {
		calendar, err = workday.Weekends(of), nil
	}
	if err != nil {
		return workday.Deadline{}, err
	}
	return calendar.OnOrAfter(from.AddDate(0, 0, days)), nil
}

func letterIn(language string) (letterTemplate, error) {
	var t letterTemplate
	if !slices.Contains(LetterLanguages(), language) {
		return t, &InputError{fmt.Errorf("there is no letter in %q: want one of %v", language, LetterLanguages())}
	}
	b, err := assets.Letters.ReadFile("letters/cease-and-desist-" + language + ".json")
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(b, &t)
}

// draft sets the letter as a document.
func (w *letterWriter) draft() (packet.Draft, error) {
	t := w.template
	f := filler{w.values(), nil}
	label := t.Labels
	draft := packet.Draft{
		Warning: f.fill(t.Warning), Title: t.Title, Under: f.fill(t.Under), Made: w.letter.CreatedAt, Tool: w.d.cfg.Tool,
		About: [][2]string{{label["to"], strings.Join(slices.DeleteFunc([]string{w.letter.To.Name, w.letter.To.Address, w.letter.To.Country, w.letter.To.Email}, func(s string) bool { return s == "" }), "\n")},
			{label["date"], w.letter.Date}, {label["deadline"], w.letter.Deadline}, {label["matter"], w.matter.Matter}},
		Opening: f.paragraphs(t.Opening),
	}
	var rights, demands []packet.Paragraph
	for i, r := range w.rights {
		rights = append(rights, packet.Paragraph{Mark: strconv.Itoa(i+1) + ".", Text: strings.TrimSpace(r.Name + ", " + r.Register() + ", " + r.Jurisdiction)})
	}
	for i, text := range t.Demands {
		w.letter.Demands = append(w.letter.Demands, f.fill(text))
		demands = append(demands, packet.Paragraph{Mark: string(rune('a'+i)) + ".", Text: w.letter.Demands[i]})
	}
	draft.Parts = append(draft.Parts, packet.DraftPart{Heading: t.Rights, Text: rights}, packet.DraftPart{Heading: t.Offers, Text: w.offers(label["seen"])},
		packet.DraftPart{Heading: t.Demanded, Text: demands})
	for _, p := range t.Parts {
		draft.Parts = append(draft.Parts, packet.DraftPart{Heading: p.Heading, Text: f.paragraphs(p.Text)})
	}
	return draft, errors.Join(f.failed...)
}

func (w *letterWriter) values() map[string]any {
	var markets []string
	for _, r := range w.rows {
		if m := r.Listing.Marketplace; m != "" && !slices.Contains(markets, m) {
			markets = append(markets, m)
		}
	}
	signs := []string{w.signs.Name, w.signs.Title, w.signs.Agent, w.signs.Email}
	return map[string]any{
		"Owner": w.brand.Brand.Owner.Name, "Seller": w.letter.To.Name, "Marketplaces": strings.Join(markets, ", "), "Deadline": w.letter.Deadline,
		"Bought": w.bought, "Signatory": strings.Join(slices.DeleteFunc(signs, func(s string) bool { return s == "" }), ", "),
	}
}

// offers lists the listings: what each is called, where it is and when it was seen.
func (w *letterWriter) offers(seen string) []packet.Paragraph {
	var offers []packet.Paragraph
	for i, r := range w.rows {
		text := cmp.Or(r.Listing.Title, r.Listing.URL) + "\n" + r.Listing.URL
		if r.Capture != nil {
			text += "\n" + seen + ": " + r.Capture.FinishedAt.UTC().Format(time.DateTime) + " UTC"
		}
		offers = append(offers, packet.Paragraph{Mark: strconv.Itoa(i+1) + ".", Text: text})
	}
	return offers
}

// filler fills templates in, and keeps what failed.
type filler struct {
	values map[string]any
	failed []error
}

func (f *filler) fill(text string) string {
	var out strings.Builder
	t, err := template.New("letter").Option("missingkey=error").Parse(text)
	if err == nil {
		err = t.Execute(&out, f.values)
	}
	if err != nil {
		f.failed = append(f.failed, err)
	}
	return out.String()
}

// paragraphs fills texts in. One that begins with RULE has a line to sign on above it.
func (f *filler) paragraphs(texts []string) []packet.Paragraph {
	var all []packet.Paragraph
	for _, text := range texts {
		text, rule := strings.CutPrefix(f.fill(text), "RULE ")
		all = append(all, packet.Paragraph{Text: text, Rule: rule})
	}
	return all
}

// ServeLetter records how and when a letter was brought to the seller, or that it
// was not. Errors: *InputError.
func (d *Desk) ServeLetter(ctx context.Context, id evidence.ID, s evidence.Service, arrived bool) (evidence.Letter, error) {
	return d.changeLetter(ctx, id, s.On, func(l *evidence.Letter) error {
		s.By, s.Recorded = d.actorName(), d.cfg.Now().UTC()
		l.Service, l.State = &s, evidence.LetterNotServed
		if arrived {
			l.State = evidence.LetterServed
		}
		return nil
	})
}

// AnswerLetter records what the seller answered. Errors: *InputError.
func (d *Desk) AnswerLetter(ctx context.Context, id evidence.ID, r evidence.Reply) (evidence.Letter, error) {
	return d.changeLetter(ctx, id, r.On, func(l *evidence.Letter) error {
		if l.State == evidence.LetterDraft {
			return errors.New("it has not been served: touchstone letter served records that it was")
		}
		r.By, r.Recorded = d.actorName(), d.cfg.Now().UTC()
		l.Replies, l.State = append(slices.Clone(l.Replies), r), r.State
		return nil
	})
}

func (d *Desk) changeLetter(ctx context.Context, id evidence.ID, on string, change func(*evidence.Letter) error) (evidence.Letter, error) {
	l, err := Get[evidence.Letter](ctx, d, id)
	if err != nil {
		return l, err
	}
	if err := pastDay("on", on, d.cfg.Now()); err != nil {
		return l, err
	}
	if on == "" || on < l.Date {
		return l, &InputError{fmt.Errorf("the letter is of %s: want a day from then on", l.Date)}
	}
	if err := change(&l); err != nil {
		return l, &InputError{err}
	}
	return l, d.putLetter(ctx, l, custody.LetterChanged)
}
