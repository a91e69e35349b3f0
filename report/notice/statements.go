package notice

import (
	"errors"

	"touchstone/store/evidence"
)

// ErrNoStatements means that there are no statement texts for a legal basis or
// a language.
var ErrNoStatements = errors.New("no statement texts")

// Statements is the newest version of what the signatory has to vouch for
// under the legal basis, in the language (ISO 639-1). The error is
// ErrNoStatements where there is no text.
func Statements(basis evidence.LegalBasis, language string) ([]evidence.Statement, error) {
	return nil, ErrNoStatements
}

// HashStatements is the hash an approval is bound to: it changes with any
// statement's kind, version, language or text, and with their order.
func HashStatements(s []evidence.Statement) evidence.Hash { return "" }
