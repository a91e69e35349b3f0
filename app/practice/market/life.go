package market

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// Life is what happens in a market by itself. With its zero value nothing does
// but what its owner asks for.
//
// Everything that happens by itself happens at its own time, whenever the market
// is next looked at, and each decision is drawn from the seed and what it is
// about. So the same seed and the same acts of the brand at the same times make
// the same history.
type Life struct {
	Inquiries float64 `json:"inquiries"` // of the risk engine, a day; the n-th comes in the n-th slot
	Listings  float64 `json:"listings"`  // new counterfeits a day that nobody asks about

	Genuine    float64 `json:"genuine"`    // share of inquiries about genuine goods
	Unrelated  float64 `json:"unrelated"`  // share of inquiries about another brand's goods
	Duplicates float64 `json:"duplicates"` // share of inquiries about a listing that was asked about before

	Relists    float64 `json:"relists"`    // share of removed counterfeits that come back under a new number
	Moves      float64 `json:"moves"`      // share of those that come back in another shop
	Objections float64 `json:"objections"` // share of removed counterfeits whose seller objects; others always do

	Declines float64 `json:"declines"` // share of information requests that are declined
	Losses   float64 `json:"losses"`   // share of samples that are lost on their way
}

const day = 24 * time.Hour

// generations is how often a seller lists the same goods again.
const generations = 3

// dice are the chances of one thing: the same for a seed, whatever else happens.
func (m *Market) dice(about string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(about))
	return rand.New(rand.NewPCG(uint64(m.seed), h.Sum64()))
}

// begin puts the first inquiry and the first listing on the agenda.
func (m *Market) begin() {
	m.each("inquiry", m.life.Inquiries, m.suspect)
	m.each("listing", m.life.Listings, func(dice *rand.Rand) { m.list(Counterfeit, dice) })
}

// each does something rate times a day, once in each slot of time.
func (m *Market) each(name string, rate float64, do func(*rand.Rand)) {
	if rate <= 0 {
		return
	}
	slot := time.Duration(float64(day) / rate)
	var next func(n int)
	next = func(n int) {
		dice := m.dice(fmt.Sprintf("%s %d", name, n))
		at := m.opened.Add(time.Duration(n)*slot + time.Duration(dice.Int64N(int64(slot))))
		m.later(at, func() {
			do(dice)
			next(n + 1)
		})
	}
	next(0)
}

// suspect is what the risk engine does: it asks about a listing that is new, or
// that it asked about before.
func (m *Market) suspect(dice *rand.Rand) {
	kind := dice.Float64()
	if kind < m.life.Duplicates {
		if o := m.askedBefore(dice); o != nil {
			m.ask(o, m.now(), "complaint", "A buyer has complained. Is the article genuine?")
			return
		}
	}
	switch kind = dice.Float64(); {
	case kind < m.life.Genuine:
		m.ask(m.list(Genuine, dice), m.now(), "seller", "The seller is not among those you have authorised. Is the article genuine?")
	case kind < m.life.Genuine+m.life.Unrelated:
		m.ask(m.list(Unrelated, dice), m.now(), "picture", "The picture looks like one of yours. Is the article genuine?")
	default:
		m.ask(m.list(Counterfeit, dice), m.now(), "price", "The price is far below the product's usual one. Is the article genuine?")
	}
}

// askedBefore is an offer that is up and was asked about, or nil. It looks at a
// few inquiries only.
func (m *Market) askedBefore(dice *rand.Rand) *Offer {
	for range 8 {
		if len(m.inquiries) == 0 {
			return nil
		}
		q := m.inquiries[dice.IntN(len(m.inquiries))]
		if o := m.byID[q.Listing.ItemID]; m.standingOf(o.ItemID).Status == Live {
			return o
		}
	}
	return nil
}

// resist is what the seller of a removed offer does about it.
func (m *Market) resist(n *notice, i int) {
	offer, removed := n.offers[i], n.Items[i].UpdatedAt
	dice := m.dice("resist " + offer.ItemID)
	objects, relists := dice.Float64(), dice.Float64()
	if m.life.Objections > 0 && (offer.Truth != Counterfeit || objects < m.life.Objections) {
		m.later(removed.Add(6*time.Hour+time.Duration(dice.Int64N(int64(42*time.Hour)))), func() {
			if n.Items[i].State == evidence.ItemRemoved && n.Items[i].Counter == "" {
				m.object(n, i, objection(offer))
			}
		})
	}
	if offer.Truth == Counterfeit && relists < m.life.Relists && offer.generation < generations {
		m.later(removed.Add(day+time.Duration(dice.Int64N(int64(9*day)))), func() {
			if n.Items[i].State == evidence.ItemRemoved || n.Items[i].State == evidence.ItemCounterReceived {
				m.relist(n.Items[i].ID, offer, dice)
			}
		})
	}
}

// relist lists the goods of a removed offer again: another number, the same
// pictures, perhaps another shop.
func (m *Market) relist(item string, offer *Offer, dice *rand.Rand) {
	again := *offer
	again.generation++
	again.Title = offer.Title + []string{" new", " 2026", " hot", " (restock)"}[dice.IntN(4)]
	signs := []string{"same_pictures", "same_seller"}
	if dice.Float64() < m.life.Moves {
		again.Seller, signs[1] = m.moved(offer.Seller, dice), "same_contact"
	}
	m.number(&again, dice)
	again.Pictures = slices.Clone(offer.Pictures)
	for k := range again.Pictures {
		again.Pictures[k].Name = fmt.Sprintf("r%s_%d.jpg", again.ItemID, k)
	}
	m.add(&again)
	m.relisted[offer.ItemID] = again.ItemID
	a := jointforce.Alert{
		ID: fmt.Sprintf("ALR-%06d", len(m.alerts)+1), At: m.now().UTC(), Listing: m.listing(&again), Of: item, Signs: signs, Practice: true,
	}
	m.alerts = append(m.alerts, a)
	if m.account.goodFaith {
		m.event(jointforce.Event{Type: jointforce.EventAlert, Subject: a.ID, State: "raised"})
	}
}

// objection is what the seller of the offer says: the truth where the goods are
// not counterfeit.
func objection(o *Offer) Objection {
	switch o.Truth {
	case Unrelated:
		return Objection{Grounds: "wrong_listing", Statement: "The article is of another brand: " + o.Brand + ".", Justified: true,
			Documents: []Document{paper("invoice.txt", invoice(o))}}
	case Genuine:
		grounds, statement := "exhausted_right", "The article is genuine and was sold in the EU by the owner before."
		if o.Seller.Authorised {
			grounds, statement = "authorised_seller", "We are authorised by the owner."
		}
		return Objection{Grounds: grounds, Statement: statement, Justified: true, Documents: []Document{paper("invoice.txt", invoice(o)), paper("letter.txt", letter(o))}}
	default:
		return Objection{Grounds: "genuine_goods", Statement: "Our goods are original, our supplier told us so. Please restore the listing.",
			Documents: []Document{paper("invoice.txt", invoice(o))}}
	}
}

func paper(name, text string) Document { return Document{name, "text/plain", []byte(text)} }

// letter is the owner's letter to a seller of genuine goods.
func letter(o *Offer) string {
	return fmt.Sprintf("PRACTICE - NOT A REAL DOCUMENT\nTo whom it may concern: %s bought %s from us.\n", o.Seller.Name, o.Model)
}
