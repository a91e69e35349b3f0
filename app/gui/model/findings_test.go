package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// codesOf finds the codes of findings in source: the second argument of what
// reports one, and the field Code of a literal.
func codesOf(t *testing.T, pattern string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no source at %s: %v", pattern, err)
	}
	codes := map[string]bool{}
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			code, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[code] = true
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) == 4 && (f.Sel.Name == "fail" || f.Sel.Name == "warn") {
					add(n.Args[1])
				}
				if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) == 4 && f.Name == "say" {
					add(n.Args[1])
				}
			case *ast.CompositeLit:
				if s, ok := n.Type.(*ast.SelectorExpr); !ok || s.Sel.Name != "Finding" {
					return true
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Code" {
						add(kv.Value)
					}
				}
			}
			return true
		})
	}
	return codes
}

func TestEveryFindingOfANoticeHasATitleToTranslate(t *testing.T) {
	codes := codesOf(t, "../../../report/notice/*.go")
	for code := range codesOf(t, "../../desk/*.go") {
		codes[code] = true
	}
	if len(codes) < 60 {
		t.Fatalf("only %d codes were found: %v", len(codes), codes)
	}
	for code := range codes {
		if findingTitles[code] == "" {
			t.Errorf("%s has no title in findings.go", code)
		}
	}
	for code := range findingTitles {
		if !codes[code] {
			t.Errorf("%s is the code of no finding any more", code)
		}
	}
}

// shouting is a language in which every text is in capitals.
type shouting struct{}

// Text implements Tongue.
func (shouting) Text(text string) string { return strings.ToUpper(text) }

func TestAFindingIsToldInTheUsersLanguageWithTheDesksSentenceBesideIt(t *testing.T) {
	f := Finding{Code: "right_expires_soon", About: "listing 2, Bag", What: "The right expires on 2026-12-01.", Advice: "See to its renewal."}
	if got, want := f.Headline(), "Listing 2, Bag: The right expires on 2026-12-01."; got != want {
		t.Errorf("English: %q, want %q", got, want)
	}
	if got, want := f.Detail(), "See to its renewal."; got != want {
		t.Errorf("English: %q, want %q", got, want)
	}
	tongue = shouting{}
	t.Cleanup(func() { tongue = english{} })
	if got, want := f.Headline(), "LISTING 2, Bag: THE RIGHT EXPIRES SOON."; got != want {
		t.Errorf("another language: %q, want %q", got, want)
	}
	if got, want := f.Detail(), "The right expires on 2026-12-01. See to its renewal."; got != want {
		t.Errorf("another language: %q, want %q", got, want)
	}
	f.Code = "a rule of a newer desk"
	if got, want := f.Headline(), "LISTING 2, Bag: The right expires on 2026-12-01."; got != want {
		t.Errorf("an unknown rule: %q, want %q", got, want)
	}
}
