package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"touchstone/app/practice/market"
)

type homePage struct {
	view
	Featured []card
	Tiles    []tile
	Offers   []card
}

type tile struct {
	Shelf
	Picture string
}

func (s *site) home(w http.ResponseWriter, r *http.Request) {
	v := s.view(langOf(r), "home", "")
	p := homePage{view: v}
	p.Title = v.W("deals")
	live := s.market.Live(func(o *market.Offer) bool { return o.Gate == market.NoGate })
	slices.SortStableFunc(live, func(a, b *market.Offer) int { return rank(a, v.Lang) - rank(b, v.Lang) })
	for _, c := range market.Categories() {
		if i := slices.IndexFunc(live, func(o *market.Offer) bool { return o.Category == c.Slug && o.Truth != market.Counterfeit }); i >= 0 {
			p.Tiles = append(p.Tiles, tile{v.shelfOf(c), "/media/" + live[i].Pictures[0].Name})
		}
	}
	p.Offers = cards(live[:min(len(live), perPage)], 5)
	p.Featured = p.Offers[:min(3, len(p.Offers))]
	s.show(w, http.StatusOK, "home", p)
}

// rank puts offers in the page's language first.
func rank(o *market.Offer, lang string) int {
	if o.Language == lang {
		return 0
	}
	return 1
}

type resultsPage struct {
	view
	Heading string
	Count   string
	Brands  []string
	Offers  []card
	Next    string // the address of the next page; empty on the last
}

// perPage is how many offers one page of results shows.
const perPage = 60

func (s *site) search(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue("q"))
	if len(q) > 200 {
		q = strings.ToValidUTF8(q[:200], "")
	}
	v := s.view(langOf(r), "search", "")
	v.Query, v.Title = q, v.W("search")
	if q != "" {
		v.Title = q
	}
	s.results(w, r, v, v.Title, func(o *market.Offer) bool { return o.Matches(q) })
}

func (s *site) category(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	shelves := market.Categories()
	i := slices.IndexFunc(shelves, func(c market.Category) bool { return c.Slug == slug })
	if i < 0 {
		s.missing(w, r)
		return
	}
	v := s.view(langOf(r), "category", "")
	v.shelf = slug
	v.Title = v.shelfOf(shelves[i]).Name
	s.results(w, r, v, v.Title, func(o *market.Offer) bool { return o.Category == slug })
}

func (s *site) results(w http.ResponseWriter, r *http.Request, v view, heading string, keep func(*market.Offer) bool) {
	live := s.market.Live(keep)
	p := resultsPage{view: v, Heading: heading, Count: fmt.Sprintf("%d %s", len(live), v.W("items_found"))}
	page, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || page < 1 || page > 1+len(live)/perPage {
		page = 1
	}
	if page*perPage < len(live) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page+1))
		p.Next = r.URL.Path + "?" + q.Encode()
	}
	live = live[min(len(live), (page-1)*perPage):min(len(live), page*perPage)]
	p.Offers = cards(live, 4)
	for _, o := range live {
		if !slices.Contains(p.Brands, o.Brand) {
			p.Brands = append(p.Brands, o.Brand)
		}
	}
	s.show(w, http.StatusOK, "results", p)
}

type shopPage struct {
	view
	Seller  *market.Seller
	Initial string
	Offers  []card
}

func (s *site) shop(w http.ResponseWriter, r *http.Request) {
	seller, ok := s.market.Seller(r.PathValue("id"))
	if !ok {
		s.missing(w, r)
		return
	}
	live := s.market.Live(func(o *market.Offer) bool { return o.Seller == seller })
	s.show(w, http.StatusOK, "shop", shopPage{
		view: s.view(seller.Language, "shop", seller.Name), Seller: seller, Initial: string([]rune(seller.Name)[:1]), Offers: cards(live[:min(len(live), perPage)], 4),
	})
}

type gonePage struct {
	view
	Heading, Because, ItemID string
	Others                   []card
}

func (s *site) missing(w http.ResponseWriter, r *http.Request) {
	v := s.view(langOf(r), "missing", "")
	v.Title = v.W("missing")
	s.show(w, http.StatusNotFound, "gone", gonePage{view: v, Heading: v.Title, Because: v.W("missing_because")})
}

// gone stands in place of a listing. Marketplaces differ in the status they
// answer with, and so do the languages of this one: 410 in English, 404 in
// Chinese, and 200 where the seller ended it.
func (s *site) gone(w http.ResponseWriter, o *market.Offer, status market.Status) {
	v := s.view(o.Language, "gone", "")
	v.shelf = o.Category
	word, code := "gone", http.StatusGone
	switch {
	case status == market.Ended:
		word, code = "ended", http.StatusOK
	case v.Chinese():
		code = http.StatusNotFound
	}
	v.Title = v.W(word)
	s.show(w, code, "gone", gonePage{view: v, Heading: v.Title, Because: v.W(word + "_because"), ItemID: o.ItemID, Others: cards(s.others(o), 5)})
}

// others are a few live offers of the same shelf.
func (s *site) others(o *market.Offer) []*market.Offer {
	live := s.market.Live(func(k *market.Offer) bool { return k != o && k.Category == o.Category && k.Gate == market.NoGate })
	return live[:min(5, len(live))]
}

type gatePage struct {
	view
	Next     string
	Incident string
	Wrong    bool
}

func (s *site) robotCheck(w http.ResponseWriter, r *http.Request) {
	s.challenge(w, "en", local(r.FormValue("next")))
}

func (s *site) challenge(w http.ResponseWriter, lang, next string) {
	v := s.view(lang, "robot", "")
	v.Title = v.W("robot")
	s.show(w, http.StatusForbidden, "robot", gatePage{view: v, Next: next, Incident: incident()})
}

func (s *site) verified(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	setCookie(w, "pb_human", "yes")
	http.Redirect(w, r, local(r.PostFormValue("next")), http.StatusSeeOther)
}

func (s *site) orders(w http.ResponseWriter, r *http.Request) {
	if !s.signedInVisitor(r) {
		http.Redirect(w, r, "/signin?next="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	v := s.view("en", "search", "Orders")
	s.show(w, http.StatusOK, "results", resultsPage{view: v, Heading: v.W("orders"), Count: "0 " + v.W("items_found")})
}

func (s *site) signIn(w http.ResponseWriter, r *http.Request) {
	s.askToSignIn(w, http.StatusOK, r.FormValue("next"), false)
}

func (s *site) askToSignIn(w http.ResponseWriter, status int, next string, wrong bool) {
	v := s.view("en", "login", "")
	v.Title = v.W("sign_in")
	s.show(w, status, "signin", gatePage{view: v, Next: local(next), Wrong: wrong})
}

func (s *site) signedIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	next := r.PostFormValue("next")
	if r.PostFormValue("user") != "practice" || r.PostFormValue("password") != "practice" {
		s.askToSignIn(w, http.StatusUnauthorized, next, true)
		return
	}
	setCookie(w, "pb_session", s.session)
	http.Redirect(w, r, local(next), http.StatusSeeOther)
}

// maxForm is how long a form may be, in bytes.
const maxForm = 16 << 10

// local is where to go on to, on this site only.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	return u.RequestURI()
}
