package listing

import (
	"strings"
	"testing"

	"touchstone/store/evidence"
)

// TestEachCountrySiteIsTold: every host of the marketplaces that issue numbers to
// their items, with the country site it is, and the path of an item. With www.,
// without, and on the site for telephones it is one item with one canonical URL.
func TestEachCountrySiteIsTold(t *testing.T) {
	for _, c := range []struct{ market, path, item, hosts string }{
		{"amazon", "/Brass-Lamp/dp/B07G2L3JMM/ref=sr_1_1?th=1", "B07G2L3JMM", "amazon.com=us amazon.ca=ca amazon.com.mx=mx amazon.com.br=br amazon.co.uk=uk amazon.de=de amazon.fr=fr amazon.it=it amazon.es=es amazon.nl=nl amazon.se=se amazon.pl=pl amazon.com.be=be amazon.ie=ie amazon.com.tr=tr amazon.ae=ae amazon.sa=sa amazon.eg=eg amazon.in=in amazon.co.jp=jp amazon.sg=sg amazon.com.au=au amazon.cn=cn amazon.co.za=za"},
		{"ebay", "/itm/Brass-Lamp/123456789012?hash=x", "123456789012", "ebay.com=us ebay.co.uk=uk ebay.de=de ebay.fr=fr ebay.it=it ebay.es=es ebay.at=at ebay.be=be ebay.ch=ch ebay.ie=ie ebay.nl=nl ebay.pl=pl ebay.ca=ca ebay.com.au=au ebay.com.hk=hk ebay.com.my=my ebay.com.sg=sg ebay.ph=ph ebay.vn=vn ebay.in=in"},
		{"aliexpress", "/item/1005001234567890.html?spm=x", "1005001234567890", "aliexpress.com=intl aliexpress.us=us aliexpress.ru=ru"},
		{"walmart", "/ip/Brass-Lamp/55126211?from=search", "55126211", "walmart.com=us walmart.ca=ca walmart.com.mx=mx"},
		{"shopee", "/Brass-Lamp-i.123456.7890123456?sp_atk=x", "7890123456", "shopee.sg=sg shopee.com.my=my shopee.co.id=id shopee.co.th=th shopee.vn=vn shopee.ph=ph shopee.tw=tw shopee.com.br=br shopee.com.mx=mx shopee.com.co=co shopee.cl=cl shopee.pl=pl"},
		{"lazada", "/products/brass-lamp-i301234567-s501234567.html?spm=x", "301234567", "lazada.sg=sg lazada.com.my=my lazada.com.ph=ph lazada.co.id=id lazada.co.th=th lazada.vn=vn"},
		{"vinted", "/items/1234567890-lampe?referrer=catalog", "1234567890", "vinted.com=us vinted.fr=fr vinted.de=de vinted.co.uk=uk vinted.it=it vinted.es=es vinted.pl=pl vinted.nl=nl vinted.be=be vinted.at=at vinted.lt=lt vinted.cz=cz vinted.sk=sk vinted.hu=hu vinted.ro=ro vinted.pt=pt vinted.se=se vinted.fi=fi vinted.dk=dk vinted.hr=hr vinted.gr=gr vinted.ie=ie vinted.lu=lu vinted.ee=ee vinted.lv=lv"},
		{"zalando", "/mustang-winter-boots-graphit-mu312m00l-c11.html?size=40", "mu312m00l-c11", "zalando.de=de zalando.at=at zalando.ch=ch zalando.nl=nl zalando.be=be zalando.fr=fr zalando.it=it zalando.es=es zalando.pl=pl zalando.se=se zalando.dk=dk zalando.fi=fi zalando.no=no zalando.co.uk=uk zalando.ie=ie zalando.cz=cz zalando.sk=sk zalando.hu=hu zalando.ro=ro zalando.hr=hr zalando.si=si zalando.lt=lt zalando.lv=lv zalando.ee=ee zalando.pt=pt zalando.gr=gr"},
		{"ozon", "/product/lampa-latunnaya-123456789/?sh=abc", "123456789", "ozon.ru=ru ozon.by=by ozon.kz=kz ozon.com=com ozon.am=am ozon.uz=uz ozon.kg=kg ozon.ge=ge"},
		{"wildberries", "/catalog/12345678/detail.aspx?targetUrl=GP", "12345678", "wildberries.ru=ru wildberries.by=by wildberries.kz=kz wildberries.am=am wildberries.kg=kg wildberries.uz=uz"},
		{"allegro", "/oferta/lampa-mosiezna-9876543210?reco_id=x", "9876543210", "allegro.pl=pl allegro.cz=cz allegro.sk=sk allegro.hu=hu"},
	} {
		for _, pair := range strings.Fields(c.hosts) {
			host, site, _ := strings.Cut(pair, "=")
			first := Canonical("https://www." + host + c.path)
			for _, prefix := range []string{"www.", "", "m."} {
				p := Parse(Document{URL: "https://" + prefix + host + c.path})
				if p.market == nil || p.rule == nil || p.market.Name != c.market || p.rule.Kind != evidence.PageListing || p.parts["item"] != c.item {
					t.Errorf("%s%s is not told as item %s of %s", prefix, host, c.item, c.market)
					continue
				}
				if _, got := marketOf(p.base.Hostname()); got != site {
					t.Errorf("%s%s: site = %q, want %q", prefix, host, got, site)
				}
				if got := p.canonical(); got != first || Canonical(got) != got || strings.Contains(got, "?") {
					t.Errorf("%s%s: canonical URL = %q, and with www. %q", prefix, host, got, first)
				}
			}
		}
	}
	for _, c := range []struct{ url, site string }{
		{"https://articulo.mercadolibre.com.ar/MLA-812345678-x", "ar"}, {"https://articulo.mercadolibre.com.mx/MLM-812345678-x", "mx"}, {"https://produto.mercadolivre.com.br/MLB-812345678-x", "br"}, {"https://articulo.mercadolibre.cl/MLC-812345678-x", "cl"},
		{"https://articulo.mercadolibre.com.co/MCO-812345678-x", "co"}, {"https://articulo.mercadolibre.com.pe/MPE-812345678-x", "pe"}, {"https://articulo.mercadolibre.com.uy/MLU-812345678-x", "uy"}, {"https://articulo.mercadolibre.com.ve/MLV-812345678-x", "ve"},
		{"https://articulo.mercadolibre.com.ec/MEC-812345678-x", "ec"}, {"https://articulo.mercadolibre.com.bo/MBO-812345678-x", "bo"}, {"https://articulo.mercadolibre.com.py/MPY-812345678-x", "py"}, {"https://articulo.mercadolibre.co.cr/MCR-812345678-x", "cr"}, {"https://articulo.mercadolibre.com.do/MRD-812345678-x", "do"},
		{"https://www.olx.pl/d/oferta/lampa-CID628-IDabcd1.html", "pl"}, {"https://www.olx.ua/d/uk/obyavlenie/lampa-IDabcd1.html", "ua"}, {"https://www.olx.ro/d/oferta/lampa-IDabcd1.html", "ro"}, {"https://www.olx.bg/d/ad/lampa-CID628-IDabcd1.html", "bg"}, {"https://www.olx.pt/d/anuncio/lampa-IDabcd1.html", "pt"},
		{"https://www.olx.kz/d/obyavlenie/lampa-IDabcd1.html", "kz"}, {"https://www.olx.uz/d/obyavlenie/lampa-IDabcd1.html", "uz"}, {"https://www.olx.in/item/brass-lamp-iid-1021493409", "in"}, {"https://www.olx.com.pk/item/brass-lamp-iid-1021493409", "pk"}, {"https://www.olx.com.eg/item/brass-lamp-iid-1021493409", "eg"},
		{"https://www.olx.com.lb/item/brass-lamp-iid-1021493409", "lb"}, {"https://sp.olx.com.br/sao-paulo-e-regiao/lampada-1021493409", "br"}, {"https://www.olx.co.id/item/lampu-iid-1021493409", "id"},
		{"https://de.shein.com/Lampe-p-10351234.html", "de"}, {"https://us.shein.com/Lamp-p-10351234.html", "us"}, {"https://www.shein.co.uk/Lamp-p-10351234.html", "uk"}, {"https://www.shein.se/Lampa-p-10351234.html", "se"}, {"https://www.shein.com.mx/Lampara-p-10351234.html", "mx"}, {"https://www.shein.tw/Lamp-p-10351234.html", "tw"},
		{"https://item.rakuten.co.jp/lampshop/l-4711/", "jp"}, {"https://fr.shopping.rakuten.com/offer/buy/1234567890/lampe.html", "fr"}, {"https://www.rakuten.com.tw/shop/lampshop/product/l-4711/", "tw"},
		{"https://www.benl.ebay.be/itm/123456789012", "benl"}, {"https://www.cafr.ebay.ca/itm/123456789012", "cafr"}, {"https://www.tw.coupang.com/products/lamp-123456", "tw"}, {"https://npcitem.jd.hk/100012043978.html", "hk"}, {"https://detail.tmall.hk/hk/item.htm?id=610000000001", "hk"},
	} {
		p := Parse(Document{URL: c.url})
		_, site := marketOf(p.base.Hostname())
		if p.rule == nil || p.rule.Kind != evidence.PageListing || p.parts["item"] == "" || site != c.site {
			t.Errorf("%s: rule %v, item %q, site %q, want a listing on %q", c.url, p.rule != nil, p.parts["item"], site, c.site)
		}
		if got := p.canonical(); Canonical(got) != got {
			t.Errorf("%s: canonical %q, and of that %q", c.url, got, Canonical(got))
		}
	}
}

// TestEachMarketplaceIsDescribed: those that the program promises to know.
func TestEachMarketplaceIsDescribed(t *testing.T) {
	list, err := markets()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range list {
		known[m.Name] = true
	}
	for _, name := range strings.Fields("alibaba aliexpress 1688 taobao tmall dhgate made-in-china ebay amazon etsy walmart temu shein shopee lazada tokopedia mercadolibre rakuten allegro olx wish vinted facebook instagram tiktok coupang jd pinduoduo zalando wildberries ozon shopify woocommerce magento prestashop practice") {
		if !known[name] {
			t.Errorf("%s is not described", name)
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("%s is described, but not promised: add it here and to the tables of URLs", name)
	}
}
