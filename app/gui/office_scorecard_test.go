//go:build !headless

package gui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestTheScorecardIsWrittenAndTellsOfNoticesMadeElsewhere(t *testing.T) {
	b := openBureau(t)
	b.takenDown(t, 1)
	c, err := b.desk.EnsureCase(t.Context(), "Handbags")
	if err != nil {
		t.Fatal(err)
	}
	list := []desk.Listed{{Link: desk.Link{URL: "https://shop.example/7"}, Past: &evidence.Elsewhere{From: "list.xlsx:2", Date: b.clock.now().AddDate(0, 0, -9).Format(time.DateOnly), To: "Taobao", Outcome: "removed"}}}
	if _, _, err := b.desk.TakeIn(t.Context(), c.ID, list); err != nil {
		t.Fatal(err)
	}
	m := b.window(t)
	m.Go(model.PlaceScorecard)
	b.q.until(t, "it is counted", func() bool { return m.Scorecard.Card() != nil })
	card := m.Scorecard.Card()
	if want := []model.CardElsewhere{{To: "Taobao", Notices: 1, Removed: 1}}; !cmp.Equal(card.Elsewhere, want) || card.All().Sent != 1 {
		t.Errorf("%d sent, elsewhere %+v, want 1 and %+v", card.All().Sent, card.Elsewhere, want)
	}
	for ending, begins := range map[string]string{".csv": "\ufefffrom_utc,", ".xlsx": "PK\x03\x04", ".json": "{"} {
		path := filepath.Join(t.TempDir(), "card"+ending)
		m.Scorecard.Export(path)
		b.q.until(t, "it is written", func() bool { return !m.Task.Running() })
		if content, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(content), begins) || m.Problems.Note() == "" {
			t.Errorf("%s begins with %.20q (%v), want %q; told %q", ending, content, err, begins, m.Problems.Note())
		}
	}
	m.Scorecard.Export(filepath.Join(t.TempDir(), "card.doc"))
	b.q.until(t, "another ending is refused", func() bool { return !m.Task.Running() && m.Problems.Current() != nil })
}
