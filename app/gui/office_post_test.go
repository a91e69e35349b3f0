//go:build !headless

package gui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// What lists say beside the links, of notices made elsewhere too, comes along.
func TestAListIsTakenInWithItsOtherColumns(t *testing.T) {
	b := openBureau(t)
	m := b.window(t)
	var link string
	for _, o := range b.market.Catalogue() {
		if o.Behind == "" {
			link = o.URL
		}
	}
	path := write(t, "list.csv", "url,seller,note,status,reported to,result,reported on\n"+link+",lux_88,seen at a fair,on hold,Taobao,removed,"+b.clock.now().AddDate(0, 0, -3).Format(time.DateOnly)+"\n")
	var urls []string
	m.ReadList(path, func(list []string) { urls = list })
	b.q.until(t, "the list is read", func() bool { return len(urls) == 1 })
	m.Capture(urls[0], "Handbags")
	b.q.until(t, "it is captured", func() bool {
		return !m.Batch.Running() && m.Table.Total() == 1 && m.Table.Row(0).Capture != nil
	})
	l := m.Table.Row(0).Listing
	if l.Stated == nil || l.Stated.Seller != "lux_88" || l.Stated.Note != "seen at a fair" || l.Review != evidence.ReviewOnHold {
		t.Errorf("the listing is %+v, by the list %+v", l, l.Stated)
	}
	m.Go(model.PlaceScorecard)
	b.q.until(t, "the notice made elsewhere is counted", func() bool { return m.Scorecard.Card() != nil && len(m.Scorecard.Card().Elsewhere) == 1 })
}

func TestWhatIsFiledAtAPortalIsPackagedAndToldOf(t *testing.T) {
	b := openBureau(t)
	c, _ := b.judged(t, 2)
	ctx := t.Context()
	brand, err := b.desk.BrandNamed(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk.Attach(ctx, desk.Attaching{File: write(t, "certificate.txt", "a certificate"), To: brand.Rights[0].ID, Kind: evidence.AttachedCertificate, ObtainedAt: evidence.Exactly(b.clock.now()), ObtainedBy: "Ada"}, evidence.Quiet); err != nil {
		t.Fatal(err)
	}
	notice, _, err := b.desk.NewNotice(ctx, desk.NoticeOrder{Case: c.ID, Channel: "google", LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
		Explanation: explained})
	if err != nil {
		t.Fatal(err)
	}
	m := b.window(t)
	m.Go(model.PlaceNotices)
	m.Notices.Open(notice.ID)
	b.q.until(t, "it is read", func() bool { return m.Notices.File() != nil })
	if m.Notices.CanAccept() {
		m.Notices.Accept()
	}
	b.q.until(t, "it can be approved", m.Notices.CanApprove)
	m.Notices.Approve()
	b.q.until(t, "it can be submitted", m.Notices.CanSubmit)
	m.Notices.Submit()
	b.q.until(t, "it is left to a person", func() bool { return len(m.Notices.ByHand().Packages) == 1 })

	folder := filepath.Join(t.TempDir(), "filing")
	m.Notices.Package(folder)
	b.q.until(t, "the package is written", func() bool { return strings.Contains(m.Problems.Note(), folder) })
	if _, err := os.Stat(filepath.Join(folder, "HOW-TO-FILE.txt")); err != nil {
		t.Error(err)
	}
	m.Notices.Resolve(true, "G-1")
	b.q.until(t, "it waits for the decision", func() bool { return m.Notices.ByHand().Undecided && len(m.Notices.ByHand().Packages) == 0 })
	m.Notices.SetOutcome("", evidence.ItemRejected, "no proof")
	b.q.until(t, "the decision is recorded", func() bool {
		return m.Notices.File().Items[0].State == evidence.ItemRejected || m.Problems.Current() != nil
	})
	items := m.Notices.File().Items
	for _, i := range items {
		if i.State != evidence.ItemRejected || i.Reason != "no proof" {
			t.Errorf("the item is %+v", i)
		}
	}
	if len(items) != 2 || m.Problems.Current() != nil {
		t.Errorf("%d items, told %+v", len(items), m.Problems.Current())
	}
	b.verifies(t)
}

func TestACaseLeavesInEachFormAndTheWorkspaceIsBackedUp(t *testing.T) {
	b := openBureau(t)
	b.takenDown(t, 1)
	m := b.window(t)
	b.q.until(t, "its case is open", func() bool { _, open := m.Case(); return open })
	for _, form := range model.ExportForms {
		path := filepath.Join(t.TempDir(), form.Name+form.Extension)
		m.ExportCase(form, path)
		b.q.until(t, form.Name+" is written", func() bool { return !m.Task.Running() && (m.Problems.Note() != "" || m.Problems.Current() != nil) })
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, told %+v", form.Name, err, m.Problems.Current())
		}
	}
	path := filepath.Join(t.TempDir(), "all.tar")
	m.Backup(path)
	b.q.until(t, "it is backed up", func() bool { return strings.Contains(m.Problems.Note(), path) })
	if report, err := desk.VerifyFile(t.Context(), path, evidence.Quiet); err != nil || !report.OK() {
		t.Errorf("the backup: %+v, %v", report, err)
	}
}

func TestTheAccountManagerIsWrittenTo(t *testing.T) {
	b := openBureau(t)
	m := b.window(t)
	m.Go(model.PlaceInbox)
	m.Inbox.Write("Your rate", "What counts as rejected?", "")
	b.q.until(t, "it is sent", func() bool { return m.Problems.Note() != "" })
	b.clock.forward(48 * time.Hour)
	b.ask(t, m, 2)
	var list []evidence.Message
	m.Inbox.Messages(func(all []evidence.Message) { list = all })
	b.q.until(t, "the correspondence is read", func() bool { return len(list) > 0 })
	if last := list[len(list)-1]; last.Incoming || last.Subject != "Your rate" || last.Submission == "" {
		t.Errorf("ours is %+v", last)
	}
	if len(list) < 2 || !list[0].Incoming {
		t.Fatalf("nobody has answered: %+v", list)
	}
	m.Inbox.Write("Your rate", "Thank you.", list[0].ID)
	b.q.until(t, "it is sent, too", func() bool { return m.Problems.Note() == "The message was sent." && !m.Task.Running() })
}
