package takedown

import (
	"cmp"
	"slices"

	"touchstone/store/evidence"
)

// Target is a kind of target that a channel takes.
type Target struct {
	Kind evidence.TargetKind `json:"kind"`
	Word string              `json:"word,omitempty"` // the channel's own for it
}

// Takes reports whether the channel takes targets of the kind; one that nobody
// named is an offer. A channel whose descriptor names no kinds takes all.
func (d *Descriptor) Takes(kind evidence.TargetKind) bool {
	kind = cmp.Or(kind, evidence.TargetOffer)
	return len(d.Targets) == 0 || slices.ContainsFunc(d.Targets, func(t Target) bool { return t.Kind == kind })
}

// Serves reports whether listings of the marketplace are the channel's. Of a
// listing on none that is known ("") it may be.
func (d *Descriptor) Serves(marketplace string) bool {
	return len(d.Marketplaces) == 0 || marketplace == "" || slices.Contains(d.Marketplaces, marketplace)
}

// TargetKinds are the kinds of target that the channel takes.
func (d *Descriptor) TargetKinds() []evidence.TargetKind {
	kinds := make([]evidence.TargetKind, len(d.Targets))
	for i, t := range d.Targets {
		kinds[i] = t.Kind
	}
	return kinds
}

// targetWord is the channel's word for a kind of target, or ours.
func (d *Descriptor) targetWord(kind evidence.TargetKind) string {
	for _, t := range d.Targets {
		if t.Kind == kind && t.Word != "" {
			return t.Word
		}
	}
	return evidence.Words(kind)
}

// Elsewhere are the names of the channels that take targets of the kind on the
// marketplace, by name.
func Elsewhere(kind evidence.TargetKind, marketplace string) ([]string, error) {
	all, err := Descriptors()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range all {
		if d.Takes(kind) && d.Serves(marketplace) {
			names = append(names, d.Name)
		}
	}
	return names, nil
}
