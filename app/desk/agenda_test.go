package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
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
	if _, err := d.SetReviews(t.Context(), []desk.ReviewOf{{Listing: a.Failed[0].Listing.ID, Review: evidence.ReviewNoAction}}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Withdraw(t.Context(), item.ID, desk.Retreat{}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if a, err = d.Agenda(t.Context()); err != nil || len(a.Failed)+len(a.Notices) != 0 {
		t.Errorf("agenda %+v (%v), want it empty but for expiries", a, err)
	}
}

func TestAPortionOfListingsIsJudgedAsAWholeOrNotAtAll(t *testing.T) {
	d, n, item := drafted(t)
	judged := evidence.Assessment{Verdict: evidence.Authentic, Basis: evidence.BasisClient, Reason: "seen in the shop"}
	if done, err := d.AssessAll(t.Context(), []evidence.ID{item.Listing, "lst_00000000000000000000000000"}, judged, evidence.Quiet); done != 0 || !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("%d done, error %v for a listing that is not there", done, err)
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
	if done, err := d.AssessAll(t.Context(), []evidence.ID{item.Listing}, judged, evidence.Quiet); done != 1 || err != nil {
		t.Fatal(done, err)
	}
	if got := verdict(); got != evidence.Authentic {
		t.Errorf("verdict %s, want authentic", got)
	}
	if _, err := d.SetReviews(t.Context(), []desk.ReviewOf{{Listing: item.Listing, Review: "finished"}}, evidence.Quiet); !errors.Is(err, desk.ErrSetting) {
		t.Errorf("error %v for a review status that is not one", err)
	}
}

func TestWhatWasChangedBeforeItWasStoppedStays(t *testing.T) {
	d, _, item := drafted(t)
	ctx, cancel := context.WithCancel(t.Context())
	var told []int64
	stop := func(e evidence.Event) {
		if told = append(told, e.Done, e.Total); len(told) == 4 {
			cancel()
		}
	}
	to := make([]desk.ReviewOf, 1700)
	for i := range to {
		to[i] = desk.ReviewOf{Listing: item.Listing, Review: evidence.Reviews[i/500]} // another in each portion
	}
	done, err := d.SetReviews(ctx, to, listener(stop))
	if done != 1000 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d done, %v; want 1000 and that it was stopped", done, err)
	}
	if diff := cmp.Diff([]int64{500, 1700, 1000, 1700}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if l, err := desk.Get[evidence.Listing](t.Context(), d, item.Listing); err != nil || l.Review != evidence.Reviews[1] {
		t.Errorf("the listing is %s, %v; want it as the second portion left it", l.Review, err)
	}
}

// listener is told of work.
type listener func(evidence.Event)

// Report implements evidence.Progress.
func (l listener) Report(e evidence.Event) { l(e) }

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
	p := preview()
	if !p.New || !slices.Contains(p.Changes, fmt.Sprintf("products: %d", len(brand.Brand.Products))) || !slices.Contains(p.Changes, "added: owner") {
		t.Errorf("preview %+v of a brand that is new", p)
	}
	if slices.ContainsFunc(p.Changes, func(c string) bool { return strings.Contains(c, "replaced") || strings.Contains(c, "changed") }) {
		t.Errorf("preview %q of a brand that is new tells of changes to what was not there", p.Changes)
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

func TestAChannelIsCalledByItsTitleOrItsName(t *testing.T) {
	for name, want := range map[string]string{"jointforce": "Joint force", "a_later_one": "a_later_one", "": ""} {
		if got := desk.ChannelTitle(name); got != want {
			t.Errorf("channel %q is called %q, want %q", name, got, want)
		}
	}
}
