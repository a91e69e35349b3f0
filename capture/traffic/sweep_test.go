package traffic_test

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"touchstone/capture/traffic"
)

func TestSweepDeletesWhatKilledProgramsLeftAndNoSpoolInUse(t *testing.T) {
	dir := t.TempDir()
	left, other := filepath.Join(dir, "touchstone-bodies-123"), filepath.Join(dir, "report.txt")
	for _, path := range []string{left, other} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := traffic.NewSpool(dir, traffic.Limits{Body: 8 << 20, Total: 8 << 20})
	defer s.Close()
	w := s.Create()
	text := strings.Repeat("a body that does not fit into memory", 100_000)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	body := w.Body()
	traffic.Sweep(dir)
	if _, err := os.Stat(left); err == nil && runtime.GOOS != "windows" {
		t.Error("what a killed program left is still there")
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another's file: %v", err)
	}
	if got, err := io.ReadAll(body.Open()); err != nil || string(got) != text {
		t.Errorf("a spool in use lost its body: %d bytes, %v", len(got), err)
	}
}
