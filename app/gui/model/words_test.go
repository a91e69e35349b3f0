package model_test

import (
	"testing"
	"time"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func TestPricesReadAsAPersonWritesThem(t *testing.T) {
	for _, c := range []struct {
		price *evidence.Price
		want  string
	}{
		{nil, ""},
		{&evidence.Price{Min: "89.00", Currency: "EUR"}, "89.00 EUR"},
		{&evidence.Price{Min: "1234567.5", Max: "2000000", Currency: "CNY"}, "1,234,567.5–2,000,000 CNY"},
		{&evidence.Price{Min: "100", Max: "100"}, "100"},
	} {
		if got := model.PriceText(c.price); got != c.want {
			t.Errorf("%+v reads %q, want %q", c.price, got, c.want)
		}
	}
}

func TestSizesAndTimesRead(t *testing.T) {
	for size, want := range map[int64]string{0: "0 B", 999: "999 B", 1500: "1.5 kB", 162_000: "162 kB", 3_250_000_000: "3.2 GB"} {
		if got := model.SizeText(size); got != want {
			t.Errorf("%d bytes read %q, want %q", size, got, want)
		}
	}
	berlin := time.FixedZone("CET", 3600)
	if got, want := model.TimeText(time.Date(2026, 11, 23, 10, 41, 7, 0, berlin)), "2026-11-23 09:41:07 UTC"; got != want {
		t.Errorf("time %q, want %q", got, want)
	}
}

func TestOutcomesSayWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name    string
		capture *evidence.Capture
		want    model.Mark
	}{
		{"not captured", nil, model.Mark{Symbol: "queued", Text: "Not captured"}},
		{"complete", &evidence.Capture{Outcome: evidence.Online, Complete: true}, model.Mark{Symbol: "online", Text: "Online"}},
		{"incomplete", &evidence.Capture{Outcome: evidence.Online, Missing: make([]evidence.Missing, 2)}, model.Mark{Symbol: "online", Text: "Online", Detail: "2 artifacts missing"}},
		{"blocked", &evidence.Capture{Outcome: evidence.Blocked, Reason: "robot check"}, model.Mark{Symbol: "blocked", Tone: model.Caution, Text: "Blocked", Detail: "robot check"}},
	} {
		if got := model.OutcomeMark(c.capture); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestEveryVerdictAndBasisHasWords(t *testing.T) {
	for _, v := range evidence.Verdicts {
		if m := model.AssessmentMark(&evidence.Assessment{Verdict: v}); m.Text == "" || m.Text == string(v) {
			t.Errorf("verdict %s reads %q", v, m.Text)
		}
	}
	for _, b := range evidence.Bases {
		if got := model.BasisText(b); got == "" || got == string(b) {
			t.Errorf("basis %s reads %q", b, got)
		}
	}
}
