package desk

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/report/takedown"
	"touchstone/report/takedown/mail"
	"touchstone/report/takedown/takedowntest"
	"touchstone/report/takedown/xarf"
	"touchstone/store/evidence"
)

// bare is a desk without channels, a case with one sealed listing, and a brand.
func bare(t *testing.T) (d *Desk, caseID, listing evidence.ID) {
	t.Helper()
	dir, state := filepath.Join(t.TempDir(), "workspace"), t.TempDir()
	cheapKey(t, dir, state)
	d, err := Open(Config{Dir: dir, StateDir: state, Private: true, Operator: "Ada Examiner", Tool: evidence.Tool{Name: "touchstone", Version: "test"},
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.ImportBrand(t.Context(), "brand.json", strings.NewReader(testBrand)); err != nil {
		t.Fatal(err)
	}
	c, err := d.NewCase(t.Context(), evidence.Case{Name: "Shops"})
	if err != nil {
		t.Fatal(err)
	}
	sealed(t, d, c.ID, []string{"https://fake-shop.example/item/1"})
	rows, err := d.Rows(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d, c.ID, rows[0].Listing.ID
}

// mailed is an approved notice to an abuse desk about the listing, and the mail
// server that it would leave by.
func mailed(t *testing.T) (*Desk, evidence.Notice, *takedowntest.Post) {
	t.Helper()
	d, caseID, listing := bare(t)
	post := takedowntest.NewPost(t)
	c, err := xarf.New(xarf.Config{From: "takedowns@agency.example", Server: mail.Server{
		Host: post.Host, Port: post.Port, Security: mail.StartTLS, User: takedowntest.PostUser, Password: takedowntest.PostPassword, TLS: post.TLS, Patience: 5 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	d.channels["xarf"] = c
	n := approved(t, d, caseID, "xarf", []evidence.ID{listing})
	if n, err = d.Revise(t.Context(), n.ID, func(n *evidence.Notice) { n.Recipient = "abuse@provider.example" }); err != nil {
		t.Fatal(err)
	}
	if n, err = d.Approve(t.Context(), n.ID, n.Signatory); err != nil {
		t.Fatal(err)
	}
	return d, n, post
}

func itemOfNotice(t *testing.T, d *Desk, id evidence.ID) evidence.NoticeItem {
	t.Helper()
	dossier, err := d.Dossier(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return dossier.Exhibits[0].Item
}

// A mail goes through the outbox as everything does: stored before it leaves, sent
// once, and a broken connection is for a person to clear up.
func TestAMailIsNeverSentTwice(t *testing.T) {
	for name, c := range map[string]struct {
		fault takedowntest.MailFault
		want  evidence.ItemState
		taken int
		after evidence.ItemState // once a sync has run
	}{
		"taken":                         {"", evidence.ItemSubmitted, 1, evidence.ItemSubmitted},
		"the address does not exist":    {takedowntest.MailNoSuchUser, evidence.ItemSubmissionFailed, 0, evidence.ItemSubmissionFailed},
		"greylisted: it waits":          {takedowntest.MailGreylists, evidence.ItemQueued, 0, evidence.ItemQueued},
		"the connection broke too late": {takedowntest.MailDropsLate, evidence.ItemUnknownOutcome, 1, evidence.ItemUnknownOutcome},
		"it broke: who can tell when?":  {takedowntest.MailDropsEarly, evidence.ItemUnknownOutcome, 0, evidence.ItemUnknownOutcome},
	} {
		t.Run(name, func(t *testing.T) {
			d, n, post := mailed(t)
			if c.fault != "" {
				post.Plan(c.fault)
			}
			list, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
			if err != nil {
				t.Fatal(err)
			}
			if got := itemOfNotice(t, d, n.ID); got.State != c.want || len(post.Taken()) != c.taken {
				t.Fatalf("the item is %s (%s) and %d mails were taken; want %s and %d", got.State, list[0].Error, len(post.Taken()), c.want, c.taken)
			}
			if _, err := d.Sync(t.Context(), evidence.Quiet); err != nil {
				t.Fatal(err)
			}
			if got := itemOfNotice(t, d, n.ID); got.State != c.after || len(post.Taken()) != c.taken {
				t.Errorf("after a sync the item is %s and %d mails were taken; want %s and %d", got.State, len(post.Taken()), c.after, c.taken)
			}
			receipts, err := All[evidence.Receipt](t.Context(), d, evidence.KindReceipt)
			if err != nil || len(receipts) == 0 {
				t.Fatalf("%d receipts, %v: every attempt leaves one", len(receipts), err)
			}
			for _, r := range receipts {
				if said, err := d.readBlob(r.Response); err != nil || bytes.Contains(said, []byte(takedowntest.PostPassword)) || !bytes.Contains(said, []byte("220")) && !bytes.Contains(said, []byte("EHLO")) {
					t.Errorf("the dialogue is kept as %q, %v", said, err)
				}
			}
		})
	}
}

func TestTheMailThatWasSentIsTheOneThatIsKept(t *testing.T) {
	d, n, post := mailed(t)
	list, err := d.Submit(t.Context(), n.ID, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.readBlob(list[0].Request)
	if err != nil || !bytes.Equal(kept, post.Taken()[0]) {
		t.Errorf("kept %d bytes, the server took %d: %v", len(kept), len(post.Taken()[0]), err)
	}
	if want := string(list[0].ID) + "@agency.example"; list[0].External != want || !bytes.Contains(kept, []byte("Message-ID: <"+want+">")) {
		t.Errorf("the number is %q, want %q", list[0].External, want)
	}
	dir := filepath.Join(t.TempDir(), "package")
	if _, err := d.WritePackage(t.Context(), list[0].ID, dir); err != nil {
		t.Fatal(err)
	}
	if shown, err := os.ReadFile(filepath.Join(dir, "mail.eml")); err != nil || !bytes.Equal(shown, kept) {
		t.Errorf("the package holds another mail: %v", err)
	}
	if !bytes.Contains(kept, []byte("screenshot.jpg")) {
		t.Error("the mail has no screenshot")
	}
}

// What the covert list names does not leave by any channel.
func TestNothingThatTheCovertListNamesIsSent(t *testing.T) {
	d, n, post := mailed(t)
	if err := d.SetCovert(t.Context(), "stitching shows", true); err != nil {
		t.Fatal(err)
	}
	var covert *CovertError
	if _, err := d.Submit(t.Context(), n.ID, evidence.Quiet); !errors.As(err, &covert) {
		t.Errorf("Submit: %v, want a *CovertError", err)
	}
	if got := itemOfNotice(t, d, n.ID); got.State != evidence.ItemApproved || len(post.Taken()) != 0 {
		t.Errorf("the item is %s and %d mails were taken", got.State, len(post.Taken()))
	}
}

func TestAMailWithoutRecipientIsNotQueued(t *testing.T) {
	d, n, _ := mailed(t)
	if _, err := d.Revise(t.Context(), n.ID, func(n *evidence.Notice) { n.Recipient = "" }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Approve(t.Context(), n.ID, n.Signatory); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Submit(t.Context(), n.ID, evidence.Quiet); !errors.Is(err, takedown.ErrUnfit) || !strings.Contains(err.Error(), "--recipient") {
		t.Errorf("Submit: %v", err)
	}
}
