package desk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"touchstone/store/evidence"
)

// tableHead names the columns of the table of listings.
var tableHead = []string{
	"listing", "target", "marketplace", "item_id", "title", "url", "canonical_url", "seller_id", "seller_name", "seller_url",
	"price_min", "price_max", "currency", "availability", "review", "verdict", "basis", "examined_by", "item_state", "first_seen_utc",
	"captures", "last_capture", "outcome", "captured_at_utc", "manifest_sha256",
}

// listings are the listings of the case, one a row below the names of the columns.
func (e *export) listings(ctx context.Context) ([][]any, error) {
	table := [][]any{cells(tableHead)}
	add := func(rows []Row) {
		for _, r := range rows {
			table = append(table, cells(e.tableRow(r)))
		}
	}
	const portion = 500 // listings
	if asked := e.order.Listings; len(asked) > 0 {
		for done := 0; done < len(asked); done += portion {
			e.tell(fmt.Sprintf("%d of %s", done, evidence.Count(len(asked), "listing")), done, len(asked))
			rows, err := e.d.RowsWith(ctx, e.matter.ID, asked[done:min(len(asked), done+portion)])
			if err != nil {
				return nil, err
			}
			add(slices.DeleteFunc(rows, func(r Row) bool { return r.Listing.Case != e.matter.ID }))
		}
		return table, nil
	}
	rows, err := e.d.Rows(ctx, e.matter.ID)
	add(rows)
	return table, err
}

func cells(texts []string) []any {
	row := make([]any, len(texts))
	for i, text := range texts {
		row[i] = text
	}
	return row
}

func (e *export) tableRow(r Row) []string {
	seller, c, a, item := evidence.SellerFacts{}, evidence.Capture{}, evidence.Assessment{}, evidence.NoticeItem{}
	if r.Seller != nil {
		seller = r.Seller.Facts
	}
	if r.Capture != nil {
		c = *r.Capture
	}
	if r.Assessment != nil {
		a = *r.Assessment
	}
	if r.Item != nil {
		item = *r.Item
	}
	if !e.order.Full {
		a.By = ""
	}
	facts, price := evidence.Facts{}, evidence.Price{}
	if c.Facts != nil {
		facts = *c.Facts
	}
	if facts.Price != nil {
		price = *facts.Price
	}
	l := r.Listing
	return []string{
		string(l.ID), string(l.Target), l.Marketplace, l.ItemID, l.Title, l.URL, l.CanonicalURL, seller.ID, seller.Name, seller.URL,
		price.Min, price.Max, price.Currency, string(facts.Availability), string(l.Review), string(a.Verdict), string(a.Basis), a.By, string(item.State), utc(l.FirstSeen),
		strconv.Itoa(r.Captures), string(c.ID), string(c.Outcome), utc(c.FinishedAt), string(c.Manifest),
	}
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// table is the table of listings as CSV.
func (e *export) table(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	err := e.csv(ctx, &b)
	return b.Bytes(), err
}

func (e *export) csv(ctx context.Context, w io.Writer) error {
	rows, err := e.listings(ctx)
	if err != nil {
		return err
	}
	return writeCSV(w, rows)
}

func (e *export) xlsx(ctx context.Context, w io.Writer) error {
	rows, err := e.listings(ctx)
	if err != nil {
		return err
	}
	return writeBook(w, sheet{"Listings", rows})
}
