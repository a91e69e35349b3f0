package listing

import (
	"slices"
	"strings"

	"touchstone/capture/listing/jsvalue"
)

// stated is what the page's embedded data says of a fact, at the paths that the
// marketplace's description names.
func (p *Page) stated(fact string) string {
	for _, v := range p.statedValues(fact) {
		if s := clean(v.Scalar()); s != "" {
			return s
		}
	}
	return ""
}

// firstStated is what the first of the paths that leads anywhere says, once for each
// variant of an item where that path goes by way of all.
func (p *Page) firstStated(fact string) []string {
	if p.market == nil {
		return nil
	}
	var out []string
	for _, path := range p.market.State[fact] {
		for _, root := range p.state() {
			for _, v := range p.follow(nil, root, path) {
				if s := clean(v.Scalar()); s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// statedValues is stated for facts with structure.
func (p *Page) statedValues(fact string) []jsvalue.Value {
	if p.market == nil {
		return nil
	}
	var out []jsvalue.Value
	for _, path := range p.market.State[fact] {
		for _, root := range p.state() {
			out = p.follow(out, root, path)
		}
	}
	return out
}

// maxFollowed bounds the values that one fact's paths lead to.
const maxFollowed = 200

// follow appends the values at a path of keys: * stands for every key, {item} and
// the like for what the page's address names.
func (p *Page) follow(out []jsvalue.Value, v jsvalue.Value, path string) []jsvalue.Value {
	before, behind, every := strings.Cut(path, "*.")
	before, ok := fill(strings.TrimSuffix(before, "."), p.parts, "")
	if !ok {
		return out
	}
	v = v.Path(before)
	switch {
	case !every && v.Kind != jsvalue.Null:
		return append(out, v)
	case every:
		for _, item := range v.Items {
			if len(out) < maxFollowed {
				out = p.follow(out, item, behind)
			}
		}
	}
	return out
}
