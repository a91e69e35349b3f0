package assets

import "embed"

// Workdays holds one JSON file per country or institution, workdays/NAME.json: its
// weekend, and of each year that is covered the days that are not worked and where
// that is written. workdays/schema.json describes their form; package
// report/workday reads them.
//
//go:embed workdays/*.json
var Workdays embed.FS
