package market

// sellers are the invented sellers. The telephone numbers are from ranges that
// regulators keep free for fiction (Ofcom's 07700 900, NANP's 555-01). Three share
// contacts: gz-meilin and shepinhui a WhatsApp number, shepinhui and yuandan a
// WeChat name.
func sellers() map[string]*Seller {
	list := []*Seller{
		{ID: "aurelia-official", Name: "Aurelia Official Store", Language: "en", Location: "Milan, Italy", Since: 2014,
			Feedback: "99.2%", Followers: "412K", Authorised: true,
			About: "The house of Aurelia on this marketplace. Every article leaves our atelier with a numbered card and a two-year guarantee.",
			Contacts: []Contact{
				{"email", "E-mail", "care@aurelia-maison.example", "care@aurelia-maison.example"},
				{"phone", "Telephone", "+1 (202) 555-0110", "+12025550110"},
				{"address", "Address", "Via dell'Esempio 12, 20121 Milano, Italy", "Via dell'Esempio 12, 20121 Milano, Italy"}}},
		{ID: "nordlicht", Name: "Nordlicht Boutique", Language: "en", Location: "Hamburg, Germany", Since: 2017,
			Feedback: "98.7%", Followers: "38K", Authorised: true,
			About: "Concept store by the harbour. Authorised dealer for Aurelia, Norvik and Tessaro; invoices with VAT on every order.",
			Contacts: []Contact{
				{"email", "E-mail", "hallo@nordlicht-boutique.example", "hallo@nordlicht-boutique.example"},
				{"address", "Impressum", "Nordlicht Handels GmbH, Musterkai 4, 20457 Hamburg", "Nordlicht Handels GmbH, Musterkai 4, 20457 Hamburg"}}},
		{ID: "gz-meilin", Name: "Guangzhou Meilin Leather Goods Co., Ltd.", Language: "en", Location: "Guangzhou, China", Since: 2021,
			Feedback: "91.4%", Followers: "2,906",
			About: "Manufacturer and trading company. Bags, belts, wallets. OEM, ODM, any logo. Drop shipping welcome. For catalogue with more brands please contact us outside of the platform.",
			Contacts: []Contact{
				{"whatsapp", "WhatsApp", "+44 7700 900 142", "+447700900142"},
				{"wechat", "WeChat", "meilin_bags88", "meilin_bags88"},
				{"email", "E-mail", "sales02@meilin-leather.example", "sales02@meilin-leather.example"}}},
		{ID: "yuandan", Name: "潮品原单工厂店", Language: "zh-CN", Location: "广东 广州", Since: 2022,
			Feedback: "93.8%", Followers: "1.2万",
			About: "十年老厂，专注原单尾货。一件代发，支持七天无理由。更多款式请加微信看相册，拍下前请联系客服。",
			Contacts: []Contact{
				{"wechat", "微信", "yuandan_0571", "yuandan_0571"},
				{"phone", "电话", "+44 7700 900 571", "+447700900571"},
				{"wechat", "V信", "spihui-2023", "spihui-2023"}}},
		{ID: "soundwave", Name: "SoundWave Global Store", Language: "en", Location: "Shenzhen, China", Since: 2020,
			Feedback: "94.1%", Followers: "15K",
			About: "Consumer electronics and lifestyle, direct from factory. Fast shipping from our warehouses in Spain, Poland and the USA.",
			Contacts: []Contact{
				{"whatsapp", "WhatsApp", "+44 7700 900 318", "+447700900318"},
				{"email", "E-mail", "soundwave.service@mailbox.example", "soundwave.service@mailbox.example"}}},
		{ID: "shepinhui", Name: "广州奢品汇", Language: "zh-CN", Location: "广东 广州", Since: 2023,
			Feedback: "90.2%", Followers: "3,417",
			About: "专业做包包批发，档口实拍，量大从优。支持放店、贴牌、一件代发。加 V 信看最新款。",
			Contacts: []Contact{
				{"wechat", "V信", "spihui-2023", "spihui-2023"},
				{"whatsapp", "WhatsApp", "+44 7700 900142", "+447700900142"}}},
		{ID: "harbor-pine", Name: "Harbor & Pine Outfitters", Language: "en", Location: "Portland, United States", Since: 2016,
			Feedback: "99.0%", Followers: "21K",
			About: "Small-batch leather, watches and eyewear from independent makers.",
			Contacts: []Contact{
				{"phone", "Phone", "(202) 555-0173", "+12025550173"},
				{"email", "E-mail", "hello@harborandpine.example", "hello@harborandpine.example"}}},
		{ID: "second-chapter", Name: "Second Chapter Resale", Language: "en", Location: "London, United Kingdom", Since: 2018,
			Feedback: "98.1%", Followers: "9,884",
			About: "Pre-owned designer goods, checked by hand. We show every scratch.",
			Contacts: []Contact{
				{"phone", "Phone", "07700 900 904", "+447700900904"},
				{"email", "E-mail", "team@secondchapter.example", "team@secondchapter.example"}}},
		{ID: "qingmei", Name: "青梅生活馆", Language: "zh-CN", Location: "浙江 杭州", Since: 2019,
			Feedback: "97.6%", Followers: "6.8万",
			About: "日用好物，品牌正品，官方授权。每一单都有发票。",
			Contacts: []Contact{
				{"email", "邮箱", "kefu@qingmei.example", "kefu@qingmei.example"}}},
	}
	byID := make(map[string]*Seller, len(list))
	for _, s := range list {
		byID[s.ID] = s
	}
	return byID
}

// Category is one shelf of the marketplace.
type Category struct{ Slug, EN, ZH string }

// Categories lists the shelves.
func Categories() []Category {
	return []Category{
		{"bags", "Bags & Luggage", "箱包皮具"},
		{"watches", "Watches", "手表"},
		{"audio", "Headphones & Audio", "耳机音响"},
		{"shoes", "Shoes", "鞋靴"},
		{"eyewear", "Eyewear", "眼镜"},
		{"fragrance", "Fragrance", "香水彩妆"},
	}
}
