package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"touchstone/report/takedown/portal"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Listed is a link of a list, with what its list says beside it.
type Listed struct {
	Link
	Case   string              // name of the case; "" where the list names none
	Review evidence.Review     // "" where the list does not say
	Target evidence.TargetKind // likewise
	Stated evidence.Stated
	Past   *evidence.Elsewhere // a notice that was made before; nil where the list tells of none
}

// about is what a column of a list says.
type about string

const (
	aboutCase      about = "case"
	aboutSeller    about = "seller"
	aboutNote      about = "note"
	aboutPrice     about = "price"
	aboutReview    about = "review"
	aboutTarget    about = "target"
	aboutPastDate  about = "past notice date"
	aboutPastTo    about = "past notice to"
	aboutReference about = "past notice reference"
	aboutOutcome   about = "past notice outcome"
)

// listHeadings are the headings that columns of lists have, in small letters and
// without the marks between their words.
var listHeadings = map[about][]string{
	aboutCase:      {"case", "case name", "matter", "fall", "案件"},
	aboutSeller:    {"seller", "seller name", "shop", "shop name", "store", "store name", "merchant", "vendor", "verkäufer", "händler", "vendeur", "卖家", "店铺"},
	aboutNote:      {"note", "notes", "comment", "comments", "remark", "remarks", "bemerkung", "kommentar", "备注"},
	aboutPrice:     {"price", "price seen", "preis", "prix", "价格"},
	aboutReview:    {"status", "review", "review status", "triage", "状态"},
	aboutTarget:    {"target", "target kind", "kind", "kind of target"},
	aboutPastDate:  {"past notice date", "past notice", "notice date", "date of notice", "reported on", "date reported", "reported at", "report date", "gemeldet am"},
	aboutPastTo:    {"past notice to", "notice to", "reported to", "channel"},
	aboutReference: {"past notice reference", "notice reference", "reference", "reference number", "ticket", "ticket number", "report id", "complaint id", "case id at platform", "aktenzeichen"},
	aboutOutcome:   {"past notice outcome", "notice outcome", "outcome", "result", "ergebnis", "结果"},
}

// headings maps the columns of a list by what stands in its first row.
func headings(first []string) map[int]about {
	columns := map[int]about{}
	taken := map[about]bool{}
	for i, text := range first {
		heading := strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" _-/.:()\t\n\"", r) }), " ")
		for what, known := range listHeadings {
			if slices.Contains(known, heading) && !taken[what] {
				columns[i], taken[what] = what, true
			}
		}
	}
	return columns
}

// ReadList reads a list of suspect links: .txt with one a line, or .csv and .xlsx
// with a column of links, which is found by its heading or by what it holds, and with
// what the other columns say: case, seller, note, price, review status, kind of
// target, and date, recipient, reference and outcome of a notice that was made before.
// What is written around a link is left out. Bad lines are returned beside the good
// ones; a link that occurs twice is read once.
func ReadList(path string) ([]Listed, []BadLink, error) {
	cells, name, err := readCells(path)
	if err != nil {
		return nil, nil, err
	}
	links, bad := sortOut(name, cells)
	if len(links) == 0 {
		return nil, bad, fmt.Errorf("read the list of links %s: %w", path, errNoLinks)
	}
	said := map[string]map[about]string{}
	for _, c := range cells {
		said[fmt.Sprintf("%s:%d", name, c.line)] = c.about
	}
	list := make([]Listed, len(links))
	for i, l := range links {
		var why string
		if list[i], why = asListed(l, said[l.From]); why != "" {
			bad = append(bad, BadLink{From: l.From, Text: l.URL, Why: why, Taken: true})
		}
	}
	return list, bad, nil
}

// asListed is a link with what the columns of its row say. What a column holds that
// is no word of ours goes into the note: a list loses nothing. why says what of
// the row was not understood.
func asListed(l Link, row map[about]string) (out Listed, why string) {
	out = Listed{Link: l, Case: row[aboutCase], Stated: evidence.Stated{From: l.From, Seller: row[aboutSeller], Price: row[aboutPrice]}}
	notes := []string{row[aboutNote]}
	if text := row[aboutReview]; text != "" {
		if out.Review = wordAmong(text, evidence.Reviews); out.Review == "" {
			notes = append(notes, "status: "+text)
		}
	}
	if text := row[aboutTarget]; text != "" {
		if out.Target = wordAmong(text, evidence.TargetKinds); out.Target == "" {
			notes = append(notes, "kind: "+text)
		}
	}
	out.Stated.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "; ")
	past := evidence.Elsewhere{From: l.From, To: row[aboutPastTo], Reference: row[aboutReference], Outcome: row[aboutOutcome]}
	if text := row[aboutPastDate]; text != "" {
		if past.Date = dayOf(text); past.Date == "" {
			why = fmt.Sprintf("%q is no day of a past notice: want it as in 2026-11-23", clip(text, 40))
		}
	}
	if past != (evidence.Elsewhere{From: l.From, To: past.To}) {
		out.Past = &past
	}
	return out, why
}

// wordAmong is the word that a text is, whatever its capitals and the marks
// between its parts; "" where it is none.
func wordAmong[T ~string](text string, words []T) T {
	text = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(text)))
	for _, w := range words {
		if string(w) == text {
			return w
		}
	}
	return ""
}

// dayOf reads a day as lists write it: ISO, with points as in German, or the
// number that Excel keeps. "" where it is none, or could be two.
func dayOf(text string) string {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2006/1/2", time.DateTime, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	const from, to = 20000, 80000 // days of Excel: 1954 to 2119
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > from && n < to {
		if t, err := excelize.ExcelDateToTime(n, false); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// TakeIn begins the listings of a list within a case, with what the list says of
// them, and records the notices that were made elsewhere. What is known of a
// listing already stays; a notice that was taken in before is not taken twice. It
// returns the listings in the order of the list, and how many notices are new.
func (d *Desk) TakeIn(ctx context.Context, caseID evidence.ID, list []Listed) (listings []evidence.Listing, past int, err error) {
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		listings, past = listings[:0], 0
		for _, one := range list {
			l, err := d.enlist(tx, caseID, one.URL)
			if err != nil {
				return err
			}
			if l, err = d.stated(tx, l, one); err != nil {
				return err
			}
			listings = append(listings, l)
			if one.Past == nil {
				continue
			}
			fresh, err := d.takeOver(tx, l, *one.Past)
			if err != nil {
				return err
			}
			if fresh {
				past++
			}
		}
		return nil
	})
	return listings, past, err
}

// stated writes into a listing what its list says.
func (d *Desk) stated(tx *store.Tx, l evidence.Listing, one Listed) (evidence.Listing, error) {
	before := l
	if s := one.Stated; s != (evidence.Stated{From: s.From}) {
		l.Stated = &s
	}
	l.Target = cmp.Or(one.Target, l.Target)
	l.Review = cmp.Or(one.Review, l.Review)
	if l == before {
		return l, nil
	}
	if err := store.Put(tx, l.ID, l); err != nil || l.Review == before.Review {
		return l, err
	}
	return l, reviewed(tx, l)
}

// pastState is how an item of a past notice stands by its outcome's words: as
// submitted where they tell nothing.
func pastState(outcome string) evidence.ItemState {
	return cmp.Or(portal.State(outcome), evidence.ItemSubmitted)
}

// takeOver records a notice that was made elsewhere, unless it is recorded already.
func (d *Desk) takeOver(tx *store.Tx, l evidence.Listing, past evidence.Elsewhere) (fresh bool, err error) {
	items, err := collect(store.EachBy[evidence.NoticeItem](tx, store.ItemsByListing, string(l.ID)))
	if err != nil {
		return false, err
	}
	for _, i := range items {
		n, err := store.Get[evidence.Notice](tx, i.Notice)
		if err != nil {
			return false, err
		}
		if e := n.Elsewhere; e != nil && e.Date == past.Date && e.Reference == past.Reference && e.To == past.To && e.Outcome == past.Outcome {
			return false, nil
		}
	}
	now := d.cfg.Now().UTC()
	n := evidence.Notice{ID: evidence.NewID(evidence.KindNotice, now), Case: l.Case, Elsewhere: &past, Statements: []evidence.Statement{}, CreatedAt: now}
	item := evidence.NoticeItem{ID: evidence.NewID(evidence.KindItem, now), Notice: n.ID, Listing: l.ID, State: pastState(past.Outcome),
		External: past.Reference, Word: past.Outcome, UpdatedAt: now}
	if err := store.Put(tx, n.ID, n); err != nil {
		return false, err
	}
	if err := store.Put(tx, item.ID, item); err != nil {
		return false, err
	}
	return true, tx.Append(custody.Entry{Action: custody.NoticeTakenOver, Subject: n.ID, Case: n.Case})
}

// reviewed enters a listing's new review status in the log.
func reviewed(tx *store.Tx, l evidence.Listing) error {
	return tx.Append(custody.Entry{Action: custody.ReviewSet, Subject: l.ID, Case: l.Case, Note: string(l.Review)})
}
