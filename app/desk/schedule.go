package desk

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// scheduleHead names the columns of the schedule for damages.
var scheduleHead = []string{
	"seller", "seller_id", "storefront", "marketplace", "listing", "title", "url", "verdict", "marks",
	"price", "currency", "sales_at_least", "sales_as_stated", "amount", "rate", "rate_date", "rate_source", "converted", "converted_currency",
	"captured_at_utc", "capture", "manifest_sha256", "purchase_order", "purchase_date", "purchase_costs", "payee",
}

// rate is what one unit of a currency was worth on a day.
type rate struct {
	per    *big.Rat
	to     string // currency
	date   string // day
	source string
}

// readRates reads exchange rates that the user gives: a .csv with the columns
// currency, rate, to, date and source, all to the same currency.
func readRates(path string) (map[string]rate, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const longest = 1 << 20 // bytes
	rows, err := csv.NewReader(io.LimitReader(f, longest)).ReadAll()
	if err == nil && (len(rows) == 0 || strings.ToLower(strings.Join(rows[0], ",")) != "currency,rate,to,date,source") {
		err = errors.New("want the columns currency,rate,to,date,source")
	}
	if err != nil {
		return nil, &InputError{fmt.Errorf("rates %s: %w", filepath.Base(path), err)}
	}
	rates := map[string]rate{}
	to := ""
	for i, row := range rows[1:] {
		r, err := parseRate(row)
		switch _, twice := rates[row[0]]; {
		case err != nil:
		case twice:
			err = fmt.Errorf("%s has two rates", row[0])
		case to != "" && to != r.to:
			err = fmt.Errorf("rates to %s and to %s cannot be added up", to, r.to)
		}
		if err != nil {
			return nil, &InputError{fmt.Errorf("rates %s, line %d: %w", filepath.Base(path), i+2, err)}
		}
		to = r.to
		rates[row[0]] = r
	}
	if to != "" {
		if _, given := rates[to]; !given {
			rates[to] = rate{big.NewRat(1, 1), to, "", "the same currency"}
		}
	}
	return rates, nil
}

func parseRate(row []string) (rate, error) {
	r := rate{to: row[2], date: row[3], source: strings.TrimSpace(row[4])}
	for _, currency := range []string{row[0], row[2]} {
		if err := (evidence.Cost{Amount: "1", Currency: currency}).Check(); err != nil {
			return r, err
		}
	}
	plain := len(row[1]) <= 30 && strings.Trim(row[1], "0123456789.") == "" // no exponent that fills the memory
	per, ok := new(big.Rat), false
	if plain {
		per, ok = per.SetString(row[1])
	}
	if !ok || per.Sign() <= 0 {
		return r, fmt.Errorf("%q is not a rate: want digits with a point, as in 0.9215", row[1])
	}
	r.per = per
	if r.source == "" {
		return r, errors.New("say where the rate is from")
	}
	if r.date == "" {
		return r, errors.New("say of which day the rate is")
	}
	return r, checkDay("date", r.date)
}

// schedule is a case's listings for damages, by seller, with their sums.
type schedule struct {
	rows      [][]any // as the columns are, then the sums
	skipped   int     // listings that nobody found infringing
	converted bool
}

// schedule gathers the listings that were found infringing.
func (e *export) schedule(ctx context.Context) (*schedule, error) {
	rates := map[string]rate{}
	if e.order.Rates != "" {
		var err error
		if rates, err = readRates(e.order.Rates); err != nil {
			return nil, err
		}
	}
	rows, err := e.d.Rows(ctx, e.matter.ID)
	if err != nil {
		return nil, err
	}
	s := &schedule{converted: len(rates) > 0}
	t := totals{sellers: map[string]sums{}, all: sums{}, converted: sums{}}
	slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(aliasOf(a), aliasOf(b)) })
	for _, r := range rows {
		if r.Assessment == nil || r.Assessment.Verdict != evidence.Counterfeit && r.Assessment.Verdict != evidence.OtherInfringement {
			s.skipped++
			continue
		}
		row, err := e.scheduleRow(ctx, r, rates, &t)
		if err != nil {
			return nil, err
		}
		s.rows = append(s.rows, row)
	}
	if len(s.rows) == 0 {
		return nil, fmt.Errorf("%w: no listing of the case was found infringing", ErrNothingToExport)
	}
	s.rows = append(s.rows, t.rows(s.converted)...)
	return s, nil
}

func aliasOf(r Row) string {
	if r.Seller == nil {
		return "seller not known"
	}
	return SellerName(*r.Seller)
}

// scheduleRow is one listing, with what it guarantees was sold.
func (e *export) scheduleRow(ctx context.Context, r Row, rates map[string]rate, t *totals) ([]any, error) {
	shown, err := e.d.lastShown(ctx, r.Listing.ID)
	if err != nil {
		return nil, err
	}
	marks, err := e.d.marksOf(ctx, r.Listing.ID)
	if err != nil {
		return nil, err
	}
	bought, err := AllBy[evidence.TestPurchase](ctx, e.d, store.TestBuysByListing, string(r.Listing.ID))
	if err != nil {
		return nil, err
	}
	seller, facts, price, sold := evidence.SellerFacts{}, evidence.Facts{}, evidence.Price{}, evidence.Sold{}
	if r.Seller != nil {
		seller = r.Seller.Facts
	}
	if shown.Facts != nil {
		facts = *shown.Facts
	}
	if facts.Price != nil {
		price = *facts.Price
	}
	if facts.Sold != nil {
		sold = *facts.Sold
	}
	l := r.Listing
	row := []any{aliasOf(r), seller.ID, seller.URL, l.Marketplace, string(l.ID), l.Title, l.URL, string(r.Assessment.Verdict), marks}
	row = append(row, t.amounts(aliasOf(r), price, sold, rates)...)
	row = append(row, utc(shown.FinishedAt), string(shown.ID), string(shown.Manifest))
	return append(row, purchaseCells(bought)...), nil
}

// lastShown is the newest capture that shows the offer; the zero Capture for none.
func (d *Desk) lastShown(ctx context.Context, listing evidence.ID) (evidence.Capture, error) {
	captures, err := AllBy[evidence.Capture](ctx, d, store.CapturesByListing, string(listing))
	for _, c := range slices.Backward(captures) {
		if c.Outcome == evidence.Online && c.Facts != nil {
			return c, err
		}
	}
	return evidence.Capture{}, err
}

// marksOf are the rights that notices about a listing relied on.
func (d *Desk) marksOf(ctx context.Context, listing evidence.ID) (string, error) {
	items, err := AllBy[evidence.NoticeItem](ctx, d, store.ItemsByListing, string(listing))
	if err != nil {
		return "", err
	}
	var marks []string
	for _, i := range items {
		n, err := Get[evidence.Notice](ctx, d, i.Notice)
		if err != nil {
			return "", err
		}
		if n.Right == "" {
			continue
		}
		r, err := Get[evidence.Right](ctx, d, n.Right)
		if err != nil {
			return "", err
		}
		if mark := strings.TrimSpace(r.Name + " " + r.Register()); !slices.Contains(marks, mark) {
			marks = append(marks, mark)
		}
	}
	return strings.Join(marks, "; "), nil
}

func purchaseCells(bought []evidence.TestPurchase) []any {
	var orders, days, costs, payees []string
	for _, b := range bought {
		orders, payees = append(orders, b.Order), append(payees, b.Payee)
		if !b.Ordered.IsZero() {
			days = append(days, b.Ordered.Format(time.DateOnly))
		}
		for _, c := range b.Costs {
			costs = append(costs, strings.TrimSpace(c.Amount+" "+c.Currency+" "+c.For))
		}
	}
	return []any{strings.Join(orders, "; "), strings.Join(days, "; "), strings.Join(costs, "; "), strings.Join(payees, "; ")}
}

// totals adds up what listings guarantee was sold.
type totals struct {
	order     []string // of the sellers
	sellers   map[string]sums
	all       sums
	converted sums
	without   []string // currencies that have no rate
}

// amounts are the cells from the price to the converted amount. What the page did
// not state is left empty: nothing is guessed.
func (t *totals) amounts(seller string, price evidence.Price, sold evidence.Sold, rates map[string]rate) []any {
	cells := []any{digitsCell(price.Min), price.Currency, nil, sold.Text, nil, nil, "", "", nil, ""}
	each, ok := new(big.Rat).SetString(price.Min)
	if sold.AtLeast > 0 {
		cells[2] = sold.AtLeast
	}
	if !ok || sold.AtLeast <= 0 || price.Currency == "" {
		return cells
	}
	amount := new(big.Rat).Mul(each, new(big.Rat).SetInt64(int64(sold.AtLeast)))
	cells[4] = digitsCell(decimal(amount))
	if t.sellers[seller] == nil {
		t.sellers[seller] = sums{}
		t.order = append(t.order, seller)
	}
	t.sellers[seller].plus(amount, price.Currency)
	t.all.plus(amount, price.Currency)
	r, known := rates[price.Currency]
	if !known {
		if len(rates) > 0 && !slices.Contains(t.without, price.Currency) {
			t.without = append(t.without, price.Currency)
		}
		return cells
	}
	exchanged := new(big.Rat).Mul(amount, r.per)
	t.converted.plus(exchanged, r.to)
	cells[5], cells[6], cells[7] = digitsCell(strings.TrimRight(strings.TrimRight(r.per.FloatString(8), "0"), ".")), r.date, r.source
	cells[8], cells[9] = digitsCell(decimal(exchanged)), r.to
	return cells
}

// rows are the sums of each seller, of all, and converted.
func (t *totals) rows(converted bool) [][]any {
	rows := [][]any{{}}
	for _, seller := range t.order {
		rows = append(rows, []any{"TOTAL of " + seller, t.sellers[seller].String()})
	}
	rows = append(rows, []any{"TOTAL", t.all.String()})
	switch {
	case !converted:
		rows = append(rows, []any{"Sums are by currency: no exchange rates were given."})
	case len(t.without) > 0:
		rows = append(rows, []any{"TOTAL converted", t.converted.String()}, []any{"Without a rate, and not in it: " + strings.Join(t.without, ", ")})
	default:
		rows = append(rows, []any{"TOTAL converted", t.converted.String()})
	}
	return append(rows, []any{"Amounts are the lowest price shown times the sales that the page guarantees, as captured; a page that states no sales adds nothing."})
}

// exact is an amount in digits: a .csv has them all, a workbook the number.
type exact string

func digitsCell(digits string) any {
	if digits == "" {
		return nil
	}
	return exact(digits)
}

// asNumbers puts numbers in place of exact amounts, for a workbook to add up.
func asNumbers(rows [][]any) error {
	for _, row := range rows {
		for i, cell := range row {
			if digits, ok := cell.(exact); ok {
				n, err := strconv.ParseFloat(string(digits), 64)
				if err != nil {
					return err
				}
				row[i] = n
			}
		}
	}
	return nil
}

// writeSchedule writes the schedule as a workbook or as CSV, by the file's name.
// Nothing of the covert list may be in it.
func (e *export) writeSchedule(ctx context.Context, w io.Writer) error {
	s, err := e.schedule(ctx)
	if err != nil {
		return err
	}
	if s.skipped > 0 {
		e.problem("%s not in the schedule: not found infringing", evidence.Count(s.skipped, "listing"))
	}
	settings, err := e.d.Settings(ctx)
	if err != nil {
		return err
	}
	table := append([][]any{cells(scheduleHead)}, s.rows...)
	if err := newCovert(settings.Covert).check("the schedule", joinRows(table)); err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(e.order.Out), ".csv") {
		return writeCSV(w, table)
	}
	if err := asNumbers(table); err != nil {
		return err
	}
	return writeBook(w, sheet{"Schedule", table})
}

func joinRows(table [][]any) string {
	var b strings.Builder
	for _, row := range table {
		for _, cell := range row {
			if text, ok := cell.(string); ok {
				b.WriteString(text + "\t")
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
