package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// answers asks name servers about the host, and returns its addresses.
func (l *look) answers(ctx context.Context) []netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, l.c.options.Patience)
	defer cancel()
	var addresses []netip.Addr
	r, host := l.c.dns, l.names.Host+"."
	l.query("addresses of "+l.names.Host, func() error {
		found, err := r.LookupNetIP(ctx, "ip", host)
		for _, a := range listed(found) {
			a = a.Unmap()
			kind := "A"
			if a.Is6() {
				kind = "AAAA"
			}
			if !slices.Contains(addresses, a) {
				addresses = append(addresses, a)
				l.answer(kind, a.String())
			}
		}
		return err
	})
	l.query("other name of "+l.names.Host, func() error {
		name, err := r.LookupCNAME(ctx, host)
		if err == nil && !strings.EqualFold(name, host) {
			l.answer("CNAME", name)
		}
		return err
	})
	domain := l.names.Domain + "."
	l.query("mail servers of "+l.names.Domain, func() error {
		found, err := r.LookupMX(ctx, domain)
		for _, mx := range listed(found) {
			l.answer("MX", fmt.Sprintf("%d %s", mx.Pref, mx.Host))
		}
		return err
	})
	l.query("name servers of "+l.names.Domain, func() error {
		found, err := r.LookupNS(ctx, domain)
		for _, ns := range listed(found) {
			l.answer("NS", ns.Host)
		}
		return err
	})
	l.query("texts of "+l.names.Domain, func() error {
		found, err := r.LookupTXT(ctx, domain)
		for _, t := range listed(found) {
			l.answer("TXT", t)
		}
		return err
	})
	l.keepAnswers()
	return addresses
}

func (l *look) answer(kind, value string) {
	l.record.Answers = append(l.record.Answers, evidence.DNSRecord{Type: kind, Value: text(value)})
}

// query makes one query. That a name has no record of the kind is an answer.
func (l *look) query(what string, ask func() error) {
	err := ask()
	var missing *net.DNSError
	if err == nil || errors.As(err, &missing) && missing.IsNotFound {
		return
	}
	l.missed(what, err)
}

// keepAnswers writes down what the name servers said: the resolver hands on no
// message of theirs that could be kept as it came.
func (l *look) keepAnswers() {
	from := l.c.options.Resolver
	if from == "" {
		from = "the system's resolver"
	}
	body, err := json.MarshalIndent(struct {
		Host     string               `json:"host"`
		Domain   string               `json:"domain"`
		Resolver string               `json:"resolver"`
		Answers  []evidence.DNSRecord `json:"answers"`
	}{l.names.Host, l.names.Domain, from, l.record.Answers}, "", "  ")
	if err != nil {
		l.missed("record of the name servers' answers", err)
		return
	}
	l.raw = append(l.raw, Raw{Name: "dns.json", From: from, Body: append(body, '\n')})
}
