package packet

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/language"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/bidi"

	"touchstone/assets"
)

// shapesOf are the glyphs of text set alone, by the cluster's text.
func shapesOf(t *testing.T, font assets.Font, text string, script language.Script, rightToLeft bool) []cluster {
	t.Helper()
	fs := newFaces()
	out, err := fs.load(font).shape(fs.buffer, []rune(text), script, rightToLeft)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// bare are a cluster's glyphs without their places.
func bare(c cluster) string {
	var ids []string
	for _, g := range c.glyphs {
		ids = append(ids, fmt.Sprint(g.id))
	}
	return strings.Join(ids, " ")
}

// Every letter that joins on both sides has another shape between two letters
// than alone: the one that a missing rule leaves is the one alone.
func TestArabicLettersAreJoined(t *testing.T) {
	const both = "بتثجحخسشصضطظعغفقكلمنهيئپچکگی" // join before and after
	const before = "ادذرزوةىأإآؤ"               // only the letter before
	for _, r := range both + before {
		alone := shapesOf(t, assets.NotoSansArabic, string(r), language.Arabic, true)
		final := shapesOf(t, assets.NotoSansArabic, "ب"+string(r), language.Arabic, true)
		if bare(alone[0]) == bare(final[len(final)-1]) {
			t.Errorf("%c is not joined to the letter before it", r)
		}
		if !strings.ContainsRune(both, r) {
			continue
		}
		initial := shapesOf(t, assets.NotoSansArabic, string(r)+"ب", language.Arabic, true)
		medial := shapesOf(t, assets.NotoSansArabic, "ب"+string(r)+"ب", language.Arabic, true)
		forms := []string{bare(alone[0]), bare(initial[0]), bare(medial[1])}
		if forms[0] == forms[1] || forms[0] == forms[2] {
			t.Errorf("%c is not joined: alone, first and in the middle its glyphs are %q", r, forms)
		}
	}
}

func TestMarksStandWhereTheyBelong(t *testing.T) {
	// The vowel sign of कि is written after the consonant and stands before it.
	ki := shapesOf(t, assets.NotoSans, "कि", language.Devanagari, false)
	ka := shapesOf(t, assets.NotoSans, "क", language.Devanagari, false)
	if len(ki) != 1 || len(ki[0].glyphs) != 2 || ki[0].glyphs[1].id != ka[0].glyphs[0].id {
		t.Errorf("कि is %v, want one cluster with the consonant's glyph %d second", ki, ka[0].glyphs[0].id)
	}
	if ksha := shapesOf(t, assets.NotoSans, "क्ष", language.Devanagari, false); len(ksha) != 1 || len(ksha[0].glyphs) != 1 {
		t.Errorf("क्ष is %v, want one glyph", ksha)
	}
	// A tone mark over a vowel sign goes higher than over a bare consonant, and to
	// the left over a consonant with an ascender.
	if high, low := markOf(t, "ที่"), markOf(t, "ท่"); high == low {
		t.Errorf("the tone mark of ที่ and of ท่ is %+v for both", high)
	}
}

// markOf is the last glyph of a Thai cluster, with its place.
func markOf(t *testing.T, text string) glyph {
	clusters := shapesOf(t, assets.NotoSansThai, text, language.Thai, false)
	glyphs := clusters[len(clusters)-1].glyphs
	g := glyphs[len(glyphs)-1]
	g.advance = 0
	return g
}

// seen is a line as it stands on the page, left to right.
func seen(t *testing.T, text string) string {
	s := newSheet(nil)
	var out strings.Builder
	for _, a := range visual(s.atoms(styleBody, text)) {
		if a.level%2 == 1 {
			out.WriteString(bidi.ReverseString(a.text)) // mirrors brackets
		} else {
			out.WriteString(a.text)
		}
	}
	if s.faces.err != nil {
		t.Error(s.faces.err)
	}
	return out.String()
}

// The expectations are those of UAX 9.
func TestLinesRunInBothDirections(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"Latin alone stays":                                      {"Tote 24", "Tote 24"},
		"Hebrew runs from the right":                             {"אבג", "גבא"},
		"a number in Hebrew is not turned round":                 {"אב 12 גד", "דג 12 בא"},
		"a number between Hebrew words in Latin text":            {"x אב 12 גד y", "x דג 12 בא y"},
		"Latin in Hebrew":                                        {"אב Air גד", "דג Air בא"},
		"a price with its sign after Hebrew":                     {"אב 12.50€", "12.50€ בא"},
		"brackets around Hebrew go with it":                      {"אב (גד) x", "x (דג) בא"},
		"brackets around Latin in Hebrew":                        {"אב (x) גד", "דג (x) בא"},
		"a full stop after Hebrew goes to the left":              {"אב.", ".בא"},
		"a full stop after Hebrew in Latin text stays":           {"x אב.", "x בא."},
		"a pair of brackets around both goes with the paragraph": {"][aב]ג", "][aב]ג"},
		"a spelt character does not turn":                        {"ab\u202Ecd", "ab[U+202E]cd"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := seen(t, c.text); got != c.want {
				t.Errorf("%q is shown as %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// The directions agree with another implementation of the same rules, which gets
// brackets wrong: in "][aב]" it gives the two of a pair different directions.
func TestLevelsAgreeWithTheTextLibrary(t *testing.T) {
	letters := []rune("abאבגدجي019٣ .,:;-+€%/ ")
	r := rand.New(rand.NewPCG(9, 9))
	differ := 0
	const rounds = 5000
	for range rounds {
		text := make([]rune, 1+r.IntN(16))
		for i := range text {
			text[i] = letters[r.IntN(len(letters))]
		}
		var p bidi.Paragraph
		p.SetString(string(text))
		order, err := p.Order()
		if err != nil {
			continue
		}
		want := make([]uint8, 0, len(text))
		for i := range order.NumRuns() {
			run := order.Run(i)
			for range []rune(run.String()) {
				want = append(want, uint8(run.Direction()))
			}
		}
		got := levels(slices.Clone(text))
		for i := range got {
			got[i] %= 2
		}
		if len(want) == len(got) && cmp.Diff(want, got) != "" {
			differ++
			if differ < 10 {
				t.Errorf("%q runs %v, want %v", string(text), got, want)
			}
		}
	}
	t.Logf("%d of %d differ", differ, rounds)
}

// Joiners in scripts that need them are obeyed; elsewhere they are shown.
func TestJoinersAreShownWhereTheyHideSomething(t *testing.T) {
	for text, spelt := range map[string]bool{
		"می\u200Cخواهم": false, "Ni\u200Cke": true, "\u200Cab": true, "क्\u200Dष": false, "❤\uFE0F": false, "a\uFE0F": true,
	} {
		s := newSheet(nil)
		got := slices.ContainsFunc(s.atoms(styleBody, text), func(a atom) bool { return a.spelt })
		if got != spelt {
			t.Errorf("%q: spelt out is %v, want %v", text, got, spelt)
		}
	}
}
