//go:build !headless

package gui

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/report/inquiry"
	"touchstone/store"
	"touchstone/store/evidence"
)

// commandOnly are the errors of the desk that no action of the window can come to.
var commandOnly = map[string]string{
	"ErrOtherProxy": "capture --proxy", "ErrPKCS12": "packet --p12", "ErrUnverified": "certificate", "ErrSetting": "settings set", "ErrNothingToValidate": "case validate",
	"ErrNothingToReview": "review", "ErrNoMatch": "notice outcome --mail", "ErrNoWorkspace": "the window makes one", "ErrNotImportable": "import", "ErrOtherLog": "verify --checkpoint",
	"ErrKind": "an ID typed by hand", "ErrNotBackup": "restore", "ErrPassphrase": "--passphrase-file", "SettingError": "capture --locale and the like",
}

func TestEveryErrorOfTheDeskIsExplainedOrOfACommand(t *testing.T) {
	explained, err := os.ReadFile("explain.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../desk/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, name := range errorsOf(d) {
				found++
				if _, ok := commandOnly[name]; !ok && !strings.Contains(string(explained), "desk."+name) {
					t.Errorf("desk.%s is not explained in the window's languages", name)
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d errors were found", found)
	}
}

// errorsOf is the exported errors that a declaration makes: sentinels and types.
func errorsOf(d ast.Decl) []string {
	g, ok := d.(*ast.GenDecl)
	if !ok {
		return nil
	}
	var names []string
	for _, s := range g.Specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			for _, n := range s.Names {
				if g.Tok == token.VAR && strings.HasPrefix(n.Name, "Err") {
					names = append(names, n.Name)
				}
			}
		case *ast.TypeSpec:
			if n := s.Name.Name; ast.IsExported(n) && strings.HasSuffix(n, "Error") && n != "InputError" { // which says it in its own words
				names = append(names, n)
			}
		}
	}
	return names
}

func TestAnErrorIsExplainedThroughWhatWrapsIt(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no Chrome, wrapped":           {fmt.Errorf("capture: %w", desk.ErrNoChrome), "No Chrome, Chromium or Edge was found on this computer."},
		"a busy marketplace":           {errors.Join(errors.New("send"), desk.ErrBusy), "The marketplace asks to try again later."},
		"deleted comes before missing": {fmt.Errorf("%w: %w", desk.ErrNotFound, desk.ErrDeleted), "It was deleted; its tombstone is in the custody log."},
		"a typed one":                  {fmt.Errorf("submit: %w", &desk.IncompleteError{}), "The notice is not complete."},
		"one that nobody knows":        {errors.New("a riddle"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := explain(c.err); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// What the window says of a hint in English is what the desk says.
func TestEveryHintIsToldInTheWindowsOwnWords(t *testing.T) {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(" .,:;%–·_", r) {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	seen := map[inquiry.Code]bool{}
	for _, h := range everyHint() {
		seen[h.Code] = true
		got := model.HintOf(string(h.Topic), string(h.Code), h.With)
		if letters(got.Says) != letters(h.Says) {
			t.Errorf("%s: the window says %q, the desk %q", h.Code, got.Says, h.Says)
		}
		for _, particular := range h.With {
			if !strings.Contains(letters(got.Says+got.Why), letters(particular)) && particular != string(evidence.BasisExaminedPurchase) {
				t.Errorf("%s: the window leaves out %q: %q, %q", h.Code, particular, got.Says, got.Why)
			}
		}
	}
	for _, code := range inquiry.Codes {
		if !seen[code] {
			t.Errorf("no hint of code %s came about here", code)
		}
	}
}

// everyHint is hints of every code.
func everyHint() []inquiry.Hint {
	brand := &evidence.Brand{Products: []evidence.Product{{Model: "SOL-22", Name: "Soleil bag", Price: "1250.00", Currency: "EUR"}}, AuthorisedSellers: []string{"maison"},
		CounterfeitFeatures: []string{"black lining"}, GenuineMarkers: []string{"rising sun"}}
	offer := func(title, seller, currency string) evidence.Inquiry {
		return evidence.Inquiry{Offer: evidence.InquiryOffer{Title: title, Seller: &evidence.SellerFacts{Name: seller}, Price: &evidence.Price{Min: "89.00", Currency: currency}}}
	}
	judged := evidence.Assessment{ID: "asm_1", Verdict: evidence.Counterfeit, Basis: evidence.BasisExaminedPurchase, By: "M. Weber"}
	var all []inquiry.Hint
	for _, m := range []inquiry.Material{
		{Brand: brand, Inquiry: offer("SOL-22 with black lining, rising sun", "lux_88", "EUR"), Linked: []string{"bagheaven"},
			Judged: []inquiry.Judged{{Assessment: judged, Title: "Wallet"}, {Assessment: judged, Title: "Bag", Same: true}},
			Reused: []inquiry.Reused{{URL: "https://a.example", Seller: "lux_89"}, {URL: "https://b.example", Seller: "lux_90", Verdict: evidence.Counterfeit}}},
		{Brand: brand, Inquiry: offer("Something else", "maison", "EUR")},
		{Brand: brand, Inquiry: offer("SOL-22", "maison", "USD")},
	} {
		all = append(all, inquiry.Hints(m)...)
	}
	return all
}

// speaking is a language in which every text is in brackets.
type speaking struct{}

// Text implements model.Tongue.
func (speaking) Text(english string) string { return "[" + english + "]" }

func TestEveryKindOfFaultIsToldInTheUsersLanguage(t *testing.T) {
	model.Speak(speaking{}, "de")
	defer model.Speak(plain{}, "en")
	file, err := parser.ParseFile(token.NewFileSet(), "../../store/report.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(v.Type) != "Problem" {
			return true
		}
		kind, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds++
		f := faultOf(store.Finding{Problem: store.Problem(kind), Path: "blobs/ab", What: "its bytes are others"})
		if text := f.Text(); !strings.HasPrefix(text, "[") || !strings.HasSuffix(text, " blobs/ab (its bytes are others)") {
			t.Errorf("%s is told as %q", kind, text)
		}
		return true
	})
	if kinds < 10 {
		t.Errorf("only %d kinds were found", kinds)
	}
}

// plain is English.
type plain struct{}

// Text implements model.Tongue.
func (plain) Text(english string) string { return english }
