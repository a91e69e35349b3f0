package page

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"

	"touchstone/store/evidence"
)

// keep stores what a step made, or records why it is missing.
func (v *visit) keep(ctx context.Context, role evidence.Role, mediaType, step string, made func(context.Context) (io.Reader, error)) {
	sctx, cancel := limited(ctx, v.Limits.Save, step)
	defer cancel()
	r, err := made(sctx)
	if err != nil {
		v.miss(role, fmt.Sprintf("%s: %v", step, reason(sctx, err)))
		return
	}
	if err := v.Keep(v.store, evidence.Artifact{Role: role, MediaType: mediaType}, r); err != nil {
		v.miss(role, fmt.Sprintf("it could not be stored: %v", err))
	}
}

// keepHTML keeps the document as rendered, in UTF-8 whatever the server sent.
func (v *visit) keepHTML(ctx context.Context) {
	v.keep(ctx, evidence.RoleHTML, "text/html; charset=utf-8", "reading the document", func(ctx context.Context) (io.Reader, error) {
		var html string
		if err := v.ask(ctx, "touchstone.html()", v.Limits.Save, &html); err != nil {
			return nil, err
		}
		v.result.HTML = []byte(html)
		return bytes.NewReader(v.result.HTML), nil
	})
}

func (v *visit) keepMHTML(ctx context.Context) {
	v.keep(ctx, evidence.RoleMHTML, "multipart/related", "saving as MHTML", func(ctx context.Context) (io.Reader, error) {
		r, err := cdp.Call(ctx, v.tab, page.CaptureSnapshot, page.CaptureSnapshotParams{Format: page.CaptureSnapshotFormatMhtml})
		return strings.NewReader(r.Data), err
	})
}

// keepConsole keeps what the page printed, one JSON object a line.
func (v *visit) keepConsole(ctx context.Context) {
	v.keep(ctx, evidence.RoleConsole, "application/jsonl", "listing the console", func(context.Context) (io.Reader, error) {
		v.record.mu.Lock()
		defer v.record.mu.Unlock()
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		entries := v.record.console.entries
		if n := v.record.console.dropped; n > 0 {
			entries = append(entries, consoleEntry{Level: "info", Source: "touchstone", Text: fmt.Sprintf("%d further entries were not kept", n)})
		}
		for _, e := range entries {
			if err := enc.Encode(e); err != nil {
				return nil, err
			}
		}
		return &b, nil
	})
}

// cookie is an entry of the cookies artifact.
type cookie struct {
	Name     string    `json:"name"`
	Value    string    `json:"value"`
	Domain   string    `json:"domain"`
	Path     string    `json:"path"`
	Expires  time.Time `json:"expires,omitzero"` // zero: with the session
	HTTPOnly bool      `json:"http_only"`
	Secure   bool      `json:"secure"`
	SameSite string    `json:"same_site,omitempty"`
}

// keepCookies keeps all cookies that were set during the visit, by whomever.
func (v *visit) keepCookies(ctx context.Context) {
	v.keep(ctx, evidence.RoleCookies, "application/json", "listing the cookies", func(ctx context.Context) (io.Reader, error) {
		r, err := cdp.Call(ctx, v.tab.InBrowser(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: v.tab.Context})
		if err != nil {
			return nil, err
		}
		cookies := []cookie{}
		for _, c := range r.Cookies {
			one := cookie{Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path, HTTPOnly: c.HTTPOnly, Secure: c.Secure, SameSite: string(c.SameSite)}
			if !c.Session {
				one.Expires = epoch(c.Expires)
			}
			cookies = append(cookies, one)
		}
		b, err := json.MarshalIndent(cookies, "", "  ")
		return bytes.NewReader(b), err
	})
}

// certificates asks for the chain of the page's own server, as Chrome's
// connection has it; of a server that Chrome refused, for the one it refused.
func (v *visit) certificates(ctx context.Context) {
	if v.result.Failure != "" {
		if strings.HasPrefix(v.result.NetError, "net::ERR_CERT_") {
			v.refusedCertificate(ctx)
		}
		return
	}
	u, err := url.Parse(v.result.URL)
	if err != nil || u.Scheme != "https" {
		return
	}
	ctx, cancel := limited(ctx, v.Limits.Save, "asking for the certificates")
	defer cancel()
	r, err := cdp.Call(ctx, v.tab, network.GetCertificate, network.GetCertificateParams{Origin: u.Scheme + "://" + u.Host})
	if v.result.Chain = decodeChain(r.TableNames); len(v.result.Chain) == 0 {
		v.miss(evidence.RoleCertificates, fmt.Sprintf("Chrome did not hand over the chain: %v", reason(ctx, err)))
	}
}

// refusedCertificate waits for Chrome to say which certificate it refused: it
// does so with its warning, which comes a moment after the failure.
func (v *visit) refusedCertificate(ctx context.Context) {
	ctx, cancel := limited(ctx, 3*time.Second, "Chrome's warning")
	defer cancel()
	select {
	case refused := <-v.record.certificate:
		v.result.Chain = decodeChain(refused.Certificate)
		v.result.TLS = &evidence.TLS{
			Protocol: refused.Protocol, Cipher: refused.Cipher, Subject: refused.SubjectName, Issuer: refused.Issuer,
			NotBefore: epoch(float64(refused.ValidFrom)), NotAfter: epoch(float64(refused.ValidTo)),
			Error: v.result.NetError,
		}
	case <-ctx.Done():
		v.miss(evidence.RoleCertificates, "Chrome did not show the certificate it refused: "+context.Cause(ctx).Error())
	}
}

// decodeChain turns Chrome's base64 into DER, leaving out what is not.
func decodeChain(encoded []string) [][]byte {
	var chain [][]byte
	for _, s := range encoded {
		if der, err := base64.StdEncoding.DecodeString(s); err == nil && len(der) > 0 {
			chain = append(chain, der)
		}
	}
	return chain
}
