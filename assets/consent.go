package assets

import _ "embed"

// Consent are the consent dialogs that are known: their makers, the dialog's
// selector and its buttons', the one that refuses first; and what the refusing
// button of any other says, in lower case.
//
//go:embed consent.json
var Consent []byte
