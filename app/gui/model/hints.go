package model

import (
	"cmp"
	"strconv"
	"strings"

	"touchstone/store/evidence"
)

// HintOf is a hint in the user's language, by its code and its particulars in the
// order of package report/inquiry. The zero Hint stands for a code that this window
// does not know.
func HintOf(topic, code string, with []string) Hint {
	h := Hint{Topic: words(topic)}
	w := func(i int) string {
		if i < len(with) {
			return with[i]
		}
		return ""
	}
	seller := func(i int) string { return cmp.Or(w(i), T("a seller whose name is not known")) }
	switch code {
	case "judged_this", "judged_other":
		h.Says = T("Another offer of this seller was judged: %s", VerdictText(evidence.Verdict(w(0))))
		if code == "judged_this" {
			h.Says = T("This offer was judged: %s", VerdictText(evidence.Verdict(w(0))))
		}
		h.Why = T("By %s on %s, on this basis: %s.", w(2), DateText(w(3)), BasisText(evidence.Basis(w(4)))) + " " + joined([]string{w(5), w(1)}, "  ·  ")
	case "picture_reused":
		h.Says = T("A picture of the offer is shown by another listing.")
		if w(0) != "" {
			h.Says = T("A picture of the offer is shown by another listing, which was judged: %s", VerdictText(evidence.Verdict(w(0))))
		}
		h.Why = strings.TrimSpace(T("The same photograph, offered by %s:", seller(1)) + " " + w(2))
	case "model_unknown":
		h.Says = T("The offer names no model that the brand makes.")
		n, _ := strconv.Atoi(w(0))
		h.Why = N("The %d model in the brand's list does not stand in its title.", "None of the %d models in the brand's list stands in its title.", n)
	case "price_share":
		h.Says = T("The price is %s %% of the usual one.", w(0))
		h.Why = T("%s is asked; %s usually costs %s.", sumText(w(1)), w(2), sumText(w(3)))
	case "price_other_currency":
		h.Says = T("The price and the usual one are in two currencies.")
		h.Why = T("%s is asked; %s usually costs %s.", sumText(w(0)), w(1), sumText(w(2)))
	case "seller_authorised":
		h.Says = T("The seller is authorised by the brand.")
		h.Why = T("%s is on the brand's list of authorised sellers.", w(0))
	case "seller_not_authorised":
		h.Says = T("The seller is not among those that the brand has authorised.")
		h.Why = T("%s is not on the list of %s; that alone makes no goods counterfeit.", seller(0), w(1))
	case "seller_linked":
		h.Says = T("The seller shares contacts with %s", w(0))
		h.Why = T("The same telephone number, address or messenger name.")
	case "feature_named":
		h.Says = T("The title names a feature of counterfeits.")
		h.Why = T("It says: %s", w(0))
	case "marker_named":
		h.Says = T("The title names a marker of genuine goods.")
		h.Why = T("It says: %s", w(0))
	default:
		return Hint{}
	}
	return h
}

// sumText is a sum of the desk's, as in "1250.00 EUR".
func sumText(sum string) string {
	amount, currency, _ := strings.Cut(sum, " ")
	return PriceText(&evidence.Price{Min: amount, Currency: currency})
}
