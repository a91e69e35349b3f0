package practice_test

import (
	"encoding/json"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/app/practice"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, c practice.Config) *practice.Server {
	t.Helper()
	c.PictureSide = 100
	s, err := practice.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// visitor is a browser without script that keeps its cookies.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

func visit(t *testing.T, s *practice.Server) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t, s.URL(), &http.Client{Jar: jar, Transport: transport}}
}

func (v *visitor) get(path string) (*http.Response, []byte) {
	v.t.Helper()
	return v.read(v.http.Get(v.base + strings.TrimPrefix(path, v.base)))
}

func (v *visitor) post(path string, form url.Values) (*http.Response, []byte) {
	v.t.Helper()
	return v.read(v.http.PostForm(v.base+path, form))
}

func (v *visitor) read(r *http.Response, err error) (*http.Response, []byte) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r, body
}

func parse(t *testing.T, body []byte) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func find(t *testing.T, s *practice.Server, fits func(practice.Offer) bool) practice.Offer {
	t.Helper()
	for _, o := range s.Catalogue() {
		if fits(o) {
			return o
		}
	}
	t.Fatal("no such offer in the catalogue")
	return practice.Offer{}
}

func TestTheDemoHasItsSix(t *testing.T) {
	s := start(t, practice.Config{})
	offers := s.Catalogue()
	truths, chinese := map[practice.Truth]int{}, 0
	for i, o := range offers {
		if o.Demo != (i < 6) {
			t.Errorf("offer %d: Demo is %v", i, o.Demo)
		}
		if o.Demo {
			truths[o.Truth]++
			if o.Truth == practice.Counterfeit && o.Language == "zh-CN" {
				chinese++
			}
		}
	}
	want := map[practice.Truth]int{practice.Counterfeit: 3, practice.Genuine: 2, practice.Removed: 1}
	if diff := cmp.Diff(want, truths); diff != "" || chinese != 1 {
		t.Errorf("the demo's offers (-want +got), %d Chinese counterfeits:\n%s", chinese, diff)
	}
	if len(offers) < 18 {
		t.Errorf("the catalogue has %d offers, want the six and a dozen more", len(offers))
	}
}

func TestEveryPageSaysThatItIsPractice(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	pages := map[string]int{
		"/": 200, "/zh/": 200, "/search?q=aurelia": 200, "/zh/search?q=%E5%8C%85": 200, "/search?q=%3Cscript%3E": 200, "/category/bags": 200, "/zh/category/bags": 200,
		"/signin": 200, "/account/orders": 200, "/verify": 403, "/nowhere": 404, "/zh/nowhere": 404, "/category/none": 404, "/shop/none": 404, "/item/1.html": 404, "/item/x": 404,
	}
	shops := map[string]bool{}
	for _, o := range s.Catalogue() {
		want := 200
		switch {
		case o.Truth == practice.Removed && o.Language == "en":
			want = 410
		case o.Truth == practice.Removed:
			want = 404
		case o.Behind == "robot":
			want = 403
		}
		pages[o.URL] = want
		shops[o.Seller.URL] = true
	}
	for shop := range shops {
		pages[shop] = 200
	}
	for page, want := range pages {
		r, body := v.get(page)
		doc := parse(t, body)
		if r.StatusCode != want || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s, want %d and HTML", page, r.StatusCode, r.Header.Get("Content-Type"), want)
		}
		notice := map[string]string{"en": "Practice marketplace", "zh-CN": "练习市场"}[doc.Find("html").AttrOr("lang", "")]
		if notice == "" || !strings.Contains(doc.Find(".practice").Text(), notice) || !strings.Contains(doc.Find("footer").Text(), notice) {
			t.Errorf("%s does not say at its head and foot that it is practice", page)
		}
		if strings.Contains(string(body), "<script>alert") || strings.Contains(string(body), "ZgotmplZ") || strings.Contains(string(body), "<no value>") {
			t.Errorf("%s: something was not filled in or not escaped", page)
		}
	}
}

func TestEachListingStatesItsFactsInItsOwnWay(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	seen := map[string]bool{}
	for _, o := range s.Catalogue() {
		if o.Truth == practice.Removed || o.Behind != "" {
			continue
		}
		_, body := v.get(o.URL)
		doc := parse(t, body)
		if doc.Find(".gone").Length() > 0 {
			continue // ended by its seller
		}
		seen[o.Markup] = true
		stated := map[string]bool{
			"json_ld":        doc.Find(`script[type="application/ld+json"]`).Length() == 1,
			"microdata":      doc.Find(`[itemtype="https://schema.org/Product"] [itemprop=price]`).AttrOr("content", "") == o.Price.Min,
			"open_graph":     doc.Find(`meta[property="og:title"]`).AttrOr("content", "") == o.Title,
			"embedded_state": strings.Contains(string(body), "window.__INITIAL_STATE__ = {"),
			"visible_text":   strings.Contains(doc.Find(".offer h1").Text(), o.Title),
			"fetched":        doc.Find("#app[data-offer]").Length() == 1 && !strings.Contains(string(body), "__INITIAL_STATE__"),
		}
		for markup, is := range stated {
			want := markup == o.Markup
			if markup == "visible_text" { // the others show their facts too, unless script draws them
				want = o.Markup != "embedded_state" && o.Markup != "fetched"
			}
			if is != want {
				t.Errorf("%s (%s): states its facts as %s: %v", o.Title, o.Markup, markup, is)
			}
		}
		if o.Markup == "json_ld" {
			checkJSONLD(t, o, doc.Find(`script[type="application/ld+json"]`).Text())
		}
	}
	if len(seen) != 6 {
		t.Errorf("listings are seen in %d ways, want 6: %v", len(seen), seen)
	}
}

func checkJSONLD(t *testing.T, o practice.Offer, text string) {
	t.Helper()
	var got struct {
		Name, SKU string
		Image     []string
		Offers    struct {
			Price, LowPrice, HighPrice, PriceCurrency string
			Seller                                    struct{ Name, URL string }
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Errorf("%s: JSON-LD: %v", o.Title, err)
	}
	price := evidence.Price{Min: got.Offers.Price + got.Offers.LowPrice, Max: got.Offers.HighPrice, Currency: got.Offers.PriceCurrency, Tiers: o.Price.Tiers}
	if got.Name != o.Title || got.SKU != o.ItemID || !cmp.Equal(got.Image, o.Pictures) || !cmp.Equal(price, o.Price) || got.Offers.Seller.URL != o.Seller.URL {
		t.Errorf("%s: JSON-LD says %+v", o.Title, got)
	}
}

func TestShopsShowHowToReachTheSeller(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	kinds := map[string]bool{}
	for _, o := range s.Catalogue() {
		_, body := v.get(o.Seller.URL)
		text := parse(t, body).Find("#contact").Text()
		for _, c := range o.Seller.Contacts {
			kinds[c.Type] = true
			if !strings.Contains(text, c.Shown) {
				t.Errorf("%s does not show %q", o.Seller.URL, c.Shown)
			}
		}
	}
	for _, kind := range []string{"wechat", "whatsapp", "phone", "email", "address"} {
		if !kinds[kind] {
			t.Errorf("no seller shows a contact of type %s", kind)
		}
	}
}

func TestPicturesAreServed(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	o := s.Catalogue()[0]
	if len(o.Pictures) < 4 {
		t.Errorf("the listing has %d pictures, want several", len(o.Pictures))
	}
	for _, p := range o.Pictures {
		r, first := v.get(p)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/jpeg" {
			t.Fatalf("%s: %s %s", p, r.Status, r.Header.Get("Content-Type"))
		}
		if _, err := jpeg.Decode(strings.NewReader(string(first))); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		if _, again := v.get(p); string(again) != string(first) {
			t.Errorf("%s has other bytes the second time", p)
		}
	}
	if r, _ := v.get("/media/none.jpg"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a picture that is not there: %s", r.Status)
	}
}

func TestTheRobotCheckOpensOnceItIsPassed(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	o := find(t, s, func(o practice.Offer) bool { return o.Behind == "robot" })
	if r, _ := v.get(o.URL); r.StatusCode != http.StatusForbidden {
		t.Fatalf("before the check: %s", r.Status)
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	r, body := v.post("/verify", url.Values{"next": {u.Path}})
	if r.StatusCode != http.StatusOK || !strings.Contains(string(body), o.Title) {
		t.Errorf("after the check: %s", r.Status)
	}
}

func TestTheLoginWallOpensForTheNameAndPasswordItShows(t *testing.T) {
	s := start(t, practice.Config{})
	v := visit(t, s)
	o := find(t, s, func(o practice.Offer) bool { return o.Behind == "login" })
	r, body := v.get(o.URL)
	if r.Request.URL.Path != "/signin" || parse(t, body).Find("input[type=password]").Length() != 1 {
		t.Fatalf("the wall: %s at %s", r.Status, r.Request.URL)
	}
	form := url.Values{"next": {r.Request.URL.Query().Get("next")}, "user": {"practice"}, "password": {"guess"}}
	if r, _ := v.post("/signin", form); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a wrong password: %s", r.Status)
	}
	form.Set("password", "practice")
	if r, body := v.post("/signin", form); r.StatusCode != http.StatusOK || parse(t, body).Find("h1").Text() != o.Title {
		t.Errorf("signed in: %s at %s", r.Status, r.Request.URL)
	}
	for _, elsewhere := range []string{"//example.com/", "https://example.com/", `/\example.com`, "javascript:alert(1)", "\x00"} {
		form.Set("next", elsewhere)
		if r, _ := v.post("/signin", form); r.Request.URL.String() != s.URL()+"/" {
			t.Errorf("next=%q leads to %s", elsewhere, r.Request.URL)
		}
	}
}

func TestTheSameSeedMakesTheSameMarketplace(t *testing.T) {
	numbers := func(seed int64) []string {
		var list []string
		for _, o := range start(t, practice.Config{Seed: seed}).Catalogue() {
			u, err := url.Parse(o.Pictures[0])
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, o.ItemID+" "+u.Path)
		}
		return list
	}
	one, same, other := numbers(1), numbers(1), numbers(2)
	if diff := cmp.Diff(one, same); diff != "" {
		t.Errorf("seed 1 twice:\n%s", diff)
	}
	if cmp.Equal(one, other) {
		t.Error("seeds 1 and 2 make the same numbers")
	}
}

func TestManyVisitorsAtOnce(t *testing.T) {
	s := start(t, practice.Config{})
	offers := s.Catalogue()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			v := visit(t, s)
			for i := range offers {
				o := offers[(i+n)%len(offers)]
				for _, page := range []string{o.URL, o.Seller.URL, "/search?q=" + url.QueryEscape(o.Brand)} {
					if r, _ := v.get(page); r.StatusCode >= 500 {
						t.Errorf("%s: %s", page, r.Status)
					}
				}
			}
		})
	}
	all.Wait()
}
