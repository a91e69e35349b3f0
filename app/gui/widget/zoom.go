//go:build !headless

package widget

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// zoomStep is how much larger a step makes what is looked at.
const zoomStep = 1.25

// wheelZoom is how much larger the wheel makes what is looked at, while Ctrl is held.
func wheelZoom(e *fyne.ScrollEvent) (factor float32, zooms bool) {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	if !ok || d.CurrentKeyModifiers()&fyne.KeyModifierControl == 0 {
		return 1, false
	}
	return float32(math.Pow(zoomStep, float64(e.Scrolled.DY)/25)), true
}

// scaleAt is the number of screen pixels in one of Fyne's units where an object is.
func scaleAt(o fyne.CanvasObject) float32 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}
