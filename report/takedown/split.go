package takedown

import (
	"cmp"
	"net/url"

	"touchstone/store/evidence"
)

// Address is the target's best address: without the way it was reached.
func (i *Item) Address() string {
	return cmp.Or(i.Listing.CanonicalURL, i.Listing.URL, i.Capture.FinalURL, i.Capture.URL)
}

// Host is the host of the target's address; "" where it has none.
func (i *Item) Host() string {
	u, err := url.Parse(i.Address())
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Split cuts a filing into the filings that the channel takes at once, in the
// order of the items. They have no IdempotencyKey yet.
func (d *Descriptor) Split(f Filing) []Filing {
	var parts []Filing
	open := map[string]int{} // the part that still has room, by what its items must share
	for _, item := range f.Items {
		shared := ""
		if d.OneHost {
			shared += item.Host() + "\n"
		}
		if d.OneMarket {
			shared += item.Listing.Marketplace + "\n"
		}
		if d.OneTarget {
			shared += string(item.Listing.Target)
		}
		at, ok := open[shared]
		if !ok || d.MaxItems > 0 && len(parts[at].Items) >= d.MaxItems {
			part := f
			part.Items, part.IdempotencyKey = nil, ""
			parts = append(parts, part)
			at = len(parts) - 1
			open[shared] = at
		}
		parts[at].Items = append(parts[at].Items, item)
	}
	return parts
}

// Lot says what the channel takes in one submission, as in "at most 300
// listings, of one marketplace".
func (d *Descriptor) Lot() string {
	lot := "at most " + evidence.Count(d.MaxItems, "listing")
	for _, shared := range []struct {
		asked bool
		what  string
	}{{d.OneHost, "on one host"}, {d.OneMarket, "of one marketplace"}, {d.OneTarget, "of one kind of target"}} {
		if shared.asked {
			lot += ", " + shared.what
		}
	}
	return lot
}

// Targets are the filing's items as a channel knows them by what target says.
func (f *Filing) Targets(target func(*Item) string) []evidence.SubmittedItem {
	items := make([]evidence.SubmittedItem, len(f.Items))
	for i := range f.Items {
		items[i] = evidence.SubmittedItem{Item: f.Items[i].Item.ID, Target: target(&f.Items[i])}
	}
	return items
}
