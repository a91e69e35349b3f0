package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"touchstone/report/takedown"
	"touchstone/report/takedown/jointforce"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Published is a brand's feed at a channel.
type Published struct {
	Brand   evidence.ID     `json:"brand"`
	Channel string          `json:"channel"`
	Version int             `json:"version"`
	Changed bool            `json:"changed"` // false where the channel had it already
	Feed    jointforce.Feed `json:"feed"`
}

// PublishBrand tells a channel which models the brand makes, by what the genuine
// article is told and counterfeits are, and who may sell it: all of that, and
// nothing else, becomes known there. Another desk's change in between is not
// overwritten. Errors: *CovertError, those of takedown.
func (d *Desk) PublishBrand(ctx context.Context, name, channel string) (Published, error) {
	pub := Published{Channel: channel}
	if err := d.ws.Unlock(ctx); err != nil {
		return pub, err
	}
	client, err := d.jointForce(ctx, channel)
	if err != nil {
		return pub, err
	}
	brand, err := d.BrandNamed(ctx, name)
	if err != nil {
		return pub, err
	}
	pub.Brand, pub.Feed = brand.Brand.ID, feedOf(brand.Brand)
	there, err := client.Feed(ctx)
	if err != nil {
		return pub, err
	}
	if pub.Version = there.Version; there.Version > 0 && reflect.DeepEqual(there.Feed, pub.Feed) {
		return pub, nil
	}
	request := jointforce.FeedRequest{Replaces: there.Version, Feed: pub.Feed}
	body, err := json.Marshal(request)
	if err != nil {
		return pub, err
	}
	s := d.newCarried(pub.Brand, channel)
	s.SentAt, s.Attempts = s.CreatedAt, 1
	if err := d.packCarried(ctx, &s, takedown.Parcel{To: "/brand-feed", MediaType: "application/json", Body: body}); err != nil {
		return pub, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		return tx.Append(custody.Entry{Action: custody.Exported, Subject: pub.Brand, Note: "brand feed", Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}})
	})
	if err != nil {
		return pub, err
	}
	made, answer, err := client.PublishFeed(ctx, request)
	if err != nil {
		return pub, fmt.Errorf("publish the brand %s: %w", brand.Brand.Name, err)
	}
	pub.Version, pub.Changed = made.Version, true
	s.State, s.External = evidence.SubmissionSubmitted, fmt.Sprintf("version %d", made.Version)
	receipt, err := d.receiptOf(ctx, s, answer)
	if err != nil {
		return pub, err
	}
	return pub, d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, s.ID, s); err != nil {
			return err
		}
		if err := tx.Append(custody.Entry{Action: custody.Submitted, Subject: s.ID, Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}}); err != nil {
			return err
		}
		return keepReceipt(tx, receipt)
	})
}

// feedOf is what a channel is told of a brand.
func feedOf(b evidence.Brand) jointforce.Feed {
	f := jointforce.Feed{Products: []jointforce.FeedProduct{}, GenuineMarkers: orNone(b.GenuineMarkers), CounterfeitFeatures: orNone(b.CounterfeitFeatures), AuthorisedSellers: orNone(b.AuthorisedSellers)}
	for _, p := range b.Products {
		f.Products = append(f.Products, jointforce.FeedProduct{Model: p.Model, Name: p.Name, Price: p.Price, Currency: p.Currency})
	}
	return f
}

// orNone is the list, empty and not null in JSON.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
