package model

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"touchstone/store/evidence"
)

// inline runs what is posted at once; the meter posts from one goroutine at a time.
type inline struct{ mu sync.Mutex }

// Post implements Dispatcher.
func (i *inline) Post(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func TestAMeterTellsTheNewestTenTimesASecondAndAlwaysTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBackground(context.Background(), &inline{})
		defer b.Close()
		var portions [][]evidence.Event
		m := newMeter(b, func(news []evidence.Event) { portions = append(portions, news) })
		for i := range 1000 {
			m.Report(evidence.Event{Subject: fmt.Sprint(i % 3), Done: int64(i)})
			time.Sleep(time.Millisecond) // of the bubble's clock: the test takes no second
		}
		m.close()
		m.Report(evidence.Event{Subject: "late"})
		synctest.Wait()
		if n := len(portions); n < 9 || n > 12 {
			t.Errorf("%d portions in a second, want about 10", n)
		}
		last := portions[len(portions)-1]
		newest := int64(0)
		for _, e := range last {
			newest = max(newest, e.Done)
		}
		if newest != 999 || len(last) > 3 {
			t.Errorf("the last portion is %v, want at most one event for each of three subjects, 999 among them", last)
		}
	})
}
