package desk_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/app/desk"
	"touchstone/app/practice/market"
	"touchstone/store/evidence"
)

func TestTheAgendaListsTheNoticeThatWaitsAndTheListingThatWasNotReached(t *testing.T) {
	d, n, item := drafted(t)
	err := d.Capture(t.Context(), desk.Order{Case: n.Case, Links: []string{"https://gone.invalid/offer"}, Retries: desk.None}, evidence.Quiet, func(evidence.Capture) {})
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Agenda(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Notices) != 1 || a.Notices[0].Notice.ID != n.ID || len(a.Notices[0].Items) != 1 || a.Notices[0].Right == "" {
		t.Errorf("notices %+v, want the draft", a.Notices)
	}
	if len(a.Failed) != 1 || a.Failed[0].Listing.URL != "https://gone.invalid/offer" || a.Failed[0].Capture.Outcome != evidence.Unreachable {
		t.Errorf("failed %+v, want the host that does not exist", a.Failed)
	}
	if len(a.Returned) != 0 {
		t.Errorf("returned %+v, want none", a.Returned)
	}
	// What nothing more is wanted of does not wait, and a withdrawn notice neither.
	if err := d.SetReviews(t.Context(), map[evidence.ID]evidence.Review{a.Failed[0].Listing.ID: evidence.ReviewNoAction}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Withdraw(t.Context(), item.ID, desk.Retreat{}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if a, err = d.Agenda(t.Context()); err != nil || len(a.Failed)+len(a.Notices) != 0 {
		t.Errorf("agenda %+v (%v), want it empty but for expiries", a, err)
	}
}

func TestManyListingsAreJudgedAtOnceOrNone(t *testing.T) {
	d, n, item := drafted(t)
	judged := evidence.Assessment{Verdict: evidence.Authentic, Basis: evidence.BasisClient, Reason: "seen in the shop"}
	if _, err := d.AssessAll(t.Context(), []evidence.ID{item.Listing, "lst_00000000000000000000000000"}, judged); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("error %v for a listing that is not there", err)
	}
	verdict := func() evidence.Verdict {
		rows, err := d.Rows(t.Context(), n.Case)
		if err != nil {
			t.Fatal(err)
		}
		return rows[0].Assessment.Verdict
	}
	if got := verdict(); got != evidence.Counterfeit {
		t.Errorf("verdict %s after a judgement that was refused", got)
	}
	if _, err := d.AssessAll(t.Context(), []evidence.ID{item.Listing}, judged); err != nil {
		t.Fatal(err)
	}
	if got := verdict(); got != evidence.Authentic {
		t.Errorf("verdict %s, want authentic", got)
	}
	if err := d.SetReviews(t.Context(), map[evidence.ID]evidence.Review{item.Listing: "finished"}); !errors.Is(err, desk.ErrSetting) {
		t.Errorf("error %v for a review status that is not one", err)
	}
}

func TestARowTellsThatItsCapturesWereDeleted(t *testing.T) {
	d, n, item := drafted(t)
	if _, err := d.Withdraw(t.Context(), n.ID, desk.Retreat{}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Delete(t.Context(), []evidence.ID{item.Capture}, "asked by the client", evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	rows, err := d.Rows(t.Context(), n.Case)
	if err != nil {
		t.Fatal(err)
	}
	if rows[0].Capture != nil || rows[0].Deleted == nil || rows[0].Deleted.Reason != "asked by the client" {
		t.Errorf("row %+v, want it to tell of the deletion", rows[0])
	}
}

func TestABrandFileTellsWhatItWouldChange(t *testing.T) {
	d, _ := atWork(t)
	brand := market.Brand(time.Now())
	preview := func() desk.BrandPreview {
		p, err := d.PreviewBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, brand)))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := preview(); !p.New || len(p.Changes) == 0 {
		t.Errorf("preview %+v of a brand that is new", p)
	}
	if _, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, brand))); err != nil {
		t.Fatal(err)
	}
	if p := preview(); p.New || len(p.Changes) != 0 {
		t.Errorf("preview %+v of the same file again", p)
	}
	brand.Rights[0].Expires = "2040-01-01"
	brand.Brand.GenuineMarkers = append(brand.Brand.GenuineMarkers, "a new one")
	var heads []string
	for _, c := range preview().Changes {
		head, _, _ := strings.Cut(c, ":")
		heads = append(heads, head)
	}
	if want := []string{"genuine markers", "changed"}; !cmp.Equal(heads, want) {
		t.Errorf("changes: %s", cmp.Diff(want, heads))
	}
}

func TestSellersAreCountedAndTheirListingsFound(t *testing.T) {
	d, n, item := drafted(t)
	counted, err := d.CountSellers(t.Context())
	if err != nil || len(counted) != 1 || counted[0].Listings != 1 {
		t.Fatalf("sellers %+v (%v), want one with one listing", counted, err)
	}
	_, rows, err := d.RowsOfSeller(t.Context(), counted[0].Seller.ID)
	if err != nil || len(rows) != 1 || rows[0].Listing.ID != item.Listing || rows[0].Item.Notice != n.ID {
		t.Errorf("rows %+v (%v)", rows, err)
	}
	before, err := d.Revision()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetOperator(t.Context(), "Somebody Else"); err != nil {
		t.Fatal(err)
	}
	if after, err := d.Revision(); err != nil || after == before {
		t.Errorf("revision %q (%v) after a change, before it %q", after, err, before)
	}
	if used, err := d.Space(t.Context()); err != nil || used < 1000 {
		t.Errorf("%d bytes (%v)", used, err)
	}
}
