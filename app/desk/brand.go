package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"touchstone/app/desk/brandbook"
	"touchstone/store"
	"touchstone/store/evidence"
)

// ImportBrand reads a brand file and keeps its brand, rights and signatories. The
// file is a workbook (package brandbook) where its name ends in .xlsx, else JSON
// (assets/schemas/brand.json). A brand of the same name is replaced, and so are its
// rights of the same number and its signatories of the same e-mail. Photos of
// products that lie beside the file are sealed with the brand.
func (d *Desk) ImportBrand(ctx context.Context, name string, r io.Reader) (evidence.BrandFile, error) {
	f, err := readBrand(name, r)
	if err == nil {
		err = checkBrand(f)
	}
	if err != nil {
		return f, &InputError{fmt.Errorf("read the brand file: %w", err)}
	}
	pictures, err := d.findPictures(ctx, name, &f.Brand)
	if err != nil {
		return f, fmt.Errorf("read the brand file: %w", err)
	}
	if err := d.ws.Update(ctx, func(tx *store.Tx) error { return d.keepBrand(tx, &f) }); err != nil {
		return f, err
	}
	return f, d.attachPictures(ctx, f.Brand.ID, name, pictures)
}

func readBrand(name string, r io.Reader) (evidence.BrandFile, error) {
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		f, err := brandbook.Read(r)
		return f, notBook(err)
	}
	var f evidence.BrandFile
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	return f, notJSON(decoder.Decode(&f))
}

func (d *Desk) keepBrand(tx *store.Tx, f *evidence.BrandFile) error {
	brands, err := collect(store.Each[evidence.Brand](tx, evidence.KindBrand))
	if err != nil {
		return err
	}
	f.Brand.ID = idOf(brands, func(b evidence.Brand) bool { return b.Name == f.Brand.Name },
		func(b evidence.Brand) evidence.ID { return b.ID }, d.newID(evidence.KindBrand))
	if err := store.Put(tx, f.Brand.ID, f.Brand); err != nil {
		return err
	}
	rights, err := collect(store.EachBy[evidence.Right](tx, store.RightsByBrand, string(f.Brand.ID)))
	if err != nil {
		return err
	}
	for i := range f.Rights {
		right := &f.Rights[i]
		right.Brand = f.Brand.ID
		right.ID = idOf(rights, func(r evidence.Right) bool { return r.Office == right.Office && r.Number == right.Number },
			func(r evidence.Right) evidence.ID { return r.ID }, d.newID(evidence.KindRight))
		if err := store.Put(tx, right.ID, *right); err != nil {
			return err
		}
	}
	signatories, err := collect(store.EachBy[evidence.Signatory](tx, store.SignatoriesByBrand, string(f.Brand.ID)))
	if err != nil {
		return err
	}
	for i := range f.Signatories {
		s := &f.Signatories[i]
		s.Brand = f.Brand.ID
		s.ID = idOf(signatories, func(k evidence.Signatory) bool { return k.Email == s.Email },
			func(k evidence.Signatory) evidence.ID { return k.ID }, d.newID(evidence.KindSignatory))
		if err := store.Put(tx, s.ID, *s); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) newID(kind evidence.Kind) evidence.ID { return evidence.NewID(kind, d.cfg.Now()) }

// idOf is the ID of the known record that is the same, else fresh.
func idOf[T any](known []T, same func(T) bool, id func(T) evidence.ID, fresh evidence.ID) evidence.ID {
	for _, k := range known {
		if same(k) {
			return id(k)
		}
	}
	return fresh
}

// BrandNamed finds a brand by name or ID; an empty name finds the only one.
func (d *Desk) BrandNamed(ctx context.Context, nameOrID string) (evidence.BrandFile, error) {
	var f evidence.BrandFile
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		brands, err := collect(store.Each[evidence.Brand](tx, evidence.KindBrand))
		if err != nil {
			return err
		}
		if f.Brand, err = pickBrand(brands, nameOrID); err != nil {
			return err
		}
		if f.Rights, err = collect(store.EachBy[evidence.Right](tx, store.RightsByBrand, string(f.Brand.ID))); err != nil {
			return err
		}
		f.Signatories, err = collect(store.EachBy[evidence.Signatory](tx, store.SignatoriesByBrand, string(f.Brand.ID)))
		return err
	})
	return f, err
}

// ErrNoBrand means that no brand fits the name.
var ErrNoBrand = errors.New("no such brand: touchstone brand list shows them, touchstone brand import adds one")

func pickBrand(brands []evidence.Brand, nameOrID string) (evidence.Brand, error) {
	for _, b := range brands {
		if b.Name == nameOrID || string(b.ID) == nameOrID {
			return b, nil
		}
	}
	if nameOrID != "" || len(brands) == 0 {
		return evidence.Brand{}, fmt.Errorf("brand %q: %w", nameOrID, ErrNoBrand)
	}
	if len(brands) > 1 {
		return evidence.Brand{}, errors.New("there are several brands: say which one")
	}
	return brands[0], nil
}

// WriteBrandBook writes the workbook of a brand, or of none to be filled in.
func WriteBrandBook(out string, f evidence.BrandFile) error {
	return writeForm(out, func(w io.Writer) error { return brandbook.Write(w, f) })
}
