package desk

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// sums adds up amounts by currency, exactly.
type sums map[string]*big.Rat

// add adds an amount in decimal notation.
func (s sums) add(amount, currency string) error {
	n, ok := new(big.Rat).SetString(amount)
	if !ok {
		return fmt.Errorf("%q is not an amount", amount)
	}
	s.plus(n, currency)
	return nil
}

func (s sums) plus(n *big.Rat, currency string) {
	if s[currency] == nil {
		s[currency] = new(big.Rat)
	}
	s[currency].Add(s[currency], n)
}

// String lists the sums in order of currency, as in "12.50 EUR, 3.00 USD".
func (s sums) String() string {
	var texts []string
	for _, currency := range slices.Sorted(maps.Keys(s)) {
		texts = append(texts, decimal(s[currency])+" "+currency)
	}
	return strings.Join(texts, ", ")
}

// decimal is an amount with two digits after the point, rounded half away from
// zero.
func decimal(r *big.Rat) string { return r.FloatString(2) }

// SumCosts adds up costs by currency, as in "12.50 EUR, 3.00 USD".
func SumCosts(costs []evidence.Cost) (string, error) {
	s := sums{}
	for _, c := range costs {
		if err := s.add(c.Amount, c.Currency); err != nil {
			return "", err
		}
	}
	return s.String(), nil
}
