package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/capture/queue"
	"touchstone/store/evidence"
)

const (
	second = time.Second
	ms     = time.Millisecond
)

// do runs the URLs through a queue and fails the test on an error.
func do(t *testing.T, w *world, p queue.Policy, urls ...string) {
	t.Helper()
	if err := queue.New(w, w, p).Run(t.Context(), w.queued(urls...)); err != nil {
		t.Fatal(err)
	}
}

func TestStartsAtOneHostLieAPauseApart(t *testing.T) {
	for _, tt := range []struct {
		name   string
		policy queue.Policy
		takes  time.Duration
		want   []time.Duration
	}{
		{"a second by default", queue.Policy{Jobs: 8}, 100 * ms, []time.Duration{0, second, 2 * second, 3 * second}},
		{"as long as asked for", queue.Policy{Jobs: 8, Delay: 3 * second}, 100 * ms, []time.Duration{0, 3 * second, 6 * second, 9 * second}},
		{"none where none is wanted, but two at once", queue.Policy{Jobs: 8, Delay: -1}, 2 * second, []time.Duration{0, 0, 2 * second, 2 * second}},
		{"a third waits for a place", queue.Policy{Jobs: 8}, 10 * second, []time.Duration{0, second, 10 * second, 11 * second}},
		{"more at once where allowed", queue.Policy{Jobs: 8, PerHost: 4, Delay: -1}, 10 * second, []time.Duration{0, 0, 0, 0}},
		{"never more than jobs", queue.Policy{Jobs: 1, PerHost: 4, Delay: -1}, 10 * second, []time.Duration{0, 10 * second, 20 * second, 30 * second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.takes = func(string) time.Duration { return tt.takes }
				do(t, w, tt.policy, pages("a", 4)...)
				if diff := cmp.Diff(tt.want, w.times("https://a")); diff != "" {
					t.Errorf("starts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestManyHostsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.takes = func(string) time.Duration { return 700 * ms }
		var urls []string
		for _, host := range []string{"a", "b", "c", "d", "e"} {
			urls = append(urls, pages(host, 20)...)
		}
		do(t, w, queue.Policy{Jobs: 4}, urls...)
		if w.mostAll != 4 {
			t.Errorf("%d captures at once, want 4", w.mostAll)
		}
		for host, n := range w.most {
			if n > 2 {
				t.Errorf("%s got %d at once", host, n)
			}
		}
		if n := len(w.starts); n != 100 || w.states()[evidence.JobDone] != 100 {
			t.Errorf("%d captures, jobs %v", n, w.states())
		}
		// 5 hosts a second apart and 4 places of 0.7 s: the pause bounds it, 20 s.
		if took := time.Since(w.began); took > 21*second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestASlowHostDoesNotHoldUpTheOthers(t *testing.T) {
	for _, jobs := range []int{2, 3, 8} {
		t.Run(fmt.Sprintf("with %d jobs", jobs), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.takes = func(url string) time.Duration {
					if url[:len("https://s")] == "https://s" {
						return time.Minute
					}
					return 500 * ms
				}
				do(t, w, queue.Policy{Jobs: jobs}, append(pages("s", 30), pages("q", 30)...)...)
				quick := w.times("https://q")
				if last := quick[len(quick)-1]; last > 35*second {
					t.Errorf("the quick host's 30 pages, a second apart, took %v", last)
				}
				if n := w.most["https://s"]; n != 2 {
					t.Errorf("the slow host got %d places, and not 2 once it was alone", n)
				}
			})
		})
	}
}

func TestHostsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		do(t, w, queue.Policy{Jobs: 1, Delay: -1}, append(pages("a", 30), pages("b", 3)...)...)
		if got := w.times("https://b"); got[2] > second {
			t.Errorf("the second host's pages began at %v, behind the first host's 30", got)
		}
	})
}

func TestWhatAMarketplaceAsksAboutGoesBeforeAllElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		jobs := w.queued(append(pages("a", 20), pages("b", 20)...)...)
		asked := w.queued("https://a/asked/1", "https://b/asked/2")
		for i := range asked {
			asked[i].Inquiry = "inq_1"
		}
		if err := queue.New(w, w, queue.Policy{Jobs: 1, Delay: -1}).Run(t.Context(), append(jobs, asked...)); err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{"https://a/asked", "https://b/asked"} {
			if got := w.times(url); len(got) != 1 || got[0] > 200*ms {
				t.Errorf("%s began at %v, behind others", url, got)
			}
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after time.Duration
		want  time.Duration
	}{
		{"of a minute", time.Minute, time.Minute + 100*ms},
		{"of ten years, up to our own limit", 10 * 365 * 24 * time.Hour, queue.LongestRetryAfter + 100*ms},
		{"that is past already", -time.Minute, second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.ends = func(url string, _ int) queue.Result {
					if url == "https://a/item/0" {
						return queue.Result{RetryAfter: time.Now().Add(tt.after)}
					}
					return queue.Result{}
				}
				do(t, w, queue.Policy{Jobs: 4}, append(pages("a", 2), pages("b", 2)...)...)
				if got := w.times("https://a"); got[1] != tt.want {
					t.Errorf("the host was asked again after %v, want %v", got[1], tt.want)
				}
				if got := w.times("https://b"); got[1] != second {
					t.Errorf("another host had to wait %v", got[1])
				}
			})
		})
	}
}

func TestWhatMayPassIsTriedAgainAfterTwiceTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.takes = func(string) time.Duration { return 0 }
		w.ends = func(string, int) queue.Result { return queue.Result{Again: true} }
		do(t, w, queue.Policy{Retries: 4, Backoff: 8 * second}, "https://a/1")
		if n := len(w.starts); n != 5 {
			t.Fatalf("%d attempts, want 1 and 4 more", n)
		}
		for i, wait := 1, 8*second; i < len(w.starts); i, wait = i+1, 2*wait {
			if got := w.starts[i].at - w.starts[i-1].at; got < wait*3/4 || got > wait*5/4 {
				t.Errorf("before attempt %d it waited %v, want %v give or take a quarter", i+1, got, wait)
			}
			if got := w.starts[i].attempt; got != i+1 {
				t.Errorf("attempt %d is numbered %d", i+1, got)
			}
		}
		if got := w.states(); got[evidence.JobDone] != 1 {
			t.Errorf("jobs %v", got)
		}
	})
}

func TestTheNextAttemptBeginsWhenItWasSaidTo(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after time.Duration // what the server asks for; 0 for nothing
	}{
		{"after the pause", 0}, {"when the server says, where that is later", time.Minute}, {"after the pause, where that is later", ms},
		{"when we no longer heed the server", time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.ends = func(string, int) queue.Result {
					r := queue.Result{Again: true}
					if tt.after > 0 {
						r.RetryAfter = time.Now().Add(tt.after)
					}
					return r
				}
				do(t, w, queue.Policy{Retries: 2}, "https://a/1")
				if diff := cmp.Diff(w.times("https://a")[1:], w.retryAt[:2]); diff != "" {
					t.Errorf("said (-began +said):\n%s", diff)
				}
			})
		})
	}
}

func TestTheWaitForARetryHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.ends = func(url string, attempt int) queue.Result {
			return queue.Result{Again: url == "https://a/item/0" && attempt == 1}
		}
		do(t, w, queue.Policy{Jobs: 1, Backoff: time.Minute}, pages("a", 5)...)
		if got := w.times("https://a"); len(got) != 6 || got[4] != 4*second || got[5] < 45*second {
			t.Errorf("starts %v: want five a second apart, then the retry", got)
		}
	})
}

func TestNoRetriesWhereNoneAreWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.ends = func(string, int) queue.Result { return queue.Result{Again: true} }
		do(t, w, queue.Policy{Retries: -1}, "https://a/1")
		if n := len(w.starts); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
}

func TestWhatArrivesMeanwhileIsDoneToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.takes = func(string) time.Duration { return 5 * second }
		own := w.queued(pages("a", 3)...)
		time.AfterFunc(2*second, func() {
			others := w.queued(append(pages("b", 2), pages("c", 20)...)...)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.arrived = others
		})
		if err := queue.New(w, w, queue.Policy{Jobs: 4}).Run(t.Context(), own); err != nil {
			t.Fatal(err)
		}
		if got := w.times("https://b"); len(got) != 2 || got[0] > 3*second {
			t.Errorf("the others' captures began at %v", got)
		}
		got := w.states()
		if got[evidence.JobRunning] != 0 {
			t.Errorf("jobs %v: what was begun must have ended", got)
		}
		if took := time.Since(w.began); took > 20*second || got[evidence.JobQueued] == 0 {
			t.Errorf("it went on for %v, jobs %v: whoever asked for the rest does it", took, got)
		}
	})
}

func TestWhenItIsStoppedJobsWaitAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.takes = func(string) time.Duration { return 10 * second }
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(15*second, cancel)
		err := queue.New(w, w, queue.Policy{Jobs: 2}).Run(ctx, w.queued(pages("a", 6)...))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(w.began); took != 15*second {
			t.Errorf("it took %v to stop", took-15*second)
		}
		want := map[evidence.JobState]int{evidence.JobDone: 2, evidence.JobQueued: 4}
		if diff := cmp.Diff(want, w.states()); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}

func TestAnErrorOfTheStoreStopsItAndLosesNoJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.fails = func(url string) error {
			if url == "https://b/item/1" {
				return errDisk
			}
			return nil
		}
		err := queue.New(w, w, queue.Policy{Jobs: 4}).Run(t.Context(), w.queued(append(pages("a", 9), pages("b", 9)...)...))
		if !errors.Is(err, errDisk) {
			t.Errorf("error %v", err)
		}
		if got := w.states(); got[evidence.JobRunning] != 0 || got[evidence.JobQueued] < 14 {
			t.Errorf("jobs %v", got)
		}
	})
}

func TestAJobThatHasEndedIsNotCapturedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		jobs := w.queued(pages("a", 3)...)
		w.set(jobs[1].ID, evidence.JobDone)
		w.set(jobs[2].ID, evidence.JobRunning) // left so by a killed process
		if err := queue.New(w, w, queue.Policy{Jobs: 4}).Run(t.Context(), append(jobs, jobs...)); err != nil {
			t.Fatal(err)
		}
		if got := w.times("https://a"); len(got) != 2 {
			t.Errorf("%d captures of two jobs", len(got))
		}
	})
}

func TestMayPass(t *testing.T) {
	lost := []evidence.Missing{{Role: evidence.RoleMHTML, Reason: "the page crashed"}}
	soon := time.Now().Add(time.Minute)
	for _, tt := range []struct {
		name string
		s    evidence.Snapshot
		want bool
	}{
		{"a server's error passes", evidence.Snapshot{Outcome: evidence.ServerError, HTTPStatus: 503}, true},
		{"a name that does not resolve", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseDNS}, true},
		{"a refused connection", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseConnect}, true},
		{"no answer in time", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseTimeout}, true},
		{"a crashed tab", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseCrashed, Missing: lost}, true},
		{"a page that crashed after it was seen", evidence.Snapshot{Outcome: evidence.Online, Cause: evidence.CauseCrashed, Missing: lost}, true},
		{"a page that crashed when everything was saved", evidence.Snapshot{Outcome: evidence.Online, Cause: evidence.CauseCrashed}, false},
		{"a Chrome that was killed", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseBrowser, Missing: lost}, true},
		{"a bad certificate stays", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseCertificate}, false},
		{"a private address stays", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseRefused}, false},
		{"a redirect loop stays", evidence.Snapshot{Outcome: evidence.Unreachable, Cause: evidence.CauseAnswer}, false},
		{"a robot check stays", evidence.Snapshot{Outcome: evidence.Blocked, HTTPStatus: 403}, false},
		{"a robot check that says when to come back stays", evidence.Snapshot{Outcome: evidence.Blocked, HTTPStatus: 403, RetryAfter: soon}, false},
		{"too many requests, come back later", evidence.Snapshot{Outcome: evidence.Blocked, HTTPStatus: 429, RetryAfter: soon}, true},
		{"too many requests, without a word when to come back", evidence.Snapshot{Outcome: evidence.Blocked, HTTPStatus: 429}, false},
		{"a login stays", evidence.Snapshot{Outcome: evidence.LoginRequired}, false},
		{"a removed listing stays", evidence.Snapshot{Outcome: evidence.Removed}, false},
		{"a missing page stays", evidence.Snapshot{Outcome: evidence.NotFound}, false},
		{"a page that was cut short by its limit is there", evidence.Snapshot{Outcome: evidence.Online, Cause: evidence.CauseTimeout, Missing: lost}, false},
		{"a blank page was tried twice already", evidence.Snapshot{Outcome: evidence.Blank}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := queue.MayPass(&tt.s); got != tt.want {
				t.Errorf("may pass: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCounters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := queue.NewCounters(200)
		if got := c.Snapshot(); got.PerMinute != 0 || got.Left != 0 || got.Waiting != 200 {
			t.Errorf("at first %+v", got)
		}
		id := func(n int) evidence.ID { return evidence.ID(fmt.Sprint(n)) }
		for i := range 50 { // slow at first
			c.Started(id(i), false)
			time.Sleep(10 * second) // of the bubble's clock, as below
			c.Ended(id(i), evidence.Online)
		}
		for i := range 50 {
			c.Started(id(50+i), i == 0)
			time.Sleep(2 * second)
			c.Ended(id(50+i), evidence.Blocked)
		}
		c.Started(id(100), false)
		c.Started(id(101), false)
		c.Stopped(id(101))
		want := evidence.Tally{Total: 200, Done: 100, Running: 1, Waiting: 99, Retries: 1, PerMinute: 30, Left: 200 * second,
			Outcomes: map[evidence.Outcome]int{evidence.Online: 50, evidence.Blocked: 50}}
		if diff := cmp.Diff(want, c.Snapshot()); diff != "" {
			t.Errorf("tally (-want +got):\n%s", diff)
		}
	})
}
