package listing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestTargetsAreToldByTheirAddress(t *testing.T) {
	for link, want := range map[string]evidence.TargetKind{
		"https://www.ebay.de/itm/123456789012":                            evidence.TargetOffer,
		"https://www.etsy.com/shop/LampsAndMore":                          evidence.TargetStorefront,
		"https://goldstar.en.alibaba.com/":                                evidence.TargetStorefront,
		"https://www.facebook.com/marketplace/item/123456789012345/":      evidence.TargetOffer,
		"https://www.facebook.com/ads/library/?id=123456789012345":        evidence.TargetAd,
		"https://www.facebook.com/lamps.shop/posts/pfbid02abcDEF":         evidence.TargetPost,
		"https://www.facebook.com/groups/lamps/posts/123456789":           evidence.TargetPost,
		"https://www.facebook.com/lamps.shop/videos/123456789012":         evidence.TargetVideo,
		"https://www.facebook.com/reel/123456789012":                      evidence.TargetVideo,
		"https://www.facebook.com/watch/live/?v=123456789012":             evidence.TargetLivestream,
		"https://www.facebook.com/profile.php?id=1000123456789":           evidence.TargetAccount,
		"https://www.instagram.com/p/CabcDEF123/":                         evidence.TargetPost,
		"https://www.instagram.com/reel/CabcDEF123/":                      evidence.TargetVideo,
		"https://www.instagram.com/shop.of.lamps/":                        evidence.TargetAccount,
		"https://www.tiktok.com/@lamps/video/7212345678901234567":         evidence.TargetVideo,
		"https://www.tiktok.com/@lamps/photo/7212345678901234567":         evidence.TargetPost,
		"https://www.tiktok.com/@lamps/live":                              evidence.TargetLivestream,
		"https://www.tiktok.com/@lamps":                                   evidence.TargetAccount,
		"https://aurelia-outlet.example/":                                 evidence.TargetDomain,
		"https://aurelia-outlet.example":                                  evidence.TargetDomain,
		"https://aurelia-outlet.example/products/bag":                     evidence.TargetOffer,
		"https://www.facebook.com.lamps.example/@lamps/video/72123456789": evidence.TargetOffer,
		"nonsense": evidence.TargetOffer,
	} {
		if got := Target(link); got != want {
			t.Errorf("%s is a target of kind %s, want %s", link, got, want)
		}
	}
}

func TestPaymentIsFoundWhereAPageNamesIt(t *testing.T) {
	page := `<script src="https://js.stripe.com/v3/"></script><p>Pay to DE89 3704 0044 0532 0130 00 or DE89 3704 0044 0532 0130 01,
		<a href="https://paypal.me/goldstar88">PayPal</a>, BTC bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4, USDT TJRabPrwbZy45sbavfcjinPJC18kjpRTv8,
		ETH 0x52908400098527886E0F7030069857D2E4169EE7</p><a href="https://blog.example/?u=stripe.com">x</a>`
	got, err := Payments([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []evidence.Contact{
		{Type: "paypal", Shown: "goldstar88", Value: "goldstar88"},
		{Type: "bitcoin", Shown: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", Value: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
		{Type: "ethereum", Shown: "0x52908400098527886E0F7030069857D2E4169EE7", Value: "0x52908400098527886E0F7030069857D2E4169EE7"},
		{Type: "tron", Shown: "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", Value: "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"},
		{Type: "iban", Shown: "DE89 3704 0044 0532 0130 00", Value: "DE89370400440532013000"},
		{Type: "payment_service", Shown: "js.stripe.com", Value: "js.stripe.com"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
