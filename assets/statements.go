package assets

import "embed"

// Statements holds the texts a signatory vouches for, one JSON file for each
// legal basis: statements/<legal basis>.json. Versions are listed oldest first
// and never change once released, because approvals are bound to their words;
// a better text is a new version.
//
//go:embed statements/*.json
var Statements embed.FS
