package page

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"touchstone/assets"
)

//go:embed js/consent.js
var consentScript string

// dismissConsent answers the consent dialogs that are known with no, where that
// was asked for, and waits for the page to settle after it. The dialogs are in
// the picture of the first view, which is taken before.
func (v *visit) dismissConsent(ctx context.Context) {
	if !v.Settings.DismissConsent {
		return
	}
	var dismissed []string
	question := fmt.Sprintf("(%s)(%s)", strings.TrimSpace(consentScript), assets.Consent)
	if err := v.ask(ctx, question, 3*patience, &dismissed); err != nil {
		v.record.alter("consent_left", fmt.Sprintf("consent dialogs could not be looked for: %v", reason(ctx, err)))
		return
	}
	for _, d := range dismissed {
		v.record.alter("consent_dismissed", d)
	}
	if len(dismissed) > 0 {
		v.settle(ctx, v.Limits.Settle/3, shortRest)
	}
}
