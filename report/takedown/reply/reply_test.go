package reply_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/report/takedown/reply"
	"touchstone/store/evidence"
)

var sent = []reply.Sent{
	{Submission: "sub_1", Numbers: []string{"sub_1@agency.example", "sub_1"}, Items: []reply.SentItem{{Item: "item_1", Names: []string{"0b1a9a52-7f0e-8a6e-9f53-0a3d3d0c1111", "https://fake-shop.example/item/1"}}}},
	{Submission: "sub_2", Numbers: []string{"sub_2", "CASE-77001"}, Items: []reply.SentItem{
		{Item: "item_2", Names: []string{"110123456789", "https://market.example/item/2"}}, {Item: "item_3", Names: []string{"https://market.example/item/22"}}}},
}

func TestAMailIsMatchedByWhatItRefersTo(t *testing.T) {
	for name, c := range map[string]struct {
		message reply.Message
		want    []reply.Match
	}{
		"it answers our mail": {reply.Message{References: []string{"x@y", "sub_1@agency.example"}, Text: "about CASE-77001 too"},
			[]reply.Match{{"sub_1", "sub_1@agency.example", []evidence.ID{"item_1"}}}},
		"the subject has the channel's number": {reply.Message{Head: evidence.Mail{Subject: "[case-77001] Your complaint"}},
			[]reply.Match{{"sub_2", "CASE-77001", []evidence.ID{"item_2", "item_3"}}}},
		"the text names one item of two": {reply.Message{Text: "CASE-77001: item 110123456789 was ended."},
			[]reply.Match{{"sub_2", "CASE-77001", []evidence.ID{"item_2"}}}},
		"it names an address alone": {reply.Message{Text: "https://market.example/item/22/ is gone"},
			[]reply.Match{{"sub_2", "https://market.example/item/22", []evidence.ID{"item_3"}}}},
		"a number inside a longer one is another": {reply.Message{Text: "CASE-770012 and https://market.example/item/222"}, nil},
		"nothing in common":                       {reply.Message{Text: "Dear customer"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.message.Find(sent)); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
		})
	}
}

// Mails as marketplaces write them, and what a person would say they mean.
func TestWhatAMailSeemsToSay(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want evidence.ItemState
	}{
		"removed":             {"Hello,\n\nThank you for your report. After careful review, the listings you reported have been removed from our site.\n\nIf the seller files a counter notice, we will forward it to you.", evidence.ItemRemoved},
		"refused":             {"Thank you for contacting us.\nWe were unable to process your report because the registration number could not be verified.", evidence.ItemRejected},
		"not removed":         {"We reviewed the content and it has not been removed, as it does not violate our policy.", evidence.ItemRejected},
		"more is wanted":      {"We need more information. Please provide the trademark certificate.", evidence.ItemClarificationRequired},
		"the seller objects":  {"We have received a counter-notice from the seller.", evidence.ItemCounterReceived},
		"back again":          {"Following the appeal, the listing has been reinstated.", evidence.ItemReinstated},
		"only received":       {"We have received your report. Your ticket has been created.", evidence.ItemUnderReview},
		"two decisions":       {"Item 1 was removed. Item 2: your claim has been rejected.", ""},
		"German":              {"Die gemeldeten Angebote wurden entfernt.", evidence.ItemRemoved},
		"German, refused":     {"Ihre Meldung wurde geprüft und abgelehnt.", evidence.ItemRejected},
		"French":              {"L’annonce a été supprimée de notre site.", evidence.ItemRemoved},
		"Spanish":             {"La publicación ha sido eliminada.", evidence.ItemRemoved},
		"Portuguese, refused": {"O anúncio não foi removido.", evidence.ItemRejected},
		"Italian":             {"L'annuncio è stato rimosso.", evidence.ItemRemoved},
		"Chinese":             {"您好，您投诉的商品已删除。", evidence.ItemRemoved},
		"Chinese, refused":    {"经审核，您的投诉不成立。", evidence.ItemRejected},
		"only a condition":    {"If the item was removed you will hear from us.", ""},
		"nothing":             {"Our offices are closed on Monday.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := reply.Message{Text: c.text}
			p, err := m.Propose()
			if err != nil || p.State != c.want {
				t.Errorf("it proposes %q because of %q, %v; want %q", p.State, p.Because, err, c.want)
			}
		})
	}
}

func TestMailsAreReadHoweverTheyAreWritten(t *testing.T) {
	for name, c := range map[string]struct{ eml, want string }{
		"plain":                         {"Subject: x\r\n\r\nIt was removed.\r\n", "It was removed."},
		"quoted-printable":              {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nwurde gel=F6scht\r\n", "wurde gelöscht"},
		"base64 of GBK":                 {"Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n0tHJvrP9\r\n", "已删除"},
		"HTML alone":                    {"Content-Type: text/html\r\n\r\n<style>p{}</style><p>It was <b>removed</b>.</p><blockquote>quoted</blockquote><p>Bye</p>", "It was removed.\n\n\n\nBye"},
		"both: the plain one":           {"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>page</p>\r\n--b--\r\n", "plain"},
		"without attachments":           {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nattached\r\n--b--\r\n", "text"},
		"a reply above what it answers": {"\r\nIt was removed.\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Ines wrote:\r\n> We ask you to remove it\r\n", "It was removed."},
		"cut off":                       {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt was rem", "It was rem"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := reply.Read(strings.NewReader(c.eml))
			if got := strings.TrimSpace(m.Text); err != nil || got != c.want {
				t.Errorf("text %q, %v; want %q", got, err, c.want)
			}
		})
	}
	m, err := reply.Read(strings.NewReader("Message-ID: <a@b>\r\nIn-Reply-To: <sub_1@agency.example>\r\nReferences: <x@y>\r\n <sub_1@agency.example>\r\n\r\n"))
	if want := []string{"sub_1@agency.example", "x@y", "sub_1@agency.example"}; err != nil || m.ID != "a@b" || !cmp.Equal(m.References, want) {
		t.Errorf("%+v, %v; want the references %v", m, err, want)
	}
}

// A mail inside a mail inside a mail, and so on, is not followed to its end.
func TestADeepMailIsReadToABound(t *testing.T) {
	eml := "\r\nthe heart of it\r\n"
	for n := range 200 {
		eml = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n", n, n, eml, n)
	}
	if m, err := reply.Read(strings.NewReader(eml)); err != nil || strings.Contains(m.Text, "heart") {
		t.Errorf("%q, %v", m.Text, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n0tHJvrP9\r\n--b--\r\n")
	f.Add("In-Reply-To: <sub_1@agency.example>\r\n\r\nIt was removed.\r\n> quoted\r\n")
	f.Fuzz(func(t *testing.T, eml string) {
		m, err := reply.Read(strings.NewReader(eml))
		if err != nil {
			return
		}
		m.Find(sent)
		if _, err := m.Propose(); err != nil {
			t.Fatal(err)
		}
	})
}
