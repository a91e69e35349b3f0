package assets

import _ "embed"

// Outcomes lists the words that portals and people use for what became of a
// notice item, by the state of evidence.ItemState that they mean. Package
// report/takedown/portal reads it.
//
//go:embed outcomes.json
var Outcomes []byte
