package listing

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func seller(id string, contacts ...string) evidence.Seller {
	s := evidence.Seller{ID: evidence.ID(id)}
	for i := 0; i < len(contacts); i += 2 {
		s.Facts.Contacts = append(s.Facts.Contacts, evidence.Contact{Type: contacts[i], Shown: contacts[i+1], Value: NormalizeContact(contacts[i], contacts[i+1])})
	}
	return s
}

func TestSellersAreLinkedByEqualContactsTransitively(t *testing.T) {
	sellers := []evidence.Seller{
		seller("slr_1", "phone", "+44 7700 900 142", "email", "Sales@Lamps.example"),
		seller("slr_2", "whatsapp", "0044 (0)7700 900142", "wechat", "lamps_88"),
		seller("slr_3", "wechat", "Lamps_88"),
		seller("slr_4", "email", "sales@lamps.example"),
		seller("slr_5", "email", "other@lamps.example"),
		seller("slr_6", "address", "Musterkai 4, 20457 Hamburg"),
		seller("slr_7", "address", "Musterkai 4 - 20457 HAMBURG"),
		seller("slr_8"),
	}
	want := []Cluster{
		{Sellers: []evidence.ID{"slr_1", "slr_2", "slr_3", "slr_4"}, Ties: []Tie{
			{"email", "sales@lamps.example", []evidence.ID{"slr_1", "slr_4"}},
			{"phone", "+447700900142", []evidence.ID{"slr_1", "slr_2"}},
			{"wechat", "lamps_88", []evidence.ID{"slr_2", "slr_3"}},
		}},
		{Sellers: []evidence.ID{"slr_6", "slr_7"}, Ties: []Tie{{"address", "musterkai 4 20457 hamburg", []evidence.ID{"slr_6", "slr_7"}}}},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(sellers), func(i, j int) { sellers[i], sellers[j] = sellers[j], sellers[i] })
		if d := cmp.Diff(want, Link(sellers)); d != "" {
			t.Fatalf("clusters differ (-want +got):\n%s", d)
		}
	}
	if got, want := want[0].Ties[1].String(), "slr_1 and slr_2 show the same phone: +447700900142"; got != want {
		t.Errorf("reason = %q, want %q", got, want)
	}
}

func TestAContactThatEverybodyShowsLinksNobody(t *testing.T) {
	var sellers []evidence.Seller
	for i := range maxShared + 1 {
		sellers = append(sellers, seller("slr_"+string(rune('a'+i/26))+string(rune('a'+i%26)), "email", "help@marketplace.example"))
	}
	if got := Link(sellers); len(got) != 0 {
		t.Errorf("%d sellers of one marketplace were linked by its own address", len(got[0].Sellers))
	}
}

func TestNormalizeContact(t *testing.T) {
	for _, c := range []struct{ kind, shown, want string }{
		{"phone", "+1 (202) 555-0110", "+12025550110"}, {"phone", "0049 (0)40 123456", "+4940123456"}, {"phone", "(202) 555-0173", "2025550173"}, {"phone", "０３-１２３４-５６７８", "0312345678"},
		{"phone", "138****1234", ""}, {"phone", "12", ""}, {"phone", "call us", ""},
		{"email", "Sales@Lamps.EXAMPLE", "sales@lamps.example"}, {"email", "Sales@Example.COM", ""}, {"email", "<a@b.example>", "a@b.example"}, {"email", "a at b", ""},
		{"wechat", "Yuandan_0571", "yuandan_0571"}, {"wechat", "微信", ""}, {"wechat", "13800138000", "13800138000"},
		{"address", "Via dell'Esempio 12, 20121 Milano", "via dell esempio 12 20121 milano"}, {"address", "Milano", ""},
		{"carrier pigeon", "x", ""},
	} {
		if got := NormalizeContact(c.kind, c.shown); got != c.want {
			t.Errorf("NormalizeContact(%q, %q) = %q, want %q", c.kind, c.shown, got, c.want)
		}
	}
}

func TestContactsOfAShop(t *testing.T) {
	p := Parse(Document{URL: "https://www.lamps.example/shop", HTML: []byte(`<header><a href="tel:+4930111111">The marketplace</a></header><main><h1>Lamps</h1>
		<a href="mailto:Sales@Lamps.example?subject=x">write</a> <a href="https://wa.me/447700900142">chat</a><dl><dt>Phone</dt><dd>+1 (202) 555-0110</dd><dt>Address</dt><dd>Musterkai 4, 20457 Hamburg</dd></dl><p>WeChat: lamps_88</p></main><footer><a href="mailto:help@marketplace.example">help</a></footer>`)})
	want := []evidence.Contact{
		{Type: "email", Shown: "Sales@Lamps.example", Value: "sales@lamps.example"},
		{Type: "whatsapp", Shown: "447700900142", Value: "447700900142"},
		{Type: "phone", Shown: "+1 (202) 555-0110", Value: "+12025550110"},
		{Type: "address", Shown: "Musterkai 4, 20457 Hamburg", Value: "musterkai 4 20457 hamburg"},
		{Type: "wechat", Shown: "lamps_88", Value: "lamps_88"},
	}
	if d := cmp.Diff(want, p.contacts(true)); d != "" {
		t.Errorf("contacts differ (-want +got):\n%s", d)
	}
}

func TestDiff(t *testing.T) {
	before := evidence.Facts{Title: "Lamp", Price: &evidence.Price{Min: "5", Currency: "EUR"}, Availability: in, Seller: &evidence.SellerFacts{Name: "A"},
		Images: []evidence.Image{{URL: "1", SHA256: "aa"}, {URL: "2"}}, Sources: map[string]evidence.Source{"title": evidence.FromJSONLD}}
	after := evidence.Facts{Title: "Lamp, brass", Price: &evidence.Price{Min: "5.00", Currency: "EUR"}, Availability: out,
		Images: []evidence.Image{{URL: "3"}, {URL: "moved", SHA256: "aa"}}, Sources: map[string]evidence.Source{"title": evidence.FromVisibleText}}
	want := []Change{{"title", "Lamp", "Lamp, brass"}, {"availability", "in_stock", "out_of_stock"}, {"seller.name", "A", ""}, {"images", "2", ""}, {"images", "", "3"}}
	if d := cmp.Diff(want, Diff(before, after)); d != "" {
		t.Errorf("changes differ (-want +got):\n%s", d)
	}
	if got := Diff(before, before); got != nil {
		t.Errorf("a listing differs from itself: %v", got)
	}
	tiers := func(p string) evidence.Facts {
		return evidence.Facts{Price: &evidence.Price{Min: p, Max: "9.00", Currency: "USD", Tiers: []evidence.Tier{{From: 1, Price: "9.00"}, {From: 10, Price: p}}}}
	}
	if got := Diff(tiers("8"), tiers("7.50")); len(got) != 1 || got[0].To != "7.50 - 9 USD; from 1: 9, from 10: 7.50" {
		t.Errorf("a changed step is told as %v", got)
	}
}

// TestContactsThatAreTheSameAreTied, however they are written; examples that forms
// show tie nobody.
func TestContactsThatAreTheSameAreTied(t *testing.T) {
	for name, c := range map[string]struct {
		kind, one, otherKind, other string
		tied                        bool
	}{
		"Gmail, dots and what follows a plus":      {"email", "a.b+shop1@gmail.com", "email", "AB@googlemail.com", true},
		"dots elsewhere":                           {"email", "a.b@lamps.example", "email", "ab@lamps.example", false},
		"a telephone number as a name at WeChat":   {"wechat", "+86 138 1234 5678", "phone", "0086-13812345678", true},
		"a name at WeChat that has digits in it":   {"wechat", "lamp13812345678", "phone", "13812345678", false},
		"an example of a number":                   {"phone", "000-000-0000", "phone", "(000) 000 0000", false},
		"another example":                          {"phone", "123-456-7890", "phone", "1234567890", false},
		"an example of an address":                 {"email", "you@example.com", "email", "you@example.com", false},
		"an address that nobody reads":             {"email", "noreply@lamps.example", "email", "noreply@lamps.example", false},
		"a number with its country and without it": {"phone", "+44 20 7946 0000", "phone", "020 7946 0000", false},
	} {
		if got := len(Link([]evidence.Seller{seller("slr_1", c.kind, c.one), seller("slr_2", c.otherKind, c.other)})) == 1; got != c.tied {
			t.Errorf("%s: tied %v, want %v", name, got, c.tied)
		}
	}
}
