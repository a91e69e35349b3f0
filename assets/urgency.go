package assets

import _ "embed"

// Urgency says by which time courts of a territory expect an interim injunction
// to be asked for, as JSON: each entry with the mark of its source (S: a source
// confirms it; M: from memory, not confirmed).
//
//go:embed urgency.json
var Urgency []byte
