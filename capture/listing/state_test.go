package listing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

// TestEmbeddedDataOfMarketplaces: pages as these marketplaces serve them before
// a script draws them, in the smallest form: the facts are in the data alone.
func TestEmbeddedDataOfMarketplaces(t *testing.T) {
	for _, c := range []struct {
		name, url, page string
		want            evidence.Facts
	}{
		{"AliExpress, runParams by modules", "https://www.aliexpress.com/item/1005001234567890.html",
			`<title>Brass Lamp - AliExpress</title><h1>Brass Lamp</h1><script>window.runParams = {data: {"titleModule":{"subject":"Brass Lamp","formatTradeCount":"1000+ sold"},"priceModule":{"minActivityAmount":{"value":9.9,"currency":"USD"},"maxActivityAmount":{"value":12.5,"currency":"USD"}},
			"storeModule":{"storeName":"Lamps Store","storeNum":910123456},"quantityModule":{"totalAvailQuantity":77},"imageModule":{"imagePathList":["https://ae01.alicdn.com/kf/a.jpg","https://ae01.alicdn.com/kf/b.jpg"]}}};</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "9.90", Max: "12.50", Currency: "USD"}, Seller: &evidence.SellerFacts{ID: "910123456", Name: "Lamps Store"}, Stock: "77",
				Images: []evidence.Image{{URL: "https://ae01.alicdn.com/kf/a.jpg"}, {URL: "https://ae01.alicdn.com/kf/b.jpg"}}}},
		{"AliExpress, runParams by components", "https://www.aliexpress.com/item/1005001234567890.html",
			`<title>Brass Lamp - AliExpress</title><h1>Brass Lamp</h1><script>window.runParams = {"data":{"productInfoComponent":{"subject":"Brass Lamp"},"priceComponent":{"discountPrice":{"minActivityAmount":{"value":"9.90","currency":"EUR"}},"origPrice":{"minAmount":{"value":"20.00"}}},
			"sellerComponent":{"storeName":"Lamps Store","storeNum":"910123456"},"inventoryComponent":{"totalQuantity":77}}};</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "9.90", Currency: "EUR"}, Seller: &evidence.SellerFacts{ID: "910123456", Name: "Lamps Store"}, Stock: "77"}},
		{"Walmart, __NEXT_DATA__", "https://www.walmart.com/ip/Brass-Lamp/55126211",
			`<title>Brass Lamp - Walmart.com</title><h1>Brass Lamp</h1><script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"initialData":{"data":{"product":{"name":"Brass Lamp","usItemId":"55126211","sellerName":"Lamps Ltd","sellerId":"F55CDC31AB75","availabilityStatus":"OUT_OF_STOCK",
			"priceInfo":{"currentPrice":{"price":19.97,"currencyUnit":"USD"},"wasPrice":{"price":29.97}},"imageInfo":{"allImages":[{"id":"1","url":"https://i5.walmartimages.com/a.jpeg"},{"id":"2","url":"https://i5.walmartimages.com/b.jpeg"}]}}}}}}}</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "19.97", Currency: "USD"}, Availability: evidence.OutOfStock, Seller: &evidence.SellerFacts{ID: "F55CDC31AB75", Name: "Lamps Ltd"},
				Images: []evidence.Image{{URL: "https://i5.walmartimages.com/a.jpeg"}, {URL: "https://i5.walmartimages.com/b.jpeg"}}}},
		{"Temu, rawData", "https://www.temu.com/de/brass-lamp-g-601099512345678.html",
			`<html lang="de-DE"><title>Brass Lamp - Temu</title><h1>Brass Lamp</h1><script>window.rawData={"store":{"goods":{"goodsName":"Brass Lamp","goodsId":"601099512345678","mallId":"634418212345678","minOnSalePriceStr":"9,98€"},"mall":{"mallName":"Lamps Mall"}}};</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "9.98", Currency: "EUR"}, Seller: &evidence.SellerFacts{ID: "634418212345678", Name: "Lamps Mall"}}},
		{"Pinduoduo, rawData", "https://mobile.yangkeduo.com/goods.html?goods_id=1234567890",
			`<html lang="zh"><title>黄铜台灯</title><h1>黄铜台灯</h1><script>window.rawData={"store":{"initDataObj":{"goods":{"goodsName":"黄铜台灯","minGroupPrice":"29.9","sideSalesTip":"已拼2.3万件"},"mall":{"mallName":"灯具店","mallID":777888}}}};</script>`,
			evidence.Facts{Title: "黄铜台灯", Price: &evidence.Price{Min: "29.90", Currency: "CNY"}, Seller: &evidence.SellerFacts{ID: "777888", Name: "灯具店"}}},
		{"Shopify, a theme's product, which counts in hundredths", "https://lamps.myshopify.com/products/brass-lamp",
			`<html lang="de-DE"><title>Brass Lamp – Lamps</title><meta property="og:type" content="product"><h1>Brass Lamp</h1><script>var product = {"id":158563541,"title":"Brass Lamp","vendor":"Lamps","price":10900,"price_min":10900,"price_max":10900,"available":true,"variants":[{"id":1,"price":10900}]}; var shop = {"currency":"EUR"};</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "109.00"}, Availability: evidence.InStock}},
		{"Alibaba.com, detailData", "https://www.alibaba.com/product-detail/_1600123456789.html",
			`<title>Brass Lamp - Buy Brass Lamp Product on Alibaba.com</title><h1>Brass Lamp</h1><script>window.detailData = {"globalData":{"product":{"subject":"Brass Lamp","moq":50},"seller":{"companyName":"Lamps Co., Ltd.","companyId":246813579}}};</script>`,
			evidence.Facts{Title: "Brass Lamp", Seller: &evidence.SellerFacts{ID: "246813579", Name: "Lamps Co., Ltd."}, MinOrder: "50"}},
		{"1688, window.context handed to a function", "https://detail.1688.com/offer/712345678901.html?spm=a26352.13672862",
			`<html lang="zh-CN"><title>黄铜台灯 - 阿里巴巴</title><h1>灯具有限公司</h1><script>window.contextPath="/x";window.context=(function(b,d){for(var k in d){b[k]=d[k]}return b})(window.contextPath,{"result":{"data":{"productTitle":{"fields":{"title":"黄铜台灯"}},"gallery":{"fields":{"offerImgList":["https://cbu01.alicdn.com/img/a.jpg","https://cbu01.alicdn.com/img/b.jpg"]}},"mainPrice":{"fields":{"finalPriceModel":{"tradeWithoutPromotion":{"offerPriceRanges":[{"price":"35.00","beginAmount":2},{"price":"33.00","beginAmount":50},{"price":"32.00","beginAmount":200}]}}}},
			"shippingServices":{"fields":{"location":"浙江金华"}},"Root":{"fields":{"dataJson":{"tempModel":{"offerTitle":"黄铜台灯","companyName":"义乌市灯具有限公司","winportUrl":"https://shop1x5k0h7q1.1688.com"},"orderParamModel":{"orderParam":{"beginNum":2,"canBookedAmount":64841}}}}}}}});</script>`,
			evidence.Facts{Title: "黄铜台灯", Price: &evidence.Price{Min: "32.00", Max: "35.00", Currency: "CNY", Tiers: []evidence.Tier{{From: 2, Price: "35.00"}, {From: 50, Price: "33.00"}, {From: 200, Price: "32.00"}}},
				Seller: &evidence.SellerFacts{ID: "shop1x5k0h7q1", Name: "义乌市灯具有限公司", URL: "https://shop1x5k0h7q1.1688.com/"}, Stock: "64841", MinOrder: "2",
				Images: []evidence.Image{{URL: "https://cbu01.alicdn.com/img/a.jpg"}, {URL: "https://cbu01.alicdn.com/img/b.jpg"}}}},
		{"1688, __INIT_DATA, prices by variant", "https://detail.1688.com/offer/712345678901.html",
			`<html lang="zh-CN"><title>黄铜台灯</title><script>window.__GLOBAL_DADA={"isLogin":false};window.__INIT_DATA={"data":{},"globalData":{"tempModel":{"offerTitle":"黄铜台灯","companyName":"义乌市灯具有限公司"},"orderParamModel":{"orderParam":{"beginNum":"2","skuParam":{"skuPriceType":"skuPrice","skuRangePrices":[{"beginAmount":"2","price":"10"},{"beginAmount":"2","price":"12"}]}}},"images":[{"fullPathImageURI":"https://cbu01.alicdn.com/img/a.jpg"},{"fullPathImageURI":"https://cbu01.alicdn.com/img/b.jpg"}]}};</script>`,
			evidence.Facts{Title: "黄铜台灯", Price: &evidence.Price{Min: "10", Max: "12", Currency: "CNY"}, Seller: &evidence.SellerFacts{Name: "义乌市灯具有限公司"}, MinOrder: "2",
				Images: []evidence.Image{{URL: "https://cbu01.alicdn.com/img/a.jpg"}, {URL: "https://cbu01.alicdn.com/img/b.jpg"}}}},
		{"Taobao, __ICE_APP_CONTEXT__: the price is the one before the coupon", "https://item.taobao.com/item.htm?id=712345678901&ns=1",
			`<html lang="zh-CN"><title>黄铜台灯-淘宝网</title><div>加入购物车</div><script>var b={"loaderData":{"home":{"data":{"res":{"item":{"title":"黄铜台灯","images":["https://img.alicdn.com/i1/a.jpg","https://img.alicdn.com/i1/b.jpg"]},"seller":{"shopName":"灯具小店","shopId":"557267452","sellerId":"2216273476534","pcShopUrl":"//shop557267452.taobao.com"},
			"componentsVO":{"priceVO":{"price":{"priceText":"129.00","priceMoney":12900,"priceTitle":"优惠前"},"extraPrice":{"priceText":"99.00","priceMoney":9900,"priceTitle":"券后"}},"titleVO":{"title":{"title":"黄铜台灯"}}},"skuCore":{"sku2info":{"0":{"quantity":50,"quantityText":"有货"}}}}}}}};window.__ICE_APP_CONTEXT__=b;</script>`,
			evidence.Facts{Title: "黄铜台灯", Price: &evidence.Price{Min: "129.00", Currency: "CNY"}, Seller: &evidence.SellerFacts{ID: "shop557267452", Name: "灯具小店", URL: "https://shop557267452.taobao.com/"}, Stock: "50",
				Images: []evidence.Image{{URL: "https://img.alicdn.com/i1/a.jpg"}, {URL: "https://img.alicdn.com/i1/b.jpg"}}}},
		{"Tmall, the same", "https://detail.tmall.com/item.htm?id=712345678901&skuId=5012345678901",
			`<html lang="zh-CN"><title>黄铜台灯-tmall.com天猫</title><script>var b={"loaderData":{"home":{"data":{"res":{"item":{"title":"黄铜台灯"},"seller":{"shopName":"灯具旗舰店","pcShopUrl":"//dengju.tmall.com"},"componentsVO":{"priceVO":{"price":{"priceText":"129.00"}}}}}}}};window.__ICE_APP_CONTEXT__=b;</script>`,
			evidence.Facts{Title: "黄铜台灯", Price: &evidence.Price{Min: "129.00", Currency: "CNY"}, Seller: &evidence.SellerFacts{ID: "dengju", Name: "灯具旗舰店", URL: "https://dengju.tmall.com/"}}},
		{"Shopee, mfe-initial-data: the entry of this listing, in hundred-thousandths", "https://shopee.vn/Den-dong-i.958693576.23761901196?sp_atk=x",
			`<html lang="vi"><title>Đèn đồng | Shopee Việt Nam</title><div id=main></div><script type="text/mfe-initial-data">{"initialState":{"DOMAIN_PDP":{"data":{"PDP_BFF_DATA":{"cachedMap":{"1/2":{"item":{"title":"Đèn khác","price":100000000}},"958693576/23761901196":{"item":{"item_id":23761901196,"shop_id":958693576,"title":"Đèn đồng","currency":"VND","price":5900000000,"price_min":5900000000,"price_max":9900000000,"stock":12},"shop_detailed":{"name":"Đèn Shop"}}}}}}}}</script>`,
			evidence.Facts{Title: "Đèn đồng", Price: &evidence.Price{Min: "59000.00", Max: "99000.00", Currency: "VND"}, Seller: &evidence.SellerFacts{ID: "958693576", Name: "Đèn Shop"}, Stock: "12"}},
		{"Lazada, __moduleData__: the variant that the address names", "https://www.lazada.com.my/products/brass-lamp-i149806956-s175725114.html?c=&channelLpJumpArgs=",
			`<html lang="en"><title>Brass Lamp | Lazada</title><script>var __moduleData__ = {"data":{"root":{"fields":{"product":{"title":"Brass Lamp"},"skuInfos":{"0":{"skuId":"175725113","stock":3,"price":{"salePrice":{"text":"RM99.00","value":99},"originalPrice":{"text":"RM120.00","value":120}}},"175725114":{"skuId":"175725114","stock":7,"price":{"salePrice":{"text":"RM1,114.00","value":1114}}}},
			"seller":{"name":"Lamps MY","sellerId":"1000123","shopId":7,"url":"//www.lazada.com.my/shop/lamps-my/?itemId=149806956&channelSource=pdp"},"tracking":{"pdt_price":"RM99.00","core":{"currencyCode":"MYR"}},"skuGalleries":{"0":[{"type":"img","poster":"//my-live.slatic.net/p/a.jpg","src":"//my-live.slatic.net/p/a.jpg"},{"type":"img","src":"//my-live.slatic.net/p/b.jpg"}]}}}}}; var __googleBot__ = "";</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "1114.00", Currency: "MYR"}, Seller: &evidence.SellerFacts{ID: "lamps-my", Name: "Lamps MY", URL: "https://www.lazada.com.my/shop/lamps-my/"},
				Images: []evidence.Image{{URL: "https://my-live.slatic.net/p/a.jpg"}, {URL: "https://my-live.slatic.net/p/b.jpg"}}}},
		{"Lazada, pdpTrackingData, a string with data in it", "https://www.lazada.co.id/products/lampu-i149806956.html",
			`<html lang="id"><title>Lampu kuningan</title><script>var pdpTrackingData = "{\"pdt_category\":[\"Rumah\"],\"pdt_name\":\"Lampu kuningan\",\"pdt_price\":\"Rp299.000\",\"seller_name\":\"Toko Lampu\"}";</script>`,
			evidence.Facts{Title: "Lampu kuningan", Price: &evidence.Price{Min: "299000", Currency: "IDR"}, Seller: &evidence.SellerFacts{Name: "Toko Lampu"}}},
		{"Mercado Libre, __PRELOADED_STATE__", "https://www.mercadolivre.com.br/luminaria-de-latao/p/MLB34945300?pdp_filters=item_id:MLB3787930983",
			`<html lang="pt-BR"><title>Luminária de latão</title><script type="application/json" id="__PRELOADED_STATE__">{"pageState":{"initialState":{"id":"MLB34945300","components":{"header":{"title":"Luminária de latão","subtitle":"Novo  |  +100 vendidos"},"price":{"price":{"value":299.9,"original_value":399.9,"currency_id":"BRL"}},"track":{"melidata_event":{"event_data":{"seller_id":56415359,"seller_name":"LUMINARIAS SP"}}}}}}}</script>`,
			evidence.Facts{Title: "Luminária de latão", Price: &evidence.Price{Min: "299.90", Currency: "BRL"}, Seller: &evidence.SellerFacts{Name: "LUMINARIAS SP"}}},
		{"Mercado Libre, __NORDIC_RENDERING_CTX__", "https://articulo.mercadolibre.com.ar/MLA-1121239971-lampara-de-laton-_JM",
			`<html lang="es-AR"><title>Lámpara de latón</title><script id="__NORDIC_RENDERING_CTX__">_n.ctx.r={"flags":{},"appProps":{"pageProps":{"initialState":{"components":{"header":{"title":"Lámpara de latón","subtitle":"Nuevo  |  +50 vendidos"},"price":{"price":{"value":28000,"currency_id":"ARS"}}}}}}};_n.ctx.r.assets.manifest=new Map([["a","b"]]);</script>`,
			evidence.Facts{Title: "Lámpara de latón", Price: &evidence.Price{Min: "28000", Currency: "ARS"}}},
		{"TikTok Shop, __MODERN_ROUTER_DATA__", "https://www.tiktok.com/shop/pdp/brass-lamp/1729384756123456789?region=US",
			`<html lang="en"><title>Brass Lamp - TikTok Shop</title><script id="__MODERN_ROUTER_DATA__" type="application/json">{"loaderData":{"layout":null,"view/product/(product_id)/page":{"page_config":{"components_map":[{"component_type":"header","component_data":{}},{"component_type":"product_info","component_data":{"product_info":{"product_model":{"product_id":"1729384756123456789","name":"Brass Lamp"},"seller_model":{"shop_name":"Lamps US"},"shop_info":{"seller_id":"7495123456789012345"},
			"promotion_model":{"promotion_product_price":{"min_price":{"sale_price_decimal":"19.99","origin_price_decimal":"29.99"}}}}}}]}}}}</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "19.99"}, Seller: &evidence.SellerFacts{ID: "7495123456789012345", Name: "Lamps US"}}},
		{"Ozon, data in attributes: the price without the site's card", "https://www.ozon.ru/product/lampa-latunnaya-397529235/",
			`<html lang="ru"><title>Лампа латунная купить на OZON</title><div id="layoutPage"><div id="state-webProductHeading-146888-default-1" data-state='{"title":"Лампа латунная"}'></div><div id="state-webPrice-3121879-default-1" data-state='{"isAvailable":true,"cardPrice":"4 990 ₽","price":"5 490 ₽","originalPrice":"8 990 ₽"}'></div>
			<div id="state-webStickyProducts-726428-default-1" data-state='{"name":"Лампа латунная","seller":{"name":"Лавка света"}}'></div><div data-widget="webPrice"><span>4 990 ₽</span> <span>c Ozon Картой</span><span>5 490 ₽</span><span>8 990 ₽</span></div></div>`,
			evidence.Facts{Title: "Лампа латунная", Price: &evidence.Price{Min: "5490", Currency: "RUB"}, Availability: evidence.InStock, Seller: &evidence.SellerFacts{Name: "Лавка света"}}},
		{"Ozon, out of stock", "https://www.ozon.ru/product/lampa-latunnaya-397529235/",
			`<html lang="ru"><title>Лампа латунная</title><div data-widget="webProductHeading"><h1>Лампа латунная</h1></div><div id="state-webOutOfStock-1-default-1" data-state='{"sellerName":"Лавка","isAvailable":false}'></div><div><h2>Похожие товары</h2><a href="/product/x-1234567/"><img src="x.jpg">490 ₽</a></div>`,
			evidence.Facts{Title: "Лампа латунная", Availability: evidence.OutOfStock}},
		{"Wildberries, class names with a build's endings: the price without the site's wallet", "https://www.wildberries.ru/catalog/163669173/detail.aspx?targetUrl=GP",
			`<html lang="ru"><title>Лампа латунная - Wildberries</title><h3 class="productTitle--lfc4o">x</h3><h1 class="productTitle--J2W7I">Лампа латунная</h1><div class="priceBlockPriceWrap--abc12"><span class="priceBlockWalletPrice--RJGuT">1 234 ₽</span><ins class="priceBlockFinalPrice--iToZR">1 300 ₽</ins><del class="priceBlockOldPrice--qSWAf">2 600 ₽</del></div><button>Добавить в корзину</button>`,
			evidence.Facts{Title: "Лампа латунная", Price: &evidence.Price{Min: "1300", Currency: "RUB"}, Availability: evidence.InStock}},
		{"Rakuten, item-page-app-data: the prices of all variants", "https://item.rakuten.co.jp/akari/lamp-77/",
			`<html lang="ja"><title>真鍮ランプ：灯り</title><p>3,000円</p><script type="application/json" id="item-page-app-data">{"newApi":{"itemInfoSku":{"title":"真鍮ランプ","manageNumber":"lamp-77","sku":[{"variantId":"a","taxIncludedPrice":3000},{"variantId":"b","taxIncludedPrice":3500},{"variantId":"c","taxIncludedPrice":3000}]}}}</script>`,
			evidence.Facts{Title: "真鍮ランプ", Price: &evidence.Price{Min: "3000", Max: "3500", Currency: "JPY"}, Seller: &evidence.SellerFacts{ID: "akari"}}},
		{"SHEIN, gbRawData", "https://us.shein.com/Brass-Lamp-p-312187195.html",
			`<html lang="en"><title>Brass Lamp | SHEIN USA</title><script>window.gbRawData = {"canonicalInfo":{"goods_id":"312187195"},"modules":{"productInfo":{"goods_id":"312187195","goods_name":"Brass Lamp"},"priceInfo":{"retailPrice":{"amount":"19.99","amountWithSymbol":"$19.99"},"salePrice":{"amount":"9.99","amountWithSymbol":"$9.99"}}}};document.dispatchEvent(new Event("x"))</script>`,
			evidence.Facts{Title: "Brass Lamp", Price: &evidence.Price{Min: "9.99", Currency: "USD"}}},
		{"SHEIN, productIntroData", "https://de.shein.com/Messinglampe-p-312187195.html",
			`<html lang="de"><title>Messinglampe | SHEIN</title><script>window.goodsDetailv2SsrData = {"pageTitle":"x","productIntroData":{"detail":{"goods_id":"312187195","goods_sn":"sk23122256143","goods_name":"Messinglampe","salePrice":{"amount":"9.99","amountWithSymbol":"9,99€"},"retailPrice":{"amount":"19.99","amountWithSymbol":"19,99€"}}}}</script>`,
			evidence.Facts{Title: "Messinglampe", Price: &evidence.Price{Min: "9.99", Currency: "EUR"}}},
		{"JD, pageConfig: no price, which is loaded later", "https://item.jd.com/100012345678.html",
			`<html lang="zh-CN"><title>【黄铜台灯】灯具 - 京东</title><script>var pageConfig = { compatible: true, product: { modules: ["address"], skuid: 100012345678, name: '黄铜台灯', venderId: 1000000904, shopId: '1000000904', href: '//item.jd.com/100012345678.html' } };</script>`,
			evidence.Facts{Title: "黄铜台灯", Seller: &evidence.SellerFacts{ID: "1000000904"}}},
		{"Coupang, exports.sdp", "https://www.coupang.com/vp/products/7712345678?itemId=1&vendorItemId=88123",
			`<html lang="ko"><title>쿠팡! | 황동 램프</title><script>exports.sdp = {"productId":7712345678,"itemName":"황동 램프","title":"황동 램프 모음"};exports.sdpIssueTypes={}</script><div class="total-price"><strong>39,000원</strong></div>`,
			evidence.Facts{Title: "황동 램프", Price: &evidence.Price{Min: "39000", Currency: "KRW"}}},
		{"Vinted, data in pushed strings", "https://www.vinted.fr/items/5512345678-robe-rouge",
			`<html lang="fr"><title>Robe rouge | Vinted</title><h1>Robe rouge</h1><script>self.__next_f.push([1,"9:[\"$\",\"$L1\",null,{\"itemDto\":{\"id\":5512345678,\"title\":\"Robe rouge\",\"price\":{\"amount\":\"12.0\",\"currency_code\":\"EUR\"},\"total_item_price\":{\"amount\":\"13.3\",\"currency_code\":\"EUR\"}}}]\n"])</script>`,
			evidence.Facts{Title: "Robe rouge", Price: &evidence.Price{Min: "12", Currency: "EUR"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Read(Document{URL: c.url, HTML: []byte(c.page)})
			if f.PageKind != evidence.PageListing || f.ItemID == "" && f.Marketplace != "shopify" {
				t.Errorf("page kind %s, item %q", f.PageKind, f.ItemID)
			}
			got := evidence.Facts{Title: f.Title, Price: f.Price, Availability: f.Availability, Seller: f.Seller, Stock: f.Stock, MinOrder: f.MinOrder, Images: f.Images}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("facts differ (-want +got):\n%s", d)
			}
		})
	}
}
