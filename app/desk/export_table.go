package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

// tableHead names the columns of the table of listings.
var tableHead = []string{
	"listing", "target", "marketplace", "item_id", "title", "url", "canonical_url", "seller_id", "seller_name", "seller_url",
	"price_min", "price_max", "currency", "availability", "review", "verdict", "basis", "examined_by", "item_state", "first_seen_utc",
	"captures", "last_capture", "outcome", "captured_at_utc", "manifest_sha256",
}

// tableRows are the listings of the case, one a row.
func (e *export) tableRows(ctx context.Context) ([][]string, error) {
	rows, err := e.d.Rows(ctx, e.matter.ID)
	if err != nil {
		return nil, err
	}
	table := make([][]string, 0, len(rows))
	for _, r := range rows {
		table = append(table, e.tableRow(r))
	}
	return table, nil
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

// csv writes the table: UTF-8 with a byte order mark, without which Excel
// garbles Chinese, and with an apostrophe before what a spreadsheet would run as
// a formula.
func (e *export) csv(ctx context.Context, w io.Writer) error {
	rows, err := e.tableRows(ctx)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write(tableHead) // errors stay in c until Flush
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		c.Write(row)
	}
	c.Flush()
	return c.Error()
}

// maxCell is the longest text that fits a cell of Excel, in characters.
const maxCell = 32767

// xlsx writes the table as a workbook. Its cells are text, so that nothing in
// them is run, and a link stays what the page had.
func (e *export) xlsx(ctx context.Context, w io.Writer) error {
	rows, err := e.tableRows(ctx)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Listings"
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	stream, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range append([][]string{tableHead}, rows...) {
		cells := make([]any, len(row))
		for j, text := range row {
			cell := excelize.Cell{Value: clip(text, maxCell-1)}
			if i == 0 {
				cell.StyleID = bold
			}
			cells[j] = cell
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	_, err = book.WriteTo(w)
	return err
}
