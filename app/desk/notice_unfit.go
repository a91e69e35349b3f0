package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// unfit lists what of a filing its channel does not take. spent are the orders that
// proved complaints at the channel before.
func unfit(about takedown.Descriptor, f takedown.Filing, spent map[string]evidence.ID) []notice.Finding {
	f.Notice.ReasonCode = about.ReasonFor(&f)
	var out []notice.Finding
	add := func(subject evidence.ID, listing string, values map[string]string) {
		for _, v := range about.Violations(f.Notice.ReasonCode, values) {
			field, _ := about.Field(strings.TrimPrefix(v.Pointer, "/"))
			out = append(out, notice.Finding{Severity: notice.Error, Code: "channel_field", Subject: subject, About: listing,
				What:   fmt.Sprintf("%s: %q %s.", about.Title, field.Name, v.Detail),
				Advice: "Change what goes there: " + evidence.Words(field.From) + "."})
		}
	}
	add(f.Notice.ID, "", about.Values(&f, nil))
	for i := range f.Items {
		item, listing := &f.Items[i], fmt.Sprintf("listing %d", i+1)
		out = append(out, misdirected(&about, item, listing)...)
		add(item.Item.ID, listing, about.Values(&f, item))
	}
	for _, v := range about.Purchase.Violations(&f, spent) {
		out = append(out, notice.Finding{Severity: notice.Error, Code: "test_purchase", Subject: f.Notice.ID,
			What: fmt.Sprintf("%s asks for test purchases: %s.", about.Title, v.Detail), Advice: "Record the purchase, or take the listing out of the notice."})
	}
	if n := len(about.Split(f)); n > 1 {
		out = append(out, notice.Finding{Severity: notice.Note, Code: "several_submissions", Subject: f.Notice.ID,
			What:   fmt.Sprintf("The notice goes out as %d submissions: %s takes %s.", n, about.Title, about.Lot()),
			Advice: "There is nothing to do."})
	}
	if len(about.Languages) > 0 && !slices.Contains(about.Languages, f.Notice.Language) {
		out = append(out, notice.Finding{Severity: notice.Warning, Code: "channel_language", Subject: f.Notice.ID,
			What:   fmt.Sprintf("%s reads %s; the notice is in %s.", about.Title, strings.Join(about.Languages, ", "), f.Notice.Language),
			Advice: "Draft it in another language."})
	}
	return out
}

// misdirected says why a target is not the channel's business: of a kind, or on a
// marketplace, that it does not take. A kind weighs less where no source confirms
// which ones it takes.
func misdirected(about *takedown.Descriptor, item *takedown.Item, listing string) []notice.Finding {
	l, practice := item.Listing, item.Listing.Marketplace == practiceMarket
	var out []notice.Finding
	if !about.Takes(l.Target) {
		severity, sure := notice.Error, ""
		if !about.Confirmed("targets") {
			severity, sure = notice.Warning, ", as far as is known"
		}
		out = append(out, notice.Finding{Severity: severity, Code: "channel_target", Subject: item.Item.ID, About: listing,
			What:   fmt.Sprintf("%s takes %s alone%s; this is %s.", about.Title, Kinds(about.TargetKinds()), sure, aKind(l.Target)),
			Advice: "Take it out of the notice, and report it elsewhere" + takers(l) + "."})
	}
	if !about.Serves(l.Marketplace) && !practice {
		out = append(out, notice.Finding{Severity: notice.Error, Code: "channel_market", Subject: item.Item.ID, About: listing,
			What:   fmt.Sprintf("%s takes listings on %s; this one is on %s.", about.Title, strings.Join(about.Marketplaces, ", "), l.Marketplace),
			Advice: "Take it out of the notice, and report it elsewhere" + takers(l) + "."})
	}
	return out
}

// practiceMarket is the practice marketplace among those of assets.Markets: its
// listings may be tried at any channel.
const practiceMarket = "practice"

// takers names in brackets the channels that take a listing; "" where none does.
func takers(l evidence.Listing) string {
	names, err := takedown.Elsewhere(l.Target, l.Marketplace)
	if err != nil || len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// Kinds are kinds of target in words, as in "offers and storefronts".
func Kinds(list []evidence.TargetKind) string {
	plural := make([]string, len(list))
	for i, k := range list {
		plural[i] = string(k) + "s"
	}
	last := len(plural) - 1
	if last < 1 {
		return strings.Join(plural, "")
	}
	return strings.Join(plural[:last], ", ") + " and " + plural[last]
}

func aKind(k evidence.TargetKind) string {
	if strings.ContainsAny(string(k[:1]), "aeiou") {
		return "an " + string(k)
	}
	return "a " + string(k)
}

// spentOrders are the orders of test purchases that proved a complaint at the
// channel before, each with the notice that it did so in; none where the channel
// does not mind.
func (d *Desk) spentOrders(ctx context.Context, about takedown.Descriptor, n evidence.Notice) (map[string]evidence.ID, error) {
	if about.Purchase == nil || !about.Purchase.Once {
		return nil, nil
	}
	spent := map[string]evidence.ID{}
	return spent, d.ws.View(ctx, func(tx *store.Tx) error {
		for b, err := range store.Each[evidence.TestPurchase](tx, evidence.KindTestBuy) {
			if err != nil {
				return err
			}
			complaints, err := elsewhere(tx, evidence.NoticeItem{Notice: n.ID, Listing: b.Listing})
			if err != nil {
				return err
			}
			for _, c := range complaints {
				if c.Channel == n.Channel && b.Order != "" && notice.Leaves(c.Item) {
					spent[b.Order] = c.Item.Notice
				}
			}
		}
		return nil
	})
}
