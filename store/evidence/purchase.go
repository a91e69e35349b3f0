package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// TestPurchase is goods that were ordered from a seller, under a covert name, to
// be examined. Alias, AliasContacts and ShipTo give the buyer away: they are on
// the covert list, and no document that leaves prints them.
type TestPurchase struct {
	ID            ID       `json:"id"`
	Case          ID       `json:"case,omitempty"`
	Listing       ID       `json:"listing"`
	Seller        ID       `json:"seller,omitempty"`
	Alias         string   `json:"alias,omitempty"`          // the name it was ordered under
	AliasContacts []string `json:"alias_contacts,omitempty"` // accounts, e-mail addresses and telephone numbers of the alias
	ShipTo        string   `json:"ship_to,omitempty"`        // lines separated by "\n"

	Order         string `json:"order,omitempty"`          // the marketplace's number
	Payee         string `json:"payee,omitempty"`          // as billed
	Costs         []Cost `json:"costs,omitempty"`          // price, shipping, duties
	Quantity      int    `json:"quantity,omitempty"`       // pieces ordered; 0 where nobody wrote it down
	Carrier       string `json:"carrier,omitempty"`        //
	Tracking      string `json:"tracking,omitempty"`       // the carrier's number
	ReturnAddress string `json:"return_address,omitempty"` // as on the parcel, lines separated by "\n"

	Ordered  Moment `json:"ordered,omitzero"`
	Paid     Moment `json:"paid,omitzero"`
	Shipped  Moment `json:"shipped,omitzero"`
	Received Moment `json:"received,omitzero"`
	Examined Moment `json:"examined,omitzero"`

	Examiner string  `json:"examiner,omitempty"`
	Verdict  Verdict `json:"verdict,omitempty"` // what the examination found the goods to be
	Finding  string  `json:"finding,omitempty"` // in the examiner's words

	HandOvers []HandOver       `json:"hand_overs,omitempty"` // of the goods, in the order in which they were recorded
	Changes   []PurchaseChange `json:"changes,omitempty"`    // of what was written before, oldest first
	CreatedAt time.Time        `json:"created_at"`
}

// Chain is the hand-overs in the order in which they happened.
func (b *TestPurchase) Chain() []HandOver {
	chain := slices.Clone(b.HandOvers)
	slices.SortStableFunc(chain, func(a, b HandOver) int { return a.At.Compare(b.At.Time) })
	return chain
}

// Gap says what is missing in a chain before its hand-over i; "" where nothing is.
func Gap(chain []HandOver, i int) string {
	if i == 0 || strings.EqualFold(chain[i].From, chain[i-1].To) {
		return ""
	}
	return fmt.Sprintf("nobody recorded how the goods came from %s to %s", chain[i-1].To, chain[i].From)
}

// Cost is a sum of money and what it was paid for.
type Cost struct {
	For      string `json:"for,omitempty"`
	Amount   string `json:"amount"`       // decimal, as in 1299.00
	Currency string `json:"currency"`     // ISO 4217
	On       string `json:"on,omitempty"` // day
}

var (
	amountForm   = regexp.MustCompile(`^[0-9]{1,15}(\.[0-9]{1,4})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Check says what is wrong with a sum.
func (c Cost) Check() error {
	switch {
	case !amountForm.MatchString(c.Amount):
		return fmt.Errorf("%q is not an amount: want digits, and at most four after a point, as in 1299.00", c.Amount)
	case !currencyForm.MatchString(c.Currency):
		return fmt.Errorf("%q is not a currency: want its three letters, as in EUR", c.Currency)
	}
	return nil
}

// HandOver is goods going from one person to another: a link of their chain of
// custody.
type HandOver struct {
	At        Moment    `json:"at"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Seal      string    `json:"seal,omitempty"`      // number of the seal or bag that the goods were in
	Condition string    `json:"condition,omitempty"` // of the seal and the goods
	Place     string    `json:"place,omitempty"`
	By        string    `json:"by"` // who recorded it
	Recorded  time.Time `json:"recorded"`
}

// PurchaseChange is what a field of a test purchase said before it was changed.
type PurchaseChange struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Field  string    `json:"field"` // as JSON names it
	Before string    `json:"before"`
}
