package capture_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"touchstone/capture"
	"touchstone/store/evidence"
)

func TestConsentDialogsAreAnsweredOnlyOnDemand(t *testing.T) {
	s := newSite(t, false)
	for name, dialog := range map[string]string{
		"known":   `<div id="onetrust-banner-sdk" class="over"><button id="onetrust-accept-btn-handler" onclick="end('yes')">Accept</button><button id="onetrust-reject-all-handler" onclick="end('no')">Reject All</button></div>`,
		"shadow":  `<div id="usercentrics-root"></div><script>const r = document.getElementById('usercentrics-root').attachShadow({mode: 'open'}); r.innerHTML = '<div style="position:fixed;top:0"><button data-testid="uc-deny-all-button">Deny</button></div>'; r.querySelector('button').onclick = () => { r.innerHTML = ''; end('no'); };</script>`,
		"unknown": `<div class="over" role="dialog"><p>Wir verwenden Cookies.</p><button onclick="end('yes')">Alle akzeptieren</button><a onclick="end('no')">Alle ablehnen</a></div>`,
		"none":    `<form><p>Your return</p><button type="button" onclick="end('no')">Decline</button></form>`,
	} {
		s.handle("/consent/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><title>Consent</title><style>.over{position:fixed;inset:0;background:#ccc}</style><h1>A listing</h1><p id="answer">nothing</p>
<script>const end = (a) => { document.getElementById('answer').textContent = 'answered ' + a; for (const e of document.querySelectorAll('.over')) e.remove(); };</script>%s`, dialog)
		})
		for _, asked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, asked for: %v", name, asked), func(t *testing.T) {
				got := take(t, s, "/consent/"+name, func(r *capture.Request) { r.Settings.DismissConsent = asked })
				want, alterations := "answered no", 1
				if !asked || name == "none" {
					want, alterations = "nothing", 0
				}
				if html := got.bytesOf(t, evidence.RoleHTML); !bytes.Contains(html, []byte(`<p id="answer">`+want+`</p>`)) {
					t.Errorf("want %q: %s", want, html)
				}
				if n := got.altered("consent_dismissed"); n != alterations {
					t.Errorf("%d alterations, want %d: %v", n, alterations, got.Alterations)
				}
			})
		}
	}
}
