package listing

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"

	"touchstone/store/evidence"
)

// markerPages is the folder of the rules and their test pages.
const markerPages = "../../assets/markers"

func TestEachMarkerRecognisesItsPage(t *testing.T) {
	list, err := markers()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 30 {
		t.Errorf("%d markers, want 30 or more", len(list))
	}
	for _, m := range list {
		t.Run(m.name, func(t *testing.T) {
			page, err := os.ReadFile(filepath.Join(markerPages, m.name+".html"))
			if err != nil {
				t.Fatalf("each rule needs a page beside it: %v", err)
			}
			r := response{URL: m.Example.URL, FinalURL: m.Example.Final, Status: m.Example.Status, HTML: page}
			outcome, reason := classify(r)
			if outcome != m.Outcome || reason != m.Reason {
				t.Errorf("Classify = %q, %q, want %q, %q", outcome, reason, m.Outcome, m.Reason)
			}
			if m.Reason == "" || m.Outcome == evidence.Online {
				t.Errorf("rule says %q for %q", m.Reason, m.Outcome)
			}
		})
	}
}

// listingHTML is a plain listing whose body goes on with more.
func listingHTML(more string) []byte {
	return []byte(`<!doctype html><html lang="en"><head><title>Brass lamp | Lamps</title>
<script type="application/ld+json">{"@type":"Product","name":"Brass lamp","offers":{"@type":"Offer","price":"20.00","priceCurrency":"EUR"}}</script></head>
<body><h1>Brass lamp</h1><div class="price">€20.00</div>` + more + `</body></html>`)
}

// response is what a capture got.
type response struct {
	URL, FinalURL string
	Status        int
	HTML          []byte
}

func classify(r response) (evidence.Outcome, string) {
	return Parse(Document{URL: cmp.Or(r.FinalURL, r.URL), HTML: r.HTML}).Outcome(Visit{URL: r.URL, Status: r.Status})
}

func TestClassify(t *testing.T) {
	const url = "https://www.lamps.example/item/4711"
	for _, c := range []struct {
		name string
		r    response
		want evidence.Outcome
	}{
		{"a listing is online", response{URL: url, Status: 200, HTML: listingHTML(`<button>Add to cart</button>`)}, evidence.Online},
		{"a listing that loads a captcha vendor's script is online", response{URL: url, Status: 200, HTML: listingHTML(
			`<button>Add to cart</button><script src="https://geo.captcha-delivery.com/tags.js"></script><script>window._cf_chl_opt={}</script><div id="px-captcha" hidden></div>`)}, evidence.Online},
		{"a listing that is out of stock is online", response{URL: url, Status: 200, HTML: listingHTML(`<p>Out of stock</p><button disabled>Add to cart</button>`)}, evidence.Online},
		{"a listing with a login form in its header is online", response{URL: url, Status: 200, HTML: listingHTML(`<form><h4>Please sign in</h4><input type=password></form><button>Buy now</button>`)}, evidence.Online},
		{"a listing whose reviews tell of a removed item is online", response{URL: url, Status: 200, HTML: listingHTML(`<button>Buy now</button><div class="reviews"><h3>This listing was removed, said the seller</h3></div>`)}, evidence.Online},
		{"an eBay listing that carries the message of its end hidden is online", response{URL: "https://www.ebay.com/itm/123456789012", Status: 200, HTML: listingHTML(
			`<div class="msg-alert" style="display: none">This listing was ended by the seller</div><button>Buy It Now</button>`)}, evidence.Online},
		{"404 is not found", response{URL: url, Status: 404, HTML: []byte(`<h1>Oops</h1>`)}, evidence.NotFound},
		{"404 that says the listing was removed is removed", response{URL: url, Status: 404, HTML: []byte(`<h1>This listing has been removed</h1>`)}, evidence.Removed},
		{"404 that says so in Chinese and names the article is removed", response{URL: url, Status: 404, HTML: []byte(
			`<title>很抱歉，您查看的商品已下架 | Lamps</title><h1>很抱歉，您查看的商品已下架</h1><p>该商品因知识产权权利人投诉，已被平台删除。</p><p>商品编号: 1009192142893</p><a href="/">返回首页</a>`)}, evidence.Removed},
		{"410 is removed", response{URL: url, Status: 410, HTML: []byte(`<h1>Gone</h1>`)}, evidence.Removed},
		{"401 asks for a login", response{URL: url, Status: 401, HTML: []byte(`<h1>Unauthorized</h1>`)}, evidence.LoginRequired},
		{"403 is blocked", response{URL: url, Status: 403, HTML: []byte(`<h1>No</h1>`)}, evidence.Blocked},
		{"429 is blocked", response{URL: url, Status: 429, HTML: []byte(`slow down`)}, evidence.Blocked},
		{"503 is the server's error", response{URL: url, Status: 503, HTML: []byte(`<h1>Service unavailable</h1>`)}, evidence.ServerError},
		{"503 with a challenge is blocked", response{URL: url, Status: 503, HTML: []byte(`<title>Just a moment...</title><script>window._cf_chl_opt={}</script>`)}, evidence.Blocked},
		{"a listing answered with the home page is not found", response{URL: url, FinalURL: "https://lamps.example/", Status: 200, HTML: []byte(`<title>Lamps</title><h1>Welcome</h1><p>All our lamps</p>`)}, evidence.NotFound},
		{"a page without anything is blank", response{URL: url, Status: 200, HTML: []byte(`<html><body><div id="app"></div></body></html>`)}, evidence.Blank},
		{"a search page without results is online", response{URL: "https://www.lamps.example/search?q=x", Status: 200, HTML: []byte(`<title>Search</title><h1>Search</h1><p>No results. Try other words.</p>`)}, evidence.Online},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, reason := classify(c.r)
			if got != c.want {
				t.Errorf("Classify = %q (%s), want %q", got, reason, c.want)
			}
			if (got == evidence.Online) != (reason == "") {
				t.Errorf("reason for %q is %q", got, reason)
			}
		})
	}
}
