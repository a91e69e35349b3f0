// Package pages shows a practice market to browsers: home, search, shelves,
// listings, shops, the robot check, the login wall and what stands in place of a
// listing that is gone, in English and Chinese. Its pages state their facts in as
// many ways as real marketplaces do, and every one of them says that it is
// practice.
//
// It reads the market and changes nothing in it.
package pages

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"touchstone/app/practice/market"
)

//go:embed html css js words.json
var files embed.FS

// site is the marketplace's web site.
type site struct {
	market  *market.Market
	words   map[string][2]string // English, Chinese
	pages   map[string]*template.Template
	session string // what the cookie of a signed-in visitor holds
	media   *gallery
}

// New is the marketplace's web site.
func New(m *market.Market) (http.Handler, error) {
	s := &site{market: m, session: rand.Text(), media: newGallery(m)}
	text, err := files.ReadFile("words.json")
	if err == nil {
		err = json.Unmarshal(text, &s.words)
	}
	if err != nil {
		return nil, fmt.Errorf("read the pages' words: %w", err)
	}
	if s.pages, err = parse(); err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	return s.routes()
}

func parse() (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "results", "listing", "shop", "robot", "signin", "gone"} {
		t, err := template.New(name).Funcs(template.FuncMap{"stars": stars}).ParseFS(files, "html/layout.html", "html/"+name+".html")
		if err != nil {
			return nil, err
		}
		pages[name] = t
	}
	return pages, nil
}

func (s *site) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /zh/{$}", s.home)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET /zh/search", s.search)
	mux.HandleFunc("GET /category/{slug}", s.category)
	mux.HandleFunc("GET /zh/category/{slug}", s.category)
	mux.HandleFunc("GET /item/{file}", s.listing)
	mux.HandleFunc("GET /shop/{id}", s.shop)
	mux.HandleFunc("GET /api/offer/{file}", s.offerState)
	mux.HandleFunc("GET /api/offer/{id}/reviews", s.moreReviews)
	mux.HandleFunc("GET /account/orders", s.orders)
	mux.HandleFunc("GET /signin", s.signIn)
	mux.HandleFunc("POST /signin", s.signedIn)
	mux.HandleFunc("GET /verify", s.robotCheck)
	mux.HandleFunc("POST /verify", s.verified)
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.Handle("GET /media/{name}", s.media)
	mux.HandleFunc("GET /", s.missing)
	static, err := fs.Sub(files, ".")
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /static/css/", cached(http.StripPrefix("/static/", http.FileServerFS(static))))
	mux.Handle("GET /static/js/", cached(http.StripPrefix("/static/", http.FileServerFS(static))))
	return visitors(mux), nil
}

// visitors gives every visitor a cookie, as marketplaces do.
func visitors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("X-Practice", "this is a practice marketplace: everything here is invented")
		if _, err := r.Cookie("pb_visitor"); err != nil && !strings.HasPrefix(r.URL.Path, "/static/") && !strings.HasPrefix(r.URL.Path, "/media/") {
			setCookie(w, "pb_visitor", rand.Text())
		}
		next.ServeHTTP(w, r)
	})
}

func setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 86400})
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// show writes a page. It is rendered whole before anything is sent.
func (s *site) show(w http.ResponseWriter, status int, page string, v any) {
	var b bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&b, "layout", v); err != nil {
		http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// view is what every page shows.
type view struct {
	site  *site
	Lang  string
	Title string
	Class string
	Query string
	shelf string // slug of the shelf the page is on
}

func (s *site) view(lang, class, title string) view {
	return view{site: s, Lang: lang, Class: class, Title: title}
}

// langOf is the language of the part of the site that a request is for.
func langOf(r *http.Request) string {
	if r.URL.Path == "/zh" || strings.HasPrefix(r.URL.Path, "/zh/") {
		return "zh-CN"
	}
	return "en"
}

// W is the interface's word for key in the page's language.
func (v view) W(key string) string { return v.site.word(key, v.Lang) }

func (s *site) word(key, lang string) string {
	if strings.HasPrefix(lang, "zh") {
		return s.words[key][1]
	}
	return s.words[key][0]
}

// Chinese reports whether the page is in Chinese.
func (v view) Chinese() bool { return strings.HasPrefix(v.Lang, "zh") }

// Prefix is where the language's part of the site begins.
func (v view) Prefix() string {
	if v.Chinese() {
		return "/zh"
	}
	return ""
}

// Home is the language's home page.
func (v view) Home() string { return v.Prefix() + "/" }

// Shelf is a link to a category.
type Shelf struct {
	Name, Href string
	Here       bool
}

// Shelves are the links below the masthead.
func (v view) Shelves() []Shelf {
	var shelves []Shelf
	for _, c := range market.Categories() {
		shelves = append(shelves, v.shelfOf(c))
	}
	return shelves
}

func (v view) shelfOf(c market.Category) Shelf {
	name := c.EN
	if v.Chinese() {
		name = c.ZH
	}
	return Shelf{name, v.Prefix() + "/category/" + c.Slug, c.Slug == v.shelf}
}

// card is an offer in a grid.
type card struct {
	Href, Picture, Title, Shown, Was, Sold, Seller string
	Rating                                         float64
	Lazy                                           bool
}

func cards(offers []*market.Offer, eager int) []card {
	list := make([]card, len(offers))
	for i, o := range offers {
		list[i] = card{o.Path(), "/media/" + o.Pictures[0].Name, o.Title, o.Shown, o.Was, o.Sold, o.Seller.Name, o.Rating, i >= eager}
	}
	return list
}

func stars(n int) string { return strings.Repeat("★", n) + strings.Repeat("☆", 5-n) }

// robots asks machines to keep out of what is not for them. Practice captures
// are one page at a time on their owner's behalf, and the marketplace invites them.
func (s *site) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "# Practice Bazaar: a practice marketplace, everything here is invented.")
	fmt.Fprintln(w, "User-agent: *\nDisallow: /account/\nDisallow: /signin\nDisallow: /verify\nDisallow: /search\nDisallow: /zh/search\nAllow: /item/\nAllow: /shop/\nCrawl-delay: 1")
}

func (s *site) signedInVisitor(r *http.Request) bool {
	c, err := r.Cookie("pb_session")
	return err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(s.session)) == 1
}
