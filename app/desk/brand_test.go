package desk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"touchstone/app/desk"
	"touchstone/app/practice/market"
	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/store"
	"touchstone/store/evidence"
)

func brandSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return schematest.Compile(t, assets.Schemas, "schemas/brand.json")
}

func brandJSON(t *testing.T, f evidence.BrandFile) []byte {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBrandFilesFollowTheirSchemaAndComeBackWhole(t *testing.T) {
	d, _ := atWork(t)
	f := market.Brand(time.Now())
	f.Rights[0].Registrations = []evidence.Registration{{Platform: "practice", External: "P-1", State: evidence.RegistrationApproved}}
	f.Brand.Authorisations = []evidence.Authorisation{{Agent: "Keller LLP", Territories: []string{"EU"}, To: "2031-01-31"}}
	kept, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(brandJSON(t, kept)))
	if err != nil {
		t.Fatal(err)
	}
	if err := brandSchema(t).Validate(doc); err != nil {
		t.Error(err)
	}
	book := filepath.Join(t.TempDir(), "brand.xlsx")
	if err := desk.WriteBrandBook(book, kept); err != nil {
		t.Fatal(err)
	}
	if err := desk.WriteBrandBook(book, kept); err == nil || !strings.Contains(err.Error(), "such a file already") {
		t.Errorf("a workbook that may be filled in is written over: %v", err)
	}
	written, err := os.Open(book)
	if err != nil {
		t.Fatal(err)
	}
	defer written.Close()
	again, err := d.ImportBrand(t.Context(), book, written)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kept, again); diff != "" {
		t.Errorf("the workbook says something else than the JSON:\n%s", diff)
	}
}

func TestABrandFileWithWrongEntriesIsRefusedWholeAndEachIsNamed(t *testing.T) {
	d, _ := atWork(t)
	for want, spoil := range map[string]func(*evidence.BrandFile){
		"the brand has no name":                                                            func(f *evidence.BrandFile) { f.Brand.Name = "" },
		`right 1 (EUIPO 990000142): expires: "soon" is not a day`:                          func(f *evidence.BrandFile) { f.Rights[0].Expires = "soon" },
		"right 1 (EUIPO 990000142): valid from (2031-01-01) is after expires (2030-01-01)": func(f *evidence.BrandFile) { f.Rights[0].ValidFrom, f.Rights[0].Expires = "2031-01-01", "2030-01-01" },
		`right 1 (EUIPO 990000142): "logo" is not a type of right`:                         func(f *evidence.BrandFile) { f.Rights[0].Type = "logo" },
		"a trademark needs the office and the number":                                      func(f *evidence.BrandFile) { f.Rights[0].Number = "" },
		`the jurisdiction "Europe" is not two capital letters`:                             func(f *evidence.BrandFile) { f.Rights[0].Jurisdiction = "Europe" },
		"there is no class 46":                                                             func(f *evidence.BrandFile) { f.Rights[0].Classes = []int{46} },
		"right 2 (EUIPO 990000142): it is there twice":                                     func(f *evidence.BrandFile) { f.Rights = append(f.Rights, f.Rights[0]) },
		"authorisation 1: it names no agent":                                               func(f *evidence.BrandFile) { f.Brand.Authorisations = []evidence.Authorisation{{}} },
		"signatory 1 (Chiara Esempio): \"chiara\" is not an e-mail address":                func(f *evidence.BrandFile) { f.Signatories[0].Email = "chiara" },
	} {
		f := market.Brand(time.Now())
		spoil(&f)
		if _, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, f))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if brands, err := desk.All[evidence.Brand](t.Context(), d, evidence.KindBrand); err != nil || len(brands) != 0 {
		t.Errorf("%d brands are kept, %v", len(brands), err)
	}
}

func TestWhatExpiresSoonIsListedFirstToEndFirst(t *testing.T) {
	d, _ := atWork(t)
	f := market.Brand(time.Now())
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	f.Rights[0].Expires = day(30)
	f.Rights = append(f.Rights, evidence.Right{Type: evidence.Design, Name: "bag", Number: "1", Office: "UKIPO", Jurisdiction: "GB", Expires: day(400)})
	f.Brand.Authorisations = []evidence.Authorisation{{Agent: "Keller LLP", To: day(-1)}, {Agent: "Roth"}}
	if _, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, f))); err != nil {
		t.Fatal(err)
	}
	got, err := d.Expiring(t.Context(), 90)
	want := []desk.Expiry{
		{Brand: "Aurelia", What: "authorisation of Keller LLP", Last: day(-1), Days: -1},
		{Brand: "Aurelia", What: "trademark EUIPO 990000142", Last: day(30), Days: 30},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestPicturesOfMarkersAndFeaturesComeWithTheBrand(t *testing.T) {
	d, market := atWork(t)
	file := filepath.Join(t.TempDir(), "brand.json")
	if err := market.WriteBrand(file); err != nil {
		t.Fatal(err)
	}
	if err := market.WriteBrand(file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there is written over: %v", err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.ImportBrand(t.Context(), file, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	photos, err := desk.AllBy[evidence.Attachment](t.Context(), d, store.AttachmentsByTarget, string(f.Brand.ID))
	if err != nil {
		t.Fatal(err)
	}
	sealed := map[string]bool{}
	for _, p := range photos {
		sealed[p.Name] = p.Kind == evidence.AttachedPhoto
	}
	for _, p := range f.Brand.Products {
		if len(p.Pictures) != 1 || !sealed[p.Pictures[0]] {
			t.Errorf("%s has the pictures %q; sealed are %v", p.Model, p.Pictures, sealed)
		}
	}
	fakes := 0
	for _, p := range f.Brand.Illustrations {
		if !sealed[p.Picture] {
			t.Errorf("%s is not sealed", p.Picture)
		}
		if slices.Contains(f.Brand.CounterfeitFeatures, p.Shows) {
			fakes++
		}
	}
	if fakes != 3 || len(f.Brand.Illustrations) != 4 {
		t.Errorf("%d pictures, %d of them of counterfeits; want 4, 3", len(f.Brand.Illustrations), fakes)
	}
	f.Brand.Illustrations[0].Shows = "something else"
	if _, err := d.ImportBrand(t.Context(), file, bytes.NewReader(brandJSON(t, f))); err == nil || !strings.Contains(err.Error(), "none of the brand's genuine markers") {
		t.Errorf("a picture of nothing that the brand names: %v", err)
	}
}

func TestPhotosOfProductsComeWithTheBrandAndIntoTheClaimChart(t *testing.T) {
	d, n, item := drafted(t)
	dir := t.TempDir()
	photo := image.NewRGBA(image.Rect(0, 0, 90, 60))
	draw.Draw(photo, photo.Rect, image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	var content bytes.Buffer
	if err := png.Encode(&content, photo); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lyra.png"), content.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f := market.Brand(time.Now())
	file := filepath.Join(dir, "brand.json")
	for range 2 { // the second time nothing is new
		f.Brand.Products[0].Pictures = []string{"lyra.png"}
		if _, err := d.ImportBrand(t.Context(), file, bytes.NewReader(brandJSON(t, f))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.ImportBrand(t.Context(), "elsewhere.json", bytes.NewReader(brandJSON(t, f))); err != nil {
		t.Errorf("a photo that the brand has already: %v", err)
	}
	photos, err := desk.AllBy[evidence.Attachment](t.Context(), d, store.AttachmentsByTarget, string(n.Brand))
	if err != nil || len(photos) != 1 || photos[0].Name != "lyra.png" {
		t.Fatalf("photos of the brand: %+v, %v", photos, err)
	}
	for want, name := range map[string]string{"there is no picture corso.png": "corso.png", "not a name within the folder": "../lyra.png", "not a picture in PNG or JPEG": "brand.txt"} {
		os.WriteFile(filepath.Join(dir, "brand.txt"), []byte("text"), 0o600)
		f.Brand.Products[0].Pictures = []string{name}
		if _, err := d.ImportBrand(t.Context(), file, bytes.NewReader(brandJSON(t, f))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.Assess(t.Context(), item.Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture, Product: "No such"}); err == nil {
		t.Error("a product that nobody makes is taken")
	}
	if _, err := d.Assess(t.Context(), item.Listing, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture, Product: "Lyra 28"}); err != nil {
		t.Fatal(err)
	}
	second, _, err := d.NewNotice(t.Context(), desk.NoticeOrder{Case: n.Case, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Listings: []evidence.ID{item.Listing}})
	if err != nil {
		t.Fatal(err)
	}
	dossier, err := d.Dossier(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if g := dossier.Exhibits[0].Genuine; g == nil || g.Price != "1299.00" || g.Picture == nil || g.Picture.SHA256 != evidence.HashOf(content.Bytes()) {
		t.Errorf("the genuine article is %+v", g)
	}
}
