package model

import (
	"context"

	"touchstone/store/evidence"
)

// RightsBook keeps the brands.
type RightsBook interface {
	// Brands lists the brands with what they own and who signs for them.
	Brands(ctx context.Context) ([]evidence.BrandFile, error)
	// ReadBrand reads a brand file (.xlsx or .json) and tells what importing it
	// would change. Nothing is kept.
	ReadBrand(ctx context.Context, path string) (BrandPreview, error)
	// ImportBrand keeps the brand of the file.
	ImportBrand(ctx context.Context, path string) error
	// BrandForm writes the workbook in which a brand is filled in.
	BrandForm(ctx context.Context, path string) error
	// BrandPhotos lists the pictures that a brand has.
	BrandPhotos(ctx context.Context, brand evidence.ID) ([]Photo, error)
	// Expiring lists what ends soon.
	Expiring(ctx context.Context) ([]Expiry, error)
}

// BrandPreview is what a brand file would change.
type BrandPreview struct {
	Path  string
	Brand string
	New   bool
	Lines []string // what is added or changed, a line each
}

// Rights is the library of brands and rights.
type Rights struct {
	OnChange func()

	b        *Background
	book     RightsBook
	problems *Problems
	loads    latest

	brands   []evidence.BrandFile
	photos   map[evidence.ID][]Photo // by brand
	expiring []Expiry
	loaded   bool
	chosen   int
}

// Load reads the brands.
func (r *Rights) Load() {
	r.loads.run(r.b, func(ctx context.Context) func() {
		brands, err := r.book.Brands(ctx)
		var expiring []Expiry
		if err == nil {
			expiring, err = r.book.Expiring(ctx)
		}
		photos := map[evidence.ID][]Photo{}
		for i := 0; i < len(brands) && err == nil; i++ {
			photos[brands[i].Brand.ID], err = r.book.BrandPhotos(ctx, brands[i].Brand.ID)
		}
		return func() {
			if err != nil {
				r.problems.report(T("The brands could not be read."), T("Nothing was changed."), err)
				return
			}
			r.brands, r.photos, r.expiring, r.loaded = brands, photos, expiring, true
			r.chosen = min(r.chosen, max(0, len(brands)-1))
			changed(r.OnChange)
		}
	})
}

// Loaded reports whether the brands have been read.
func (r *Rights) Loaded() bool { return r.loaded }

// Brands is every brand. It must not be changed.
func (r *Rights) Brands() []evidence.BrandFile { return r.brands }

// Expiring is what ends soon, of all brands.
func (r *Rights) Expiring() []Expiry { return r.expiring }

// Choose shows the i-th brand.
func (r *Rights) Choose(i int) {
	if i >= 0 && i < len(r.brands) && i != r.chosen {
		r.chosen = i
		changed(r.OnChange)
	}
}

// Chosen is the index of the brand that is shown.
func (r *Rights) Chosen() int { return r.chosen }

// Brand is the brand that is shown, if there is one.
func (r *Rights) Brand() (evidence.BrandFile, bool) {
	if r.chosen >= len(r.brands) {
		return evidence.BrandFile{}, false
	}
	return r.brands[r.chosen], true
}

// Photos is the pictures of the brand that is shown.
func (r *Rights) Photos() []Photo {
	b, _ := r.Brand()
	return r.photos[b.Brand.ID]
}

// Preview reads a brand file and hands over what it would change.
func (r *Rights) Preview(path string, take func(BrandPreview)) {
	r.b.Run(func(ctx context.Context) func() {
		p, err := r.book.ReadBrand(ctx, path)
		return func() {
			if err != nil {
				r.problems.report(T("The brand file could not be read."), T("Nothing was changed."), err)
				return
			}
			take(p)
		}
	})
}

// Import keeps the brand of a file.
func (r *Rights) Import(path string) {
	r.b.Run(func(ctx context.Context) func() {
		err := r.book.ImportBrand(ctx, path)
		return func() {
			if err != nil {
				r.problems.report(T("The brand was not imported."), T("Nothing was changed."), err)
				return
			}
			r.problems.Tell(T("The brand was imported."))
			r.Load()
		}
	})
}

// WriteForm writes the workbook in which a brand is filled in.
func (r *Rights) WriteForm(path string) {
	r.b.Run(func(ctx context.Context) func() {
		err := r.book.BrandForm(ctx, path)
		return func() {
			if err != nil {
				r.problems.report(T("The form was not written."), T("Nothing was changed."), err)
				return
			}
			r.problems.Tell(T("The form was written to %s", path))
		}
	})
}
