//go:build !headless

package view

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func TestTextStandsOutFromWhatItLiesOn(t *testing.T) {
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		th := &Theme{Variant: &v}
		check := func(text, ground fyne.ThemeColorName, least float64) {
			if c := contrast(th.Color(text, v), th.Color(ground, v)); c < least {
				t.Errorf("variant %d: %s on %s has a contrast of %.2f, want %.1f", v, text, ground, c, least)
			}
		}
		grounds := []fyne.ThemeColorName{theme.ColorNameBackground, colourPanel, theme.ColorNameInputBackground, theme.ColorNameHeaderBackground, theme.ColorNameOverlayBackground}
		for _, g := range grounds {
			for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNameHyperlink,
				theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameError, theme.ColorNamePrimary} {
				check(text, g, 4.5) // WCAG 2.2, 1.4.3
			}
		}
		check(theme.ColorNameForeground, theme.ColorNameButton, 4.5)
		check(theme.ColorNameForeground, colourNote, 4.5)
		check(theme.ColorNameForeground, colourAlarm, 4.5)
		check(theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 4.5)
		check(theme.ColorNameForegroundOnError, theme.ColorNameError, 4.5)
		check(theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess, 4.5)
		check(theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, 4.5)
		check(theme.ColorNameDisabled, theme.ColorNameDisabledButton, 3)
	}
	dark := &Theme{}
	for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled} {
		for _, ground := range []fyne.ThemeColorName{colourSidebar, colourChosen} {
			if c := contrast(dark.Color(text, theme.VariantDark), dark.Color(ground, theme.VariantDark)); c < 4.5 {
				t.Errorf("sidebar: %s on %s has a contrast of %.2f", text, ground, c)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2, section 1.4.3.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	channel := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}
