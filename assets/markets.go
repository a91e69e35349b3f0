package assets

import "embed"

// Markets holds one JSON file per marketplace, markets/NAME.json: its hosts, the
// shapes of its URLs and where its pages keep facts. Package capture/listing
// says what the fields mean.
//
//go:embed markets/*.json
var Markets embed.FS
