package desk

import (
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // photos of products
	_ "image/png"
	"os"
	"path/filepath"
	"slices"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/evidence"
)

// findPictures finds the photos that a brand file names: files within its folder,
// or photos that the brand has already. It returns the paths of the files by the
// names they are to have, and leaves those names in the brand.
func (d *Desk) findPictures(ctx context.Context, brandFile string, b *evidence.Brand) (map[string]string, error) {
	known, err := d.photosOf(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	var errs []error
	for _, p := range namedPictures(b) {
		name := *p.name
		base := filepath.Base(filepath.FromSlash(name))
		path := filepath.Join(filepath.Dir(brandFile), filepath.FromSlash(name))
		*p.name = base
		switch _, err := os.Stat(path); {
		case !filepath.IsLocal(filepath.FromSlash(name)):
			errs = append(errs, fmt.Errorf("%s: %q is not a name within the folder of the brand file", p.of, name))
		case err == nil && files[base] != "" && files[base] != path:
			errs = append(errs, fmt.Errorf("%s: there are two pictures called %s", p.of, base))
		case err == nil:
			errs = append(errs, isPicture(path))
			files[base] = path
		case !slices.ContainsFunc(known, func(a evidence.Attachment) bool { return a.Name == base }):
			errs = append(errs, fmt.Errorf("%s: there is no picture %s beside the brand file", p.of, name))
		}
	}
	return files, errors.Join(errs...)
}

// namedPicture is a name of a photo in a brand file, and what it is of.
type namedPicture struct {
	of   string
	name *string
}

func namedPictures(b *evidence.Brand) []namedPicture {
	var all []namedPicture
	for i := range b.Products {
		for k := range b.Products[i].Pictures {
			all = append(all, namedPicture{"product " + b.Products[i].Model, &b.Products[i].Pictures[k]})
		}
	}
	for i := range b.Illustrations {
		all = append(all, namedPicture{b.Illustrations[i].Shows, &b.Illustrations[i].Picture})
	}
	return all
}

func isPicture(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, err := image.DecodeConfig(f); err != nil {
		return fmt.Errorf("%s is not a picture in PNG or JPEG", path)
	}
	return nil
}

// photosOf are the photos attached to the brand of the name; none where there is no
// such brand.
func (d *Desk) photosOf(ctx context.Context, brand string) ([]evidence.Attachment, error) {
	f, err := d.BrandNamed(ctx, brand)
	if errors.Is(err, ErrNoBrand) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return AllBy[evidence.Attachment](ctx, d, store.AttachmentsByTarget, string(f.Brand.ID))
}

// attachPictures seals the photos with their brand, but those it has already.
func (d *Desk) attachPictures(ctx context.Context, brand evidence.ID, brandFile string, files map[string]string) error {
	for name, path := range files {
		known, err := AllBy[evidence.Attachment](ctx, d, store.AttachmentsByTarget, string(brand))
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		same := func(a evidence.Attachment) bool {
			file, ok := a.Artifact(evidence.RoleAttachment)
			return ok && a.Name == name && file.SHA256 == evidence.HashOf(content)
		}
		if slices.ContainsFunc(known, same) {
			continue
		}
		_, err = d.Attach(ctx, Attaching{File: path, To: brand, Kind: evidence.AttachedPhoto, ObtainedAt: evidence.Exactly(d.cfg.Now().UTC()),
			ObtainedBy: d.actorName(), How: "with the brand file " + filepath.Base(brandFile)}, evidence.Quiet)
		if err != nil {
			return fmt.Errorf("keep the picture %s: %w", name, err)
		}
	}
	return nil
}

// genuine is the product that an assessment names, with its newest photo.
func genuine(tx *store.Tx, b evidence.Brand, a *evidence.Assessment) (*notice.Genuine, error) {
	if a == nil || a.Product == "" {
		return nil, nil
	}
	i := slices.IndexFunc(b.Products, func(p evidence.Product) bool { return p.Model == a.Product })
	if i < 0 {
		return nil, nil
	}
	g := &notice.Genuine{Product: b.Products[i]}
	photos, err := collect(store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(b.ID)))
	if err != nil {
		return nil, err
	}
	for _, photo := range photos {
		if file, ok := photo.Artifact(evidence.RoleAttachment); ok && len(g.Pictures) > 0 && photo.Name == g.Pictures[0] {
			g.Picture = &file
		}
	}
	return g, nil
}

// errNoProduct means that no brand makes a model.
var errNoProduct = errors.New("no brand has such a product: touchstone brand list --json shows them")

// knownProduct checks that some brand makes the model.
func knownProduct(tx *store.Tx, model string) error {
	for b, err := range store.Each[evidence.Brand](tx, evidence.KindBrand) {
		if err != nil {
			return err
		}
		if slices.ContainsFunc(b.Products, func(p evidence.Product) bool { return p.Model == model }) {
			return nil
		}
	}
	return fmt.Errorf("product %q: %w", model, errNoProduct)
}
