package listing

import (
	"encoding/json"
	"fmt"
	"html"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// The bounds of looking for payment.
const (
	maxPaymentPage = 8 << 20 // bytes of a page that are looked through
	maxPayments    = 40
)

type paymentForm struct {
	Type    string `json:"type"`
	Pattern string `json:"pattern"`
	re      *regexp.Regexp
}

var paymentForms = sync.OnceValues(func() ([]paymentForm, error) {
	var forms []paymentForm
	if err := json.Unmarshal(assets.Payments, &forms); err != nil {
		return nil, fmt.Errorf("assets/payments.json: %w", err)
	}
	for i := range forms {
		var err error
		if forms[i].re, err = regexp.Compile(forms[i].Pattern); err != nil {
			return nil, fmt.Errorf("assets/payments.json: %s: %w", forms[i].Type, err)
		}
	}
	return forms, nil
})

// Payments are the accounts and services by which a page takes money, as far as
// it names them: what a page loads only at its checkout is not in it.
func Payments(page []byte) ([]evidence.Contact, error) {
	forms, err := paymentForms()
	if err != nil {
		return nil, err
	}
	text := html.UnescapeString(string(page[:min(len(page), maxPaymentPage)]))
	var out []evidence.Contact
	for _, f := range forms {
		for _, m := range f.re.FindAllStringSubmatch(text, 4*maxPayments) {
			c := evidence.Contact{Type: f.Type, Shown: m[1], Value: strings.ReplaceAll(m[1], " ", "")}
			if f.Type == "iban" && !isIBAN(c.Value) || len(out) >= maxPayments || slices.Contains(out, c) {
				continue
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// isIBAN checks the two digits that ISO 13616 has for it: with the first four
// characters put last and letters for numbers, the whole leaves 1 when divided by
// 97.
func isIBAN(s string) bool {
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	var digits strings.Builder
	for _, r := range s[4:] + s[:4] {
		if r >= 'A' {
			fmt.Fprint(&digits, r-'A'+10)
			continue
		}
		digits.WriteRune(r)
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}
