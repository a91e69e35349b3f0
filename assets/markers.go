package assets

import "embed"

// Markers holds the rules by which blocked, login and removed pages are
// recognised, one JSON file per rule in markers/. Beside each rule lies a page
// of the same name, .html, that the rule must recognise; tests read it, programs
// need not. Package capture/listing says what the fields mean.
//
//go:embed markers/*.json
var Markers embed.FS
