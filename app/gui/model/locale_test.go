package model

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// speakAs has numbers and days written in a language during a test.
func speakAs(t *testing.T, code string) {
	t.Helper()
	Speak(english{}, code)
	t.Cleanup(func() { Speak(english{}, "en") })
}

func TestNumbersMoneyAndDaysAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	at := time.Date(2026, 11, 3, 23, 30, 0, 0, time.UTC)
	price := &evidence.Price{Min: "1234567.50", Max: "2000000", Currency: "CNY"}
	for code, want := range map[string]struct{ number, small, price, size, day, none string }{
		"en": {"12,345", "1,234", "1,234,567.50–2,000,000 CNY", "1.5 kB", "2026-11-03", "0 listings"},
		"zh": {"12,345", "1,234", "1,234,567.50–2,000,000 CNY", "1.5 kB", "2026-11-03", "0 listings"},
		"ja": {"12,345", "1,234", "1,234,567.50–2,000,000 CNY", "1.5 kB", "2026/11/03", "0 listings"},
		"de": {"12.345", "1.234", "1.234.567,50–2.000.000 CNY", "1,5 kB", "03.11.2026", "0 listings"},
		"it": {"12.345", "1.234", "1.234.567,50–2.000.000 CNY", "1,5 kB", "03/11/2026", "0 listings"},
		"es": {"12.345", "1234", "1.234.567,50–2.000.000 CNY", "1,5 kB", "03/11/2026", "0 listings"},
		"pt": {"12.345", "1.234", "1.234.567,50–2.000.000 CNY", "1,5 kB", "03/11/2026", "0 listing"},
		"fr": {"12\u202f345", "1\u202f234", "1\u202f234\u202f567,50–2\u202f000\u202f000 CNY", "1,5 kB", "03/11/2026", "0 listing"},
	} {
		t.Run(code, func(t *testing.T) {
			speakAs(t, code)
			for _, c := range []struct{ what, got, want string }{
				{"12345", NumberText(12345), want.number},
				{"1234", NumberText(1234), want.small},
				{"a price", PriceText(price), want.price},
				{"1500 bytes", SizeText(1500), want.size},
				{"a day", DayText(at), want.day},
				{"a day of a record", DateText("2026-11-03"), want.day},
				{"what is no day", DateText("unknown"), "unknown"},
				{"a time of evidence", TimeText(at), "2026-11-03 23:30:00 UTC"},
				{"no listing", N("%d listing", "%d listings", 0), want.none},
			} {
				if c.got != c.want {
					t.Errorf("%s reads %q, want %q", c.what, c.got, c.want)
				}
			}
		})
	}
}

// The Unicode consortium's data, as golang.org/x/text has it, agrees. Its French
// group is an older kind of space.
func TestSeparatorsAreThoseOfCLDR(t *testing.T) {
	spaces := strings.NewReplacer("\u202f", " ", "\u00a0", " ")
	for _, code := range assets.Languages {
		printer := message.NewPrinter(language.MustParse(code))
		got := spaces.Replace(localeOf(code).number("-7654321.25"))
		if want := spaces.Replace(printer.Sprint(number.Decimal(-7654321.25, number.Scale(2)))); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestAStateKeepsItsCapitalInTheMiddleOfAGermanSentence(t *testing.T) {
	if got := localeOf("de").midSentence("Fälschung"); got != "Fälschung" {
		t.Errorf("German: %q", got)
	}
	if got := localeOf("fr").midSentence("Retirée"); got != "retirée" {
		t.Errorf("French: %q", got)
	}
}
