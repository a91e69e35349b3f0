package browser

import (
	"cmp"
	"os"
	"runtime"
)

// flags are Chrome's arguments. Site isolation and the sandbox stay on; what is
// turned off is what would talk to the network, ask the user, or slow down a
// tab nobody looks at.
func flags(profile string, sandbox bool, c Config) []string {
	args := []string{
		"--remote-debugging-pipe",
		"--user-data-dir=" + profile,

		"--no-first-run",
		"--no-default-browser-check",
		"--no-service-autorun",
		"--password-store=basic",
		"--use-mock-keychain",
		"--disable-extensions",
		"--disable-default-apps",
		"--disable-search-engine-choice-screen",
		"--disable-prompt-on-repost",
		"--force-color-profile=srgb",

		"--disable-background-networking",
		"--disable-component-update",
		"--disable-component-extensions-with-background-pages",
		"--disable-client-side-phishing-detection",
		"--disable-domain-reliability",
		"--disable-breakpad",
		"--disable-crash-reporter",
		"--disable-sync",
		"--disable-field-trial-config",
		"--metrics-recording-only",
		"--no-pings",
		"--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider," +
			"AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions," +
			"GlobalMediaControls,Prerender2,PrerenderFallbackToPreconnect,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable," +
			// Every browser context is a window to Chrome, whose address bar would
			// load two pages of Chrome's own in a renderer of their own: half a second
			// of processor time a capture.
			"WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",

		// What reaches the network goes through the tab's proxy. QUIC and WebRTC
		// would send UDP past it; without a tab's proxy nothing may leave at all,
		// so the browser's own default is a proxy that is not there.
		"--disable-quic",
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--proxy-server=http://" + cmp.Or(c.Proxy, "127.0.0.1:9"),
		"--proxy-bypass-list=<-loopback>",
		"--dns-prefetch-disable",

		// Tabs that are not in front must paint and run their timers all the same.
		"--disable-background-timer-throttling",
		"--disable-backgrounding-occluded-windows",
		"--disable-renderer-backgrounding",

		// A screenshot taller than a texture of the graphics card comes out blank
		// or repeated; drawn by the processor it has no such limit.
		"--disable-gpu",
	}
	if runtime.GOOS == "linux" {
		// Containers often have a /dev/shm of 64 MB, which a tall page fills.
		args = append(args, "--disable-dev-shm-usage")
	}
	if !sandbox {
		args = append(args, "--no-sandbox")
	}
	args = append(args, c.Window.flags()...)
	return append(args, "about:blank")
}

// sandboxable reports whether Chrome's sandbox can be on: as root Chrome refuses
// to start with it.
func sandboxable() bool { return os.Geteuid() != 0 }
