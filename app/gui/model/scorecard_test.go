package model_test

import (
	"strings"
	"testing"

	"touchstone/app/gui/internal/sampledesk"
	"touchstone/app/gui/model"
)

func TestTheScorecardIsCountedAnewForWhatIsChosenAndTellsADifference(t *testing.T) {
	m, q := start(t, sampledesk.Filled())
	m.Go(model.PlaceScorecard)
	q.until(t, "it is counted", func() bool { return m.Scorecard.Card() != nil })
	card := m.Scorecard.Card()
	if got := card.All().Sent; got != 214 {
		t.Errorf("%d sent, want 214", got)
	}
	if got := card.Differences(); len(got) != 1 || !strings.HasPrefix(got[0], "Over all the channel counts 157 removed") {
		t.Errorf("differences %q", got)
	}
	m.Scorecard.Choose(func(o *model.CardOptions) { o.Months = 6 })
	q.until(t, "it is counted anew", func() bool { return m.Scorecard.Card() != card })
	if got, want := m.Scorecard.Card().From, sampledesk.Start.AddDate(0, -6, 0); !got.Equal(want) {
		t.Errorf("counted from %s, want %s", got, want)
	}
	for _, r := range m.Scorecard.Card().Rates {
		want := "Kept"
		if r.Reason == "trademark" {
			want = "Not kept"
		}
		if got := r.Mark().Text; got != want {
			t.Errorf("%s for %q is %q, want %q", r.Rate, r.Reason, got, want)
		}
	}
}

func TestFiguresAreWrittenAsPeopleSayThem(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{model.HoursText(0.26), "16 min"}, {model.HoursText(0.005), "18 s"}, {model.HoursText(19.42), "19.4 h"}, {model.HoursText(72), "3.0 days"},
		{model.ShareText(nil), "–"}, {model.ShareText(new(0.9)), "90 %"}, {model.ShareText(new(0.8889)), "88.9 %"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
