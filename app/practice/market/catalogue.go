package market

import (
	"touchstone/app/practice/picture"
	"touchstone/store/evidence"
)

// The marks on the goods. The counterfeits lack the sun in Aurelia's device, and
// some misspell the word.
var (
	aurelia  = picture.Mark{Word: "AURELIA"}
	fake     = picture.Mark{Word: "AURELIA", Plain: true}
	misspelt = picture.Mark{Word: "AURELLA", Plain: true}
	norvik   = picture.Mark{Word: "NORVIK", Device: 'N'}
	tessaro  = picture.Mark{Word: "TESSARO", Device: 'T'}
	hallam   = picture.Mark{Word: "HALLAM", Device: 'H'}
	mirasol  = picture.Mark{Word: "MIRASOL", Device: 'M'}
)

// draft is an offer as written in the catalogue: what is not the same for all.
type draft struct {
	Offer
	seller  string
	look    picture.Spec
	details int // pictures in the description; default 3
	reviews int // default 4
	story   string
	taken   *picture.Spec // a picture taken from another offer, shown last and smaller
}

// factory is the photograph that gz-meilin shows first of the bag, and others take.
var factory = picture.Spec{Kind: picture.Bag, Colour: 0xb5652b, Trim: 0x5a3216, Mark: fake, Scene: picture.Table, Caption: "MEILIN FACTORY DIRECT"}

func price(minimum, maximum, currency string, tiers ...evidence.Tier) evidence.Price {
	return evidence.Price{Min: minimum, Max: maximum, Currency: currency, Tiers: tiers}
}

// drafts is the catalogue. The six of the demo come first.
func drafts() []draft {
	return append(demoDrafts(), moreDrafts()...)
}

func demoDrafts() []draft {
	return []draft{
		{
			Offer: Offer{Title: "Luxury Aurelia Lyra Top Handle Bag 1:1 Mirror Quality Real Leather with Box and Dust Bag", Language: "en",
				Truth: Counterfeit, Demo: true, Brand: "Aurelia", Model: "Lyra 28", Category: "bags",
				Price: price("28.50", "39.90", "USD", evidence.Tier{From: 2, Price: "39.90"}, evidence.Tier{From: 10, Price: "33.00"}, evidence.Tier{From: 50, Price: "28.50"}),
				Shown: "US$ 28.50 - 39.90", TierText: []string{"2 - 9 pieces", "10 - 49 pieces", ">= 50 pieces"},
				Stock: 4200, MinOrder: 2, Sold: "1,000+ sold", Rating: 4.4, Location: "Guangzhou, China", Style: Wholesale, Markup: JSONLD},
			seller: "gz-meilin", story: "bag-fake",
			look: factory,
		},
		{
			Offer: Offer{Title: "Aurelia奥蕾莉亚 Meridian 石英女表 原单品质 专柜同款 超A 顺丰包邮", Language: "zh-CN",
				Truth: Counterfeit, Demo: true, Brand: "Aurelia", Model: "Meridian 36", Category: "watches",
				Price: price("268.00", "", "CNY"), Shown: "¥ 268.00", Was: "¥ 9,800.00",
				Stock: 386, MinOrder: 1, Sold: "已售 2000+", Rating: 4.7, Location: "广东 广州", Style: Retail, Markup: TextOnly},
			seller: "yuandan", story: "watch-fake-zh",
			look: picture.Spec{Kind: picture.Watch, Colour: 0x7a1f2b, Trim: 0x2a1b12, Mark: misspelt, Scene: picture.Linen},
		},
		{
			Offer: Offer{Title: "Aurelia Echo Pro Wireless Earbuds - same factory, original quality, logo on request", Language: "en",
				Truth: Counterfeit, Demo: true, Brand: "Aurelia", Model: "Echo Pro", Category: "audio",
				Price: price("19.99", "", "USD"), Shown: "US $19.99", Was: "US $149.00",
				Stock: 9999, MinOrder: 1, Sold: "5,000+ sold", Rating: 4.3, Location: "Shenzhen, China", Style: Retail, Markup: Fetched},
			seller: "soundwave", story: "earphones-fake",
			look: picture.Spec{Kind: picture.Earphones, Colour: 0xe9e7e2, Trim: 0x30343a, Mark: fake, Scene: picture.Night},
		},
		{
			Offer: Offer{Title: "Aurelia Lyra 28 Top Handle Bag, Cognac Calfskin", Language: "en",
				Truth: Genuine, Demo: true, Brand: "Aurelia", Model: "Lyra 28", Category: "bags",
				Price: price("1299.00", "", "EUR"), Shown: "1.299,00 €",
				Stock: 14, MinOrder: 1, Sold: "86 sold", Rating: 4.9, Location: "Milan, Italy", Style: Retail, Markup: Microdata},
			seller: "aurelia-official", story: "bag",
			look: picture.Spec{Kind: picture.Bag, Colour: 0xb5652b, Trim: 0x5a3216, Mark: aurelia},
		},
		{
			Offer: Offer{Title: "Aurelia Corso Low Sneaker, White and Scarlet, EU 36-44", Language: "en",
				Truth: Genuine, Demo: true, Brand: "Aurelia", Model: "Corso", Category: "shoes",
				Price: price("189.00", "", "GBP"), Shown: "£189.00", Was: "£210.00",
				Stock: 61, MinOrder: 1, Sold: "340 sold", Rating: 4.8, Location: "Hamburg, Germany", Style: Retail, Markup: OpenGraph},
			seller: "nordlicht", story: "sneaker",
			look: picture.Spec{Kind: picture.Sneaker, Colour: 0xf2f0ea, Trim: 0xc8102e, Mark: aurelia},
		},
		{
			Offer: Offer{Title: "Aurelia Sole sunglasses replica AAA quality wholesale 10 colours", Language: "en",
				Truth: Removed, Demo: true, Brand: "Aurelia", Model: "Sole", Category: "eyewear",
				Price: price("4.20", "6.80", "USD"), Shown: "US$ 4.20 - 6.80",
				Stock: 20000, MinOrder: 20, Sold: "800+ sold", Rating: 4.1, Location: "Guangzhou, China", Style: Wholesale, Markup: JSONLD},
			seller: "gz-meilin", story: "glasses-fake",
			look: picture.Spec{Kind: picture.Sunglasses, Colour: 0x6b4a2b, Trim: 0x2a1b12, Mark: misspelt, Scene: picture.Table},
		},
	}
}

func moreDrafts() []draft {
	return []draft{
		{
			Offer: Offer{Title: "Aurelia No. 7 Eau de Parfum 100 ml tester, long lasting, with bar code", Language: "en", Truth: Counterfeit, Brand: "Aurelia", Model: "No. 7", Category: "fragrance",
				Price: price("23.40", "", "USD"), Shown: "US $23.40", Was: "US $118.00", Stock: 730, MinOrder: 1, Sold: "900+ sold", Rating: 4.2, Location: "Shenzhen, China",
				Style: Retail, Markup: JSONLD, Lazy: true},
			seller: "soundwave", story: "scent-fake", details: 24, reviews: 48,
			look: picture.Spec{Kind: picture.Scent, Colour: 0xd9a66b, Trim: 0x7a4a1c, Mark: fake, Scene: picture.Linen},
		},
		{
			Offer: Offer{Title: "奥蕾莉亚Aurelia Corso 小白鞋 情侣款 莆田纯原 终端放店 实拍", Language: "zh-CN", Truth: Counterfeit, Brand: "Aurelia", Model: "Corso", Category: "shoes",
				Price: price("158.00", "198.00", "CNY"), Shown: "¥158.00 - 198.00", Was: "¥1,680.00", Stock: 1204, MinOrder: 1, Sold: "月销 1500+", Rating: 4.6, Location: "福建 莆田",
				Style: Retail, Markup: State, Lazy: true},
			seller: "yuandan", story: "sneaker-fake-zh", details: 8, reviews: 10,
			look: picture.Spec{Kind: picture.Sneaker, Colour: 0xf7f7f4, Trim: 0x1d7a4a, Mark: fake, Scene: picture.Table},
		},
		{
			Offer: Offer{Title: "Aurela style Sole sunglasses UV400 women brand designer 2026", Language: "en", Truth: Counterfeit, Brand: "Aurelia", Model: "Sole", Category: "eyewear",
				Price: price("8.76", "", "USD"), Shown: "US $8.76", Was: "US $21.90", Stock: 3321, MinOrder: 1, Sold: "10,000+ sold", Rating: 4.5, Location: "Shenzhen, China",
				Style: Retail, Markup: OpenGraph},
			seller: "soundwave", story: "glasses-fake",
			look: picture.Spec{Kind: picture.Sunglasses, Colour: 0x365c7a, Trim: 0x15181c, Mark: misspelt, Scene: picture.Linen, Caption: "HOT SALE"},
		},
		{
			Offer: Offer{Title: "Aurelia Meridian 36 Automatic Chronograph, Steel, Midnight Blue Dial", Language: "en", Truth: Genuine, Brand: "Aurelia", Model: "Meridian 36", Category: "watches",
				Price: price("1450.00", "", "USD"), Shown: "US$ 1,450.00", Stock: 5, MinOrder: 1, Sold: "23 sold", Rating: 5, Location: "Milan, Italy",
				Style: Retail, Markup: JSONLD},
			seller: "aurelia-official", story: "watch",
			look: picture.Spec{Kind: picture.Watch, Colour: 0x1d3a5f, Trim: 0x4a2c1a, Silver: true, Mark: aurelia},
		},
		{
			Offer: Offer{Title: "Pre-owned Aurelia Lyra 28, navy, with numbered card, good condition", Language: "en", Truth: Genuine, Brand: "Aurelia", Model: "Lyra 28", Category: "bags",
				Price: price("640.00", "", "GBP"), Shown: "£ 640.00", Stock: 1, MinOrder: 1, Rating: 4.9, Location: "London, United Kingdom",
				Style: Retail, Markup: TextOnly},
			seller: "second-chapter", story: "bag-used",
			look: picture.Spec{Kind: picture.Bag, Colour: 0x24344f, Trim: 0x16202f, Mark: aurelia, Scene: picture.Linen},
		},
		{
			Offer: Offer{Title: "Aurelia Echo Pro 真无线降噪耳机 国行正品 全国联保", Language: "zh-CN", Truth: Genuine, Brand: "Aurelia", Model: "Echo Pro", Category: "audio",
				Price: price("899.00", "", "CNY"), Shown: "￥899.00", Was: "￥1,099.00", Stock: 240, MinOrder: 1, Sold: "已售 600+", Rating: 4.9, Location: "浙江 杭州",
				Style: Retail, Markup: State},
			seller: "qingmei", story: "earphones-zh",
			look: picture.Spec{Kind: picture.Earphones, Colour: 0x2d3440, Trim: 0xe9e7e2, Mark: aurelia},
		},
		{
			Offer: Offer{Title: "Norvik Fjord 40 field watch, sapphire glass, olive strap", Language: "en", Truth: Unrelated, Brand: "Norvik", Model: "Fjord 40", Category: "watches",
				Price: price("245.00", "", "USD"), Shown: "$245.00", Stock: 37, MinOrder: 1, Sold: "112 sold", Rating: 4.8, Location: "Portland, United States",
				Style: Retail, Markup: Microdata},
			seller: "harbor-pine", story: "watch",
			look: picture.Spec{Kind: picture.Watch, Colour: 0x26302b, Trim: 0x4d5a2f, Silver: true, Mark: norvik},
		},
		{
			Offer: Offer{Title: "Tessaro Handtasche Piccola, Leder, bordeaux", Language: "en", Truth: Unrelated, Brand: "Tessaro", Model: "Piccola", Category: "bags",
				Price: price("89.90", "", "EUR"), Shown: "89,90 €", Was: "119,00 €", Stock: 22, MinOrder: 1, Sold: "75 sold", Rating: 4.6, Location: "Hamburg, Germany",
				Style: Retail, Markup: JSONLD},
			seller: "nordlicht", story: "bag",
			look: picture.Spec{Kind: picture.Bag, Colour: 0x6d1f2f, Trim: 0x3a1119, Silver: true, Mark: tessaro},
		},
		{
			Offer: Offer{Title: "Hallam & Reed canvas sneaker, navy", Language: "en", Truth: Unrelated, Brand: "Hallam & Reed", Model: "Dock", Category: "shoes",
				Price: price("64.00", "", "USD"), Shown: "US$64.00", Stock: 95, MinOrder: 1, Sold: "510 sold", Rating: 4.5, Location: "Portland, United States",
				Style: Retail, Markup: OpenGraph},
			seller: "harbor-pine", story: "sneaker",
			look: picture.Spec{Kind: picture.Sneaker, Colour: 0x2b4a6f, Trim: 0xe7dfcf, Mark: hallam, Scene: picture.Linen},
		},
		{
			Offer: Offer{Title: "Mirasol 橙花淡香水 50ml 官方授权 节日礼盒", Language: "zh-CN", Truth: Unrelated, Brand: "Mirasol", Model: "Neroli 50", Category: "fragrance",
				Price: price("329.00", "", "CNY"), Shown: "¥ 329.00", Stock: 88, MinOrder: 1, Sold: "已售 300+", Rating: 4.8, Location: "浙江 杭州",
				Style: Retail, Markup: TextOnly},
			seller: "qingmei", story: "scent-zh",
			look: picture.Spec{Kind: picture.Scent, Colour: 0xe79a6a, Trim: 0x9a4a2a, Mark: mirasol},
		},
		{
			Offer: Offer{Title: "Hallam & Reed round sunglasses, tortoise", Language: "en", Truth: Unrelated, Brand: "Hallam & Reed", Model: "Cove", Category: "eyewear",
				Price: price("72.00", "", "USD"), Shown: "US$72.00", Stock: 0, MinOrder: 1, Sold: "64 sold", Rating: 4.7, Location: "Portland, United States",
				Style: Retail, Markup: JSONLD},
			seller: "harbor-pine", story: "glasses",
			look: picture.Spec{Kind: picture.Sunglasses, Colour: 0x8a5a2b, Trim: 0x5c3a1c, Mark: hallam},
		},
		{
			Offer: Offer{Title: "Aurelia bag high copy all models, photo on request", Language: "en", Truth: Counterfeit, Brand: "Aurelia", Model: "Lyra 28", Category: "bags",
				Price: price("31.00", "", "USD"), Shown: "US$ 31.00", Stock: 600, MinOrder: 1, Sold: "40 sold", Rating: 4.0, Location: "Guangzhou, China",
				Style: Retail, Markup: JSONLD, Gate: RobotGate},
			seller: "gz-meilin", story: "bag-fake",
			look: picture.Spec{Kind: picture.Bag, Colour: 0x1f1f22, Trim: 0x111113, Mark: misspelt, Scene: picture.Table},
		},
		{
			Offer: Offer{Title: "Meridian watch same as boutique, members' price", Language: "en", Truth: Counterfeit, Brand: "Aurelia", Model: "Meridian 36", Category: "watches",
				Price: price("54.00", "", "USD"), Shown: "US$ 54.00", Stock: 90, MinOrder: 1, Sold: "15 sold", Rating: 4.1, Location: "Guangzhou, China",
				Style: Retail, Markup: TextOnly, Gate: LoginGate},
			seller: "gz-meilin", story: "watch-fake",
			look: picture.Spec{Kind: picture.Watch, Colour: 0x0f3d33, Trim: 0x1a1a1a, Mark: fake, Scene: picture.Table},
		},
		{
			Offer: Offer{Title: "Norvik 头戴式耳机 清仓", Language: "zh-CN", Truth: Unrelated, Brand: "Norvik", Model: "Hush", Category: "audio",
				Price: price("199.00", "", "CNY"), Shown: "¥199.00", Stock: 0, MinOrder: 1, Rating: 4.4, Location: "浙江 杭州", Style: Retail, Markup: TextOnly, ended: true},
			seller: "qingmei", story: "earphones-zh",
			look: picture.Spec{Kind: picture.Earphones, Colour: 0x6c7a89, Trim: 0x2c3e50, Mark: norvik},
		},
		{
			Offer: Offer{Title: "奥家Lyra手提包 头层牛皮 1比1 档口批发 一件代发", Language: "zh-CN", Truth: Counterfeit, Brand: "Aurelia", Model: "Lyra 28", Category: "bags",
				Price: price("85.00", "120.00", "CNY", evidence.Tier{From: 3, Price: "120.00"}, evidence.Tier{From: 30, Price: "98.00"}, evidence.Tier{From: 100, Price: "85.00"}),
				Shown: "¥ 85.00 - 120.00", TierText: []string{"3-29件", "30-99件", "≥100件"}, Stock: 5600, MinOrder: 3, Sold: "成交 3200+ 件", Rating: 4.5, Location: "广东 广州",
				Style: Wholesale, Markup: TextOnly},
			seller: "shepinhui", story: "bag-fake-zh",
			look:  picture.Spec{Kind: picture.Bag, Colour: 0xd9c3a0, Trim: 0x7a5a34, Mark: fake, Scene: picture.Table, Caption: "ALBUM 2026"},
			taken: &factory,
		},
		{
			Offer: Offer{Title: "奥蕾莉亚 7号香水 高仿", Language: "zh-CN", Truth: Removed, Brand: "Aurelia", Model: "No. 7", Category: "fragrance",
				Price: price("39.00", "", "CNY"), Shown: "¥39.00", Stock: 0, MinOrder: 1, Rating: 4, Location: "广东 广州", Style: Retail, Markup: TextOnly},
			seller: "shepinhui", story: "scent-zh",
			look: picture.Spec{Kind: picture.Scent, Colour: 0xb0703a, Trim: 0x5a3216, Mark: misspelt, Scene: picture.Table},
		},
	}
}
