package page

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // not every system has its own table of time zones

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"

	"touchstone/store/evidence"
)

// SettingError says that a browser cannot be told what a setting says.
type SettingError struct {
	Setting, Value string
	Want           string // what it should be, with an example
}

func (e *SettingError) Error() string {
	return fmt.Sprintf("%q is no %s: %s", e.Value, e.Setting, e.Want)
}

// language is the form of a language tag, not the list of those there are (RFC
// 5646).
var language = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)

// The least and most that a view may measure, in CSS pixels.
const (
	leastView = 100
	mostView  = 8192
)

// CheckSettings refuses settings that Chrome would refuse later, or take for
// something else. Errors: *SettingError.
func CheckSettings(s evidence.Settings) error {
	if s.Locale != "" && !language.MatchString(s.Locale) {
		return &SettingError{"language", s.Locale, "give a language and perhaps a country, as in de or de-DE"}
	}
	if s.TimeZone != "" {
		if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "Local" {
			return &SettingError{"time zone", s.TimeZone, "give its name in the tz database, as in Europe/Berlin"}
		}
	}
	for _, side := range []int{s.ViewportWidth, s.ViewportHeight} {
		if side != 0 && (side < leastView || side > mostView) {
			return &SettingError{"size of a view", fmt.Sprintf("%dx%d", s.ViewportWidth, s.ViewportHeight),
				fmt.Sprintf("give width and height in pixels, %d to %d each, as in 1280x800", leastView, mostView)}
		}
	}
	if s.Geolocation != "" {
		_, err := parsePlace(s.Geolocation)
		return err
	}
	return nil
}

// command is one of Chrome's, with what it is told.
type command struct {
	method string
	params any
}

// region makes the tab look as if it were elsewhere, as far as settings ask.
func (v *visit) region() ([]command, error) {
	var commands []command
	s := v.Settings
	if s.TimeZone != "" {
		commands = append(commands, command{emulation.SetTimezoneOverride.Method, emulation.SetTimezoneOverrideParams{TimezoneID: s.TimeZone}})
	}
	if s.Locale != "" {
		commands = append(commands,
			command{emulation.SetLocaleOverride.Method, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(s.Locale, "-", "_")}},
			command{emulation.SetUserAgentOverride.Method, emulation.SetUserAgentOverrideParams{UserAgent: v.UserAgent, AcceptLanguage: s.Locale}})
	}
	if s.Geolocation != "" {
		place, err := parsePlace(s.Geolocation)
		if err != nil {
			return nil, err
		}
		commands = append(commands,
			command{cdpbrowser.SetPermission.Method, cdpbrowser.SetPermissionParams{
				Permission: &cdpbrowser.PermissionDescriptor{Name: "geolocation"}, Setting: cdpbrowser.PermissionSettingGranted,
				BrowserContextID: v.tab.Context}},
			command{emulation.SetGeolocationOverride.Method, place})
	}
	return commands, nil
}

// usualAccuracy is how exact a place is said to be, in metres, where nothing
// else is asked for: a telephone's in a town.
const usualAccuracy = 50

// parsePlace reads latitude and longitude in degrees, and perhaps the accuracy
// in metres: "52.52,13.405" or "52.52,13.405,20". Errors: *SettingError.
func parsePlace(s string) (emulation.SetGeolocationOverrideParams, error) {
	fail := &SettingError{"place", s, "give latitude and longitude in degrees, and the accuracy in metres if you like, as in 52.52,13.405,20"}
	numbers := []float64{0, 0, usualAccuracy}
	fields := strings.Split(s, ",")
	if len(fields) < 2 || len(fields) > len(numbers) {
		return emulation.SetGeolocationOverrideParams{}, fail
	}
	for i, f := range fields {
		n, err := strconv.ParseFloat(strings.TrimSpace(f), 64)
		if err != nil {
			return emulation.SetGeolocationOverrideParams{}, fail
		}
		numbers[i] = n
	}
	// Written so that what is not a number at all is refused, too.
	if lat, long, acc := numbers[0], numbers[1], numbers[2]; !(lat >= -90 && lat <= 90 && long >= -180 && long <= 180 && acc >= 0 && acc <= 1e6) {
		return emulation.SetGeolocationOverrideParams{}, fail
	}
	return emulation.SetGeolocationOverrideParams{Latitude: &numbers[0], Longitude: &numbers[1], Accuracy: &numbers[2]}, nil
}
