package inquiry

import (
	"fmt"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// says is each verdict in a sentence to who asked.
var says = map[evidence.Verdict]string{
	evidence.Authentic:           "The goods are genuine.",
	evidence.Counterfeit:         "The goods are counterfeit.",
	evidence.OtherInfringement:   "The offer infringes our rights in another way than by counterfeit goods.",
	evidence.GenuineUnauthorised: "The goods are genuine; the seller is not authorised by us. We do not call them counterfeit.",
	evidence.Undetermined:        "From what we have seen we cannot say whether the goods are genuine.",
	evidence.NotOurBrand:         "The goods are not of our brand.",
}

// Reply is an answer as a letter that a person sends.
func Reply(q evidence.Inquiry, a evidence.Answer, brand *evidence.Brand) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("To", q.From)
	line("Your reference", q.External)
	line("Our reference", string(a.ID))
	line("Asked on", q.AskedAt.UTC().Format(time.DateOnly))
	line("Offer", q.Offer.Title)
	line("Link", q.Offer.URL)
	line("Item", q.Offer.ItemID)
	fmt.Fprintf(&b, "\n%s\n", says[a.Verdict])
	if a.Basis != "" {
		fmt.Fprintf(&b, "This rests on: %s.\n", evidence.Words(a.Basis))
	}
	if a.Reason != "" {
		fmt.Fprintf(&b, "%s\n", a.Reason)
	}
	fmt.Fprintf(&b, "\nExamined by %s on %s", a.By, a.At.UTC().Format(time.DateOnly))
	if brand != nil {
		fmt.Fprintf(&b, " for %s", brand.Owner.Name)
	}
	b.WriteString(".\n")
	return b.String()
}
