package registry

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/openrdap/rdap"

	"touchstone/store/evidence"
)

// errOther means that a server answered about something else.
var errOther = errors.New("the answer is about something else than was asked")

// ask asks an RDAP server, and keeps what it said under a name.
func (l *look) ask(ctx context.Context, name string, request *rdap.Request) (object any, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.c.options.Patience)
	defer cancel()
	// The library reads what a hostile server made up; where that trips it, the
	// answer is none, and the program goes on.
	defer func() {
		if r := recover(); r != nil {
			object, err = nil, fmt.Errorf("the answer does not read: %v", r)
		}
	}()
	response, err := l.c.rdap.Do(request.WithContext(ctx))
	if response == nil {
		return nil, err
	}
	for i, h := range response.HTTP {
		if len(h.Body) == 0 || h.Error != nil && errors.Is(h.Error, errLong) {
			continue
		}
		file := name
		if i > 0 {
			file = fmt.Sprintf("%s-%d", name, i+1)
		}
		l.raw = append(l.raw, Raw{Name: file + ".json", From: text(h.URL), Body: h.Body})
	}
	if err != nil {
		for _, h := range response.HTTP {
			if h.Error != nil {
				err = h.Error // the reason, where the library only says that no server answered
			}
		}
		return nil, err
	}
	if refused, ok := response.Object.(*rdap.Error); ok {
		return nil, fmt.Errorf("the server says no: %s", text(refused.Title))
	}
	return response.Object, nil
}

// domain asks the registry about the domain.
func (l *look) domain(ctx context.Context) {
	object, err := l.ask(ctx, "rdap-domain", rdap.NewDomainRequest(l.names.Domain))
	d, ok := object.(*rdap.Domain)
	if err == nil && (!ok || !strings.EqualFold(strings.TrimSuffix(d.LDHName, "."), l.names.Domain)) {
		err = errOther
	}
	if err != nil {
		l.missed("registration of "+l.names.Domain, err)
		return
	}
	r := &l.record
	for _, e := range listed(d.Entities) {
		if has(e.Roles, "registrar") {
			r.Registrar = party(e)
			r.Abuse = append(r.Abuse, desks(e.Entities)...)
		}
	}
	for _, e := range listed(d.Events) {
		switch strings.ToLower(e.Action) {
		case "registration":
			r.Registered = moment(e.Date)
		case "last changed":
			r.Changed = moment(e.Date)
		case "expiration":
			r.Expires = moment(e.Date)
		}
	}
	r.Status = texts(d.Status)
	for _, n := range listed(d.Nameservers) {
		if name := text(strings.ToLower(n.LDHName)); name != "" {
			r.NameServers = append(r.NameServers, name)
		}
	}
}

// network asks who runs the network that an address lies in.
func (l *look) network(ctx context.Context, a netip.Addr) {
	n := evidence.Network{Address: a.String()}
	object, err := l.ask(ctx, "rdap-"+strings.ReplaceAll(a.String(), ":", "-"), rdap.NewRequest(rdap.IPRequest, a.String()))
	found, ok := object.(*rdap.IPNetwork)
	if err == nil && (!ok || !holds(found, a)) {
		err = errOther
	}
	if err != nil {
		l.missed("network of "+a.String(), err)
		return
	}
	n.Handle, n.Name, n.First, n.Last, n.Country = text(found.Handle), text(found.Name), text(found.StartAddress), text(found.EndAddress), text(found.Country)
	for _, e := range listed(found.Entities) {
		if has(e.Roles, "registrant") && n.Holder == "" {
			n.Holder = party(e).Name
		}
	}
	n.Abuse = desks(found.Entities)
	l.record.Networks = append(l.record.Networks, n)
}

// holds reports whether an address lies in a network as its answer bounds it.
func holds(n *rdap.IPNetwork, a netip.Addr) bool {
	first, err1 := netip.ParseAddr(n.StartAddress)
	last, err2 := netip.ParseAddr(n.EndAddress)
	return err1 == nil && err2 == nil && first.Compare(a) <= 0 && a.Compare(last) <= 0
}

// desks are the desks for abuse among entities and those that belong to them.
func desks(entities []rdap.Entity) []evidence.DomainParty {
	var out []evidence.DomainParty
	for _, e := range listed(entities) {
		for _, one := range append([]rdap.Entity{e}, listed(e.Entities)...) {
			if p := party(one); has(one.Roles, "abuse") && p != (evidence.DomainParty{}) && !slices.Contains(out, p) && len(out) < maxListed {
				out = append(out, p)
			}
		}
	}
	return out
}

func party(e rdap.Entity) evidence.DomainParty {
	p := evidence.DomainParty{Handle: text(e.Handle)}
	for _, id := range listed(e.PublicIDs) {
		if strings.EqualFold(id.Type, "IANA Registrar ID") {
			p.Handle = text(id.Identifier)
		}
	}
	if e.VCard != nil {
		p.Name, p.Email, p.Phone = text(e.VCard.Name()), text(e.VCard.Email()), text(strings.TrimPrefix(e.VCard.Tel(), "tel:"))
		if u := e.VCard.GetFirst("url"); u != nil {
			p.URL = text(strings.Join(u.Values(), " "))
		}
	}
	return p
}

func has(roles []string, role string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return strings.EqualFold(r, role) })
}

// moment is a time of an answer in UTC, or its words where they are none.
func moment(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC().Format(time.RFC3339)
	}
	return text(s)
}

// text is one line of an answer that can be shown: without what steers a terminal,
// and not too long.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "…"
	}
	return s
}

// listed are the first entries of a list of an answer, as many as are looked at.
func listed[T any](list []T) []T { return list[:min(len(list), maxListed)] }

func texts(list []string) []string {
	var out []string
	for _, s := range listed(list) {
		if s = text(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
