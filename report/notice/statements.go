package notice

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// ErrNoStatements means that there are no statement texts for a legal basis or
// a language.
var ErrNoStatements = errors.New("no statement texts")

// texts is a file of assets.Statements: every version of the statements one
// legal basis asks for.
type texts struct {
	LegalBasis evidence.LegalBasis `json:"legal_basis"`
	Source     string              `json:"source"`
	Versions   []edition           `json:"versions"` // oldest first
}

// edition is one version of the statements, in every language there is.
type edition struct {
	Version    string `json:"version"`
	Statements []struct {
		Kind string            `json:"kind"`
		Text map[string]string `json:"text"` // by language, ISO 639-1
	} `json:"statements"`
}

// Statements is the newest version of what the signatory has to vouch for
// under the legal basis, in the language (ISO 639-1). The error is
// ErrNoStatements where there is no text.
func Statements(basis evidence.LegalBasis, language string) ([]evidence.Statement, error) {
	t, err := readTexts(basis)
	if err != nil {
		return nil, err
	}
	return t.Versions[len(t.Versions)-1].in(language)
}

// Languages lists those that there are statements in under the legal basis, in
// order of their codes; none where the basis is unknown.
func Languages(basis evidence.LegalBasis) []string {
	t, err := readTexts(basis)
	if err != nil {
		return nil
	}
	return t.Versions[len(t.Versions)-1].languages()
}

// HashStatements is the hash an approval is bound to: it changes with any
// statement's kind, version, language or text, and with their order.
func HashStatements(s []evidence.Statement) evidence.Hash {
	b, err := json.Marshal(s)
	if err != nil { // four strings each: there is nothing that could fail
		return ""
	}
	return evidence.HashOf(b)
}

func readTexts(basis evidence.LegalBasis) (texts, error) {
	b, err := assets.Statements.ReadFile("statements/" + string(basis) + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return texts{}, fmt.Errorf("legal basis %q: %w", basis, ErrNoStatements)
	}
	if err != nil {
		return texts{}, fmt.Errorf("statements of %s: %w", basis, err)
	}
	var t texts
	if err := json.Unmarshal(b, &t); err != nil {
		return texts{}, fmt.Errorf("statements of %s: %w", basis, err)
	}
	if len(t.Versions) == 0 || len(t.Versions[0].Statements) == 0 {
		return texts{}, fmt.Errorf("statements of %s: %w", basis, ErrNoStatements)
	}
	return t, nil
}

func (e *edition) languages() []string { return slices.Sorted(maps.Keys(e.Statements[0].Text)) }

func (e *edition) in(language string) ([]evidence.Statement, error) {
	var out []evidence.Statement
	for _, s := range e.Statements {
		text, ok := s.Text[language]
		if !ok {
			return nil, fmt.Errorf("%w in the language %q; there are some in %s", ErrNoStatements, language, strings.Join(e.languages(), ", "))
		}
		out = append(out, evidence.Statement{Kind: s.Kind, Version: e.Version, Language: language, Text: text})
	}
	return out, nil
}

// published reports whether the statements are, word for word, a version that
// was ever released for the legal basis, and whether it is the newest one.
func published(basis evidence.LegalBasis, statements []evidence.Statement) (known, newest bool) {
	t, err := readTexts(basis)
	if err != nil || len(statements) == 0 {
		return false, false
	}
	for i, e := range t.Versions {
		want, err := e.in(statements[0].Language)
		if err == nil && slices.Equal(want, statements) {
			return true, i == len(t.Versions)-1
		}
	}
	return false, false
}
