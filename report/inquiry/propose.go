package inquiry

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"touchstone/store/evidence"
)

// Propose says that an inquiry repeats one of the others, or is about goods of
// none of the brands; nil where it seems to be neither. The others are those about
// the same offer or listing, oldest first; facts are what the offer's page says,
// nil while it was not captured.
func Propose(i *evidence.Inquiry, others []evidence.Inquiry, brands []evidence.BrandFile, facts *evidence.Facts) *evidence.Proposal {
	for _, o := range others {
		if o.ID == i.ID || o.ID > i.ID || o.State == evidence.InquiryDuplicate || !sameOffer(i, &o) {
			continue
		}
		how := "it is " + evidence.Words(o.State)
		if o.Answer != "" && !Open(o.State) {
			how = "it was answered"
		}
		return &evidence.Proposal{State: evidence.InquiryDuplicate, Of: o.ID, Reason: fmt.Sprintf("%s of %s is about the same offer; %s", o.ID, o.AskedAt.UTC().Format(time.DateOnly), how)}
	}
	if len(brands) == 0 || BrandOf(i, brands, facts) != "" {
		return nil
	}
	if strings.TrimSpace(words(texts(i, facts)...)) == "" {
		return nil // nothing to go by yet
	}
	names := make([]string, len(brands))
	for n, b := range brands {
		names[n] = b.Brand.Name
	}
	return &evidence.Proposal{State: evidence.InquiryNotOurBrand, Reason: "neither the question nor the offer's title, brand or model names " + strings.Join(names, ", ") + ", a mark or a model of theirs"}
}

// sameOffer reports whether two inquiries are about the same offer.
func sameOffer(a, b *evidence.Inquiry) bool {
	switch {
	case a.Listing != "" && a.Listing == b.Listing:
		return true
	case a.Offer.URL != "" && a.Offer.URL == b.Offer.URL:
		return true
	}
	return a.Offer.ItemID != "" && a.Offer.ItemID == b.Offer.ItemID && a.Channel == b.Channel
}

// BrandOf is the brand that the offer's words name, or one of whose marks or
// models they name; "" where they name none.
func BrandOf(i *evidence.Inquiry, brands []evidence.BrandFile, facts *evidence.Facts) evidence.ID {
	text := words(texts(i, facts)...)
	for _, b := range brands {
		if slices.ContainsFunc(namesOf(b), func(name string) bool { return len(name) > 2 && strings.Contains(text, name) }) {
			return b.Brand.ID
		}
	}
	return ""
}

// namesOf are the words by which a brand's goods are called, as words gives them.
func namesOf(b evidence.BrandFile) []string {
	names := []string{words(b.Brand.Name)}
	for _, r := range b.Rights {
		if r.Type == evidence.Trademark {
			names = append(names, words(r.Name))
		}
	}
	for _, p := range b.Brand.Products {
		names = append(names, words(p.Model))
	}
	return names
}

func texts(i *evidence.Inquiry, facts *evidence.Facts) []string {
	list := []string{i.Question, i.Offer.Title}
	if facts != nil {
		list = append(list, facts.Title, facts.Brand, facts.SKU, facts.Variant)
	}
	return list
}

// words are texts as one, in small letters and digits with single spaces around
// each word, so that whole words can be looked for.
func words(texts ...string) string {
	fields := strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(fields, " ") + " "
}
