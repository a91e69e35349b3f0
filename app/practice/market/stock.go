package market

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// list puts a new offer with the truth up: one of the catalogue in other colours,
// at another price, mostly in another shop.
func (m *Market) list(truth Truth, dice *rand.Rand) *Offer {
	var like []*Offer
	for _, o := range m.offers[:m.catalogue] {
		if o.Truth == truth && o.Gate == NoGate && !o.ended && !(truth == Genuine && o.Seller.Authorised) {
			like = append(like, o)
		}
	}
	model := like[dice.IntN(len(like))]
	o := *model
	o.Demo = false
	o.Title = fmt.Sprintf("%s %s", model.Title, []string{"black", "sand", "olive", "navy", "rosso", "grey", "ivory", "tan"}[dice.IntN(8)])
	o.Stock = 1 + dice.IntN(5000)
	if dice.IntN(3) > 0 {
		o.Seller = m.shop(model.Seller, dice)
	}
	m.number(&o, dice)
	tint := uint32(dice.IntN(1 << 24))
	o.Pictures = slices.Clone(model.Pictures)
	for k := range o.Pictures {
		p := &o.Pictures[k]
		p.Name = fmt.Sprintf("s%s_%d.jpg", o.ItemID, k)
		p.Spec.Colour ^= tint & 0x3f3f3f
	}
	m.add(&o)
	return &o
}

// number gives an offer a number that no other has.
func (m *Market) number(o *Offer, dice *rand.Rand) {
	for {
		o.ItemID = strconv.FormatInt(1_006_000_000_000+dice.Int64N(899_999_999_999), 10)
		if m.byID[o.ItemID] == nil {
			return
		}
	}
}

// add puts an offer on sale now.
func (m *Market) add(o *Offer) {
	m.offers = append(m.offers, o)
	m.byID[o.ItemID] = o
	m.sellers[o.Seller.ID] = o.Seller
	for _, p := range o.Pictures {
		m.pictures[p.Name] = p.Spec
	}
}

// shop is one of a few shops like the one given, which are opened as they are
// needed.
func (m *Market) shop(like *Seller, dice *rand.Rand) *Seller {
	const branches = 12
	n := dice.IntN(branches)
	id := fmt.Sprintf("%s-%c", like.ID, 'a'+rune(n))
	if s := m.sellers[id]; s != nil {
		return s
	}
	s := *like
	s.ID, s.Name, s.Since = id, fmt.Sprintf("%s %s", []string{"Sunny", "Lucky", "Royal", "Ocean", "Prime", "Jade"}[n%6], wordOf(like))+[]string{" Store", " Outlet"}[n/6], 2022+n%4
	s.Authorised = false
	phone := fmt.Sprintf("7700900%03d", dice.IntN(1000))
	s.Contacts = []Contact{{"whatsapp", "WhatsApp", "+44 " + phone, "+44" + phone}}
	m.sellers[id] = &s
	return &s
}

// moved is the shop that a seller opens after a removal. One contact goes along.
func (m *Market) moved(from *Seller, dice *rand.Rand) *Seller {
	s := *from
	base, _, _ := strings.Cut(from.ID, "-moved")
	s.ID = fmt.Sprintf("%s-moved%d", base, len(m.sellers))
	s.Name = fmt.Sprintf("%s %d", wordOf(from), 100+dice.IntN(900))
	s.Since = m.now().Year()
	s.Followers, s.Authorised = "12", false
	s.Contacts = from.Contacts[:1]
	return &s
}

// wordOf is the first word of a shop's name.
func wordOf(s *Seller) string {
	word, _, _ := strings.Cut(s.Name, " ")
	return word
}
