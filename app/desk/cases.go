package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"touchstone/capture/listing"
	"touchstone/store"
	"touchstone/store/evidence"
)

// ErrNoCase means that no case has the name.
var ErrNoCase = errors.New("no such case: touchstone case list shows them")

// NewCase opens a case. Its name must be new.
func (d *Desk) NewCase(ctx context.Context, c evidence.Case) (evidence.Case, error) {
	c.Name = strings.TrimSpace(c.Name)
	if c.Name == "" {
		return c, &InputError{errors.New("a case needs a name")}
	}
	if err := d.checkCase(&c); err != nil {
		return c, err
	}
	c.CreatedAt = d.cfg.Now().UTC()
	c.ID = evidence.NewID(evidence.KindCase, c.CreatedAt)
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		switch _, err := caseNamed(tx, c.Name); {
		case err == nil:
			return fmt.Errorf("case %q exists already: choose another name", c.Name)
		case !errors.Is(err, ErrNoCase):
			return err
		}
		return store.Put(tx, c.ID, c)
	})
	return c, err
}

// checkCase brings what is written about a case into its form.
func (d *Desk) checkCase(c *evidence.Case) (err error) {
	if c.Territory, err = country("territory", c.Territory); err != nil {
		return err
	}
	for _, cost := range c.Costs {
		if err := cost.Check(); err != nil {
			return &InputError{err}
		}
	}
	return pastDay("known since", c.KnownSince, d.cfg.Now())
}

// Case finds a case by its name, or its ID. Where no name is just so, the one that
// differs in capitals alone is meant.
func (d *Desk) Case(ctx context.Context, nameOrID string) (evidence.Case, error) {
	var found evidence.Case
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		found, err = caseNamed(tx, nameOrID)
		return err
	})
	return found, err
}

// EnsureCase finds the case with the name, or opens it.
func (d *Desk) EnsureCase(ctx context.Context, name string) (evidence.Case, error) {
	c, err := d.Case(ctx, name)
	if errors.Is(err, ErrNoCase) {
		return d.NewCase(ctx, evidence.Case{Name: name})
	}
	return c, err
}

// Cases lists all cases, oldest first.
func (d *Desk) Cases(ctx context.Context) ([]evidence.Case, error) {
	return All[evidence.Case](ctx, d, evidence.KindCase)
}

func caseNamed(tx *store.Tx, nameOrID string) (evidence.Case, error) {
	for c, err := range store.EachBy[evidence.Case](tx, store.CasesByName, nameOrID) {
		return c, err
	}
	if id, err := evidence.ParseID(nameOrID); err == nil && id.Kind() == evidence.KindCase {
		return store.Get[evidence.Case](tx, id)
	}
	var alike []evidence.Case // but for capitals
	for c, err := range store.Each[evidence.Case](tx, evidence.KindCase) {
		if err != nil {
			return c, err
		}
		if strings.EqualFold(c.Name, nameOrID) {
			alike = append(alike, c)
		}
	}
	if len(alike) == 1 {
		return alike[0], nil
	}
	return evidence.Case{}, fmt.Errorf("case %q: %w", nameOrID, ErrNoCase)
}

// Row is a listing with what is newest about it: a line of a case's table.
type Row struct {
	Listing    evidence.Listing     `json:"listing"`
	Seller     *evidence.Seller     `json:"seller,omitempty"`
	Capture    *evidence.Capture    `json:"capture,omitempty"`
	Assessment *evidence.Assessment `json:"assessment,omitempty"`
	Item       *evidence.NoticeItem `json:"item,omitempty"`
	Captures   int                  `json:"captures"`
	// Deleted is what stands for the capture that was deleted, where no other is left.
	Deleted *evidence.Tombstone `json:"deleted,omitempty"`
}

// Rows lists the listings of a case, oldest first; an empty case lists those
// that belong to none.
func (d *Desk) Rows(ctx context.Context, caseID evidence.ID) ([]Row, error) {
	var rows []Row
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		listings, err := collect(store.EachBy[evidence.Listing](tx, store.ListingsByCase, string(caseID)))
		if err != nil {
			return err
		}
		rows, err = rowsIn(tx, caseID, listings)
		return err
	})
	return rows, err
}

// RowsPage is the next of the rows that Rows lists, at most limit of them, after
// those of the page that gave the cursor; "" is the first page's, and that after
// the last. Other processes get their turn between two pages.
func (d *Desk) RowsPage(ctx context.Context, caseID evidence.ID, cursor string, limit int) (rows []Row, next string, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		listings, after, err := store.Page[evidence.Listing](tx, store.Query{Index: store.ListingsByCase, Key: string(caseID), Cursor: cursor, Limit: limit})
		if err != nil {
			return err
		}
		next = after
		rows, err = rowsIn(tx, caseID, listings)
		return err
	})
	return rows, next, err
}

// RowsWith is the rows of some listings of a case.
func (d *Desk) RowsWith(ctx context.Context, caseID evidence.ID, listings []evidence.ID) ([]Row, error) {
	var rows []Row
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		var found []evidence.Listing
		for _, id := range listings {
			l, err := store.Get[evidence.Listing](tx, id)
			if err != nil {
				return err
			}
			found = append(found, l)
		}
		var err error
		rows, err = rowsIn(tx, caseID, found)
		return err
	})
	return rows, err
}

// rowsIn is the rows of listings of one case.
func rowsIn(tx *store.Tx, caseID evidence.ID, listings []evidence.Listing) ([]Row, error) {
	rows, err := rowsOf(tx, listings)
	if err != nil {
		return nil, err
	}
	return rows, markDeleted(tx, caseID, rows)
}

// rowsOf gathers what is newest about listings.
func rowsOf(tx *store.Tx, listings []evidence.Listing) ([]Row, error) {
	rows := make([]Row, 0, len(listings))
	sellers := map[evidence.ID]*evidence.Seller{} // one has many listings
	for _, l := range listings {
		row, err := rowOf(tx, l, sellers)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// markDeleted tells the rows whose captures were all deleted from those that
// have not been captured yet. The jobs know which captures there were.
func markDeleted(tx *store.Tx, caseID evidence.ID, rows []Row) error {
	bare := map[evidence.ID]*Row{}
	for i := range rows {
		if rows[i].Capture == nil {
			bare[rows[i].Listing.ID] = &rows[i]
		}
	}
	if len(bare) == 0 {
		return nil
	}
	if deleted, err := store.Count(tx, store.TombstonesByCase, string(caseID)); err != nil || deleted == 0 {
		return err
	}
	for job, err := range store.EachBy[evidence.Job](tx, store.JobsByCase, string(caseID)) {
		if err != nil {
			return err
		}
		row := bare[job.Listing]
		if row == nil || job.Capture == "" {
			continue
		}
		t, err := tx.Tombstone(job.Capture)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		row.Deleted = &t
	}
	return nil
}

func rowOf(tx *store.Tx, l evidence.Listing, sellers map[evidence.ID]*evidence.Seller) (row Row, err error) {
	row.Listing = l
	known := false
	if row.Seller, known = sellers[l.Seller]; !known {
		if row.Seller, err = optional[evidence.Seller](tx, l.Seller); err != nil {
			return row, err
		}
		sellers[l.Seller] = row.Seller
	}
	if row.Capture, err = optional[evidence.Capture](tx, l.LastCapture); err != nil {
		return row, err
	}
	if row.Assessment, err = newest[evidence.Assessment](tx, store.AssessmentsByListing, l.ID); err != nil {
		return row, err
	}
	if row.Item, err = newest[evidence.NoticeItem](tx, store.ItemsByListing, l.ID); err != nil {
		return row, err
	}
	row.Captures, err = store.Count(tx, store.CapturesByListing, string(l.ID))
	return row, err
}

// newest is the last record that an index has under the ID, or nil.
func newest[T any](tx *store.Tx, index store.Index, key evidence.ID) (*T, error) {
	records, _, err := store.Page[T](tx, store.Query{Index: index, Key: string(key), Newest: true, Limit: 1})
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return &records[0], nil
}

// optional is the record with the ID, or nil where the ID is empty.
func optional[T any](tx *store.Tx, id evidence.ID) (*T, error) {
	if id == "" {
		return nil, nil
	}
	record, err := store.Get[T](tx, id)
	return &record, err
}

// enlist finds the listing that a link leads to within a case, or begins it.
func (d *Desk) enlist(tx *store.Tx, caseID evidence.ID, link string) (evidence.Listing, error) {
	canonical := listing.Canonical(link)
	for l, err := range store.EachBy[evidence.Listing](tx, store.ListingsByURL, store.ListingKey(caseID, canonical)) {
		return l, err
	}
	now := d.cfg.Now().UTC()
	l := evidence.Listing{
		ID: evidence.NewID(evidence.KindListing, now), Case: caseID, Target: listing.Target(link),
		URL: link, CanonicalURL: canonical, Review: evidence.ReviewNew, FirstSeen: now,
	}
	return l, store.Put(tx, l.ID, l)
}

// learn brings a listing and its seller up to date with what a capture found.
func (d *Desk) learn(tx *store.Tx, c evidence.Capture) error {
	l, err := store.Get[evidence.Listing](tx, c.Listing)
	if err != nil {
		return err
	}
	l.LastCapture = c.ID
	if f := c.Facts; f != nil && c.Outcome == evidence.Online {
		l.Marketplace = cmp.Or(f.Marketplace, l.Marketplace)
		l.ItemID = cmp.Or(f.ItemID, l.ItemID)
		l.Title = cmp.Or(f.Title, l.Title)
		if l.Target == evidence.TargetOffer && f.PageKind == evidence.PageSeller {
			l.Target = evidence.TargetStorefront
		}
		if f.Seller != nil {
			if l.Seller, err = d.knownSeller(tx, f.Marketplace, *f.Seller); err != nil {
				return err
			}
		}
	}
	return store.Put(tx, l.ID, l)
}

// knownSeller records what is known of the seller and returns its ID. It is the same
// seller when the marketplace's own ID is the same, or failing that the name.
func (d *Desk) knownSeller(tx *store.Tx, marketplace string, facts evidence.SellerFacts) (evidence.ID, error) {
	if facts.ID == "" && facts.Name == "" {
		return "", nil
	}
	known, err := sellersLike(tx, marketplace, facts)
	if err != nil {
		return "", err
	}
	seller := evidence.Seller{ID: d.newID(evidence.KindSeller), Marketplace: marketplace}
	if len(known) > 0 {
		seller = known[0]
	}
	seller.Facts = merged(seller.Facts, facts)
	return seller.ID, store.Put(tx, seller.ID, seller)
}

func sellersLike(tx *store.Tx, marketplace string, facts evidence.SellerFacts) ([]evidence.Seller, error) {
	return collect(store.EachBy[evidence.Seller](tx, store.SellersByAccount, store.SellerKey(marketplace, cmp.Or(facts.ID, facts.Name))))
}
