package desk

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"touchstone/capture/listing"
	"touchstone/capture/registry"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// DomainOrder says which domain to ask about, and whom.
type DomainOrder struct {
	Domain       string   // a domain, a link to something on it, or the ID of a listing
	Case         string   // name of the case; a new one is opened. Empty for none, or that of the listing
	Bootstrap    *url.URL // of the lists that say which registry is responsible; nil for IANA's
	Resolver     string   // host and port of a name server; empty for the system's
	AllowPrivate bool
}

// LookUpDomain asks registries, name servers and the host's network who runs a
// domain, and seals their answers as they came. It goes to the network. What
// could not be found out is in the record with the reason. Errors:
// registry.ErrNoDomain, as an *InputError.
func (d *Desk) LookUpDomain(ctx context.Context, o DomainOrder, p evidence.Progress) (evidence.DomainRecord, error) {
	var none evidence.DomainRecord
	if err := d.ws.Unlock(ctx); err != nil {
		return none, err
	}
	l, names, err := d.domainTarget(ctx, o)
	if err != nil {
		return none, err
	}
	p.Report(evidence.Event{Stage: "ask", Subject: names.Domain})
	c := registry.New(registry.Options{Bootstrap: o.Bootstrap, Resolver: o.Resolver, AllowPrivate: o.AllowPrivate, Now: d.cfg.Now})
	defer c.Close()
	r, raw, err := c.Look(ctx, names)
	if err != nil {
		return none, fmt.Errorf("look up %s: %w", names.Domain, err)
	}
	r.ID, r.Case, r.Listing = evidence.NewID(evidence.KindDomain, r.AskedAt), l.Case, l.ID
	if r.Payment, err = d.payments(ctx, l); err != nil {
		return none, err
	}
	if r.Raw, err = d.attachAnswers(ctx, l.ID, raw, evidence.Exactly(r.AskedAt), p); err != nil {
		return none, err
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		if err := store.Put(tx, r.ID, r); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.DomainLookedUp, Subject: r.ID, Case: r.Case})
	})
	return r, err
}

// domainTarget finds the listing that an order means, or begins it.
func (d *Desk) domainTarget(ctx context.Context, o DomainOrder) (l evidence.Listing, names registry.Names, err error) {
	if id, idErr := evidence.ParseID(o.Domain); idErr == nil {
		if l, err = Get[evidence.Listing](ctx, d, id); err != nil {
			return l, names, err
		}
		o.Domain = l.URL
	}
	if names, err = registry.Parse(o.Domain); err != nil {
		return l, names, &InputError{err}
	}
	if l.ID != "" {
		return l, names, nil
	}
	var caseID evidence.ID
	if o.Case != "" {
		c, err := d.EnsureCase(ctx, o.Case)
		if err != nil {
			return l, names, err
		}
		caseID = c.ID
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		l, err = d.enlist(tx, caseID, "https://"+names.Host+"/")
		return err
	})
	return l, names, err
}

// payments are the ways to pay that the newest capture of a listing shows, with
// the contacts of its seller.
func (d *Desk) payments(ctx context.Context, l evidence.Listing) ([]evidence.Contact, error) {
	if l.LastCapture == "" {
		return nil, nil
	}
	c, err := Get[evidence.Capture](ctx, d, l.LastCapture)
	if err != nil {
		return nil, err
	}
	var found []evidence.Contact
	if a, ok := c.Artifact(evidence.RoleHTML); ok {
		const enough = 8 << 20 // bytes
		f, err := d.ws.Blobs().Open(a.SHA256)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		page, err := io.ReadAll(io.LimitReader(f, enough))
		if err != nil {
			return nil, err
		}
		if found, err = listing.Payments(page); err != nil {
			return nil, err
		}
	}
	if c.Facts != nil && c.Facts.Seller != nil {
		found = append(found, c.Facts.Seller.Contacts...)
	}
	return found, nil
}

// attachAnswers seals answers as they came, as attachments of the listing.
func (d *Desk) attachAnswers(ctx context.Context, to evidence.ID, raw []registry.Raw, at evidence.Moment, p evidence.Progress) ([]evidence.ID, error) {
	aside, err := store.NewAside("")
	if err != nil {
		return nil, err
	}
	defer aside.Close()
	var ids []evidence.ID
	for _, r := range raw {
		file := filepath.Join(aside.Dir, r.Name)
		if err := os.WriteFile(file, r.Body, 0o600); err != nil {
			return nil, err
		}
		a, err := d.Attach(ctx, Attaching{File: file, To: to, Kind: evidence.AttachedRegistry, ObtainedAt: at, ObtainedBy: d.actorName(), How: "the answer of " + r.From}, p)
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}
