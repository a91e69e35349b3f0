package desk_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/practice/market"
	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// drafted is a notice without an explanation about one captured counterfeit.
func drafted(t *testing.T) (*desk.Desk, evidence.Notice, evidence.NoticeItem) {
	t.Helper()
	d, server := atWork(t)
	if _, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(brandJSON(t, market.Brand(time.Now())))); err != nil {
		t.Fatal(err)
	}
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Bags"})
	if err != nil {
		t.Fatal(err)
	}
	var sealed evidence.Capture
	order := desk.Order{Links: []string{server.Catalogue()[0].URL}, Case: c.ID}
	if err := d.Capture(t.Context(), order, evidence.Quiet, func(c evidence.Capture) { sealed = c }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Assess(t.Context(), sealed.ID, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
		t.Fatal(err)
	}
	n, items, err := d.NewNotice(t.Context(), desk.NoticeOrder{Case: c.ID, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct})
	if err != nil || len(items) != 1 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	return d, n, items[0]
}

func TestADraftIsMendedAndApprovedOnlyWhenNothingElseIsMissing(t *testing.T) {
	d, n, item := drafted(t)
	var incomplete *desk.IncompleteError
	if _, err := d.Approve(t.Context(), n.ID, n.Signatory); !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "no explanation") {
		t.Fatalf("a notice without an explanation is approved: %v", err)
	}
	summary, err := d.WritePacket(t.Context(), desk.PacketOrder{Notice: n.ID, Out: filepath.Join(t.TempDir(), "packet.pdf")}, evidence.Quiet)
	if err != nil || len(summary.Problems) == 0 || !strings.Contains(summary.Problems[0].What, "must not leave") {
		t.Errorf("the packet does not say that the notice is incomplete: %+v, %v", summary.Problems, err)
	}
	explain := func(to *evidence.Notice) {
		to.Explanation = "The goods bear our registered mark and are neither made nor licensed by us; the bar of the A in the device is straight, where ours is a rising sun."
	}
	if _, err := d.Revise(t.Context(), n.ID, explain); err != nil {
		t.Fatal(err)
	}
	approved, err := d.Approve(t.Context(), n.ID, n.Signatory)
	if err != nil || approved.Approval == nil {
		t.Fatal(err)
	}
	// A change takes the approval back.
	chinese, err := d.Revise(t.Context(), n.ID, func(to *evidence.Notice) { to.Language = "zh" })
	if err != nil || chinese.Approval != nil || chinese.Statements[0].Language != "zh" {
		t.Errorf("approval %v, statements in %s, %v", chinese.Approval, chinese.Statements[0].Language, err)
	}
	_, err = d.Approve(t.Context(), n.ID, n.Signatory)
	if findings, checkErr := d.CheckNotice(t.Context(), n.ID); err != nil || checkErr != nil || notice.Blocked(findings) {
		t.Errorf("%v, %v, %+v", err, checkErr, findings)
	}
	if _, err := d.Delete(t.Context(), []evidence.ID{item.Capture}, "asked to", evidence.Quiet); !errors.Is(err, desk.ErrExhibit) {
		t.Errorf("an exhibit is deleted: %v", err)
	}
	if _, err := d.Withdraw(t.Context(), n.ID, desk.Retreat{}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Delete(t.Context(), []evidence.ID{item.Capture}, "asked to", evidence.Quiet); err != nil {
		t.Errorf("evidence of a withdrawn notice: %v", err)
	}
	findings, err := d.CheckNotice(t.Context(), n.ID)
	if err != nil || !notice.Blocked(findings) {
		t.Errorf("a notice whose capture was deleted: %+v, %v", findings, err)
	}
}

func TestANoticeSaysOnlyWhatChannelsAndLawsKnow(t *testing.T) {
	d, n, _ := drafted(t)
	for want, spoil := range map[string]func(*evidence.Notice){
		`infringement "fake" is not known: want one of [counterfeit `: func(n *evidence.Notice) { n.Infringement = "fake" },
		`locus "foo" is not known`:                                    func(n *evidence.Notice) { n.Locus = "foo" },
		`legal basis "dsa" is not known`:                              func(n *evidence.Notice) { n.LegalBasis = "dsa" },
		`channel "foo" is not known: touchstone channel list`:         func(n *evidence.Notice) { n.Channel = "foo" },
	} {
		if _, err := d.Revise(t.Context(), n.ID, spoil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// codes are those of the findings.
func codes(findings []notice.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Code)
	}
	return out
}

func TestANoticeWithWarningsLeavesOnlyWhenTheyAreAccepted(t *testing.T) {
	d, n, item := drafted(t)
	if _, err := d.Revise(t.Context(), n.ID, func(to *evidence.Notice) { to.Explanation = "It is fake, as the plate shows." }); err != nil {
		t.Fatal(err)
	}
	var unaccepted *desk.UnacceptedError
	if _, err := d.Approve(t.Context(), n.ID, n.Signatory); !errors.As(err, &unaccepted) || !slices.Equal(codes(unaccepted.Findings), []string{"explanation_short"}) {
		t.Fatalf("approved with a warning that nobody accepted: %v", err)
	}
	if err := d.Accept(t.Context(), n.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Approve(t.Context(), n.ID, n.Signatory); err != nil {
		t.Fatal(err)
	}
	// A second notice about the same listing is warned of, too.
	second, _, err := d.NewNotice(t.Context(), desk.NoticeOrder{Case: n.Case, Channel: desk.JointForceChannel, LegalBasis: evidence.BasisPlatformPolicy,
		Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Listings: []evidence.ID{item.Listing}})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := d.CheckNotice(t.Context(), second.ID)
	if err != nil || !slices.Contains(codes(findings), "also_drafted") {
		t.Errorf("a second notice: %v, %v", codes(findings), err)
	}
	// A change takes acceptances back, as it does the approval.
	changed, err := d.Revise(t.Context(), n.ID, func(to *evidence.Notice) { to.Message = "Please stop." })
	if err != nil || len(changed.Accepted) != 0 {
		t.Errorf("accepted %v, %v", changed.Accepted, err)
	}
}

func TestEvidenceThatWasChangedKeepsANoticeFromLeaving(t *testing.T) {
	d, n, item := drafted(t)
	c, err := desk.Get[evidence.Capture](t.Context(), d, item.Capture)
	if err != nil {
		t.Fatal(err)
	}
	shot, _ := c.Artifact(evidence.RoleScreenshot)
	name := filepath.Join(d.Dir(), "blobs", "sha256", string(shot.SHA256[:2]), string(shot.SHA256))
	content, err := os.ReadFile(name)
	if err == nil {
		content[len(content)/2] ^= 1
		err = errors.Join(os.Chmod(name, 0o600), os.WriteFile(name, content, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	findings, err := d.CheckNotice(t.Context(), n.ID)
	if err != nil || !slices.Contains(codes(findings), "evidence_does_not_verify") {
		t.Errorf("%v, %v", codes(findings), err)
	}
}

func TestWhatAChannelDoesNotTakeIsSaidBeforeTheNoticeLeaves(t *testing.T) {
	d, n, _ := drafted(t)
	for name, c := range map[string]struct {
		change func(*evidence.Notice)
		want   string
	}{
		"a message that is too long for eBay": {func(n *evidence.Notice) { n.Channel, n.Message = "ebay", strings.Repeat("x", 1001) },
			`eBay VeRO: "messageToSeller" has 1001 characters, at most 1000 are allowed.`},
		"a reason of eBay's that asks for details": {func(n *evidence.Notice) { n.Channel, n.ReasonCode = "ebay", "9052" },
			`eBay VeRO: "detailedMessage" must not be empty with reason 9052.`},
		"a right that Taobao does not look at": {func(n *evidence.Notice) { n.Channel = "taobao-tmall" }, "wants a right that is valid in CN; this one is valid in EU."},
		"countries that nobody named":          {func(n *evidence.Notice) { n.Channel = "alibaba-international" }, "the notice names none."},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := d.Revise(t.Context(), n.ID, func(to *evidence.Notice) {
				*to = n
				c.change(to)
			}); err != nil {
				t.Fatal(err)
			}
			findings, err := d.CheckNotice(t.Context(), n.ID)
			if err != nil || !slices.ContainsFunc(findings, func(f notice.Finding) bool { return strings.Contains(f.What, c.want) }) {
				t.Errorf("not said: %s\nbut: %+v, %v", c.want, findings, err)
			}
		})
	}
}
