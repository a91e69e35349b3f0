package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// orderFlags adds the flags that capture and recheck share. pace has to be
// called before the order is used.
func (p *Program) orderFlags(cmd *cobra.Command, o *desk.Order) {
	f := cmd.Flags()
	f.IntVar(&o.Jobs, "jobs", 0, "captures at once (default: by the machine's cores and free memory)")
	f.IntVar(&o.PerHost, "per-host", 2, "captures at once at one host")
	f.DurationVar(&o.Delay, "delay", time.Second, "pause between two starts at one host; 0 for none")
	f.IntVar(&o.Retries, "retries", 2, "further attempts where the failure may pass; 0 for none")
	f.DurationVar(&o.Timeout, "timeout", time.Minute, "hard limit of one capture")
	f.BoolVar(&o.Settings.AllowPrivate, "allow-private", false, "let pages reach private and loopback addresses")
	f.BoolVar(&o.Settings.IgnoreTLS, "ignore-tls-errors", false, "go on where a server's certificate is not valid; recorded")
	f.StringVar(&o.Settings.Profile, "profile", "", "capture as who is signed in there; see touchstone profile")
	f.StringArrayVar(&p.remotes, "remote", nil, "ws://HOST:PORT of a Chrome that runs elsewhere; several are used side by side")
	f.StringVar(&p.guardListen, "guard-listen", "", "address of this machine that the remote Chrome can reach; without it, it goes to the network unguarded")
	p.presentFlags(cmd, &o.Settings)
	p.proxyFlags(cmd)
}

// presentFlags adds the flags that say how the browser presents itself.
func (p *Program) presentFlags(cmd *cobra.Command, s *evidence.Settings) {
	f := cmd.Flags()
	f.StringVar(&s.Locale, "locale", "", "language the browser asks for, as in de-DE")
	f.StringVar(&s.TimeZone, "time-zone", "", "time zone of the browser, as in Europe/Berlin")
	f.StringVar(&s.Geolocation, "geolocation", "", "LAT,LONG[,METRES] where the browser says it is, as in 52.52,13.405")
	f.Var(view{s}, "viewport", "size of the browser's view in pixels, as in 1280x800")
	f.BoolVar(&s.DismissConsent, "dismiss-consent", false, "answer the usual consent dialogs with no; recorded as an alteration")
}

// pace turns the zeros that a user means as zero into the order's word for it.
func pace(o *desk.Order) {
	if o.Delay == 0 {
		o.Delay = desk.None
	}
	if o.Retries == 0 {
		o.Retries = desk.None
	}
}

// view is the flag for the size of the browser's view.
type view struct{ *evidence.Settings }

// String implements pflag.Value.
func (v view) String() string {
	if v.Settings == nil || v.ViewportWidth == 0 {
		return ""
	}
	return fmt.Sprintf("%dx%d", v.ViewportWidth, v.ViewportHeight)
}

// Type implements pflag.Value.
func (v view) Type() string { return "WxH" }

// Set implements pflag.Value.
func (v view) Set(text string) error {
	width, height, _ := strings.Cut(strings.ToLower(text), "x")
	w, werr := strconv.Atoi(width)
	h, herr := strconv.Atoi(height)
	if werr != nil || herr != nil || w <= 0 || h <= 0 {
		return fmt.Errorf("want width and height in pixels, as in 1280x800")
	}
	v.ViewportWidth, v.ViewportHeight = w, h
	return nil
}
