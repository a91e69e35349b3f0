package page

import (
	"fmt"
	"strconv"
	"strings"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
)

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
// in metres: "52.52,13.405" or "52.52,13.405,20".
func parsePlace(s string) (emulation.SetGeolocationOverrideParams, error) {
	fail := fmt.Errorf("%q is no place: give latitude and longitude in degrees, as in 52.52,13.405", s)
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
	if lat, long, acc := numbers[0], numbers[1], numbers[2]; lat < -90 || lat > 90 || long < -180 || long > 180 || acc < 0 {
		return emulation.SetGeolocationOverrideParams{}, fail
	}
	return emulation.SetGeolocationOverrideParams{Latitude: &numbers[0], Longitude: &numbers[1], Accuracy: &numbers[2]}, nil
}
