package gui

import (
	"cmp"
	"context"
	"os"
	"slices"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

func (o office) Brands(ctx context.Context) ([]evidence.BrandFile, error) { return o.desk.Brands(ctx) }

func (o office) ReadBrand(ctx context.Context, path string) (model.BrandPreview, error) {
	f, err := os.Open(path)
	if err != nil {
		return model.BrandPreview{}, err
	}
	defer f.Close()
	p, err := o.desk.PreviewBrand(ctx, path, f)
	return model.BrandPreview{Path: path, Brand: p.Brand, New: p.New, Lines: p.Changes}, err
}

func (o office) ImportBrand(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = o.desk.ImportBrand(ctx, path, f)
	return err
}

func (o office) BrandPhotos(ctx context.Context, brand evidence.ID) ([]model.Photo, error) {
	b, err := desk.Get[evidence.Brand](ctx, o.desk, brand)
	if err != nil {
		return nil, err
	}
	return o.photos(ctx, b, "")
}

func (o office) BrandForm(_ context.Context, path string) error {
	return desk.WriteBrandBook(path, evidence.BrandFile{})
}

func (o office) Expiring(ctx context.Context) ([]model.Expiry, error) {
	list, err := o.desk.Expiring(ctx, 90)
	return expiries(list), err
}

func expiries(list []desk.Expiry) []model.Expiry {
	out := make([]model.Expiry, len(list))
	for i, e := range list {
		out[i] = model.Expiry(e)
	}
	return out
}

func (o office) Sellers(ctx context.Context) ([]model.SellerLine, error) {
	counted, err := o.desk.CountSellers(ctx)
	lines := make([]model.SellerLine, len(counted))
	for i, c := range counted {
		lines[i] = model.SellerLine{Seller: c.Seller, Listings: c.Listings}
	}
	slices.SortStableFunc(lines, func(a, b model.SellerLine) int { return cmp.Compare(b.Listings, a.Listings) })
	return lines, err
}

func (o office) SellerFile(ctx context.Context, id evidence.ID) (model.SellerFile, error) {
	var f model.SellerFile
	s, rows, err := o.desk.RowsOfSeller(ctx, id)
	if err != nil {
		return f, err
	}
	f.Seller, f.Listings, f.Rows = s, len(rows), rowsOf(rows)
	linked, err := o.desk.LinkedSellers(ctx, id)
	for _, l := range linked {
		ls := model.LinkedSeller{Seller: l.Seller}
		for _, t := range l.Ties {
			ls.Reasons = append(ls.Reasons, t.String())
		}
		f.Linked = append(f.Linked, ls)
	}
	return f, err
}

func (o office) Setup(ctx context.Context) (model.Setup, error) {
	s, err := o.desk.Settings(ctx)
	if err != nil {
		return model.Setup{}, err
	}
	setup := model.Setup{Operator: cmp.Or(s.Operator, o.desk.Acting().Name), Authorities: s.Authorities}
	if setup.Channels, err = o.channels(ctx); err != nil {
		return setup, err
	}
	profiles, err := o.desk.Profiles()
	if err != nil {
		return setup, err
	}
	for _, p := range profiles {
		setup.Profiles = append(setup.Profiles, model.BrowserProfile{Name: p.Name, Site: p.URL})
	}
	setup.Used, err = o.desk.Space(ctx)
	return setup, err
}

func (o office) SetOperator(ctx context.Context, name string) error {
	return o.desk.SetOperator(ctx, name)
}

func (o office) AddAuthority(ctx context.Context, name, address string) error {
	return o.desk.AddAuthority(ctx, name, address, nil)
}

func (o office) RemoveAuthority(ctx context.Context, name string) error {
	return o.desk.RemoveAuthority(ctx, name)
}

func (o office) SetChannel(ctx context.Context, name string, values, secrets map[string]string) error {
	if err := o.desk.SetChannel(ctx, name, values); err != nil || len(secrets) == 0 {
		return err
	}
	return o.desk.SignInChannel(ctx, name, secrets)
}

func (o office) TestChannel(ctx context.Context, name string) error {
	return o.desk.TestChannel(ctx, name)
}

func (o office) Login(ctx context.Context, name, address string, p evidence.Progress) error {
	return o.desk.Login(ctx, name, address, false, p)
}

func (o office) RemoveProfile(ctx context.Context, name string) error {
	return o.desk.RemoveProfile(ctx, name)
}
