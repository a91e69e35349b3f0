package listing

import (
	"regexp"
	"strings"
	"sync"

	"touchstone/store/evidence"
)

// terms settles where the goods are, how many there are, and how many must be
// bought: as the page words it.
func (r *reader) terms() {
	r.term("location", &r.facts.Location, nil)
	r.term("stock", &r.facts.Stock, stockText())
	r.term("min_order", &r.facts.MinOrder, minimumText())
}

// term takes a fact from the marketplace's places, the embedded data, a label,
// or a text of its own form near the heading. A stock or minimum needs a number.
func (r *reader) term(fact string, to *string, form *regexp.Regexp) {
	fits := func(s string) bool {
		return s != "" && len(s) <= 80 && (form == nil || strings.ContainsAny(s, "0123456789"))
	}
	if s := r.page.selected(fact); fits(s) {
		*to = s
		r.source(fact, evidence.FromVisibleText)
		return
	}
	if s := r.page.stated(fact); fits(s) {
		*to = s
		r.source(fact, evidence.FromEmbeddedState)
		return
	}
	for _, l := range r.page.see().labels {
		value := clean(l.value)
		if l.zone&(apart|hidden) == 0 && l.pos > r.heading.pos-600 && l.pos < r.heading.pos+6000 && words().labels[fact][l.name] && fits(value) {
			*to = value
			r.source(fact, evidence.FromVisibleText)
			return
		}
	}
	if form == nil {
		return
	}
	for _, t := range r.page.see().remarks {
		if t.zone&(apart|hidden) != 0 || t.pos < r.heading.pos-300 || t.pos > r.heading.pos+2500 || len(t.text) > 60 {
			continue
		}
		if form.MatchString(t.text) {
			*to = t.text
			r.source(fact, evidence.FromVisibleText)
			return
		}
	}
}

// stockText is how pages word what is left without a label.
var stockText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:only |more than |nur noch |plus que |solo |¡?solo queda[n]? |mehr als |plus de |più di |más de |noch )?[0-9][0-9,.]*\+? (?:left|available|in stock|pieces available|left in stock|verfügbar|auf lager|stück verfügbar|disponibles?|disponibili|disponíveis|en stock|restants?|шт\. в наличии|в наличии)\b|(?:库存|剩余|仅剩|庫存|僅剩|残り|在庫)\s*[:：]?\s*[0-9]+`)
})

// minimumText is how pages word a minimum without a label.
var minimumText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[0-9][0-9,.]* (?:pieces?|pcs|units?|sets?|pairs?|bags?|cartons?|meters?|kilograms?)\s*\(?(?:min\.? order|moq|minimum)|^(?:min\.? order|minimum order|moq)\s*:?\s*[0-9]|[0-9]+(?:件|个|個|台|双|套|箱)(?:起批|起订|起售)`)
})
