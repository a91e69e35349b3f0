//go:build !headless

package view

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"touchstone/app/gui/model"
)

// Colours that Fyne has no name for.
const (
	colourPanel   fyne.ThemeColorName = "panel"   // what content lies on
	colourSidebar fyne.ThemeColorName = "sidebar" // dark in both variants: the stone
	colourChosen  fyne.ThemeColorName = "chosen"  // the case that is open, on the sidebar
	colourGold    fyne.ThemeColorName = "gold"    // the streak
	colourNote    fyne.ThemeColorName = "note"    // behind good news
	colourAlarm   fyne.ThemeColorName = "alarm"   // behind a problem
)

// Theme is Touchstone's look: slate and one streak of gold, small even
// spacing, colours whose contrast a test checks.
type Theme struct {
	// Variant, if not nil, is used whatever the desktop prefers.
	Variant *fyne.ThemeVariant
}

var _ fyne.Theme = (*Theme)(nil)

// palette gives the colours by name.
type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func sheer(v uint32, alpha uint8) color.NRGBA {
	c := rgb(v)
	c.A = alpha
	return c
}

// both is what the variants share.
func both(name fyne.ThemeColorName) (color.NRGBA, bool) {
	switch name {
	case colourSidebar:
		return rgb(0x1B212B), true
	case colourChosen:
		return rgb(0x2C3542), true
	case colourGold:
		return rgb(0xE3B04B), true
	}
	return color.NRGBA{}, false
}

var light = palette{
	theme.ColorNameBackground:          rgb(0xF1F3F6),
	colourPanel:                        rgb(0xFFFFFF),
	theme.ColorNameForeground:          rgb(0x1B2430),
	theme.ColorNamePlaceHolder:         rgb(0x566173),
	theme.ColorNameDisabled:            rgb(0x5D6878),
	theme.ColorNamePrimary:             rgb(0x1D5C83),
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameHyperlink:           rgb(0x1D5C83),
	theme.ColorNameButton:              rgb(0xE4E8ED),
	theme.ColorNameDisabledButton:      rgb(0xEDEFF2),
	theme.ColorNameInputBackground:     rgb(0xF5F7F9),
	theme.ColorNameInputBorder:         rgb(0xAEB7C3),
	theme.ColorNameHeaderBackground:    rgb(0xF7F8FA),
	theme.ColorNameMenuBackground:      rgb(0xFFFFFF),
	theme.ColorNameOverlayBackground:   rgb(0xFFFFFF),
	theme.ColorNameSeparator:           rgb(0xDDE2E8),
	theme.ColorNameHover:               sheer(0x1B2430, 0x10),
	theme.ColorNamePressed:             sheer(0x1B2430, 0x28),
	theme.ColorNameSelection:           sheer(0x1D5C83, 0x30),
	theme.ColorNameFocus:               sheer(0x1D5C83, 0x66),
	theme.ColorNameScrollBar:           sheer(0x1B2430, 0x70),
	theme.ColorNameScrollBarBackground: sheer(0x1B2430, 0x10),
	theme.ColorNameShadow:              sheer(0x000000, 0x28),
	theme.ColorNameSuccess:             rgb(0x17693F),
	theme.ColorNameForegroundOnSuccess: rgb(0xFFFFFF),
	theme.ColorNameWarning:             rgb(0x8A5200),
	theme.ColorNameForegroundOnWarning: rgb(0xFFFFFF),
	theme.ColorNameError:               rgb(0xAE231C),
	theme.ColorNameForegroundOnError:   rgb(0xFFFFFF),
	colourNote:                         rgb(0xE8F3EC),
	colourAlarm:                        rgb(0xFCEDEB),
}

var dark = palette{
	theme.ColorNameBackground:          rgb(0x12161D),
	colourPanel:                        rgb(0x1A202A),
	theme.ColorNameForeground:          rgb(0xE6E9EE),
	theme.ColorNamePlaceHolder:         rgb(0x9DA8B7),
	theme.ColorNameDisabled:            rgb(0x97A1B0),
	theme.ColorNamePrimary:             rgb(0x6DB3DD),
	theme.ColorNameForegroundOnPrimary: rgb(0x0B1720),
	theme.ColorNameHyperlink:           rgb(0x7DBDE4),
	theme.ColorNameButton:              rgb(0x2A323F),
	theme.ColorNameDisabledButton:      rgb(0x222934),
	theme.ColorNameInputBackground:     rgb(0x10141A),
	theme.ColorNameInputBorder:         rgb(0x465266),
	theme.ColorNameHeaderBackground:    rgb(0x1E2530),
	theme.ColorNameMenuBackground:      rgb(0x222A36),
	theme.ColorNameOverlayBackground:   rgb(0x1E2530),
	theme.ColorNameSeparator:           rgb(0x303947),
	theme.ColorNameHover:               sheer(0xFFFFFF, 0x12),
	theme.ColorNamePressed:             sheer(0xFFFFFF, 0x28),
	theme.ColorNameSelection:           sheer(0x6DB3DD, 0x40),
	theme.ColorNameFocus:               sheer(0x6DB3DD, 0x66),
	theme.ColorNameScrollBar:           sheer(0xFFFFFF, 0x70),
	theme.ColorNameScrollBarBackground: sheer(0xFFFFFF, 0x10),
	theme.ColorNameShadow:              sheer(0x000000, 0x80),
	theme.ColorNameSuccess:             rgb(0x6BCB97),
	theme.ColorNameForegroundOnSuccess: rgb(0x0B1720),
	theme.ColorNameWarning:             rgb(0xF0B95B),
	theme.ColorNameForegroundOnWarning: rgb(0x1A1203),
	theme.ColorNameError:               rgb(0xFF9088),
	theme.ColorNameForegroundOnError:   rgb(0x2A0704),
	colourNote:                         rgb(0x1C2F26),
	colourAlarm:                        rgb(0x3A2020),
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if c, ok := both(name); ok {
		return c
	}
	if t.Variant != nil {
		v = *t.Variant
	}
	colours := dark
	if v == theme.VariantLight {
		colours = light
	}
	if c, ok := colours[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, v)
}

// Font implements fyne.Theme. Chinese and Japanese are written in a font of our
// own: a bare machine has none with their letters.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if f := eastAsian(); f != nil && !style.Monospace && !style.Symbol {
		return f
	}
	return theme.DefaultTheme().Font(style)
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11
	case theme.SizeNameHeadingText:
		return 22
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameInlineIcon:
		return 18
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 5
	}
	return theme.DefaultTheme().Size(name)
}

// toneColour is the colour a tone has.
func toneColour(t model.Tone) fyne.ThemeColorName {
	switch t {
	case model.Good:
		return theme.ColorNameSuccess
	case model.Caution:
		return theme.ColorNameWarning
	case model.Bad:
		return theme.ColorNameError
	case model.Busy:
		return theme.ColorNamePrimary
	}
	return theme.ColorNameForeground
}

// symbol is the icon of a state, in its tone: the same each time, so that tables
// see what has not changed.
func symbol(m model.Mark) fyne.Resource {
	icon := symbolIcon(m.Symbol)
	if icon == nil {
		return nil
	}
	look := toned{icon, toneColour(m.Tone)}
	if m.Tone == model.Neutral {
		look.colour = theme.ColorNamePlaceHolder
	}
	if symbols[look] == nil {
		symbols[look] = theme.NewColoredResource(icon, look.colour)
	}
	return symbols[look]
}

// symbols are the icons that symbol has given.
var symbols = map[toned]fyne.Resource{}

type toned struct {
	icon   fyne.Resource
	colour fyne.ThemeColorName
}

func symbolIcon(name string) fyne.Resource {
	switch name {
	case "online":
		return theme.VisibilityIcon()
	case "removed", "not_found", "verified_down", "monitored", "closed":
		return theme.VisibilityOffIcon()
	case "login_required":
		return theme.LoginIcon()
	case "blocked", "clarification_required", "unknown_outcome":
		return theme.WarningIcon()
	case "unreachable", "server_error", "submission_failed", "rejected":
		return theme.ErrorIcon()
	case "blank":
		return theme.BrokenImageIcon()
	case "queued":
		return theme.HistoryIcon()
	case "busy":
		return theme.ViewRefreshIcon()
	case "stopped":
		return theme.CancelIcon()
	case "counterfeit", "other_infringement":
		return theme.CancelIcon()
	case "authentic":
		return theme.ConfirmIcon()
	case "genuine_unauthorised", "undetermined", "unassessed":
		return theme.QuestionIcon()
	case "not_our_brand":
		return theme.ContentRemoveIcon()
	case "":
		return nil
	}
	return theme.MailSendIcon() // a notice under way
}
