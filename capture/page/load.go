package page

import (
	"context"
	"fmt"
	"strings"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"

	"touchstone/capture/browser"
)

// dress prepares the blank tab: what it looks like to the page, and what the
// page may not do.
func (v *visit) dress(ctx context.Context) error {
	ctx, cancel := limited(ctx, v.Limits.Save, "preparing the tab")
	defer cancel()
	v.record.mu.Lock()
	v.record.network.frame = v.main
	v.record.mu.Unlock()
	type command struct {
		method string
		params any
	}
	s := v.Settings
	commands := []command{
		{security.Enable.Method, cdp.Empty{}},
		{emulation.SetDeviceMetricsOverride.Method, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(s.ViewportWidth), Height: int64(s.ViewportHeight), DeviceScaleFactor: 1}},
		{cdpbrowser.SetDownloadBehavior.Method, cdpbrowser.SetDownloadBehaviorParams{
			Behavior: cdpbrowser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: v.tab.Context, EventsEnabled: new(true)}},
	}
	if s.IgnoreTLS {
		commands = append(commands, command{security.SetIgnoreCertificateErrors.Method, security.SetIgnoreCertificateErrorsParams{Ignore: true}})
	}
	if s.TimeZone != "" {
		commands = append(commands, command{emulation.SetTimezoneOverride.Method, emulation.SetTimezoneOverrideParams{TimezoneID: s.TimeZone}})
	}
	if s.Locale != "" {
		commands = append(commands,
			command{emulation.SetLocaleOverride.Method, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(s.Locale, "-", "_")}},
			command{emulation.SetUserAgentOverride.Method, emulation.SetUserAgentOverrideParams{UserAgent: v.UserAgent, AcceptLanguage: s.Locale}})
	}
	for _, c := range commands {
		if err := v.tab.Call(ctx, c.method, c.params, nil); err != nil {
			return fmt.Errorf("%s: %w", c.method, reason(ctx, err))
		}
	}
	return nil
}

// load sends the tab to the URL and waits until the answer begins. It returns
// false when there will be no page.
func (v *visit) load(ctx context.Context) bool {
	nctx, cancel := limited(ctx, v.Limits.Navigate, "the server's answer")
	defer cancel()
	nav, err := cdp.Call(nctx, v.tab, page.Navigate, page.NavigateParams{URL: v.URL})
	switch {
	case err != nil:
		v.result.Failure = reason(nctx, err).Error()
		v.tell(ctx, page.StopLoading.Method, cdp.Empty{})
		return false
	case nav.IsDownload:
		v.result.Failure = "the address is a download, not a page"
		return false
	case nav.ErrorText == "":
		return true
	}
	// Chrome shows a page of its own instead of an empty error page: the server
	// was reached all the same.
	if nav.ErrorText == "net::ERR_HTTP_RESPONSE_CODE_FAILURE" {
		return true
	}
	v.result.Failure, v.result.NetError = nav.ErrorText, nav.ErrorText
	return false
}

// react does what events ask for until the returned func is called: dismisses
// dialogs, closes pop-ups, fetches bodies.
func (v *visit) react(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	fetched := make(chan struct{})
	go func() {
		defer close(fetched)
		v.record.bodies.run(ctx, v.tab, v.record)
	}()
	go func() {
		defer close(done)
		for {
			e, ok := v.record.reactions.next(ctx)
			if !ok {
				return
			}
			switch ev := e.(browser.Event).Value.(type) {
			case *page.EventJavascriptDialogOpening:
				v.dismiss(ctx, e.(browser.Event), ev)
			case *target.EventTargetCreated:
				if i := ev.TargetInfo; i.Type == "page" && i.BrowserContextID == v.tab.Context && i.TargetID != v.tab.TargetID {
					v.closePopup(ctx, i)
				}
			}
		}
	}()
	return func() { cancel(); <-done; <-fetched }
}

// mostDialogs is how many dialogs a page may open before its script is stopped.
const mostDialogs = 10

// dismiss answers a dialog with no, but lets the page be left. A page that opens
// one after the other is stopped.
func (v *visit) dismiss(ctx context.Context, e browser.Event, ev *page.EventJavascriptDialogOpening) {
	v.record.alter("dialog_dismissed", fmt.Sprintf("%s: %s", ev.Type, ev.Message))
	if n := v.record.count("dialog_dismissed"); n%mostDialogs == 0 {
		v.record.alter("script_stopped", fmt.Sprintf("%d dialogs were opened", n))
		if n > mostDialogs {
			v.tell(ctx, emulation.SetScriptExecutionDisabled.Method, emulation.SetScriptExecutionDisabledParams{Value: true})
		}
		// The page waits for the dialog, so the command is answered only after
		// it: it must be under way when the dialog goes.
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			v.tell(ctx, runtime.TerminateExecution.Method, cdp.Empty{})
		}()
		defer func() { <-stopped }()
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = v.tab.CallIn(ctx, e.Session, page.HandleJavaScriptDialog.Method,
		page.HandleJavaScriptDialogParams{Accept: ev.Type == page.DialogTypeBeforeunload}, nil)
}
