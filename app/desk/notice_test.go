package desk_test

import (
	"bytes"
	"errors"
	"path/filepath"
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
	if _, err := d.Withdraw(t.Context(), n.ID); err != nil {
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
