package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// printDecisions tells what a marketplace decided about a notice or a counter-notice,
// with its statement of reasons.
func (p *Program) printDecisions(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	decisions, err := d.Decisions(ctx, id)
	if err != nil {
		return err
	}
	for _, r := range decisions {
		fmt.Fprint(p.Stdout, "\n"+printableLines(decisionText(r)))
	}
	return nil
}

// decisionText is a decision as the marketplace states it.
func decisionText(r evidence.Receipt) string {
	of := r.Decision
	ground := evidence.Words(of.Ground)
	if of.LegalGround != "" {
		ground += ", " + of.LegalGround
	}
	return fmt.Sprintf(`decision %s of %s about %s: %s
    ground: %s
    because: %s
    decided on a %s, %s by machines, for %s
    complaint until %s: %s
    the marketplace's own words, kept as %s
`, of.External, of.At.Format("2006-01-02 15:04 UTC"), of.Item, of.Visibility, ground, cmp.Or(of.Facts, "nothing is stated"), evidence.Words(of.Source), of.Automated,
		cmp.Or(of.Territory, "wherever it serves"), of.ComplaintUntil.Format(time.DateOnly), of.Redress, r.ID)
}
