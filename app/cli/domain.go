package cli

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) domainCommand() *cobra.Command {
	var o desk.DomainOrder
	var bootstrap string
	cmd := &cobra.Command{
		Use:   "domain DOMAIN",
		Short: "Ask registries, name servers and the host's network who runs a domain, and seal their answers",
		Long: "DOMAIN is a domain, a link to something on it, or the ID of a listing. This asks over the network:\n" +
			"IANA's list, the registry, your resolver, and the registry of the addresses. Nothing else does.\n" +
			"Ways to pay are read from the listing's newest capture.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			o.Domain = args[0]
			if bootstrap != "" {
				if o.Bootstrap, err = url.Parse(bootstrap); err != nil || o.Bootstrap.Host == "" {
					return usage(fmt.Errorf("--bootstrap %q: want the address of a server", bootstrap))
				}
			}
			return p.withDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				r, err := d.LookUpDomain(cmd.Context(), o, show)
				if err != nil {
					return err
				}
				show.Done()
				if p.json {
					return p.printJSON(r)
				}
				printDomain(p.Stdout, r)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Case, "case", "", "the case it belongs to; a new name opens a case")
	f.StringVar(&bootstrap, "bootstrap", "", "server of the lists that say which registry is responsible (default: IANA's)")
	f.StringVar(&o.Resolver, "resolver", "", "HOST:PORT of the name server to ask (default: the system's)")
	f.BoolVar(&o.AllowPrivate, "allow-private", false, "ask servers at private and loopback addresses, also without TLS")
	return cmd
}

func printDomain(w io.Writer, r evidence.DomainRecord) {
	row := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			fmt.Fprintf(w, "%-14s  %s\n", label, printable(value))
		}
	}
	row("domain", r.Domain+"  "+string(r.ID)+"  of "+string(r.Listing))
	row("registrar", partyText(r.Registrar))
	for _, a := range r.Abuse {
		row("its abuse desk", partyText(a))
	}
	row("registered", r.Registered)
	row("changed", r.Changed)
	row("expires", r.Expires)
	row("status", strings.Join(r.Status, ", "))
	row("name servers", strings.Join(r.NameServers, ", "))
	for _, a := range r.Answers {
		row(a.Type, a.Value)
	}
	for _, n := range r.Networks {
		row("network", strings.Join([]string{n.Address, n.Name, n.First + " - " + n.Last, n.Country, n.Holder}, "  "))
		for _, a := range n.Abuse {
			row("its abuse desk", partyText(a))
		}
	}
	for _, c := range r.Payment {
		row("payment", evidence.Words(c.Type)+" "+c.Shown)
	}
	for _, m := range r.Missing {
		row("NOT FOUND OUT", m.What+": "+m.Reason)
	}
	row("answers", evidence.Count(len(r.Raw), "file")+", sealed with the listing")
}

func partyText(p evidence.DomainParty) string {
	var parts []string
	for _, s := range []string{p.Name, p.Handle, p.Email, p.Phone, p.URL} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "  ")
}
