package sampledesk

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"strings"
	"time"
	"unicode"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Listing is what a sample listing is made of.
type Listing struct {
	URL, Title, Market, Seller, Price, Currency string
	Outcome                                     evidence.Outcome
	Reason                                      string
	Height                                      int // of its screenshot in pixels; 0: none
	Verdict                                     evidence.Verdict
	Basis                                       evidence.Basis
	Item                                        evidence.ItemState
}

// Plain is Filled without the texts whose looks depend on the fonts of the
// machine, for pictures that must be the same on each.
func Plain() *Desk {
	d := Filled()
	d.cases = d.cases[:1]
	sweep := d.cases[0].ID
	d.rows[sweep] = slices.DeleteFunc(d.rows[sweep], func(r model.Row) bool {
		return strings.ContainsFunc(r.Listing.Title, func(c rune) bool { return unicode.Is(unicode.Han, c) })
	})
	return d
}

// Filled is a desk with two cases, one of them with listings of many kinds.
func Filled() *Desk {
	d := Empty()
	d.cases = []evidence.Case{
		{ID: d.id(evidence.KindCase), Name: "Autumn sweep, handbags", Client: "Maison Aurel", Matter: "2026/0417", Territory: "DE", CreatedAt: Start},
		{ID: d.id(evidence.KindCase), Name: "东京手表 watches", Client: "Kairo Chronometers", CreatedAt: Start.AddDate(0, -1, 0)},
	}
	sweep := d.cases[0].ID
	for _, l := range []Listing{
		{URL: "https://market.example/item/4410982", Title: "Aurel Soleil bag, calf leather, gold hardware, with dust bag and card", Market: "Practice Market", Seller: "lux_outlet_88", Price: "89.00", Currency: "EUR", Outcome: evidence.Online, Height: 21500, Verdict: evidence.Counterfeit, Basis: evidence.BasisPrice, Item: evidence.ItemUnderReview},
		{URL: "https://market.example/zh/item/4410983", Title: "奥瑞尔 太阳系列 女士手提包 小牛皮 金色五金 全新正品", Market: "Practice Market", Seller: "广州时尚箱包批发", Price: "268.00", Currency: "CNY", Outcome: evidence.Online, Height: 6400, Verdict: evidence.Counterfeit, Basis: evidence.BasisAdmission, Item: evidence.ItemSubmitted},
		{URL: "https://market.example/item/4410990", Title: "Aurel Soleil bag — mirror quality", Market: "Practice Market", Seller: "bagheaven", Price: "59.90", Currency: "EUR", Outcome: evidence.Removed, Height: 900, Verdict: evidence.Counterfeit, Basis: evidence.BasisNonexistentModel, Item: evidence.ItemVerifiedDown},
		{URL: "https://market.example/item/4411002", Title: "AUREL Luna wallet, new with receipt", Market: "Practice Market", Seller: "Boutique Claire", Price: "1249.00", Currency: "EUR", Outcome: evidence.Online, Height: 4200, Verdict: evidence.Authentic, Basis: evidence.BasisPicture},
		{URL: "https://shop.example/p/aurel-belt", Outcome: evidence.Blocked, Reason: "the page shows a robot check", Height: 800},
		{URL: "https://gone.invalid/aurel", Outcome: evidence.Unreachable, Reason: "the host gone.invalid has no address"},
		{URL: "https://market.example/item/4411044", Title: "Сумка Aurel Soleil, натуральная кожа", Market: "Practice Market", Seller: "moda-vostok", Price: "7990.00", Currency: "RUB", Outcome: evidence.Online, Height: 3000},
	} {
		d.add(sweep, l)
	}
	return d
}

// Crowded is a desk with one case of n listings that nobody has judged.
func Crowded(n int) *Desk {
	d := Empty()
	d.cases = []evidence.Case{{ID: d.id(evidence.KindCase), Name: "Autumn sweep, handbags", CreatedAt: Start}}
	for i := range n {
		d.add(d.cases[0].ID, Listing{URL: fmt.Sprintf("https://market.example/item/%d", i), Title: fmt.Sprint("Aurel Soleil bag ", i), Outcome: evidence.Online})
	}
	return d
}

// add makes a listing with one capture.
func (d *Desk) add(caseID evidence.ID, l Listing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	row := model.Row{Captures: 1}
	row.Listing = evidence.Listing{ID: d.id(evidence.KindListing), Case: caseID, URL: l.URL, Marketplace: l.Market, Title: l.Title, FirstSeen: Start}
	c := evidence.Capture{ID: d.id(evidence.KindCapture), Case: caseID, Listing: row.Listing.ID, URL: l.URL, FinalURL: l.URL, Outcome: l.Outcome, Reason: l.Reason,
		Complete: true, StartedAt: Start.Add(time.Duration(d.made) * time.Minute), HTTPStatus: 200}
	c.FinishedAt = c.StartedAt.Add(7 * time.Second)
	d.photograph(&c, l.Height, d.made)
	if l.Title != "" {
		c.Facts = facts(l)
	}
	row.Capture = &c
	if l.Seller != "" {
		row.Seller = &evidence.Seller{ID: d.id(evidence.KindSeller), Marketplace: l.Market, Facts: evidence.SellerFacts{ID: "s-20871", Name: l.Seller}}
	}
	row.Listing.Review = evidence.ReviewNew
	if l.Verdict != "" {
		row.Listing.Review = evidence.ReviewValidated
	}
	if l.Verdict != "" {
		row.Assessment = &evidence.Assessment{ID: d.id(evidence.KindAssessment), Listing: row.Listing.ID, Capture: c.ID, Verdict: l.Verdict, Basis: l.Basis, By: "M. Weber", At: Start}
	}
	if l.Item != "" {
		row.Item = &evidence.NoticeItem{ID: d.id(evidence.KindItem), Listing: row.Listing.ID, State: l.Item}
	}
	d.rows[caseID] = append(d.rows[caseID], row)
	earlier := c
	earlier.ID, earlier.StartedAt, earlier.Artifacts = d.id(evidence.KindCapture), c.StartedAt.AddDate(0, 0, -7), nil
	d.photograph(&earlier, l.Height, d.made+1)
	d.captures[row.Listing.ID] = []evidence.Capture{c, earlier}
}

func facts(l Listing) *evidence.Facts {
	return &evidence.Facts{
		PageKind: evidence.PageListing, Marketplace: l.Market, Title: l.Title, Availability: evidence.InStock, Brand: "Aurel",
		Price:  &evidence.Price{Min: l.Price, Currency: l.Currency},
		Seller: &evidence.SellerFacts{ID: "s-20871", Name: l.Seller, URL: "https://market.example/seller/20871"},
		ItemID: "4410982", Location: "Guangzhou, CN", Sold: &evidence.Sold{Text: "1,000+ sold", AtLeast: 1000},
		Sources: map[string]evidence.Source{"title": evidence.FromJSONLD, "price": evidence.FromJSONLD, "seller": evidence.FromEmbeddedState,
			"brand": evidence.FromMicrodata, "item_id": evidence.FromURL, "location": evidence.FromVisibleText, "sold": evidence.FromVisibleText, "availability": evidence.FromJSONLD},
		Places: map[string]evidence.Place{ // as page draws them
			"title": {Box: evidence.Box{X: 700, Y: 120, Width: 520, Height: 70}}, "price": {Box: evidence.Box{X: 700, Y: 304, Width: 460, Height: 24}},
			"seller.name": {Box: evidence.Box{X: 700, Y: 350, Width: 480, Height: 24}}, "sold": {Box: evidence.Box{X: 700, Y: 442, Width: 300, Height: 24}},
		},
	}
}

// photograph gives a capture its artifacts.
func (d *Desk) photograph(c *evidence.Capture, height, seed int) {
	put := func(role evidence.Role, media string, size int, content func() []byte) {
		h := evidence.HashOf([]byte(fmt.Sprint(role, c.URL, seed))) // pictures are drawn when they are looked at
		d.blobs[h] = content
		c.Artifacts = append(c.Artifacts, evidence.Artifact{Role: role, MediaType: media, Size: int64(size), SHA256: h})
	}
	text := func() []byte { return []byte(c.URL) }
	if height > 0 {
		put(evidence.RoleScreenshot, "image/png", height*61, func() []byte { return page(1280, height, seed) })
		put(evidence.RoleViewport, "image/png", 48_211, func() []byte { return page(1280, 800, seed) })
	}
	put(evidence.RoleHTML, "text/html", 91_340, text)
	put(evidence.RoleMHTML, "multipart/related", 2_310_877, text)
	put(evidence.RoleWARC, "application/warc", 1_904_112, text)
	put(evidence.RoleManifest, "application/json", 6_120, text)
	c.Manifest = c.Artifacts[len(c.Artifacts)-1].SHA256
}

// page draws something that looks like a listing from afar.
func page(w, h, seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	accent := color.RGBA{uint8(60 + seed*53%160), uint8(70 + seed*97%120), uint8(90 + seed*29%140), 255}
	grey, pale := color.RGBA{198, 203, 210, 255}, color.RGBA{236, 238, 241, 255}
	fill(img.Rect, color.White)
	fill(image.Rect(0, 0, w, 64), accent)
	fill(image.Rect(48, 110, 640, 640), pale)
	fill(image.Rect(180, 210, 510, 540), accent)
	for i, width := range []int{520, 430, 180, 0, 460, 480, 470, 300} {
		fill(image.Rect(700, 120+i*46, 700+width, 144+i*46), grey)
	}
	fill(image.Rect(700, 520, 960, 576), accent)
	for y := 720; y < h-40; y += 34 {
		if y/34%17 == 0 {
			fill(image.Rect(48, y, 420, min(h, y+300)), pale)
			y += 300
			continue
		}
		fill(image.Rect(48, y, w-48-(y*37%400), y+14), grey)
	}
	return encode(img)
}

func encode(img image.Image) []byte {
	var b bytes.Buffer
	// An RGBA in memory always encodes.
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes()
}
