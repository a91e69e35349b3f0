package listing

import (
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

// statedValues is stated for facts with structure.
func (p *Page) statedValues(fact string) []jsvalue.Value {
	if p.market == nil {
		return nil
	}
	var out []jsvalue.Value
	for _, path := range p.market.State[fact] {
		for _, root := range p.state() {
			if v := root.Path(path); v.Kind != jsvalue.Null {
				out = append(out, v)
			}
		}
	}
	return out
}
