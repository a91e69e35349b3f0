package desk

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// said are the codes of findings on the targets of a notice to a channel.
func said(t *testing.T, channel string, listings ...evidence.Listing) map[string]string {
	t.Helper()
	about, err := takedown.Describe(channel)
	if err != nil {
		t.Fatal(err)
	}
	f := takedown.Filing{Notice: evidence.Notice{ID: "ntc_1"}}
	for _, l := range listings {
		f.Items = append(f.Items, takedown.Item{Listing: l})
	}
	all := map[string]string{}
	for _, finding := range unfit(about, f, nil) {
		switch finding.Code {
		case "channel_target", "channel_market", "several_submissions":
			all[finding.Code] = string(finding.Severity) + ": " + finding.What + " " + finding.Advice
		}
	}
	return all
}

func TestATargetGoesOnlyWhereItsKindIsTaken(t *testing.T) {
	on := func(market string, kind evidence.TargetKind) evidence.Listing {
		return evidence.Listing{Marketplace: market, Target: kind, URL: "https://" + market + ".example/1"}
	}
	for name, c := range map[string]struct {
		channel  string
		listings []evidence.Listing
		want     map[string]string
	}{
		"a domain at a portal for offers and storefronts": {"alibaba-international", []evidence.Listing{on("", evidence.TargetDomain)}, map[string]string{
			"channel_target": "error: Alibaba International IPP takes offers and storefronts alone; this is a domain. Take it out of the notice, and report it elsewhere (cloudflare, google, lumen, netcraft, xarf)."}},
		"an account where no source says what is taken": {"shopee", []evidence.Listing{on("shopee", evidence.TargetAccount)}, map[string]string{
			"channel_target": "warning: Shopee Brand IP Portal takes offers and storefronts alone, as far as is known; this is an account. Take it out of the notice, and report it elsewhere (cloudflare, dsa, google, lumen, xarf)."}},
		"a livestream at the one marketplace that takes it": {"tiktok-shop", []evidence.Listing{on("tiktok", evidence.TargetLivestream)}, map[string]string{}},
		"an offer of another marketplace": {"ebay", []evidence.Listing{on("amazon", evidence.TargetOffer)}, map[string]string{
			"channel_market": "error: eBay VeRO takes listings on ebay; this one is on amazon. Take it out of the notice, and report it elsewhere (amazon, cloudflare, dsa, google, jointforce, lumen, netcraft, xarf)."}},
		"an offer of the practice marketplace": {"ebay", []evidence.Listing{on("practice", evidence.TargetOffer)}, map[string]string{}},
		"offers and storefronts mixed": {"taobao-tmall", []evidence.Listing{on("taobao", evidence.TargetOffer), on("taobao", evidence.TargetStorefront)}, map[string]string{
			"several_submissions": "note: The notice goes out as 2 submissions: Taobao-Tmall IPP takes at most 300 listings, of one marketplace, of one kind of target. There is nothing to do."}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, said(t, c.channel, c.listings...)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOrderProvesOneComplaintAcrossNotices(t *testing.T) {
	d := newDesk(t)
	var notices []evidence.ID
	err := d.ws.Update(t.Context(), func(tx *store.Tx) error {
		for _, c := range []struct {
			channel, order string
			item           evidence.NoticeItem
		}{
			{"here", "A-1", evidence.NoticeItem{State: evidence.ItemRemoved, Milestones: evidence.Milestones{Sent: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)}}},
			{"here", "A-2", evidence.NoticeItem{State: evidence.ItemQueued}},
			{"here", "A-3", evidence.NoticeItem{State: evidence.ItemDraft}},
			{"there", "A-4", evidence.NoticeItem{State: evidence.ItemQueued}},
		} {
			n := evidence.Notice{ID: d.newID(evidence.KindNotice), Channel: c.channel}
			c.item.ID, c.item.Notice, c.item.Listing = d.newID(evidence.KindItem), n.ID, d.newID(evidence.KindListing)
			b := evidence.TestPurchase{ID: d.newID(evidence.KindTestBuy), Listing: c.item.Listing, Order: c.order}
			if err := errors.Join(store.Put(tx, n.ID, n), store.Put(tx, c.item.ID, c.item), store.Put(tx, b.ID, b)); err != nil {
				return err
			}
			notices = append(notices, n.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	once := &takedown.Purchase{Once: true}
	for name, c := range map[string]struct {
		asks *takedown.Purchase
		of   evidence.ID
		want map[string]evidence.ID
	}{
		"a new notice":                 {once, "", map[string]evidence.ID{"A-1": notices[0], "A-2": notices[1]}},
		"a notice with its own order":  {once, notices[0], map[string]evidence.ID{"A-2": notices[1]}},
		"a channel that does not mind": {&takedown.Purchase{Order: true}, "", nil},
		"a channel that asks for none": {nil, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := d.spentOrders(t.Context(), takedown.Descriptor{Purchase: c.asks}, evidence.Notice{ID: c.of, Channel: "here"})
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("orders that are spent (-want +got):\n%s%v", diff, err)
			}
		})
	}
}
