package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func TestInquiriesAreReadAsTheyComeByMailAndSheet(t *testing.T) {
	d, _ := atWork(t)
	asked := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	head := "From: =?iso-8859-1?q?Zoll_K=F6ln?= <zoll@customs.example>\r\nSubject: Aurelia?\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n"
	mailed := func(link string) evidence.Inquiry {
		return evidence.Inquiry{Via: evidence.ViaEmail, Asker: evidence.AskerMarketplace, From: "Zoll Köln <zoll@customs.example>", Question: "Aurelia?", AskedAt: asked, Offer: evidence.InquiryOffer{URL: link}}
	}
	for name, c := range map[string]struct {
		file, content string
		want          []evidence.Inquiry
		fails         string
	}{
		"a plain mail with two links, one of them twice": {
			"a.eml", head + "\r\nLook at https://market.example/item/1.html and (https://market.example/item/2.html), and https://market.example/item/1.html.\r\n",
			[]evidence.Inquiry{mailed("https://market.example/item/1.html"), mailed("https://market.example/item/2.html")}, "",
		},
		"of a mail in two forms the plain one": {
			"b.eml", head + "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhttps://market.example/a\r\n--x\r\nContent-Type: text/html\r\n\r\n<a href='https://tracker.example/a'>a</a>\r\n--x--\r\n",
			[]evidence.Inquiry{mailed("https://market.example/a")}, "",
		},
		"a forwarded one": {
			"n.eml", head + "\r\nCan you look?\r\n-- Forwarded message --\r\n> https://market.example/f\r\n", []evidence.Inquiry{mailed("https://market.example/f")}, "",
		},
		"links behind the words of HTML, in quoted-printable": {
			"c.eml", head + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>See <a href=3D\"https://market.example/q?a=3D1\">this offer</a></p>\r\n",
			[]evidence.Inquiry{mailed("https://market.example/q?a=1")}, "",
		},
		"a mail without a link is one inquiry": {"d.eml", head + "\r\n40 handbags are held here.\r\n", []evidence.Inquiry{mailed("")}, ""},
		"parts within parts without end": {
			"e.eml", head + nested(50),
			[]evidence.Inquiry{mailed("")}, "",
		},
		"what is no mail": {"f.eml", "\x00\x01\x02", nil, "no mail"},
		"a sheet with semicolons and a day as deadline": {
			"g.csv", "Link;Title;Deadline;Asker;Price;Currency\nhttps://market.example/1;Aurelia;2026-12-07;customs;89,50;eur\n;;;;;\n",
			[]evidence.Inquiry{{
				Via: evidence.ViaSheet, Asker: evidence.AskerCustoms, AskedAt: asked, DueAt: time.Date(2026, 12, 7, 23, 59, 59, 0, time.Local).UTC(),
				Offer: evidence.InquiryOffer{URL: "https://market.example/1", Title: "Aurelia", Price: &evidence.Price{Min: "89.50", Currency: "EUR"}},
			}}, "",
		},
		"customs wait ten working days where they say nothing else": {
			"o.csv", "title,asker\nAurelia handbags,customs\n",
			[]evidence.Inquiry{{
				Via: evidence.ViaSheet, Asker: evidence.AskerCustoms, AskedAt: asked, DueAt: time.Date(2026, 12, 7, 23, 59, 59, 0, time.UTC),
				Offer: evidence.InquiryOffer{Title: "Aurelia handbags"},
			}}, "",
		},
		"a sheet whose headings are not known": {"h.csv", "a,b\n1,2\n", nil, "none of its headings"},
		"a deadline that is no time":           {"i.csv", "url,due\nhttps://market.example/1,soon\n", nil, "row 2, due"},
		"an address that no browser opens":     {"j.csv", "url\nfile:///etc/passwd\n", nil, "inquiry 1"},
		"a sheet without rows":                 {"k.csv", "url,due\n", nil, "no rows"},
		"a workbook that is none":              {"l.xlsx", "hello", nil, "no .xlsx workbook"},
		"another kind of file":                 {"m.docx", "hello", nil, ".xlsx, .csv, .eml and .msg"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			check(t, d, path, asked, c.want, c.fails)
		})
	}
	t.Run("a workbook", func(t *testing.T) {
		book := excelize.NewFile()
		for i, row := range [][]any{{"URL", "Reference", "Question"}, {"https://market.example/9", "R-9", "Is it genuine?"}} {
			if err := book.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "list.xlsx")
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		check(t, d, path, asked, []evidence.Inquiry{{
			Via: evidence.ViaSheet, Asker: evidence.AskerMarketplace, AskedAt: asked, External: "R-9", Question: "Is it genuine?",
			Offer: evidence.InquiryOffer{URL: "https://market.example/9"},
		}}, "")
	})
}

// nested is a mail with parts within parts.
func nested(deep int) string {
	var b strings.Builder
	for i := range deep {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=x%[1]d\r\n\r\n--x%[1]d\r\n", i)
	}
	return b.String()
}

func check(t *testing.T, d *desk.Desk, path string, asked time.Time, want []evidence.Inquiry, fails string) {
	t.Helper()
	given := evidence.Inquiry{}
	if !strings.HasSuffix(path, ".eml") {
		given.AskedAt = asked
	}
	got, err := d.ReadInquiries(path, given)
	if fails != "" {
		if err == nil || !strings.Contains(err.Error(), fails) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one that says %q in a line", err, fails)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}
