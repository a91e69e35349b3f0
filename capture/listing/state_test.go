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
