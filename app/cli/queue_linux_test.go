package cli_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"touchstone/store/evidence"
)

// TestKilledAtAnyMomentTheBatchIsFinishedByResuming kills the program with
// SIGKILL in the middle of a batch, again and again.
func TestKilledAtAnyMomentTheBatchIsFinishedByResuming(t *testing.T) {
	kills, links := 3, 6
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		kills, links = 50, 30
	}
	var batches, early, said, abandoned int
	path := program(t)
	for killed := 0; killed < kills; batches++ {
		o := newOffice(t, path)
		list := filepath.Join(o.folder, "links.txt")
		if err := os.WriteFile(list, []byte(strings.Join(o.links(links), "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		promised := map[evidence.ID]bool{}
		run := func(limit time.Duration) bool {
			how := []string{"--resume"}
			if len(o.look().jobs) == 0 {
				how = []string{"--from", list}
			}
			p := o.capture(how...)
			timer := time.AfterFunc(limit, func() { p.Process.Kill() })
			code := p.code()
			timer.Stop()
			for _, c := range p.said() {
				promised[c.ID] = true
			}
			if code > 0 {
				t.Fatalf("exit code %d: %s", code, p.stderr)
			}
			return code == 0
		}
		check := func() state {
			s := o.look()
			for id := range promised {
				if _, ok := s.captures[id]; !ok {
					t.Fatalf("%s was said to be sealed, and is gone", id)
				}
			}
			return s
		}
		for done := false; !done && killed < kills; {
			// The moment is the point of the test: anywhere from the making of the
			// workspace to some captures later.
			if done = run(rand.N(8 * time.Second)); done {
				break
			}
			killed++
			s := check()
			o.nothingLeft(false)
			if len(s.jobs) == 0 {
				early++
			}
		}
		for !run(time.Hour) {
		}
		s := check()
		s.finished(t, links)
		o.nothingLeft(true)
		said += len(promised)
		for _, j := range s.jobs {
			abandoned += j.Attempts
		}
		abandoned -= len(s.captures)
	}
	t.Logf("%d kills in %d batches of %d links: %d before the links were queued, %d attempts cut short, %d captures said to be sealed and all there, every batch whole, no Chrome left",
		kills, batches, links, early, abandoned, said)
}

func TestCtrlCStopsInOrderAndTwiceAtOnce(t *testing.T) {
	o := newOffice(t, program(t))
	p := o.capture(o.links(6)...)
	p.untilSealed()
	begun := time.Now()
	p.Process.Signal(os.Interrupt)
	if code := p.code(); code != 1 || !strings.Contains(p.stderr.String(), "capture --resume") {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	t.Logf("Ctrl-C took %v", time.Since(begun))
	o.nothingLeft(true)
	s := o.look()
	for _, j := range s.jobs {
		if j.State != evidence.JobDone && j.State != evidence.JobQueued {
			t.Errorf("job %s is %s", j.ID, j.State)
		}
	}
	if len(s.captures) != len(p.said()) || s.unfinished() != 6-len(s.captures) {
		t.Errorf("%d captures, %d said, %d jobs left", len(s.captures), len(p.said()), s.unfinished())
	}

	p = o.start("capture")
	if code := p.code(); code != 2 || !strings.Contains(p.stderr.String(), "capture --resume") {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}

	p = o.capture("--resume")
	until(t, "Chrome works", func() bool { return len(o.chromes()) > 4 })
	begun = time.Now()
	until(t, "it has ended", func() bool {
		p.Process.Signal(os.Interrupt)
		return len(p.ended) > 0
	})
	p.code()
	t.Logf("Ctrl-C twice took %v", time.Since(begun))
	o.nothingLeft(false) // a killed program cannot tidy up; the next one does

	p = o.capture("--resume")
	if code := p.code(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	o.nothingLeft(true)
	o.look().finished(t, 6)
}

func TestASecondProcessAddsItsLinksAndTakesOverWhenTheFirstIsKilled(t *testing.T) {
	o := newOffice(t, program(t))
	links := o.links(9)
	first := o.capture(links[:4]...)
	first.untilSealed()
	second := o.capture(links[4:6]...)
	if code := second.code(); code != 0 || len(second.said()) != 2 {
		t.Errorf("the second process: exit code %d, said %d captures: %s", code, len(second.said()), second.stderr)
	}
	if code := first.code(); code != 0 || len(first.said()) != 4 {
		t.Errorf("the first process: exit code %d, said %d captures: %s", code, len(first.said()), first.stderr)
	}
	o.look().finished(t, 6)
	o.nothingLeft(true)

	first = o.capture(links[6:8]...)
	until(t, "Chrome works", func() bool { return len(o.chromes()) > 4 })
	second = o.capture(links[8])
	until(t, "the second's link is queued", func() bool { return len(o.look().jobs) == 9 })
	first.Process.Signal(syscall.SIGKILL)
	first.code()
	if code := second.code(); code != 0 || len(second.said()) != 1 {
		t.Errorf("after the first was killed: exit code %d, said %d captures: %s", code, len(second.said()), second.stderr)
	}
	last := o.capture("--resume")
	if code := last.code(); code != 0 {
		t.Errorf("exit code %d: %s", code, last.stderr)
	}
	o.look().finished(t, 9)
	o.nothingLeft(true)
}
