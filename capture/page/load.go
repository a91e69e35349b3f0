package page

import (
	"context"
	"fmt"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/cdproto/target"
)

// dress prepares the blank tab: what it looks like to the page, and what the
// page may not do.
func (v *visit) dress(ctx context.Context) error {
	ctx, cancel := limited(ctx, v.Limits.Save, "preparing the tab")
	defer cancel()
	v.record.mu.Lock()
	v.record.network.frame = v.main
	v.record.mu.Unlock()
	s := v.Settings
	commands := []command{
		{security.Enable.Method, cdp.Empty{}},
		{cdpbrowser.SetDownloadBehavior.Method, cdpbrowser.SetDownloadBehaviorParams{
			Behavior: cdpbrowser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: v.tab.Context, EventsEnabled: new(true)}},
	}
	if !v.attended {
		commands = append(commands, command{emulation.SetDeviceMetricsOverride.Method, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(s.ViewportWidth), Height: int64(s.ViewportHeight), DeviceScaleFactor: 1}})
	}
	if s.IgnoreTLS {
		commands = append(commands, command{security.SetIgnoreCertificateErrors.Method, security.SetIgnoreCertificateErrorsParams{Ignore: true}})
	}
	region, err := v.region()
	if err != nil {
		return err
	}
	commands = append(commands, region...)
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
		v.record.refuse("", v.URL)
		v.result.Failure = "the address is a download, not a page"
		return false
	case nav.ErrorText == "":
		return true
	}
	// Chrome shows a page of its own instead of an empty error page: the server
	// was reached all the same.
	if nav.ErrorText == "net::ERR_HTTP_RESPONSE_CODE_FAILURE" {
		v.record.alter("error_page", "the server sent no page with its status: what is shown is Chrome's own")
		return true
	}
	v.result.Failure, v.result.NetError = nav.ErrorText, nav.ErrorText
	return false
}

// react does what events ask for until the returned func is called: dismisses
// dialogs, closes pop-ups, fetches bodies, stops scripts that spin.
func (v *visit) react(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { v.record.bodies.run(ctx, v.tab, v.record) })
	all.Go(func() { v.watchdog(ctx) })
	all.Go(func() {
		for {
			e, ok := v.record.reactions.next(ctx)
			if !ok {
				return
			}
			switch ev := e.Value.(type) {
			case *page.EventJavascriptDialogOpening:
				if v.dismiss(ctx, e.Session, ev) == mostDialogs {
					all.Go(func() { v.silence(ctx, fmt.Sprintf("the page opened %d dialogs", mostDialogs)) })
				}
			case *target.EventTargetCreated:
				if i := ev.TargetInfo; i.Type == "page" && i.BrowserContextID == v.tab.Context && i.TargetID != v.tab.TargetID {
					v.closePopup(ctx, i)
				}
			}
		}
	})
	return func() { cancel(); all.Wait() }
}

// mostDialogs is how many dialogs a page may open before its scripts are
// stopped. Chrome takes some hundred dialogs to obey when they come in a loop,
// so they go on being dismissed meanwhile.
const mostDialogs = 10

// dismiss answers a dialog with no, but lets the page be left. It returns how
// many there were.
func (v *visit) dismiss(ctx context.Context, session target.SessionID, ev *page.EventJavascriptDialogOpening) int {
	n := v.record.alter("dialog_dismissed", fmt.Sprintf("%s: %s", ev.Type, ev.Message))
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	// The dialog may be gone with its page: there is nothing to do then.
	_ = v.tab.CallIn(ctx, session, page.HandleJavaScriptDialog.Method,
		page.HandleJavaScriptDialogParams{Accept: ev.Type == page.DialogTypeBeforeunload}, nil)
	return n
}

// closePopup closes a page that the visited one opened.
func (v *visit) closePopup(ctx context.Context, info *target.Info) {
	_, err := cdp.Call(ctx, v.tab.InBrowser(), target.CloseTarget, target.CloseTargetParams{TargetID: info.TargetID})
	if err == nil {
		v.record.alter("popup_closed", info.URL)
	}
}
