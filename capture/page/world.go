package page

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

//go:embed js/page.js
var script string

// patience is how long the page may leave a question unanswered before a script
// of its own is taken to spin.
const patience = 4 * time.Second

// errSilent says that the page's own scripts did not let ours run.
var errSilent = errors.New("the page's scripts never came to rest")

// ask evaluates an expression of our script and decodes its value, anew where
// the document has changed in between. A script of the page that does not let
// ours run is not its matter but the watchdog's.
func (v *visit) ask(ctx context.Context, expression string, limit time.Duration, value any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errSilent)
	defer cancel()
	for try := 0; ; try++ {
		err := v.evaluateIn(ctx, expression, value)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case try < 3 && gone(err):
			v.world = 0
		default:
			return err
		}
	}
}

// gone reports whether the document that was asked is no longer there.
func gone(err error) bool {
	for _, s := range []string{"Cannot find context", "context was destroyed", "Inspected target navigated", "Execution context"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}

func (v *visit) evaluateIn(ctx context.Context, expression string, value any) error {
	if v.world == 0 {
		w, err := cdp.Call(ctx, v.tab, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
			FrameID: cdp.FrameID(v.main), WorldName: "touchstone"})
		if err != nil {
			return err
		}
		// Stopping the page's scripts may hit ours: only what ran through counts.
		if err := v.run(ctx, w.ExecutionContextID, script, nil); err != nil {
			return err
		}
		v.world = w.ExecutionContextID
	}
	return v.run(ctx, v.world, expression, value)
}

func (v *visit) run(ctx context.Context, world runtime.ExecutionContextID, expression string, value any) error {
	r, err := cdp.Call(ctx, v.tab, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world, ReturnByValue: new(value != nil), AwaitPromise: new(true), Silent: new(true)})
	if err != nil {
		return err
	}
	if d := r.ExceptionDetails; d != nil {
		if d.Exception == nil {
			return fmt.Errorf("script: %s", d.Text)
		}
		return fmt.Errorf("script: %s", describe(d.Exception))
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(r.Result.Value, value)
}

// watchdog asks the page for a sign of life, over and over until ctx ends, and
// stops its scripts when none comes: the first time those that run, the second
// time all for good.
func (v *visit) watchdog(ctx context.Context) {
	for stops := 0; stops < 2; {
		if v.alive(ctx) {
			v.pause(ctx, time.Second)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if stops++; stops == 1 {
			v.record.alter("script_stopped", fmt.Sprintf("a script of the page ran for more than %v", patience))
			v.tell(ctx, runtime.TerminateExecution.Method, cdp.Empty{})
		} else {
			v.silence(ctx, "a script of the page ran too long again")
		}
	}
}

// alive reports whether the page lets a script run within the patience we have.
func (v *visit) alive(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := cdp.Call(ctx, v.tab, runtime.Evaluate, runtime.EvaluateParams{Expression: "1"})
	return err == nil || ctx.Err() == nil
}

// silence ends what the page is running and lets it run nothing more. It returns
// when that is done, which can take as long as the page keeps Chrome busy.
func (v *visit) silence(ctx context.Context, why string) {
	v.record.alter("script_stopped", why+"; it may run no more scripts")
	var both sync.WaitGroup
	both.Go(func() {
		_ = v.tab.Call(ctx, emulation.SetScriptExecutionDisabled.Method, emulation.SetScriptExecutionDisabledParams{Value: true}, nil)
	})
	both.Go(func() { _ = v.tab.Call(ctx, runtime.TerminateExecution.Method, cdp.Empty{}, nil) })
	both.Wait()
}

// tell sends a command whose answer may be as late as the page is busy, and
// waits for it for a second only.
func (v *visit) tell(ctx context.Context, method string, params any) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = v.tab.Call(ctx, method, params, nil)
}
