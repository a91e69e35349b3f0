package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

func TestEachFontIsTheFileItsReadmeNames(t *testing.T) {
	readme, err := os.ReadFile("fonts/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(readme)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) == 5 {
			rows[strings.TrimSpace(cells[0])] = strings.TrimSpace(cells[4])
		}
	}
	for _, f := range Fonts {
		ttf, err := f.TTF()
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		sum := sha256.Sum256(ttf)
		if got := hex.EncodeToString(sum[:]); got != rows[string(f)] {
			t.Errorf("%s has SHA-256 %s, its README says %q", f, got, rows[string(f)])
		}
	}
	entries, err := fontFiles.ReadDir("fonts")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(Fonts) {
		t.Errorf("%d font files are embedded, Fonts lists %d", len(entries), len(Fonts))
	}
}
