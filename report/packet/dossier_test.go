package packet

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"touchstone/assets"
	"touchstone/report/notice"
	"touchstone/store/evidence"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// blobs is Files in memory.
type blobs map[evidence.Hash][]byte

func (b blobs) put(data []byte) evidence.Hash {
	h := evidence.HashOf(data)
	b[h] = data
	return h
}

func (b blobs) Open(h evidence.Hash) (io.ReadSeekCloser, error) {
	data, ok := b[h]
	if !ok {
		return nil, fmt.Errorf("open %s: %w", h, fs.ErrNotExist)
	}
	return struct {
		io.ReadSeeker
		io.Closer
	}{bytes.NewReader(data), io.NopCloser(nil)}, nil
}

// id makes an ID that is the same in every run.
func id(kind evidence.Kind, n int) evidence.ID {
	return evidence.ID(fmt.Sprintf("%s_01KAT7Z5W3N5QK0V9J6W4M%04d", kind, n))
}

// scripts are titles in every script a packet has to print.
var scripts = []string{
	"Aldebaran Voyager leather tote, men’s & women’s — “1:1 quality”",
	"Αντίγραφο τσάντας ώμου από δέρμα, άριστη ποιότητα",
	"Сумка женская кожаная «Альдебаран», копия люкс",
	"Túi xách da thật hàng hiệu, bản sao chất lượng cao, miễn phí vận chuyển",
	"奢侈品牌旅行者真皮手提包，一比一复刻，支持货到付款",
	"アルデバラン風 本革トートバッグ ★最高級コピー★【送料無料】",
	"알데바란 보이저 가죽 토트백 정품급 무료배송",
	"กระเป๋าหนังแท้ เกรดพรีเมียม ส่งฟรี",
	"حقيبة جلدية فاخرة نسخة طبق الأصل",
	"תיק עור יוקרתי, העתק מושלם",
	"अल्डेबरन चमड़े का बैग, प्रथम श्रेणी प्रति",
	"Torba skórzana łódź źdźbło; çanta ığüşöç; Ledertasche Größe ß",
}

// dossier is a notice of n listings with their files.
func dossier(tb testing.TB, n int, files blobs, shot func(i int) []byte) notice.Dossier {
	tb.Helper()
	owner := evidence.Organisation{Name: "Aldebaran Leather Works S.p.A.", Address: "Via della Vigna Nuova 47\n50123 Firenze",
		Country: "IT", Email: "ip@aldebaran.example"}
	d := notice.Dossier{
		Brand: evidence.Brand{ID: id(evidence.KindBrand, 1), Name: "Aldebaran", Owner: owner},
		Right: evidence.Right{ID: id(evidence.KindRight, 1), Brand: id(evidence.KindBrand, 1), Type: evidence.Trademark, Name: "ALDEBARAN",
			Number: "018123456", Office: "EUIPO", Jurisdiction: "EU", Classes: []int{14, 18, 25}, ValidFrom: "2019-03-04", Expires: "2029-03-04", Owner: owner},
		Signatory: evidence.Signatory{ID: id(evidence.KindSignatory, 1), Brand: id(evidence.KindBrand, 1), Name: "Dr. Ginevra Lombardi",
			Title: "Head of Intellectual Property", Email: "g.lombardi@aldebaran.example"},
		Case: &evidence.Case{ID: id(evidence.KindCase, 1), Name: "Totes", Matter: "ALD-2026-0417"},
	}
	begun, err := notice.Draft(evidence.Notice{
		ID: id(evidence.KindNotice, 1), Brand: d.Brand.ID, Right: d.Right.ID, Channel: "Practice Marketplace", LegalBasis: evidence.BasisDSA,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Signatory: d.Signatory.ID, Practice: true, GoodFaith: true,
		Explanation: "The goods offered bear the registered word mark ALDEBARAN on the front plate and the lining. The brand makes no bag of this model in the colours offered; " +
			"the plate is riveted where genuine goods are sewn, and the price is a twentieth of the retail price. Some listings call the goods a copy in so many words.",
	}, noon.Add(-time.Hour))
	if err != nil {
		tb.Fatal(err)
	}
	if d.Notice, err = notice.Approve(begun, d.Signatory.ID, noon.Add(-30*time.Minute)); err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		d.Exhibits = append(d.Exhibits, exhibit(i, files, shot(i)))
	}
	return d
}

func exhibit(i int, files blobs, shot []byte) notice.Exhibit {
	at := noon.Add(-48 * time.Hour).Add(time.Duration(i) * 7 * time.Minute)
	page := fmt.Sprintf("https://www.market.example/item/%d?variant=cognac&ref=search", 4001000+i)
	title := scripts[i%len(scripts)]
	html := []byte("<!doctype html><title>" + title + "</title>")
	facts := &evidence.Facts{PageKind: evidence.PageListing, Marketplace: "market.example", ItemID: fmt.Sprint(4001000 + i), Title: title,
		Price: &evidence.Price{Min: "89.00", Currency: "EUR"}, Availability: evidence.InStock, Brand: "Aldebaran",
		Seller: &evidence.SellerFacts{ID: "s-8812", Name: "Golden Lane Store", URL: "https://www.market.example/seller/s-8812"},
		Sold:   &evidence.Sold{Text: "1,000+ sold", AtLeast: 1000},
		Sources: map[string]evidence.Source{"title": evidence.FromJSONLD, "price": evidence.FromJSONLD, "item_id": evidence.FromURL,
			"seller": evidence.FromVisibleText, "sold": evidence.FromVisibleText, "availability": evidence.FromMicrodata, "brand": evidence.FromOpenGraph}}
	manifest := []byte(fmt.Sprintf(`{"schema":1,"capture":%q}`, id(evidence.KindCapture, i)))
	c := evidence.Capture{ID: id(evidence.KindCapture, i), Listing: id(evidence.KindListing, i), URL: page, FinalURL: page, Outcome: evidence.Online,
		Complete: true, HTTPStatus: 200, StartedAt: at, FinishedAt: at.Add(9 * time.Second), Facts: facts, Manifest: files.put(manifest),
		Artifacts: []evidence.Artifact{
			{Role: evidence.RoleScreenshot, MediaType: "image/png", Size: int64(len(shot)), SHA256: files.put(shot)},
			{Role: evidence.RoleHTML, MediaType: "text/html", Size: int64(len(html)), SHA256: files.put(html)},
			{Role: evidence.RoleManifest, MediaType: "application/json", Size: int64(len(manifest)), SHA256: files.put(manifest)},
		}}
	m := evidence.Manifest{Schema: 1, Capture: c.ID, Tool: evidence.Tool{Name: "Touchstone", Version: "0.1.0", Commit: "a127a78"},
		System: evidence.System{OS: "linux", Arch: "amd64", Name: "Debian GNU/Linux 12 (bookworm)"}, Operator: evidence.Actor{Name: "Secret Operator", Account: "op"},
		Snapshot: evidence.Snapshot{URL: page, FinalURL: page, ServerAddress: "203.0.113.7:443",
			DNS: []evidence.DNSAnswer{{Host: "www.market.example", Addresses: []string{"203.0.113.7", "2001:db8::7"}, Resolver: "system", At: at}},
			TLS: &evidence.TLS{Protocol: "TLS 1.3", Cipher: "AES_128_GCM", Subject: "www.market.example", Issuer: "Example CA R3",
				NotBefore: at.AddDate(0, -1, 0), NotAfter: at.AddDate(0, 2, 0), Valid: true},
			Clock:       &evidence.ClockCheck{ServerDate: at, LocalTime: at, OffsetSeconds: 0.4},
			Browser:     evidence.Browser{Product: "Chrome/150.0.7871.100", Headless: true},
			Settings:    evidence.Settings{ViewportWidth: 1280, ViewportHeight: 900, Locale: "en-GB", TimeZone: "Europe/Rome", Proxy: "10.0.0.9:3128", Profile: "secret persona"},
			Alterations: []evidence.Alteration{{At: at.Add(3 * time.Second), What: "scrolled", Note: "to the end of the page, 4,212 px"}}}}
	return notice.Exhibit{
		Item:    evidence.NoticeItem{ID: id(evidence.KindItem, i), Notice: id(evidence.KindNotice, 1), Listing: c.Listing, Capture: c.ID, State: evidence.ItemApproved},
		Listing: evidence.Listing{ID: c.Listing, Target: evidence.TargetOffer, URL: page, Title: title, Marketplace: "market.example", ItemID: facts.ItemID},
		Capture: c, Manifest: m,
		Assessment: &evidence.Assessment{ID: id(evidence.KindAssessment, i), Listing: c.Listing, Capture: c.ID, Verdict: evidence.Counterfeit,
			Basis: evidence.BasisNonexistentModel, Reason: "No tote of this shape was ever made; the plate is riveted.", By: "Examiner Rossi", At: at.Add(time.Hour)},
	}
}

// page draws something like a marketplace page: a header, a photograph, a
// description.
func page(tb testing.TB, width, height int, seed uint64) *image.RGBA {
	tb.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, width, min(64, height)), image.NewUniform(color.RGBA{27, 54, 93, 255}), image.Point{}, draw.Src)
	r := rand.New(rand.NewPCG(seed, 7))
	for y := 90; y < min(690, height); y++ { // noise: what a photograph costs
		for x := width / 20; x < width/2; x++ {
			wave := 40 * math.Sin(float64(x)/37+float64(seed)) * math.Cos(float64(y)/53)
			v := uint8(120 + wave + float64(r.UintN(8)))
			img.SetRGBA(x, y, color.RGBA{v, v / 2, 255 - v, 255})
		}
	}
	small, large := textFace(tb, 16), textFace(tb, 28)
	ink := image.NewUniform(color.RGBA{26, 29, 33, 255})
	write := func(face font.Face, x, y int, text string) {
		(&font.Drawer{Dst: img, Src: ink, Face: face, Dot: fixed.P(x, y)}).DrawString(text)
	}
	write(large, width*11/20, 130, "Voyager leather tote")
	write(large, width*11/20, 180, "89.00 EUR")
	const line = "The bag is made of soft leather of the first choice, with a riveted plate and a lining that carries the mark. Delivery to all countries within 12 days, returns within 30 days."
	for y, n := 740, 0; y < height; n++ {
		write(small, width/20, y, fmt.Sprintf("%d  %s", n, line)[:150-(n%3)*40])
		y += 24
		if n%3 == 2 {
			y += 20 // between paragraphs
		}
	}
	return img
}

func textFace(tb testing.TB, size float64) font.Face {
	tb.Helper()
	ttf, err := assets.NotoSans.TTF()
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		tb.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		tb.Fatal(err)
	}
	return face
}

func encodePNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
