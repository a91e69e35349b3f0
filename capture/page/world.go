package page

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

//go:embed js/page.js
var script string

// world is where our script runs in the page's current document.
type world struct {
	id runtime.ExecutionContextID
}

// answerLimit is how long the page may leave our script waiting before a script
// of its own is taken to spin.
const answerLimit = 4 * time.Second

// mostStops is how often a spinning script is stopped before the page may run
// none any more.
const mostStops = 3

// errSpinning says that the page's own scripts did not let ours run.
var errSpinning = errors.New("the page's scripts never came to rest")

// ask evaluates an expression of our script and decodes its value. A page whose
// own script does not end is stopped and asked again.
func (v *visit) ask(ctx context.Context, expression string, allow time.Duration, value any) error {
	for {
		err := v.evaluate(ctx, expression, allow+answerLimit, value)
		if !errors.Is(err, errSpinning) {
			return err
		}
		if !v.stopScript(ctx) {
			return err
		}
	}
}

// evaluate asks once, anew where the document has changed in between.
func (v *visit) evaluate(ctx context.Context, expression string, limit time.Duration, value any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errSpinning)
	defer cancel()
	for try := 0; ; try++ {
		err := v.evaluateIn(ctx, expression, value)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case try < 3 && gone(err):
			v.world.id = 0
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
	if v.world.id == 0 {
		w, err := cdp.Call(ctx, v.tab, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
			FrameID: cdp.FrameID(v.main), WorldName: "touchstone"})
		if err != nil {
			return err
		}
		v.world.id = w.ExecutionContextID
		if err := v.run(ctx, script, nil); err != nil {
			return err
		}
	}
	return v.run(ctx, expression, value)
}

func (v *visit) run(ctx context.Context, expression string, value any) error {
	r, err := cdp.Call(ctx, v.tab, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: v.world.id, ReturnByValue: new(value != nil), AwaitPromise: new(true), Silent: new(true)})
	if err != nil {
		return err
	}
	if r.ExceptionDetails != nil {
		return fmt.Errorf("script: %s", describe(r.ExceptionDetails.Exception))
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(r.Result.Value, value)
}

// stopScript ends what the page is running; the last time it also keeps the page
// from running anything more. It returns false when that has been tried.
func (v *visit) stopScript(ctx context.Context) bool {
	stops := v.record.count("script_stopped")
	if stops > mostStops || ctx.Err() != nil {
		return false
	}
	if stops == mostStops {
		v.record.alter("script_stopped", "the page may run no more scripts")
		v.tell(ctx, emulation.SetScriptExecutionDisabled.Method, emulation.SetScriptExecutionDisabledParams{Value: true})
	} else {
		v.record.alter("script_stopped", fmt.Sprintf("a script of the page ran for more than %v", answerLimit))
	}
	v.tell(ctx, runtime.TerminateExecution.Method, cdp.Empty{})
	return true
}

// tell sends a command whose answer may be as late as the page is busy, and
// waits for it for a second only.
func (v *visit) tell(ctx context.Context, method string, params any) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = v.tab.Call(ctx, method, params, nil)
}
