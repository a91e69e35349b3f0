package listing

import (
	"testing"

	"touchstone/store/evidence"
)

// TestCanonical: each line is one listing (or shop) reached by different URLs;
// the first is its canonical form.
func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		name string
		urls []string
	}{
		{"Alibaba.com", []string{"https://www.alibaba.com/product-detail/_1600123456789.html", "https://www.alibaba.com/product-detail/Luxury-Lyra-Handbag_1600123456789.html?spm=a2700.7724857.0.0.3b5c", "https://spanish.alibaba.com/product-detail/bolso-1600123456789.html", "http://m.alibaba.com/product/1600123456789/Luxury-Lyra.html"}},
		{"a shop on Alibaba.com", []string{"https://gzmeilin.en.alibaba.com/", "https://gzmeilin.en.alibaba.com/productlist.html?spm=a2700.shop"}},
		{"AliExpress in all countries", []string{"https://www.aliexpress.com/item/1005001234567890.html", "https://es.aliexpress.com/item/1005001234567890.html?spm=a2g0o.productlist&algo_pvid=x&pdp_npi=4", "https://aliexpress.ru/item/1005001234567890.html", "https://www.aliexpress.com/item/Brass-Lamp/1005001234567890.html", "https://m.aliexpress.com/i/1005001234567890.html"}},
		{"AliExpress's site for the United States has numbers of its own", []string{"https://www.aliexpress.us/item/3256801234567890.html", "https://www.aliexpress.us/item/3256801234567890.html?gatewayAdapt=glo2usa"}},
		{"1688", []string{"https://detail.1688.com/offer/612345678901.html", "https://m.1688.com/offer/612345678901.html?spm=a26352", "https://detail.m.1688.com/page/index.html?offerId=612345678901"}},
		{"Taobao", []string{"https://item.taobao.com/item.htm?id=600000000001", "https://item.taobao.com/item.htm?spm=a230r.1.14.16&id=600000000001&ns=1&abbucket=2", "https://h5.m.taobao.com/awp/core/detail.htm?id=600000000001", "https://world.taobao.com/item/600000000001.htm"}},
		{"a Taobao item in one colour", []string{"https://item.taobao.com/item.htm?id=600000000001&skuId=4321", "https://item.taobao.com/item.htm?id=600000000001&spm=x&skuId=4321"}},
		{"Tmall", []string{"https://detail.tmall.com/item.htm?id=610000000001", "https://detail.m.tmall.com/item.htm?spm=a&id=610000000001"}},
		{"DHgate", []string{"https://www.dhgate.com/product/-/812345678.html", "https://www.dhgate.com/product/luxury-bag/812345678.html?dspm=pcen.sp&skuId=9"}},
		{"Made-in-China", []string{"https://meilin.en.made-in-china.com/product/abcDEfGhijkL/China-Handbag.html", "http://meilin.en.made-in-china.com/product/abcDEfGhijkL/China-Handbag.html?pv_id=1"}},
		{"eBay", []string{"https://www.ebay.com/itm/123456789012", "https://www.ebay.com/itm/Brass-Lamp/123456789012?hash=item1:g:abc&amdata=enc", "https://www.ebay.com/itm/123456789012?_trkparms=x&_trksid=p2047675"}},
		{"an eBay variation", []string{"https://www.ebay.de/itm/123456789012?var=411111111111", "https://www.ebay.de/itm/Lampe/123456789012?hash=x&var=411111111111&_trkparms=y"}},
		{"Amazon", []string{"https://www.amazon.de/dp/B07G2L3JMM", "https://www.amazon.de/Lampe-Messing/dp/B07G2L3JMM/ref=sr_1_3?keywords=lampe&qid=1606&sr=8-3", "https://www.amazon.de/gp/product/B07G2L3JMM?psc=1&tag=x-21", "https://www.amazon.de/gp/aw/d/B07G2L3JMM"}},
		{"Amazon keeps the seller, since the page outlives the offer", []string{"https://www.amazon.com/dp/B07G2L3JMM?m=A3EL5JZNMT8SZ7", "https://www.amazon.com/Lamp/dp/B07G2L3JMM/ref=x?m=A3EL5JZNMT8SZ7&th=1", "https://www.amazon.com/gp/product/B07G2L3JMM?smid=A3EL5JZNMT8SZ7&psc=1"}},
		{"Etsy", []string{"https://www.etsy.com/listing/1234567890", "https://www.etsy.com/de/listing/1234567890/brass-lamp?ga_order=most_relevant&frs=1"}},
		{"Walmart", []string{"https://www.walmart.com/ip/55126211", "https://www.walmart.com/ip/Brass-Lamp/55126211?athcpid=1&from=search"}},
		{"Temu", []string{"https://www.temu.com/goods.html?goods_id=601099512345678", "https://www.temu.com/de/brass-lamp-g-601099512345678.html?_oak_mp_inf=x"}},
		{"Shein", []string{"https://de.shein.com/-p-10351234.html", "https://de.shein.com/Brass-Lamp-p-10351234-cat-1727.html?src_identifier=x"}},
		{"Shopee", []string{"https://shopee.sg/product/123456/7890123456", "https://shopee.sg/Brass-Lamp-i.123456.7890123456?sp_atk=x&xptdk=y"}},
		{"Lazada", []string{"https://www.lazada.sg/products/-i301234567-s501234567.html", "https://www.lazada.sg/products/brass-lamp-i301234567-s501234567.html?spm=a2o42"}},
		{"Tokopedia", []string{"https://www.tokopedia.com/tokolampu/lampu-kuningan-40cm", "https://www.tokopedia.com/tokolampu/lampu-kuningan-40cm?extParam=x"}},
		{"Mercado Libre", []string{"https://articulo.mercadolibre.com.ar/MLA-812345678", "https://articulo.mercadolibre.com.ar/MLA-812345678-lampara-de-bronce-_JM#position=1&tracking_id=x"}},
		{"Rakuten", []string{"https://item.rakuten.co.jp/lampshop/l-4711/", "https://item.rakuten.co.jp/lampshop/l-4711/?scid=wi_ich"}},
		{"Allegro", []string{"https://allegro.pl/oferta/9876543210", "https://allegro.pl/oferta/lampa-mosiezna-9876543210?reco_id=x&sid=y"}},
		{"OLX by number", []string{"https://www.olx.com.pk/item/iid-1021493409", "https://www.olx.com.pk/item/brass-lamp-iid-1021493409"}},
		{"Wish", []string{"https://www.wish.com/product/5e1234567890abcdef123456", "https://www.wish.com/c/5e1234567890abcdef123456?source=x", "https://www.wish.com/product/brass-lamp/5e1234567890abcdef123456"}},
		{"Vinted", []string{"https://www.vinted.fr/items/1234567890", "https://www.vinted.fr/items/1234567890-lampe?referrer=catalog"}},
		{"Facebook Marketplace", []string{"https://www.facebook.com/marketplace/item/123456789012345/", "https://m.facebook.com/marketplace/item/123456789012345/?ref=search&tracking=x"}},
		{"an Instagram post", []string{"https://www.instagram.com/p/Cabcdefghij/", "https://www.instagram.com/shop.of.lamps/p/Cabcdefghij/?igshid=x", "https://www.instagram.com/reel/Cabcdefghij/"}},
		{"TikTok Shop", []string{"https://shop.tiktok.com/view/product/1729384756012345678", "https://www.tiktok.com/view/product/1729384756012345678?encode_params=x"}},
		{"Coupang", []string{"https://www.coupang.com/vp/products/123456?vendorItemId=789", "https://www.coupang.com/vp/products/123456?itemId=1&vendorItemId=789&q=lamp"}},
		{"JD", []string{"https://item.jd.com/100012043978.html", "https://item.m.jd.com/product/100012043978.html?sid=x"}},
		{"Pinduoduo", []string{"https://mobile.yangkeduo.com/goods.html?goods_id=1234567890", "https://mobile.yangkeduo.com/goods2.html?_wvx=10&goods_id=1234567890"}},
		{"Zalando", []string{"https://www.zalando.ie/mu312m00l-c11.html", "https://www.zalando.ie/mustang-winter-boots-graphit-mu312m00l-c11.html?size=40"}},
		{"Wildberries", []string{"https://www.wildberries.ru/catalog/12345678/detail.aspx", "https://www.wildberries.ru/catalog/12345678/detail.aspx?targetUrl=GP"}},
		{"Ozon", []string{"https://www.ozon.ru/product/123456789/", "https://www.ozon.ru/product/lampa-latunnaya-123456789/?sh=abc"}},
		{"a session's number behind letters that are longer in small", []string{"https://www.lamps.example/%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0", "https://www.lamps.example/%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0%C4%B0;JSESSIONID=1"}},
		{"eBay's short path", []string{"https://www.ebay.com/itm/123456789012", "https://www.ebay.com/i/123456789012?chn=ps"}},
		{"Alibaba.com in other languages and for telephones", []string{"https://www.alibaba.com/product-detail/_1600123456789.html", "https://german.alibaba.com/p-detail/Messinglampe-1600123456789.html", "https://m.alibaba.com/product/1600123456789/Brass-Lamp.html", "https://www.alibaba.com/x/product/1600123456789?ck=share"}},
		{"Taobao for telephones", []string{"https://item.taobao.com/item.htm?id=600000000001", "https://main.m.taobao.com/detail/index.html?id=600000000001", "https://new.m.taobao.com/detail.htm?id=600000000001", "https://market.m.taobao.com/app/tbd/detail/index.html?x=1&itemId=600000000001", "https://a.m.taobao.com/i600000000001.htm", "https://world.taobao.com/item/600000000001.htm"}},
		{"DHgate under a shop", []string{"https://www.dhgate.com/product/-/812345678.html", "https://www.dhgate.com/store/product/luxury-bag/812345678.html", "https://m.dhgate.com/product/luxury-bag/812345678.html"}},
		{"Temu as the program shares it", []string{"https://www.temu.com/goods.html?goods_id=601099512345678", "https://www.temu.com/ul/kuiper/un2.html?subj=goods-un&goods_id=601099512345678", "https://m.temu.com/goods.html?goods_id=601099512345678"}},
		{"Wish by name and number", []string{"https://www.wish.com/product/5e1234567890abcdef123456", "https://www.wish.com/product/brass-lamp-5e1234567890abcdef123456?share=web", "https://www.wish.com/feed/tabbed_feed_latest/product/5e1234567890abcdef123456"}},
		{"Facebook Marketplace under a town", []string{"https://www.facebook.com/marketplace/item/123456789012345/", "https://www.facebook.com/marketplace/berlin/item/123456789012345"}},
		{"Coupang for telephones", []string{"https://www.coupang.com/vp/products/123456?vendorItemId=789", "https://m.coupang.com/vm/products/123456?itemId=1&vendorItemId=789"}},
		{"JD's special shops", []string{"https://item.jd.com/100012043978.html", "https://ic-item.jd.com/100012043978.html", "https://npcitem.jd.hk/100012043978.html", "https://item.m.jd.com/ware/view.action?wareId=100012043978"}},
		{"Zalando in another language", []string{"https://www.zalando.de/mu312m00l-c11.html", "https://en.zalando.de/mustang-winter-boots-graphit-mu312m00l-c11.html", "https://m.zalando.de/mustang-mu312m00l-c11.html"}},
		{"TikTok Shop in all its forms", []string{"https://shop.tiktok.com/view/product/1729384756012345678", "https://www.tiktok.com/shop/pdp/brass-lamp/1729384756012345678?source=x", "https://www.tiktok.com/shop/us/pdp/brass-lamp/1729384756012345678", "https://shop.tiktok.com/us/pdp/brass-lamp/1729384756012345678", "https://www.tiktok.com/@lamps/product/1729384756012345678"}},
		{"Shein for telephones", []string{"https://us.shein.com/-p-10351234.html", "https://m.shein.com/us/Brass-Lamp-p-10351234-cat-1727.html?x=1"}},
		{"Mercado Libre with and without the dash", []string{"https://articulo.mercadolibre.com.ar/MLA-812345678", "https://articulo.mercadolibre.com.ar/MLA812345678"}},
		{"Allegro's old addresses", []string{"https://allegro.pl/oferta/9876543210", "https://allegro.pl/show_item.php?item=9876543210", "https://m.allegro.pl/oferta/lampa-9876543210"}},
		{"Amazon on any of its hosts", []string{"https://www.amazon.com/dp/B07G2L3JMM", "https://smile.amazon.com/dp/B07G2L3JMM", "https://amazon.com/gp/aw/d/B07G2L3JMM", "http://www.amazon.com/exec/obidos/ASIN/B07G2L3JMM/"}},
		{"eBay's old addresses", []string{"https://www.ebay.co.uk/itm/123456789012", "https://cgi.ebay.co.uk/ws/eBayISAPI.dll?ViewItem&item=123456789012", "https://m.ebay.co.uk/itm/123456789012"}},
		{"a seller on eBay", []string{"https://www.ebay.de/usr/lichthaus", "https://www.ebay.de/str/lichthaus?_trksid=x", "https://ebay.de/usr/lichthaus"}},
		{"Amazon in small letters, and its pages of reviews and questions", []string{"https://www.amazon.com/dp/B07G2L3JMM", "https://www.amazon.com/dp/b07g2l3jmm", "https://www.amazon.com/Brass-Lamp/product-reviews/B07G2L3JMM/ref=cm_cr?ie=UTF8&reviewerType=all_reviews", "https://www.amazon.com/gp/aw/reviews/B07G2L3JMM", "https://www.amazon.com/ask/questions/asin/B07G2L3JMM"}},
		{"Amazon, a book whose number ends in an x", []string{"https://www.amazon.de/dp/345312345X", "https://www.amazon.de/Buch/dp/345312345x/ref=sr"}},
		{"AliExpress, landing pages that begin with a listing", []string{"https://www.aliexpress.com/item/1005001234567890.html", "https://www.aliexpress.com/gcp/300000604/nnmixupdatev3?spm=x&productIds=1005001234567890:12000031&pha_manifest=ssr", "https://fr.aliexpress.com/ssr/300000512/BundleDeals2?productIds=1005001234567890"}},
		{"Mercado Libre with and without its subdomain", []string{"https://articulo.mercadolibre.com.ar/MLA-812345678", "https://www.mercadolibre.com.ar/MLA-812345678-lampara-_JM", "https://m.mercadolibre.com.ar/MLA-812345678"}},
		{"Mercado Livre likewise", []string{"https://produto.mercadolivre.com.br/MLB-812345678", "https://www.mercadolivre.com.br/MLB-812345678-luminaria-_JM", "https://mercadolivre.com.br/MLB812345678"}},
		{"OLX on telephones", []string{"https://www.olx.pl/d/oferta/lampa-CID628-IDabcd1.html", "https://m.olx.pl/d/oferta/lampa-CID628-IDabcd1.html", "https://m.olx.pl/oferta/lampa-CID628-IDabcd1.html?reason=hp"}},
		{"OLX Brazil, its short form", []string{"https://www.olx.com.br/vi/1234567890.htm", "https://m.olx.com.br/vi/1234567890", "https://olx.com.br/vi/1234567890.htm?lis=listing_1"}},
		{"OLX Brazil on telephones", []string{"https://www.olx.com.br/autos/lampada-1234567890", "https://m.olx.com.br/autos/lampada-1234567890?rec=a"}},
		{"OLX by letters", []string{"https://www.olx.pl/d/oferta/lampa-CID628-IDabcd1.html", "https://www.olx.pl/oferta/lampa-CID628-IDabcd1.html?reason=hp"}},
		{"Allegro by product", []string{"https://allegro.pl/oferta/9876543210", "https://allegro.pl/produkt/lampa-3f0c?offerId=9876543210"}},
		{"a Facebook video", []string{"https://www.facebook.com/watch/?v=123456789012345", "https://m.facebook.com/watch/?ref=x&v=123456789012345", "https://www.facebook.com/reel/123456789012345"}},
		{"a Facebook advertisement", []string{"https://www.facebook.com/ads/library/?id=123456789012345", "https://www.facebook.com/ads/library/?active_status=all&id=123456789012345&media_type=all"}},
		{"a Facebook post told by its telephone page", []string{"https://www.facebook.com/1000123/posts/456789012", "https://m.facebook.com/story.php?story_fbid=456789012&id=1000123&refsrc=x"}},
		{"a TikTok video or series of pictures", []string{"https://www.tiktok.com/@lamps/video/7212345678901234567", "https://www.tiktok.com/@lamps/photo/7212345678901234567?is_from_webapp=1"}},
		{"a Shopify product reached by a collection", []string{"https://lamps.myshopify.com/products/brass-lamp?variant=123", "https://lamps.myshopify.com/collections/all/products/brass-lamp?variant=123&_pos=1&utm_source=x"}},
		{"Rakuten in Taiwan", []string{"https://www.rakuten.com.tw/shop/lampshop/product/l-4711/", "https://www.rakuten.com.tw/shop/lampshop/product/l-4711?s-id=x"}},
		{"any shop: tracking, fragment and order of parameters are gone", []string{"https://lamps.example/p/4711?colour=brass&size=40", "https://LAMPS.example:443/p/4711?utm_source=x&size=40&colour=brass&gclid=y&fbclid=z#reviews"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, u := range c.urls {
				if got := Canonical(u); got != c.urls[0] {
					t.Errorf("Canonical(%q)\n got %q\nwant %q", u, got, c.urls[0])
				}
			}
		})
	}
	if got := Canonical("not a url"); got != "" {
		t.Errorf("Canonical(no URL) = %q", got)
	}
}

func TestEachMarketplaceIsToldByItsURL(t *testing.T) {
	for _, c := range []struct {
		url, market, site string
		kind              evidence.PageKind
		item, seller      string
	}{
		{"https://www.alibaba.com/product-detail/x_1600123456789.html", "alibaba", "intl", evidence.PageListing, "1600123456789", ""},
		{"https://gzmeilin.en.alibaba.com/", "alibaba", "intl", evidence.PageSeller, "", "gzmeilin"},
		{"https://www.alibaba.com/trade/search?SearchText=bag", "alibaba", "intl", evidence.PageSearch, "", ""},
		{"https://de.aliexpress.com/item/1005001234567890.html", "aliexpress", "intl", evidence.PageListing, "1005001234567890", ""},
		{"https://www.aliexpress.com/store/910123456", "aliexpress", "intl", evidence.PageSeller, "", "910123456"},
		{"https://detail.1688.com/offer/612345678901.html", "1688", "cn", evidence.PageListing, "612345678901", ""},
		{"https://shop1o5123456.1688.com/", "1688", "cn", evidence.PageSeller, "", "shop1o5123456"},
		{"https://item.taobao.com/item.htm?id=600000000001", "taobao", "cn", evidence.PageListing, "600000000001", ""},
		{"https://shop123456.taobao.com/", "taobao", "cn", evidence.PageSeller, "", "shop123456"},
		{"https://detail.tmall.com/item.htm?id=610000000001", "tmall", "cn", evidence.PageListing, "610000000001", ""},
		{"https://www.ebay.co.uk/itm/123456789012", "ebay", "uk", evidence.PageListing, "123456789012", ""},
		{"https://www.ebay.com/usr/lampseller", "ebay", "us", evidence.PageSeller, "", "lampseller"},
		{"https://www.ebay.com/sch/i.html?_nkw=lamp", "ebay", "us", evidence.PageSearch, "", ""},
		{"https://www.amazon.co.jp/dp/B07G2L3JMM", "amazon", "jp", evidence.PageListing, "B07G2L3JMM", ""},
		{"https://www.amazon.com/sp?ie=UTF8&seller=A3EL5JZNMT8SZ7", "amazon", "us", evidence.PageSeller, "", "A3EL5JZNMT8SZ7"},
		{"https://www.amazon.com/s?k=lamp", "amazon", "us", evidence.PageSearch, "", ""},
		{"https://shopee.com.my/x-i.123456.7890123456", "shopee", "my", evidence.PageListing, "7890123456", "123456"},
		{"https://www.tokopedia.com/search?q=x", "tokopedia", "id", evidence.PageSearch, "", ""},
		{"https://www.mercadolivre.com.br/lampada/p/MLB12345678", "mercadolibre", "br", evidence.PageListing, "MLB12345678", ""},
		{"https://item.rakuten.co.jp/lampshop/l-4711/", "rakuten", "jp", evidence.PageListing, "l-4711", "lampshop"},
		{"https://www.facebook.com/marketplace/item/123456789012345/", "facebook", "intl", evidence.PageListing, "123456789012345", ""},
		{"https://www.facebook.com/ads/library/?id=123456789012345", "facebook", "intl", evidence.PageOther, "123456789012345", ""},
		{"https://www.instagram.com/shop.of.lamps/", "instagram", "intl", evidence.PageSeller, "", "shop.of.lamps"},
		{"https://www.tiktok.com/@lamps/video/7212345678901234567", "tiktok", "intl", evidence.PageOther, "7212345678901234567", "lamps"},
		{"https://www.etsy.com/shop/LampsAndMore", "etsy", "intl", evidence.PageSeller, "", "LampsAndMore"},
		{"https://lamps.myshopify.com/products/brass-lamp?variant=123", "shopify", "", evidence.PageListing, "", ""},
		{"https://ebay.com.lamps.example/itm/123456789012", "", "", "", "", ""},
		{"https://notamazon.com/dp/B07G2L3JMM", "", "", "", "", ""},
	} {
		t.Run(c.url, func(t *testing.T) {
			p := Parse(Document{URL: c.url})
			name, site, kind := "", "", evidence.PageKind("")
			if p.market != nil {
				name = p.market.Name
				_, site = marketOf(p.base.Hostname())
			}
			if p.rule != nil {
				kind = p.rule.Kind
			}
			if name != c.market || site != c.site || kind != c.kind || p.parts["item"] != c.item || p.parts["seller"] != c.seller {
				t.Errorf("got %q %q %q item %q seller %q, want %q %q %q item %q seller %q", name, site, kind, p.parts["item"], p.parts["seller"], c.market, c.site, c.kind, c.item, c.seller)
			}
		})
	}
}

// TestEachCanonicalURLIsItsOwn guards the marketplaces' files: the canonical
// form of a canonical form is itself.
func TestEachCanonicalURLIsItsOwn(t *testing.T) {
	list, err := markets()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 32 {
		t.Errorf("%d marketplaces and kinds of shop are described", len(list))
	}
	for _, m := range list {
		if m.Name == "" || len(m.Hosts) == 0 && len(m.Marks) == 0 {
			t.Errorf("%q can never be recognised", m.Name)
		}
		if err := m.compiled(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		for fact := range m.Select {
			switch fact {
			case "title", "price", "currency", "sku", "seller", "seller_id", "seller_link", "seller_page", "tiers", "min_order", "sold", "stock", "location", "images", "brand", "in_stock", "out_of_stock":
			default:
				t.Errorf("%s: nothing reads the selector for %q", m.Name, fact)
			}
		}
		for fact := range m.State {
			switch fact {
			case "title", "price", "price_max", "currency", "tiers", "seller", "seller_id", "seller_link", "brand", "stock", "sold", "images", "min_order", "location", "availability":
			default:
				t.Errorf("%s: nothing reads the state of %q", m.Name, fact)
			}
		}
	}
}
