package listing

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/capture/eye"
	"touchstone/capture/listing/money"
	"touchstone/store/evidence"
)

// Print is a text of the page that prints a fact's value.
type Print struct {
	eye.Text
	Whole bool // it prints nothing else
}

// Bounds of what is looked at to find where a fact is printed.
const (
	mostPrints   = 40  // of one fact
	aroundPrint  = 80  // bytes of a text beside the value that it prints
	shortestPart = 3   // letters of a value that is found within a text
	larger       = 1.2 // by how much the letters of the one print that counts are larger than others'
)

// Printed finds the texts that print the facts, by the facts' names as [Diff] has
// them. A fact from a source that nobody sees is found as well, where the page
// also prints it.
func (p *Page) Printed(f evidence.Facts, texts []eye.Text) map[string][]Print {
	folded := make([]string, len(texts))
	for i, t := range texts {
		folded[i] = fold(t.Text)
	}
	found := map[string][]Print{}
	value := func(fact, value string) {
		if prints := innermost(printsOf(fold(value), texts, folded)); len(prints) > 0 {
			found[fact] = prints
		}
	}
	value("title", f.Title)
	value("brand", f.Brand)
	value("item_id", f.ItemID)
	value("sku", f.SKU)
	value("variant", f.Variant)
	value("location", f.Location)
	value("stock", f.Stock)
	value("min_order", f.MinOrder)
	if f.Sold != nil {
		value("sold", f.Sold.Text)
	}
	if f.Seller != nil {
		value("seller.name", f.Seller.Name)
		value("seller.id", f.Seller.ID)
	}
	if f.Price != nil {
		if prints := innermost(p.pricesIn(*f.Price, texts)); len(prints) > 0 {
			found["price"] = prints
		}
	}
	if prints := innermost(saying(f.Availability, texts)); len(prints) > 0 {
		found["availability"] = prints
	}
	return found
}

// printsOf are the texts that print a value, or hold it among a few other words.
func printsOf(value string, texts []eye.Text, folded []string) (prints []Print) {
	// A number of one or two digits stands for many things.
	if value == "" || len(value) < shortestPart && strings.Trim(value, "0123456789") == "" {
		return nil
	}
	part := utf8.RuneCountInString(value) >= shortestPart
	for i, t := range folded {
		switch {
		case t == value:
			prints = append(prints, Print{texts[i], true})
		case part && len(t) <= len(value)+aroundPrint && holdsWord(t, value):
			prints = append(prints, Print{texts[i], false})
		}
	}
	return prints
}

// holdsWord reports whether a text holds a value that no letter or digit is joined
// to. Scripts without spaces join all.
func holdsWord(text, value string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], value)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+i])
		after, _ := utf8.DecodeRuneInString(text[at+i+len(value):])
		if !joins(before) && !joins(after) {
			return true
		}
		at += i + 1
	}
}

func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && r < 0x2e80
}

// pricesIn are the texts that print a price, with its currency or a sign that may
// mean it.
func (p *Page) pricesIn(price evidence.Price, texts []eye.Text) (prints []Print) {
	for _, t := range texts {
		if len(t.Text) > aroundPrint || !strings.ContainsFunc(t.Text, unicode.IsDigit) {
			continue
		}
		sums := money.Find(t.Text, p.region)
		lows, highs := 0, 0
		for _, s := range sums {
			if s.Sign == "" && len(sums) == 1 || s.Currency != "" && price.Currency != "" && s.Currency != price.Currency {
				continue
			}
			if compare(s.Value, price.Min) == 0 {
				lows++
			} else if price.Max != "" && compare(s.Value, price.Max) == 0 {
				highs++
			}
		}
		if lows == 1 && (price.Max == "" || highs == 1) {
			prints = append(prints, Print{t, len(sums) == lows+highs})
		}
	}
	return prints
}

// saying are the short texts that say whether the offer can be bought.
func saying(a evidence.Availability, texts []eye.Text) (prints []Print) {
	for _, t := range texts {
		if len(t.Text) > aroundPrint {
			continue
		}
		s := normal(t.Text)
		gone := words().gone.in(s)
		switch {
		case words().elsewhere.in(s):
		case a == evidence.OutOfStock && gone, a == evidence.InStock && !gone && words().in.in(s) && !words().not.in(s):
			prints = append(prints, Print{t, true})
		}
	}
	return prints
}

// innermost leaves out texts around another that prints the same. Where very many
// print it, none is told from the others.
func innermost(prints []Print) (out []Print) {
	if len(prints) > mostPrints {
		return nil
	}
	for i, p := range prints {
		around := false
		for k, o := range prints {
			around = around || k != i && p.Holds(o.Text)
		}
		if !around {
			out = append(out, p)
		}
	}
	return out
}

// Source is the index of the one of several prints that a reader takes for the
// fact's: those count that print nothing else, if there are any, and of these the
// one whose letters are the largest. Of several like that it is the first behind
// the title, unless that is not certain itself. It is -1 where none stands out.
func Source(prints []Print, title *Print) int {
	whole := slices.ContainsFunc(prints, func(p Print) bool { return p.Whole })
	size := 0.0
	for _, p := range prints {
		if p.Whole == whole {
			size = max(size, p.Size)
		}
	}
	best, rivals, first := -1, 0, -1
	for i, p := range prints {
		if p.Whole != whole || p.Size*larger <= size {
			continue
		}
		best, rivals = i, rivals+1
		if title != nil && p.First > title.First && (first < 0 || p.First < prints[first].First) {
			first = i
		}
	}
	if rivals > 1 {
		return first
	}
	return best
}
