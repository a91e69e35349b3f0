package desk

import (
	"context"
	"slices"
	"strings"

	"touchstone/capture/listing"
	"touchstone/store/evidence"
)

// PrintedFact is a fact of a capture, and where its page prints it.
type PrintedFact struct {
	Fact   string          `json:"fact"` // its name, as in price or seller.name
	Value  string          `json:"value"`
	Source evidence.Source `json:"source,omitempty"`
	// Screenshot is the file that shows it, and Place the part of it; nil where
	// none is known.
	Screenshot *evidence.Artifact `json:"screenshot,omitempty"`
	Place      *evidence.Place    `json:"place,omitempty"`
}

// PrintedFacts lists a capture's facts in their order.
func (d *Desk) PrintedFacts(ctx context.Context, id evidence.ID) ([]PrintedFact, error) {
	c, err := Get[evidence.Capture](ctx, d, id)
	if err != nil || c.Facts == nil {
		return nil, err
	}
	var facts []PrintedFact
	for _, stated := range listing.Diff(evidence.Facts{}, *c.Facts) {
		first, _, _ := strings.Cut(stated.Fact, ".")
		f := PrintedFact{Fact: stated.Fact, Value: stated.To, Source: c.Facts.Sources[first]}
		if place, ok := c.Facts.Places[stated.Fact]; ok {
			f.Place = &place
			if i := slices.IndexFunc(c.Artifacts, func(a evidence.Artifact) bool { return a.Role == evidence.RoleScreenshot && a.Index == place.Tile }); i >= 0 {
				f.Screenshot = &c.Artifacts[i]
			}
		}
		facts = append(facts, f)
	}
	return facts, nil
}
