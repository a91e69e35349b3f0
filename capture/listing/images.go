package listing

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/store/evidence"
)

// maxImages is how many pictures of a listing are kept.
const maxImages = 60

// images settles the listing's own pictures, in order, each in its largest
// version.
func (r *reader) images() {
	for _, sel := range r.page.selectorsOf("images") {
		for _, n := range r.page.find(sel) {
			r.addImage(sel.value(n), evidence.FromVisibleText)
		}
		if len(r.facts.Images) > 1 {
			return
		}
	}
	for _, v := range r.page.statedValues("images") {
		for _, item := range v.Items {
			r.addImage(cmp.Or(item.Scalar(), member(item, []string{"url", "src", "fullpathimageuri", "poster"}).Scalar()), evidence.FromEmbeddedState)
		}
	}
	if len(r.facts.Images) > 1 {
		return
	}
	for _, c := range r.claims.main {
		for _, ref := range c.images {
			r.addImage(ref, c.source)
		}
	}
	if len(r.facts.Images) == 0 {
		r.gallery()
	}
}

// selectorsOf are the marketplace's selectors for a fact.
func (p *Page) selectorsOf(fact string) []selector {
	if p.market == nil {
		return nil
	}
	return p.market.selectors[fact]
}

// addImage adds a picture, unless another size of it is there.
func (r *reader) addImage(ref string, source evidence.Source) {
	shown := r.page.resolve(ref)
	if shown == "" || len(r.facts.Images) >= maxImages || decoration(shown) {
		return
	}
	u := largest(shown)
	for _, have := range r.facts.Images {
		if samePicture(have.URL, u) {
			return
		}
	}
	hash := r.page.Loaded[u]
	if hash == "" {
		hash = r.page.Loaded[shown]
		if hash != "" {
			u = shown // the version that was seen is the one that can be shown
		}
	}
	r.facts.Images = append(r.facts.Images, evidence.Image{URL: u, SHA256: hash})
	r.source("images", source)
}

// decoration reports whether a picture's name says that it shows no goods.
func decoration(ref string) bool {
	u, err := url.Parse(strings.ToLower(ref))
	if err != nil {
		return true
	}
	name := path.Base(u.Path)
	if ext := path.Ext(name); ext == ".gif" || ext == ".svg" {
		return true
	}
	for _, w := range []string{"pixel", "sprite", "blank", "logo", "icon", "loader", "loading", "placeholder", "spacer", "noimage", "no-image", "staticmap", "play-button", "transparent"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// sizes are the parts of picture addresses by which large hosts name a smaller
// version, and what stands there for the original.
var sizes = sync.OnceValue(func() []struct {
	host string
	re   *regexp.Regexp
	full string
} {
	type size = struct {
		host string
		re   *regexp.Regexp
		full string
	}
	return []size{
		{"media-amazon.com", regexp.MustCompile(`\.[A-Z_][A-Za-z0-9_,-]*_(\.[a-z]+)$`), "$1"},
		{"ssl-images-amazon.com", regexp.MustCompile(`\.[A-Z_][A-Za-z0-9_,-]*_(\.[a-z]+)$`), "$1"},
		{"ebayimg.com", regexp.MustCompile(`/s-l[0-9]+(\.[a-z]+)$`), "/s-l1600$1"},
		{"alicdn.com", regexp.MustCompile(`(\.(?:jpe?g|png|webp))_[^/]*$`), "$1"},
		{"alicdn.com", regexp.MustCompile(`\.[0-9]+x[0-9]+(\.(?:jpe?g|png))$`), "$1"},
		{"etsystatic.com", regexp.MustCompile(`/il_[0-9]+x[0-9N]+\.`), "/il_fullxfull."},
		{"cdn.shopify.com", regexp.MustCompile(`_(?:[0-9]+x[0-9]*|x[0-9]+|pico|icon|thumb|small|compact|medium|large|grande)(?:_crop_[a-z]+)?(@[0-9]x)?(\.[a-z]+)$`), "$2"},
		{"mlstatic.com", regexp.MustCompile(`-[A-Z](\.(?:jpg|webp))$`), "-F$1"},
	}
})

// largest is the address of a picture's largest version, where its host is
// known to name sizes.
func largest(ref string) string {
	u, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	for _, s := range sizes() {
		if strings.HasSuffix(u.Hostname(), s.host) {
			u.Path, u.RawPath = s.re.ReplaceAllString(u.Path, s.full), ""
		}
	}
	return u.String()
}

// samePicture reports whether two addresses differ at most in their query,
// where shops ask for a size.
func samePicture(a, b string) bool {
	a, qa, _ := strings.Cut(a, "?")
	b, qb, _ := strings.Cut(b, "?")
	if a != b {
		return false
	}
	return qa == qb || pictureFile(a)
}

func pictureFile(address string) bool {
	u, err := url.Parse(address)
	return err == nil && path.Ext(u.Path) != ""
}

// gallery takes the pictures that stand with the heading: in the smallest
// element that holds the heading and at least one large picture.
func (r *reader) gallery() {
	if r.heading.node == nil {
		return
	}
	for box := r.heading.node.Parent; box != nil && box != r.page.body; box = box.Parent {
		found := false
		for n := range box.Descendants() {
			if len(r.facts.Images) == maxImages {
				return
			}
			if n.DataAtom != atom.Img || r.page.isElsewhere(n) {
				continue
			}
			if ref := r.sourceOf(n); ref != "" && !tiny(n) {
				r.addImage(ref, evidence.FromVisibleText)
				found = true
			}
		}
		if found {
			return
		}
	}
}

// sourceOf is the largest address that an img element names: of those that were
// loaded, if any was, since they can be shown.
func (r *reader) sourceOf(n *html.Node) string {
	refs := sourcesOf(n)
	for _, ref := range refs {
		if r.page.Loaded[r.page.resolve(ref)] != "" {
			return ref
		}
	}
	return cmp.Or(refs...)
}

// sourcesOf is the addresses that an img element, and the link around it, give for
// its picture, the largest first.
func sourcesOf(n *html.Node) []string {
	var refs []string
	for _, name := range []string{"data-zoom-image", "data-large", "data-full", "data-old-hires", "data-zoom"} {
		refs = append(refs, attr(n, name))
	}
	if a := n.Parent; a != nil && a.DataAtom == atom.A && isPicture(attr(a, "href")) {
		refs = append(refs, attr(a, "href"))
	}
	refs = append(refs, widest(attr(n, "srcset")), widest(attr(n, "data-srcset")), attr(n, "data-src"), attr(n, "data-original"))
	refs = slices.DeleteFunc(refs, func(s string) bool { return !pictureFile(s) })
	return slices.DeleteFunc(append(refs, attr(n, "src")), func(s string) bool {
		return s == "" || strings.HasPrefix(s, "data:") || strings.HasSuffix(strings.ToLower(s), ".svg")
	})
}

// widest is the address of the largest picture in a srcset attribute
// (https://html.spec.whatwg.org/multipage/images.html#srcset-attributes).
func widest(srcset string) string {
	found, most := "", 0.0
	for candidate := range strings.SplitSeq(srcset, ", ") {
		address, size, _ := strings.Cut(strings.Trim(candidate, " \t\r\n,"), " ")
		n, err := strconv.ParseFloat(strings.TrimRight(strings.TrimSpace(size), "wx"), 64)
		if err != nil {
			n = 1
		}
		if address != "" && n > most {
			found, most = address, n
		}
	}
	return found
}

// tiny reports whether a picture is declared smaller than a listing's pictures are.
func tiny(n *html.Node) bool {
	for _, name := range []string{"width", "height"} {
		if s := strings.TrimSuffix(attr(n, name), "px"); s != "" && len(s) <= 2 {
			return true
		}
	}
	return false
}
