package assets

import "embed"

// Programmes holds one JSON file per programme of a marketplace that asks its
// members for a record, programmes/NAME.json: the rates, what they are counted
// from, their bounds, and where that is written. programmes/schema.json describes
// their form; package report/scorecard reads them.
//
//go:embed programmes/*.json
var Programmes embed.FS
