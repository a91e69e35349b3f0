package listing

import "touchstone/store/evidence"

// maxImages is how many pictures of a listing are kept.
const maxImages = 60

// images settles the listing's own pictures, in order.
func (r *reader) images() {
	for _, c := range r.claims.main {
		for _, ref := range c.images {
			r.addImage(ref, c.source)
		}
		if len(r.facts.Images) > 0 {
			return
		}
	}
}

func (r *reader) addImage(ref string, source evidence.Source) {
	u := r.page.resolve(ref)
	if u == "" || len(r.facts.Images) >= maxImages {
		return
	}
	for _, have := range r.facts.Images {
		if have.URL == u {
			return
		}
	}
	r.facts.Images = append(r.facts.Images, evidence.Image{URL: u, SHA256: r.page.Loaded[u]})
	r.source("images", source)
}
