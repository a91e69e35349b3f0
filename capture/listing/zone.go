package listing

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// zone is what part of a page an element belongs to, as its name, class and id
// tell. Shops in all countries name these in English, or nearly so.
type zone uint32

const (
	hidden     zone = 1 << iota // not shown
	maybe                       // a class says hidden, which style sheets may contradict
	struck                      // crossed out, or named as the old price
	foreign                     // other offers: similar, sponsored, recently viewed
	chrome                      // header, navigation, footer
	cart                        // the visitor's own cart
	reviews                     // what others say
	priced                      // named as a price
	current                     // named as the price that counts
	instalment                  // a rate per month
	shipping                    // a fee for delivery
	unit                        // a price per litre, kilogram, piece
	saving                      // a discount, voucher or credit
	starting                    // from ...
	cents                       // the fraction of a price
	tiered                      // prices by quantity
	tax                         // without tax
	extra                       // accessories, insurance, services

	apart     = foreign | chrome | cart | reviews | extra
	inherited = hidden | maybe | struck | foreign | chrome | cart | reviews | extra
)

// zoneWords are the parts of class names that tell a zone.
var zoneWords = map[string]zone{
	"hidden": hidden | maybe, "hide": hidden | maybe, "invisible": hidden | maybe, "dnone": hidden | maybe, "displaynone": hidden | maybe,
	"old": struck, "was": struck, "rrp": struck, "msrp": struck, "strike": struck, "striked": struck, "strikethrough": struck, "before": struck, "crossed": struck, "previous": struck, "oldprice": struck, "pricewas": struck, "wasprice": struck, "listprice": struck, "uvp": struck, "original": struck, "compare": struck, "linethrough": struck, "basisprice": struck, "stroke": struck, "pricestrike": struck, "antes": struck, "retail": struck,
	"related": foreign, "recommend": foreign, "recommended": foreign, "recommendation": foreign, "recommendations": foreign, "recommender": foreign, "recs": foreign, "similar": foreign, "similars": foreign, "crosssell": foreign, "crossselling": foreign, "crosssells": foreign, "upsell": foreign, "upsells": foreign, "sponsored": foreign, "alsobought": foreign, "alsoviewed": foreign, "recently": foreign, "viewed": foreign, "suggestions": foreign, "suggested": foreign, "advert": foreign, "advertisement": foreign, "alternatives": foreign, "alternative": foreign, "complementary": foreign, "bundle": foreign, "bundles": foreign, "comparison": foreign, "bestsellers": foreign, "bestseller": foreign, "lastseen": foreign, "retargeting": foreign, "gtm": 0, "sims": foreign, "fbt": foreign,
	"navbar": chrome, "navigation": chrome, "footer": chrome, "megamenu": chrome, "cookie": chrome, "topbar": chrome, "newsletter": chrome,
	"minicart": cart, "minibasket": cart, "cartdrawer": cart, "sidecart": cart,
	"review": reviews, "reviews": reviews, "comments": reviews, "testimonials": reviews,
	"price": priced, "prices": priced, "pricing": priced, "preis": priced, "prix": priced, "precio": priced, "preco": priced, "prezzo": priced, "cena": priced, "cijena": priced, "hinta": priced, "pris": priced, "prc": priced, "productprice": priced | current, "priceblock": priced | current,
	"current": current, "sale": current, "final": current, "now": current, "special": current, "actual": current, "selling": current, "newprice": priced | current, "saleprice": priced | current, "finalprice": priced | current, "currentprice": priced | current, "offerprice": priced | current, "new": current, "main": current, "primary": current, "ourprice": priced | current, "dealprice": priced | current, "best": current,
	"installment": instalment, "installments": instalment, "instalment": instalment, "instalments": instalment, "monthly": instalment, "emi": instalment, "leasing": instalment, "lizing": instalment, "finance": instalment, "financing": instalment, "credit": instalment, "klarna": instalment, "affirm": instalment, "afterpay": instalment, "cuotas": instalment, "cuota": instalment, "parcel": 0, "parcela": instalment, "parcelas": instalment, "raten": instalment, "ratenzahlung": instalment, "rata": instalment, "rate": 0, "splitit": instalment, "zip": 0,
	"shipping": shipping, "delivery": shipping, "versand": shipping, "postage": shipping, "livraison": shipping, "spedizione": shipping, "envio": shipping, "frete": shipping, "doprava": shipping, "dostawa": shipping, "dostavka": shipping, "freight": shipping,
	"unitprice": unit, "perunit": unit, "grundpreis": unit, "priceperunit": unit, "measure": unit,
	"save": saving, "saving": saving, "savings": saving, "saved": saving, "discount": saving, "coupon": saving, "voucher": saving, "cashback": saving, "points": saving, "reward": saving, "rewards": saving, "rebate": saving, "bonus": saving, "sconto": saving, "descuento": saving, "desconto": saving, "remise": saving, "rabatt": saving, "loyalty": saving, "giftcard": saving,
	"cents": cents, "cent": cents, "fraction": cents, "decimal": cents, "decimals": cents, "centimes": cents, "kopecks": cents, "pence": cents, "rightend": cents, "rightendprice": cents, "priceend": cents, "hundreds": cents, "haler": cents, "grosze": cents, "sup": cents, "small": 0,
	"tier": tiered, "tiers": tiered, "tierprice": tiered, "ladder": tiered, "bulk": tiered, "quantityprice": tiered,
	"excl": tax, "exvat": tax, "excltax": tax, "notax": tax, "netto": tax, "extax": tax,
	"accessory": extra, "accessories": extra, "warranty": extra, "insurance": extra, "addon": extra, "addons": extra, "protection": extra, "services": extra,
}

// zoneOf is the zone an element itself names.
func (w *walker) zoneOf(n *html.Node) zone {
	z := tagZones[n.DataAtom]
	if len(n.Attr) == 0 {
		return z
	}
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "class", "id", "data-testid", "data-qa", "data-component", "data-auto", "data-zone-name", "itemprop":
			v := n.Attr[i].Val
			known, ok := w.zones[v]
			if !ok {
				known = zoneOfClass(v)
				w.zones[v] = known
			}
			z |= known
		case "hidden":
			z |= hidden
		case "style":
			z |= styleZone(n.Attr[i].Val)
		case "role":
			if v := n.Attr[i].Val; v == "navigation" || v == "contentinfo" {
				z |= chrome
			}
		}
	}
	return z
}

var tagZones = map[atom.Atom]zone{
	atom.Del: struck, atom.S: struck, atom.Strike: struck, atom.Nav: chrome, atom.Footer: chrome,
}

func styleZone(s string) zone {
	s = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, s))
	var z zone
	for _, declaration := range strings.Split(s, ";") {
		if declaration == "display:none" || declaration == "visibility:hidden" || strings.HasPrefix(declaration, "display:none!") {
			z |= hidden
		}
	}
	if strings.Contains(s, "line-through") {
		z |= struck
	}
	return z
}

// zoneOfClass reads class names: split at punctuation and at changes of case,
// and also two parts joined, so that old-price, oldPrice and oldprice agree.
func zoneOfClass(s string) zone {
	if len(s) > 600 {
		s = s[:600]
	}
	var z zone
	for _, name := range strings.Fields(s) {
		// Utility class names put a condition before a colon: md:hidden says
		// nothing of other screens.
		if strings.Contains(name, ":") {
			continue
		}
		z |= zoneWords[strings.ToLower(name)]
		last := ""
		for part := range nameParts(name) {
			z |= zoneWords[part]
			if last != "" {
				z |= zoneWords[last+part]
			}
			last = part
		}
	}
	if z&(struck|saving) != 0 && z&current != 0 && z&priced == 0 {
		z &^= current
	}
	return z
}

// nameParts yields the lower-case words of a class name.
func nameParts(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(name); i++ {
			end := i == len(name) || !letterOrDigit(name[i])
			camel := !end && i > start && upper(name[i]) && !upper(name[i-1])
			if !end && !camel {
				continue
			}
			if i > start && !yield(strings.ToLower(name[start:i])) {
				return
			}
			start = i
			if end {
				start = i + 1
			}
		}
	}
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || upper(c) || digitByte(c) || c >= 0x80
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// phrase is words on the page that tell what a sum or a section is.
type phrase struct {
	words string
	zone  zone
}

// phrases tell what the sum in the same short text is. Words are matched at
// word limits, others anywhere.
var phrases = []phrase{
	{"was", struck}, {"rrp", struck}, {"msrp", struck}, {"list price", struck}, {"uvp", struck}, {"statt", struck}, {"instead of", struck}, {"au lieu de", struck}, {"anstelle", struck}, {"prix conseillé", struck}, {"antes", struck}, {"prima", struck}, {"invece di", struck}, {"precedente", struck}, {"běžná cena", struck}, {"bežná cena", struck}, {"pôvodná", struck}, {"původní", struck}, {"prp", struck}, {"pvp recomendado", struck}, {"precio normal", struck}, {"原價", struck}, {"原价", struck}, {"市價", struck}, {"市场价", struck}, {"参考価格", struck}, {"定価", struck}, {"정가", struck}, {"стар", struck}, {"regular price", struck}, {"retail price", struck}, {"comp. value", struck}, {"compare at", struck}, {"prezzo consigliato", struck}, {"unverb. preisempf", struck}, {"prix de vente conseillé", struck}, {"tidigare", struck}, {"ord. pris", struck}, {"førpris", struck},
	{"/mo", instalment}, {"per month", instalment}, {"a month", instalment}, {"/month", instalment}, {"monthly", instalment}, {"monat", instalment}, {"mtl.", instalment}, {"par mois", instalment}, {"/mois", instalment}, {"al mese", instalment}, {"/mese", instalment}, {"mes", instalment}, {"al mes", instalment}, {"por mês", instalment}, {"/mês", instalment}, {"mesiac", instalment}, {"mesačne", instalment}, {"měsíc", instalment}, {"miesiąc", instalment}, {"mies.", instalment}, {"lună", instalment}, {"мес", instalment}, {"ай", 0}, {"rate", 0}, {"raty", instalment}, {"rat", instalment}, {"rata", instalment}, {"cuotas", instalment}, {"meses", instalment}, {"kk", instalment}, {"mēn", instalment}, {"/kuu", instalment}, {"mån", instalment}, {"interest-free", instalment}, {"installments", instalment}, {"payments of", instalment}, {"x de", instalment}, {"em até", instalment}, {"分期", instalment}, {"每期", instalment}, {"期 0利率", instalment}, {"x 36rat", instalment}, {"rat kup", instalment}, {"개월", instalment}, {"в кредит", instalment}, {"в рассрочку", instalment}, {"finance", instalment}, {"kuus", instalment}, {"kuumakse", instalment},
	{"shipping", shipping}, {"delivery", shipping}, {"postage", shipping}, {"p&p", shipping}, {"versand", shipping}, {"lieferung", shipping}, {"livraison", shipping}, {"spedizione", shipping}, {"envío", shipping}, {"envio", shipping}, {"frete", shipping}, {"doprava", shipping}, {"доставк", shipping}, {"運費", shipping}, {"运费", shipping}, {"送料", shipping}, {"배송", shipping}, {"dostawa", shipping}, {"livrare", shipping}, {"orders over", shipping},
	{"/kg", unit}, {"/ kg", unit}, {"/l", unit}, {"/ l", unit}, {"/100", unit}, {"per 100", unit}, {"/litre", unit}, {"per kg", unit}, {"per unit", unit}, {"/count", unit}, {"/unit", unit}, {"/ml", unit}, {"/oz", unit}, {"/ounce", unit}, {"pro kg", unit}, {"au kg", unit}, {"al kg", unit}, {"/m²", unit}, {"per 1 ", unit}, {"/unité", unit}, {"/unità", unit}, {"/pezzo", 0}, {"/item", unit}, {"/stk", 0},
	{"save", saving}, {"you save", saving}, {"off", saving}, {"sparen", saving}, {"gespart", saving}, {"économ", saving}, {"risparmi", saving}, {"ahorr", saving}, {"economi", saving}, {"ušetr", saving}, {"oszcz", saving}, {"折扣", saving}, {"省", saving}, {"現省", saving}, {"積點", saving}, {"點數", saving}, {"起", starting}, {"coupon", saving}, {"voucher", saving}, {"cashback", saving}, {"gift card", saving}, {"скидк", saving}, {"discount", saving}, {"bonus", saving},
	{"from", starting}, {"ab", starting}, {"à partir de", starting}, {"a partire da", starting}, {"desde", starting}, {"a partir de", starting}, {"od", starting}, {"from:", starting}, {"от", starting}, {"à partir", starting},
	{"our price", current}, {"sale price", current}, {"special price", current}, {"now", current}, {"nur", current}, {"naša cena", current}, {"特價", current}, {"特价", current}, {"優惠價", current}, {"促销价", current}, {"售價", current}, {"售价", current}, {"販売価格", current}, {"特価", current}, {"판매가", current}, {"할인가", current}, {"цена:", current}, {"price:", current}, {"preis:", current}, {"prix :", current}, {"prezzo:", current}, {"precio:", current}, {"preço:", current}, {"cena:", current},
	{"ex vat", tax}, {"excl. vat", tax}, {"ohne mwst", tax}, {"bez dph", tax}, {"zzgl. mwst", tax}, {"ht", tax}, {"excl. tax", tax}, {"без ндс", tax}, {"fara tva", tax}, {"brez ddv", tax}, {"bez pdv", tax}, {"uten mva", tax}, {"exkl. moms", tax}, {"ekskl. moms", tax}, {"sin iva", tax}, {"iva escl", tax}, {"+ iva", tax}, {"hors tax", tax}, {"ohne ust", tax}, {"zzgl. ust", tax}, {"不含税", tax}, {"税抜", tax}, {"exkl. btw", tax}, {"excl. btw", tax}, {"senza iva", tax}, {"áfa nélkül", tax}, {"nettó", tax}, {"ex. vat", tax}, {"netto", tax},
}

// zoneOfWords reads the words beside a sum.
func zoneOfWords(s string) zone {
	s = strings.ToLower(s)
	for _, w := range besides {
		s = strings.Replace(s, w, "", 1)
	}
	var z zone
	for _, p := range phrases {
		if i := strings.Index(s, p.words); i >= 0 && wholeWord(s, i, len(p.words)) {
			z |= p.zone
		}
	}
	return z
}

// besides are words that say what comes on top of a price, not what it is.
var besides = []string{
	"zzgl. versandkosten", "zzgl. versand", "zzgl versand", "inkl. versand", "exkl. versand", "plus shipping", "plus delivery", "excl. shipping", "excluding shipping", "excl. delivery", "+ shipping", "incl. shipping",
	"hors livraison", "hors frais de livraison", "livraison incluse", "spese di spedizione escluse", "+ spedizione", "gastos de envío no incluidos", "más envío", "+ frete", "exkl. frakt", "excl. verzendkosten", "zzgl. lieferung",
}

// wholeWord reports whether s[i:i+n] stands free at its start, and, if it is
// short, at its end.
func wholeWord(s string, i, n int) bool {
	if i > 0 && letterOrDigit(s[i]) {
		if letterOrDigit(s[i-1]) && s[i] < 0xe3 { // scripts without spaces begin above
			return false
		}
	}
	if n <= 5 && i+n < len(s) {
		r := []rune(s[i+n : min(i+n+4, len(s))])
		return len(r) == 0 || !unicode.IsLetter(r[0])
	}
	return true
}

// others are how headings announce other offers than the page's own.
var others = []string{
	"similar", "related", "you may also", "you might also", "also like", "also bought", "also viewed", "customers who", "customers also", "recently viewed", "sponsored", "recommended", "recommendations", "more from this", "more from", "frequently bought", "compare with", "best sellers", "inspired by", "people also", "trending", "goes well with", "complete the look", "shop the look", "other products", "more products", "accessories", "alternatives", "pair it with", "wear it with", "more to love", "buy it with", "bundle",
	"ähnlich", "kunden kauften", "kunden, die", "kunden haben", "zuletzt angesehen", "gesponsert", "dazu passt", "passend dazu", "das könnte", "empfehl", "zubehör", "alternativen", "weitere artikel",
	"similaires", "vous aimerez", "vous pourriez", "les clients", "clients ayant", "récemment consultés", "recommandé", "accessoires", "sponsorisé", "fréquemment achetés",
	"simili", "potrebbe", "potrebbero", "i clienti", "clienti che", "visti di recente", "consigliati", "accessori", "sponsorizzat", "spesso comprati", "correlati",
	"similares", "relacionados", "también te", "te puede", "clientes que", "quienes compraron", "vistos recientemente", "recomendados", "accesorios", "patrocinado", "você também", "quem viu", "quem comprou", "produtos relacionados", "acessórios", "recomendamos",
	"podobn", "súvisiace", "související", "naposledy", "odporúč", "doporuč", "príslušenstvo", "příslušenství", "zákazníci", "klienci", "polecane", "ostatnio oglądane", "akcesoria", "ceilalti", "similare", "asemănătoare", "recomandate", "vizualizate recent", "līdzīg", "skatīti", "sarnased", "seotud", "podobni", "sorodni",
	"похожие", "с этим товаром", "рекомендуем", "вы смотрели", "аксессуары", "также покупают", "вам может", "аналоги", "недавно просмотренные",
	"相似", "相关", "相關", "推荐", "推薦", "猜你喜欢", "猜您", "看了又看", "買了", "买了", "最近浏览", "瀏覽", "関連", "おすすめ", "閲覧", "よく一緒に", "추천", "관련", "함께", "최근 본", "비슷한",
	"ذات صلة", "قد يعجبك", "مشابهة", "דומים", "נוספים", "אולי יעניין", "samankalta", "katsoivat", "sinua", "liknande", "relaterad", "lignende", "relaterte", "gerelateerde", "vergelijkbare", "anderen bekeken",
}

// announcesOthers reports whether a heading says that other offers follow.
func announcesOthers(heading string) bool {
	if heading == "" || len(heading) > 120 {
		return false
	}
	heading = strings.ToLower(heading)
	for _, o := range others {
		if strings.Contains(heading, o) {
			return true
		}
	}
	return false
}
