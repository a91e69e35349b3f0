//go:build !headless

package view

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"touchstone/app/gui/model"
	"touchstone/assets"
)

// Speak has the window speak a language of assets.Languages; "" is that of the
// desktop, or English. It must be called before the window is made.
//
// Fyne chooses among translations by the desktop's language and takes no other.
// So the language that is wanted is handed to it as a translation to the
// desktop's.
func Speak(code string) error {
	if code == "" {
		code, _, _ = strings.Cut(lang.SystemLocale().String(), "-")
	}
	if !slices.Contains(assets.Languages, code) {
		code = "en"
	}
	file, err := assets.Translations.ReadFile("translations/" + code + ".json")
	if err != nil {
		return fmt.Errorf("speak %s: %w", code, err)
	}
	if err := lang.AddTranslationsForLocale(file, lang.SystemLocale()); err != nil {
		return fmt.Errorf("speak %s: %w", code, err)
	}
	known := map[string]string{}
	if err := json.Unmarshal(file, &known); err != nil {
		return fmt.Errorf("speak %s: %w", code, err)
	}
	spoken = code
	model.Speak(&tongue{known: known}, code)
	return nil
}

// spoken is the language of Speak, for the theme's font.
var spoken = "en"

// eastAsian is the font for languages that Fyne's own has no letters for, nil
// for the others.
func eastAsian() fyne.Resource {
	if spoken != "zh" && spoken != "ja" {
		return nil
	}
	return eastAsianFont()
}

// eastAsianFont unpacks the font when it is first needed.
var eastAsianFont = sync.OnceValue(func() fyne.Resource {
	ttf, err := assets.NotoSansSC.TTF()
	if err != nil {
		return nil // it travels in the program; without it the system's fonts stand in
	}
	return fyne.NewStaticResource("NotoSansSC.ttf", ttf)
})

// tongue is Fyne's translations, each looked up once: Fyne takes microseconds for
// a text, and a table of 100,000 rows has many.
type tongue struct {
	known map[string]string
	texts sync.Map
}

// Text implements model.Tongue.
func (t *tongue) Text(english string) string {
	if text, ok := t.texts.Load(english); ok {
		return text.(string)
	}
	if _, ok := t.known[english]; !ok {
		return english // a word of the marketplace's or of the desk's
	}
	text := lang.L(english)
	t.texts.Store(english, text)
	return text
}
