package listing

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"touchstone/store/evidence"
)

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const mhtml = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.lamps.example/p/brass-lamp\r\nSubject: Brass lamp\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----b\"\r\n\r\n\r\n------b\r\nContent-Type: text/html\r\nContent-ID: <f@mhtml>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://www.lamps.example/p/brass-lamp\r\n\r\n" +
	"<title>Brass lamp</title><h1>Brass lamp</h1><meta property=3D\"og:image\" conte=\r\nnt=3D\"https://www.lamps.example/1.jpg\"><p class=3D\"price\">=E2=82=AC20.00</p><button>Buy now</button>\r\n" +
	"------b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://www.lamps.example/1.jpg\r\n\r\ncGljdHVyZQ==\r\n------b--\r\n"

func TestOpenReadsSavedPages(t *testing.T) {
	page := `<title>Brass lamp</title><h1>Brass lamp</h1><p class="price">€20.00</p><button>Buy now</button>`
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(`<html lang="zh-CN"><head><meta charset="gbk"><title>黄铜台灯</title></head><h1>黄铜台灯</h1><p class="price">￥20.00</p><button>立即购买</button>`)
	if err != nil {
		t.Fatal(err)
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String(`<html lang="ja"><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><title>真鍮ランプ</title></head><h1>真鍮ランプ</h1><p class="price">20円</p><button>購入手続きへ</button>`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		file        []byte
		title, cash string
	}{
		{"HTML", []byte(page), "Brass lamp", "20.00 EUR"},
		{"HTML with a byte order mark", []byte("\xef\xbb\xbf" + page), "Brass lamp", "20.00 EUR"},
		{"gzipped HTML", zipped(t, []byte(page)), "Brass lamp", "20.00 EUR"},
		{"MHTML", []byte(mhtml), "Brass lamp", "20.00 EUR"},
		{"gzipped MHTML", zipped(t, []byte(mhtml)), "Brass lamp", "20.00 EUR"},
		{"HTML in GBK", []byte(gbk), "黄铜台灯", "20.00 CNY"},
		{"HTML in Shift JIS", []byte(sjis), "真鍮ランプ", "20 JPY"},
		{"UTF-8 that still names the server's charset", []byte(`<html lang="zh"><meta charset="gbk"><title>黄铜台灯</title><h1>黄铜台灯</h1><p class="price">￥20.00</p><button>立即购买</button>`), "黄铜台灯", "20.00 CNY"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Open(bytes.NewReader(c.file), "page")
			if err != nil {
				t.Fatal(err)
			}
			if d.URL == "" {
				d.URL = "https://www.lamps.example/p/brass-lamp"
			}
			f := Read(d)
			cash := ""
			if f.Price != nil {
				cash = f.Price.Min + " " + f.Price.Currency
			}
			if f.Title != c.title || cash != c.cash {
				t.Errorf("read %q at %q, want %q at %q", f.Title, cash, c.title, c.cash)
			}
		})
	}
}

func TestMHTMLTellsTheURLAndThePicturesHashes(t *testing.T) {
	d, err := Open(strings.NewReader(mhtml), "page.mhtml")
	if err != nil {
		t.Fatal(err)
	}
	if d.URL != "https://www.lamps.example/p/brass-lamp" {
		t.Errorf("URL = %q", d.URL)
	}
	f := Read(d)
	if len(f.Images) != 1 || f.Images[0].SHA256 != evidence.HashOf([]byte("picture")) {
		t.Errorf("images = %+v", f.Images)
	}
}

func TestOpenRefusesWhatIsNoPage(t *testing.T) {
	for name, file := range map[string]string{
		"an empty file":               "",
		"MHTML without a page":        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n",
		"MHTML that does not hold up": "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\r\n\r\n",
	} {
		if _, err := Open(strings.NewReader(file), name); err == nil {
			t.Errorf("%s was opened", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not name the file", err)
		}
	}
	if _, err := Open(strings.NewReader("  \n"), "x"); !errors.Is(err, ErrNoPage) {
		t.Errorf("white space: %v, want ErrNoPage", err)
	}
	if _, err := Open(bytes.NewReader([]byte{0x1f, 0x8b, 1, 2}), "x"); err == nil {
		t.Error("broken gzip was opened")
	}
}
