package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"

	"touchstone/store/evidence"
)

// BrandPreview is what importing a brand file would change.
type BrandPreview struct {
	Brand   string   `json:"brand"`
	New     bool     `json:"new"`     // there is no brand of the name yet
	Changes []string `json:"changes"` // a line each
}

// PreviewBrand reads a brand file as ImportBrand does, and keeps nothing of it.
func (d *Desk) PreviewBrand(ctx context.Context, name string, r io.Reader) (BrandPreview, error) {
	f, err := readBrand(name, r)
	if err == nil {
		err = checkBrand(f)
	}
	if err != nil {
		return BrandPreview{}, fmt.Errorf("read the brand file: %w", err)
	}
	before, err := d.BrandNamed(ctx, f.Brand.Name)
	if err != nil && !errors.Is(err, ErrNoBrand) {
		return BrandPreview{}, err
	}
	p := BrandPreview{Brand: f.Brand.Name, New: before.Brand.ID == ""}
	p.Changes = append(p.Changes, compareBrands(before.Brand, f.Brand)...)
	p.Changes = append(p.Changes, compareLists(before.Rights, f.Rights,
		func(r evidence.Right) string { return string(r.Type) + " " + r.Register() },
		func(r *evidence.Right) { r.ID, r.Brand = "", "" })...)
	p.Changes = append(p.Changes, compareLists(before.Signatories, f.Signatories,
		func(s evidence.Signatory) string { return "signatory " + s.Name + " <" + s.Email + ">" },
		func(s *evidence.Signatory) { s.ID, s.Brand = "", "" })...)
	return p, nil
}

// compareBrands tells what is said otherwise of the brand itself.
func compareBrands(before, after evidence.Brand) []string {
	var changes []string
	for _, part := range []struct {
		name      string
		was, will any
		n         int
	}{
		{"owner", before.Owner, after.Owner, -1},
		{"site", before.Site, after.Site, -1},
		{"products", before.Products, after.Products, len(after.Products)},
		{"genuine markers", before.GenuineMarkers, after.GenuineMarkers, len(after.GenuineMarkers)},
		{"counterfeit features", before.CounterfeitFeatures, after.CounterfeitFeatures, len(after.CounterfeitFeatures)},
		{"pictures of markers and features", before.Illustrations, after.Illustrations, len(after.Illustrations)},
		{"authorised sellers", before.AuthorisedSellers, after.AuthorisedSellers, len(after.AuthorisedSellers)},
		{"authorisations", before.Authorisations, after.Authorisations, len(after.Authorisations)},
	} {
		switch nothing := reflect.ValueOf(part.was).IsZero(); {
		case reflect.DeepEqual(part.was, part.will):
		case nothing && part.n >= 0:
			changes = append(changes, fmt.Sprintf("%s: %d", part.name, part.n))
		case nothing:
			changes = append(changes, "added: "+part.name)
		case part.n >= 0:
			changes = append(changes, fmt.Sprintf("%s: replaced by %d", part.name, part.n))
		default:
			changes = append(changes, part.name+": changed")
		}
	}
	return changes
}

// compareLists tells which entries are added and which are changed. Entries that
// the file leaves out stay.
func compareLists[T any](before, after []T, name func(T) string, forgetIDs func(*T)) []string {
	known := map[string]T{}
	for _, b := range before {
		forgetIDs(&b)
		known[name(b)] = b
	}
	var changes []string
	for _, a := range after {
		was, ok := known[name(a)]
		forgetIDs(&a)
		switch {
		case !ok:
			changes = append(changes, "added: "+name(a))
		case !reflect.DeepEqual(was, a):
			changes = append(changes, "changed: "+name(a))
		}
	}
	return changes
}
