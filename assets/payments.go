package assets

import _ "embed"

// Payments are the forms in which pages name accounts and services for payment, as
// regular expressions whose first group is the account. Package capture/listing
// reads them.
//
//go:embed payments.json
var Payments []byte
