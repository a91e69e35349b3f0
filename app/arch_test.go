package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "touchstone"

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Doc        string
	Imports    []string

	Deps    []string
	GoFiles []string
}

// arrows says, for the rooms of the house, which others each may import. The
// longest prefix decides; what a room is silent about it may not import.
var arrows = map[string][]string{
	"main.go":        {"app/cli", "app/desk", "app/gui", "store/evidence", "assets"},
	"assets":         {},
	"store/evidence": {},
	"store":          {"store", "assets"},
	"store/blob":     {"store/evidence"},
	"store/custody":  {"store/evidence"},
	"capture":        {"capture", "store/evidence", "assets"},
	"report":         {"report", "store/evidence", "assets"},
	"app/desk":       {"app/desk", "capture", "store", "report", "assets"},
	"app/cli":        {"app/cli", "app/desk", "app/practice", "store/evidence", "assets"},
	"app/gui":        {"app/gui", "app/desk", "store/evidence", "assets"},
	"app/gui/model":  {"app/gui/model", "store/evidence", "assets"},
	"app/gui/widget": {"app/gui/widget"},
	"app/gui/view":   {"app/gui/model", "app/gui/widget", "app/gui/view", "store/evidence", "assets"},
	"app/practice":   {"app/practice", "report/takedown", "store/evidence", "assets"},
}

// gates says which packages alone may import a third party's module.
var gates = map[string][]string{
	"github.com/chromedp/":          {"capture/browser", "capture/page"},
	"go.etcd.io/bbolt":              {"store"},
	"github.com/jung-kurt/gofpdf":   {"report/packet"},
	"fyne.io/":                      {"app/gui"},
	"github.com/spf13/cobra":        {"app/cli"},
	"github.com/zalando/go-keyring": {"store/seal", "store", "app/desk"},
}

func TestArrows(t *testing.T) {
	for _, p := range goList(t, "-tags", "migrated_fynedo") {
		room := roomOf(p.ImportPath)
		allowed := arrows[ruleFor(t, room)]
		for _, imported := range p.Imports {
			if inside, ok := strings.CutPrefix(imported, module+"/"); ok && !within(inside, allowed) {
				t.Errorf("%s imports %s, which DESIGN 2 does not allow", p.ImportPath, imported)
			}
			for prefix, rooms := range gates {
				if strings.HasPrefix(imported, prefix) && !within(room, rooms) {
					t.Errorf("%s imports %s, which belongs behind %s alone", p.ImportPath, imported, rooms)
				}
			}
		}
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no doc comment", p.ImportPath)
		}
	}
}

// What must run without a window must not even link one.
func TestHeadlessHasNoWindow(t *testing.T) {
	for _, p := range goList(t, "-tags", "headless") {
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "fyne.io/") {
				t.Errorf("with -tags headless, %s depends on %s", p.ImportPath, dep)
				break
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	agreed := []string{"app", "capture", "report", "store", "assets", "main.go", "go.mod", "go.sum", "FyneApp.toml", "README.md", "touchstone", "dist"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(agreed, e.Name()) {
			t.Errorf("%s is at the top level, where DESIGN 2 names all there is", e.Name())
		}
	}
}

func roomOf(importPath string) string {
	if importPath == module {
		return "main.go"
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func ruleFor(t *testing.T, room string) string {
	for r := room; r != "."; r = path.Dir(r) {
		if _, ok := arrows[r]; ok {
			return r
		}
	}
	if room != "app" {
		t.Errorf("no arrow of DESIGN 2 speaks of %s", room)
	}
	return room
}

func within(room string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool {
		return room == r || strings.HasPrefix(room, r+"/")
	})
}

func goList(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append(append([]string{"list", "-json=ImportPath,Doc,Imports,Deps,GoFiles"}, args...), module+"/...")...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) == 0 {
		t.Fatal("go list found no package")
	}
	return pkgs
}
