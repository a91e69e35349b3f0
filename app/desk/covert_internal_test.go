package desk

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/report/notice"
	"touchstone/store"
	"touchstone/store/evidence"
)

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestCovertNamesAreFoundHoweverAPageWritesThem(t *testing.T) {
	c := newCovert([]string{"Jane Doe", "12 Rue de l'Église", "jane.doe@mail.example", "王小明"})
	const mhtml = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b1\"\r\n\r\n" +
		"--b1\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://m.example/\r\n\r\n<p>Ship to Ja=\r\nne=20Doe</p>\r\n--b1--\r\n"
	for name, tt := range map[string]struct {
		mediaType, content string
		found              bool
	}{
		"as listed":                              {"text/plain", "Ship to Jane Doe, Paris", true},
		"in another case":                        {"text/plain", "JANE  DOE", true},
		"over two lines":                         {"text/plain", "Ship to Jane\nDoe", true},
		"without the accent":                     {"text/plain", "12 rue de l’eglise", true},
		"with a combining accent":                {"text/plain", "12 RUE DE L’E\u0301GLISE", true},
		"with a hidden character in it":          {"text/plain", "Ja\u200Bne Doe", true},
		"as an e-mail address":                   {"text/plain", "write to Jane.Doe@mail.example.", true},
		"in Chinese within a sentence":           {"text/plain", "收件人王小明先生", true},
		"across elements":                        {"text/html", "<td>Jane</td><td>Doe</td>", true},
		"split by an element":                    {"text/html", "<p>Ja<b>ne</b> Doe</p>", true},
		"written with entities":                  {"text/html; charset=utf-8", "<p>J&#97;ne&nbsp;Doe</p>", true},
		"in an attribute":                        {"text/html", `<input value="Jane&#32;Doe">`, true},
		"in a page in one file":                  {"multipart/related", mhtml, true},
		"escaped in JSON":                        {"application/json", `{"a":"J\u0061ne\nDoe"}`, true},
		"in packed traffic":                      {"application/warc", zipped("GET / HTTP/1.1\r\nX-Name: Jane Doe\r\n"), true},
		"another name that begins the same":      {"text/plain", "Jane Doebler and Mary-Jane Doering", false},
		"the words the other way round":          {"text/plain", "Doe Jane", false},
		"bytes of a picture, which are not text": {"image/png", "Jane Doe", false},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.checkFile("page", tt.mediaType, strings.NewReader(tt.content))
			var covert *CovertError
			if got := errors.As(err, &covert); got != tt.found || err != nil && !got {
				t.Errorf("error is %v, found should be %v", err, tt.found)
			}
		})
	}
}

func TestTheLineOfACovertNameIsTold(t *testing.T) {
	err := newCovert([]string{"Jane Doe"}).check("notice.json", "one\ntwo\nShip to Jane Doe\nfour")
	var covert *CovertError
	if !errors.As(err, &covert) || covert.Line != 3 || covert.In != "notice.json" || !strings.Contains(err.Error(), `line 3 holds "Jane Doe"`) {
		t.Errorf("error is %v, want notice.json, line 3", err)
	}
}

// Letters that are longer in small than in capitals stand before the name.
func TestACovertNameIsShownBehindWhateverLetters(t *testing.T) {
	err := newCovert([]string{"Jane Doe"}).check("page", strings.Repeat("İ", 200)+" JANE DOE")
	var covert *CovertError
	if !errors.As(err, &covert) || !strings.HasSuffix(covert.Text, "İ JANE DOE") {
		t.Errorf("error is %v, want one that shows the name", err)
	}
}

func TestAFilePackedOverAndOverIsNotFollowedToItsEnd(t *testing.T) {
	c := newCovert([]string{"Jane Doe"})
	bomb, letter := "Jane Doe", "Content-Type: text/plain\r\n\r\nnothing"
	for n := range maxNested + 1 {
		bomb = zipped(bomb)
		letter = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b%d--\r\n", n, n, letter, n)
	}
	for kind, content := range map[string]string{"application/gzip": bomb, "message/rfc822": letter} {
		err := c.checkFile("attachment", kind, strings.NewReader(content))
		if err == nil || !strings.Contains(err.Error(), "it is packed more than 8 times over") {
			t.Errorf("%s: error is %v", kind, err)
		}
	}
}

func TestCapturesMadeWhileSignedInMustBeCleared(t *testing.T) {
	d, err := Open(Config{Dir: filepath.Join(t.TempDir(), "workspace"), StateDir: t.TempDir(), Private: true, Operator: "Ada",
		Passphrase: func(context.Context) (string, error) { return "a passphrase for tests", nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	made := evidence.Capture{ID: evidence.NewID(evidence.KindCapture, d.cfg.Now()), URL: "https://m.example/1"}
	if err := d.ws.Update(t.Context(), func(tx *store.Tx) error { return store.Put(tx, made.ID, made) }); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		manifest evidence.Manifest
		needs    bool
	}{
		"a fresh browser":    {evidence.Manifest{Snapshot: evidence.Snapshot{Settings: evidence.Settings{Profile: freshProfile}}}, false},
		"a saved profile":    {evidence.Manifest{Snapshot: evidence.Snapshot{Settings: evidence.Settings{Profile: "named"}}}, true},
		"a person before it": {evidence.Manifest{Snapshot: evidence.Snapshot{Settings: evidence.Settings{Profile: freshProfile}, Attended: &evidence.Attendance{}}}, true},
	} {
		err := d.cleared(t.Context(), []notice.Exhibit{{Capture: made, Manifest: tt.manifest}})
		var not *NotClearedError
		if got := errors.As(err, &not); got != tt.needs || got && (len(not.Captures) != 1 || not.Captures[0] != made.ID) {
			t.Errorf("%s: error is %v, needs clearing should be %v", name, err, tt.needs)
		}
	}
	if _, err := d.Clear(t.Context(), made.ID, "nothing of the account is to be seen"); err != nil {
		t.Fatal(err)
	}
	named := evidence.Manifest{Snapshot: evidence.Snapshot{Settings: evidence.Settings{Profile: "named"}}}
	if err := d.cleared(t.Context(), []notice.Exhibit{{Capture: made, Manifest: named}}); err != nil {
		t.Errorf("once cleared: %v", err)
	}
	if _, err := d.Clear(t.Context(), evidence.NewID(evidence.KindCapture, d.cfg.Now()), ""); err == nil {
		t.Error("a capture that is not there was cleared")
	}
}

func TestTheMarketplacesEditionKeepsToTheChannelsLimit(t *testing.T) {
	for channel, want := range map[string]int64{"alibaba-international": 5 << 20, JointForceChannel: 0, "no such channel": 0} {
		if got := attachmentLimit(channel); got != want {
			t.Errorf("a document for %s may have %d bytes, want %d", channel, got, want)
		}
	}
}
