package takedown

import (
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// texts says what of a filing goes where a descriptor's From says so. Those of an
// item get the item, the others nil.
var texts = map[string]func(f *Filing, i *Item) string{
	"url":     func(_ *Filing, i *Item) string { return i.Address() },
	"photos":  func(f *Filing, i *Item) string { return strings.Join(f.Pictures(i), "\n") },
	"host":    func(_ *Filing, i *Item) string { return i.Host() },
	"item_id": func(_ *Filing, i *Item) string { return i.Listing.ItemID },
	"title":   func(_ *Filing, i *Item) string { return i.Listing.Title },
	"seller": func(_ *Filing, i *Item) string {
		if i.Capture.Facts == nil || i.Capture.Facts.Seller == nil {
			return ""
		}
		return i.Capture.Facts.Seller.Name
	},
	"brand":              func(f *Filing, _ *Item) string { return f.Brand.Name },
	"site":               func(f *Filing, _ *Item) string { return f.Brand.Site },
	"right_number":       func(f *Filing, _ *Item) string { return f.Right.Number },
	"right_name":         func(f *Filing, _ *Item) string { return f.Right.Name },
	"right_type":         func(f *Filing, _ *Item) string { return string(f.Right.Type) },
	"right_expires":      func(f *Filing, _ *Item) string { return f.Right.Expires },
	"right_office":       func(f *Filing, _ *Item) string { return f.Right.Office },
	"right_jurisdiction": func(f *Filing, _ *Item) string { return f.Right.Jurisdiction },
	"owner":              func(f *Filing, _ *Item) string { return f.Right.Owner.Name },
	"explanation":        func(f *Filing, _ *Item) string { return f.Notice.Explanation },
	"message":            func(f *Filing, _ *Item) string { return f.Notice.Message },
	"details":            func(f *Filing, _ *Item) string { return f.Notice.Details },
	"statements":         func(f *Filing, _ *Item) string { return f.Statements() },
	"signatory":          func(f *Filing, _ *Item) string { return f.Signatory.Name },
	"signatory_title":    func(f *Filing, _ *Item) string { return f.Signatory.Title },
	"email":              func(f *Filing, _ *Item) string { return f.Signatory.Email },
	"company":            func(f *Filing, _ *Item) string { return f.Brand.Owner.Name },
	"address":            func(f *Filing, _ *Item) string { return f.Brand.Owner.Address },
	"postal_address":     func(f *Filing, _ *Item) string { return joinLines(f.Brand.Owner.Address, f.Brand.Owner.Country) },
	"city":               func(f *Filing, _ *Item) string { return f.Brand.Owner.City },
	"region":             func(f *Filing, _ *Item) string { return f.Brand.Owner.Region },
	"country":            func(f *Filing, _ *Item) string { return f.Brand.Owner.Country },
	"phone":              func(f *Filing, _ *Item) string { return f.Brand.Owner.Phone },
	"contact":            func(f *Filing, _ *Item) string { return f.Contact() },
	"reason":             func(f *Filing, _ *Item) string { return f.Notice.ReasonCode },
	"infringement":       func(f *Filing, _ *Item) string { return evidence.Words(f.Notice.Infringement) },
	"locus":              func(f *Filing, _ *Item) string { return evidence.Words(f.Notice.Locus) },
	"order_ids":          orders,
	"countries":          func(f *Filing, _ *Item) string { return strings.Join(f.Notice.Countries, ", ") },
	"patent": func(f *Filing, _ *Item) string {
		if f.Right.Type != evidence.Patent {
			return ""
		}
		return f.Right.Number
	},
}

// Text is what of a filing goes where From of the descriptor says so; item is nil
// for what is said once for all. known is false where From says nothing we have.
func (d *Descriptor) Text(f *Filing, from string, item *Item) (text string, known bool) {
	if from == "target" {
		return d.targetWords(f), true
	}
	say, ok := texts[from]
	if !ok {
		return "", false
	}
	if item == nil {
		item = &Item{}
	}
	return say(f, item), true
}

// Values are what of a filing goes into the channel's fields, by their names: of an
// item where one is given, else what is said once for all.
func (d *Descriptor) Values(f *Filing, item *Item) map[string]string {
	values := map[string]string{}
	for _, field := range d.Fields {
		if text, known := d.Text(f, field.From, item); known && slices.Contains(ofItems, field.From) == (item != nil) {
			values[field.Name] = text
		}
	}
	return values
}

// ofItems are the texts that differ from item to item.
var ofItems = []string{"url", "host", "item_id", "title", "seller", "photos"}

// Statements are the words that the signatory vouches for, one a paragraph.
func (f *Filing) Statements() string {
	var all []string
	for _, s := range f.Notice.Statements {
		all = append(all, s.Text)
	}
	return strings.Join(all, "\n\n")
}

// targetWords are the channel's words for the kinds of target in a filing.
func (d *Descriptor) targetWords(f *Filing) string {
	var list []string
	for _, i := range f.Items {
		if word := d.targetWord(i.Listing.Target); !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return strings.Join(list, ", ")
}

// Pictures are the addresses of the pictures of an item that the notice complains of.
func (f *Filing) Pictures(i *Item) []string {
	if i.Capture.Facts == nil {
		return nil
	}
	var shown []string
	for _, p := range i.Capture.Facts.Images {
		if slices.Contains(f.Notice.Pictures, p.URL) && !slices.Contains(shown, p.URL) {
			shown = append(shown, p.URL)
		}
	}
	return shown
}

// orders are the numbers of the test purchases: of one item, or of all that are
// filed.
func orders(f *Filing, i *Item) string {
	items := f.Items
	if i.Listing.ID != "" {
		items = []Item{*i}
	}
	var all []string
	for _, item := range items {
		if item.Purchase != nil && item.Purchase.Order != "" && !slices.Contains(all, item.Purchase.Order) {
			all = append(all, item.Purchase.Order)
		}
	}
	return strings.Join(all, ", ")
}

// Contact is who signs and for whom, one fact a line.
func (f *Filing) Contact() string {
	return joinLines(f.Signatory.Name, f.Signatory.Title, f.Brand.Owner.Name, f.Brand.Owner.Address, f.Brand.Owner.Country, f.Brand.Owner.Phone, f.Signatory.Email)
}

// joinLines puts those that are not empty each on its own line.
func joinLines(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}
