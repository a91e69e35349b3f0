//go:build !headless

package view

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/assets"
)

// fyneTexts are those of Fyne's own dialogs. They are translated along with ours,
// so that a window whose language is not the desktop's speaks one language.
var fyneTexts = []string{"Advanced", "Cancel", "Confirm", "Copy", "Create Folder", "Cut", "Enter filename", "Error", "Favourites", "File", "Folder",
	"New Folder", "No", "OK", "Open", "Paste", "Quit", "Redo", "Save", "Select all", "Show Hidden Files", "Undo", "Yes", "file.name", "file.parent"}

// textsInCode finds the texts that are given to the functions that translate.
func textsInCode(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"../*.go", "../model/*.go", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				for _, arg := range call.Args[:min(len(call.Args), translated(call.Fun))] {
					if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						text, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						texts[text] = set.Position(lit.Pos()).String()
					}
				}
				return true
			})
		}
	}
	return texts
}

// translated is how many of a function's first arguments are texts that it
// translates.
func translated(fun ast.Expr) int {
	name := ""
	switch f := fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "model" {
			name = f.Sel.Name
		}
	}
	return map[string]int{"T": 1, "tr": 1, "Key": 1, "N": 2}[name]
}

func readTranslation(t *testing.T, code string) map[string]string {
	t.Helper()
	content, err := assets.Translations.ReadFile("translations/" + code + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return texts
}

// reserved is the words that Fyne's translations take for something else.
var reserved = regexp.MustCompile(`(?i)^(id|description|hash|leftdelim|rightdelim|zero|one|two|few|many|other|translation)$`)

var verb = regexp.MustCompile(`%(\[\d\])?[a-z%]`)

// verbs is what is filled into a text, in an order that does not matter.
func verbs(text string) string {
	all := verb.FindAllString(text, -1)
	for i := range all {
		all[i] = "%" + all[i][len(all[i])-1:]
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

func TestEveryTextIsTranslatedAndEveryTranslationUsed(t *testing.T) {
	code := textsInCode(t)
	for _, text := range fyneTexts {
		code[text] = "Fyne"
	}
	if *update {
		writeKeys(t, code)
	}
	for _, language := range assets.Languages {
		t.Run(language, func(t *testing.T) {
			texts := readTranslation(t, language)
			for text, where := range code {
				if reserved.MatchString(text) {
					t.Errorf("Fyne cannot have %q as a text of its own (%s): say more", text, where)
				}
				translation, ok := texts[text]
				switch {
				case !ok || translation == "":
					t.Errorf("not translated: %q (%s)", text, where)
				case verbs(text) != verbs(translation):
					t.Errorf("%q is to be filled in otherwise than %q", translation, text)
				}
			}
			for text := range texts {
				if _, ok := code[text]; !ok {
					t.Errorf("no longer used: %q", text)
				}
			}
		})
	}
}

// writeKeys brings the English file up to date, which holds every text.
func writeKeys(t *testing.T, code map[string]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("{\n")
	keys := slices.Sorted(maps.Keys(code))
	for i, text := range keys {
		k, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]string{"file.name": `"Name"`, "file.parent": `"Parent"`}[text]
		if shown == "" {
			shown = string(k)
		}
		comma := ","
		if i == len(keys)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "\t%s: %s%s\n", k, shown, comma)
	}
	b.WriteString("}\n")
	if err := os.WriteFile("../../../assets/translations/en.json", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What stands in a place of fixed width must fit there in every language.
func TestNoNameOfAFactOrColumnOrScreenIsCutInAnyLanguage(t *testing.T) {
	for _, language := range assets.Languages {
		t.Run(language, func(t *testing.T) {
			speak(t, language)
			w, m, _ := open(t, sampledesk.Plain(), "light")
			m.Listing.Open(m.Table.Row(0))
			for _, f := range slices.Concat(m.Listing.Story(), m.Listing.Facts()) {
				if wide := widget.NewLabel(f.Label).MinSize().Width; wide > factLabelWidth {
					t.Errorf("the fact %q is %.0f wide, of %d", f.Label, wide, factLabelWidth)
				}
			}
			caption := w.app.Settings().Theme().Size(theme.SizeNameCaptionText)
			for _, c := range w.cases.caseColumns() {
				if wide := fyne.MeasureText(c.Title, caption, fyne.TextStyle{Bold: true}).Width; c.Column.Width > 0 && wide > c.Column.Width {
					t.Errorf("the column %q is %.0f wide, of %.0f", c.Title, wide, c.Column.Width)
				}
			}
			for _, p := range w.sidebar.places {
				if wide := p.name.MinSize().Width; wide > sidebarWidth {
					t.Errorf("the screen %q is %.0f wide, of %d", p.name.Text, wide, sidebarWidth)
				}
			}
		})
	}
}
