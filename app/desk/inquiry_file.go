package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Limits of a file with inquiries: larger ones are no inquiry of anybody.
const (
	maxInquiryFile = 32 << 20
	maxInquiryRows = 5000
)

// ReadInquiries reads the inquiries of a file: one a row of a spreadsheet (.xlsx,
// .csv), or one a link of a mail (.eml, .msg). What the file does not say of an inquiry is
// as given. Nothing is recorded. Errors: *InputError.
func (d *Desk) ReadInquiries(path string, given evidence.Inquiry) ([]evidence.Inquiry, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.Size() > maxInquiryFile:
		return nil, &InputError{fmt.Errorf("%s has %d MB, more than any inquiry: at most %d are read", path, info.Size()>>20, maxInquiryFile>>20)}
	}
	var list []evidence.Inquiry
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".eml", ".msg":
		list, err = readMailInquiries(path, given)
	case ".xlsx", ".csv":
		list, err = readSheetInquiries(path, ext, given)
	default:
		return nil, &InputError{fmt.Errorf("%s: inquiries are read from .xlsx, .csv, .eml and .msg", path)}
	}
	if err != nil {
		return nil, &InputError{fmt.Errorf("read %s: %w", path, err)}
	}
	for i := range list {
		if err := d.checkInquiry(&list[i]); err != nil {
			return nil, &InputError{fmt.Errorf("%s, inquiry %d: %w", path, i+1, err)}
		}
	}
	return list, nil
}

// TakeInquiries records the inquiries that a file holds, and seals the file with
// each of them.
func (d *Desk) TakeInquiries(ctx context.Context, path string, given evidence.Inquiry, p evidence.Progress) ([]evidence.Inquiry, error) {
	list, err := d.ReadInquiries(path, given)
	if err != nil {
		return nil, err
	}
	kind := evidence.AttachedDocument
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".eml" || ext == ".msg" {
		kind = evidence.AttachedEmail
	}
	for i := range list {
		if list[i], err = d.NewInquiry(ctx, list[i]); err != nil {
			return list[:i], err
		}
		_, err := d.Attach(ctx, Attaching{
			File: path, To: list[i].ID, Kind: kind, ObtainedAt: evidence.Exactly(d.cfg.Now()), ObtainedBy: d.actorName(), How: "the file that the inquiry came in",
		}, p)
		if err != nil {
			return list[:i+1], err
		}
	}
	return list, nil
}

// sheetColumns are the headings of a sheet of inquiries, in small letters, with
// what is below them.
var sheetColumns = map[string]func(*evidence.Inquiry, string) error{
	"url": setURL, "link": setURL, "listing": setURL, "链接": setURL,
	"item": setItem, "item id": setItem, "item_id": setItem,
	"title":     func(q *evidence.Inquiry, v string) error { q.Offer.Title = v; return nil },
	"reference": setReference, "external": setReference, "your reference": setReference, "case number": setReference,
	"question": func(q *evidence.Inquiry, v string) error { q.Question = v; return nil },
	"cause":    func(q *evidence.Inquiry, v string) error { q.Cause = v; return nil },
	"from":     func(q *evidence.Inquiry, v string) error { q.From = v; return nil },
	"seller":   func(q *evidence.Inquiry, v string) error { q.Offer.Seller = &evidence.SellerFacts{Name: v}; return nil },
	"price":    func(q *evidence.Inquiry, v string) error { price(q).Min = strings.ReplaceAll(v, ",", "."); return nil },
	"currency": func(q *evidence.Inquiry, v string) error { price(q).Currency = strings.ToUpper(v); return nil },
	"pictures": func(q *evidence.Inquiry, v string) error { q.Offer.Pictures = strings.Fields(v); return nil },
	"asked":    setAsked, "asked at": setAsked, "date": setAsked,
	"due": setDue, "due at": setDue, "deadline": setDue, "answer by": setDue,
	"asker": func(q *evidence.Inquiry, v string) error {
		q.Asker = evidence.Asker(strings.ToLower(v))
		if !slices.Contains(evidence.Askers, q.Asker) {
			return fmt.Errorf("asker %q: want one of %v", v, evidence.Askers)
		}
		return nil
	},
}

func setURL(q *evidence.Inquiry, v string) error       { q.Offer.URL = v; return nil }
func setItem(q *evidence.Inquiry, v string) error      { q.Offer.ItemID = v; return nil }
func setReference(q *evidence.Inquiry, v string) error { q.External = v; return nil }

func price(q *evidence.Inquiry) *evidence.Price {
	if q.Offer.Price == nil {
		q.Offer.Price = &evidence.Price{}
	}
	return q.Offer.Price
}

func setAsked(q *evidence.Inquiry, v string) error {
	m, err := evidence.ParseMoment(v, time.Local)
	q.AskedAt = m.UTC()
	return err
}

func setDue(q *evidence.Inquiry, v string) (err error) {
	q.DueAt, err = ParseDeadline(v)
	return err
}

// ParseDeadline reads a deadline as people write it. A day counts to its end, by
// the clock of this computer.
func ParseDeadline(text string) (time.Time, error) {
	m, err := evidence.ParseMoment(text, time.Local)
	if err == nil && m.Precision == evidence.ToTheDay {
		y, month, day := m.Date()
		return time.Date(y, month, day, 23, 59, 59, 0, time.Local).UTC(), nil
	}
	return m.UTC(), err
}

// readSheetInquiries reads one inquiry a row, by the headings of the first row.
func readSheetInquiries(path, ext string, given evidence.Inquiry) ([]evidence.Inquiry, error) {
	read := csvTable
	if ext == ".xlsx" {
		read = xlsxTable
	}
	rows, err := read(path)
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 {
		return nil, errors.New("it has no rows below its headings")
	}
	if len(rows) > maxInquiryRows {
		return nil, fmt.Errorf("it has %d rows: at most %d are read at once", len(rows), maxInquiryRows)
	}
	set := make([]func(*evidence.Inquiry, string) error, len(rows[0].cells))
	known := 0
	for i, head := range rows[0].cells {
		if set[i] = sheetColumns[strings.ToLower(strings.TrimSpace(head))]; set[i] != nil {
			known++
		}
	}
	if known == 0 {
		return nil, errors.New("none of its headings is known: url, title, reference, question, due, asked, asker, seller, price, currency, from")
	}
	var list []evidence.Inquiry
	for _, row := range rows[1:] {
		q := given
		q.Via = evidence.ViaSheet
		filled := false
		for i, value := range row.cells {
			value = strings.TrimSpace(value)
			if i >= len(set) || set[i] == nil || value == "" {
				continue
			}
			filled = true
			if err := set[i](&q, value); err != nil {
				return nil, fmt.Errorf("row %d, %s: %w", row.line, rows[0].cells[i], err)
			}
		}
		if filled {
			list = append(list, q)
		}
	}
	return list, nil
}

// readMailInquiries reads one inquiry a link of a mail's text, and one without a
// link where it has none.
func readMailInquiries(path string, given evidence.Inquiry) ([]evidence.Inquiry, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := readMail(filepath.Base(path), content)
	if err != nil {
		return nil, err
	}
	q := given
	q.Via = evidence.ViaEmail
	q.From, q.Question = cmp.Or(q.From, m.Head.From), cmp.Or(q.Question, m.Head.Subject)
	if m.Head.SentAt != nil && q.AskedAt.IsZero() {
		q.AskedAt = *m.Head.SentAt
	}
	var list []evidence.Inquiry
	seen := map[string]bool{}
	for _, link := range linksIn(m.Whole) {
		if seen[link] {
			continue
		}
		seen[link] = true
		one := q
		one.Offer.URL = link
		list = append(list, one)
	}
	if len(list) > maxInquiryRows {
		return nil, fmt.Errorf("it has %d links: at most %d are read at once", len(list), maxInquiryRows)
	}
	if len(list) == 0 {
		list = append(list, q)
	}
	return list, nil
}
