package desk

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

func TestTheHeadOfAnEmail(t *testing.T) {
	sent := time.Date(2026, 11, 20, 8, 15, 0, 0, time.UTC)
	tests := []struct {
		name, eml string
		want      *evidence.Mail
	}{
		{"plain", "From: Goldstar <sales@goldstar.example>\r\nTo: buyer@example.org\r\nSubject: Your order\r\nDate: Fri, 20 Nov 2026 09:15:00 +0100\r\n\r\nhello",
			&evidence.Mail{Subject: "Your order", From: "Goldstar <sales@goldstar.example>", To: "buyer@example.org", Date: "Fri, 20 Nov 2026 09:15:00 +0100", SentAt: &sent}},
		{"encoded words of two character sets", "From: =?gb2312?B?xeDKpg==?= <a@b.example>\nSubject: =?UTF-8?Q?Gef=C3=A4lscht?=\n\n",
			&evidence.Mail{Subject: "Gefälscht", From: "培师 <a@b.example>"}},
		{"a date that is none", "Subject: x\nDate: yesterday\n\n", &evidence.Mail{Subject: "x", Date: "yesterday"}},
		{"no mail at all", "\x00\x01 not a mail", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, readEml(strings.NewReader(tt.eml))); d != "" {
				t.Errorf("head (-want +got):\n%s", d)
			}
		})
	}
}

// A real message comes with the package that reads compound files. Broken ones
// are made of it: they may have no head, and must not take the program down.
func TestTheHeadOfAnOutlookMessage(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/richardlehane/mscfb").Output()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "test", "test.msg"))
	if err != nil {
		t.Fatal(err)
	}
	m := readMsg(bytes.NewReader(whole))
	if m == nil || m.Subject == "" || m.From == "" || m.SentAt == nil {
		t.Fatalf("head %+v", m)
	}
	t.Logf("head %+v, sent %s", *m, m.SentAt)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		broken := bytes.Clone(whole)
		for range 1 + rng.IntN(8) {
			broken[rng.IntN(min(len(broken), 8192))] = byte(rng.IntN(256))
		}
		readMsg(bytes.NewReader(broken[:rng.IntN(len(broken))]))
		readMsg(bytes.NewReader(broken))
	}
}
