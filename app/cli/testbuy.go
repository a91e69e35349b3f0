package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) testbuyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "testbuy", Short: "Record test purchases: who ordered what from whom, what came, who had it in hand"}
	cmd.AddCommand(p.testbuyNew(), p.testbuyAdd(), p.testbuyShow(), p.testbuyList())
	return cmd
}

func (p *Program) testbuyNew() *cobra.Command {
	var in purchaseFlags
	cmd := &cobra.Command{
		Use:   "new LISTING --alias NAME",
		Short: "Record goods that were ordered from a listing under a covert name",
		Long: "Records goods that were ordered from a listing. The alias, its contacts and the address that the\n" +
			"goods are sent to go on the covert list: no packet leaves that holds them.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var b evidence.TestPurchase
			if err := in.apply(cmd.Flags(), &b); err != nil {
				return err
			}
			return p.onRecord(args[0], func(d *desk.Desk, listing evidence.ID) error {
				made, err := d.NewTestPurchase(cmd.Context(), listing, b)
				if err != nil {
					return err
				}
				return p.afterPurchase(cmd.Context(), d, in, made)
			})
		},
	}
	in.add(cmd)
	cmd.MarkFlagRequired("alias")
	return cmd
}

func (p *Program) testbuyAdd() *cobra.Command {
	var in purchaseFlags
	cmd := &cobra.Command{
		Use:   "add PURCHASE",
		Short: "Write down what became known of a test purchase: dates, costs, photos, findings, hand-overs",
		Long: "Writes down what became known of a test purchase. Costs, contacts and hand-overs are added to those\n" +
			"there are; other values take the place of what was written before, which stays in the record.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(given(cmd)) == 0 {
				return usage(errors.New("nothing to add: name what became known, as in --received 2026-11-23"))
			}
			if err := in.apply(cmd.Flags(), &evidence.TestPurchase{}); err != nil {
				return err
			}
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				var b evidence.TestPurchase
				var err error
				if in.changes(cmd) {
					b, err = d.ChangeTestPurchase(cmd.Context(), id, func(b *evidence.TestPurchase) { in.apply(cmd.Flags(), b) }) // no error: it was tried above
				} else {
					b, err = desk.Get[evidence.TestPurchase](cmd.Context(), d, id)
				}
				if err != nil {
					return err
				}
				return p.afterPurchase(cmd.Context(), d, in, b)
			})
		},
	}
	in.add(cmd)
	return cmd
}

// afterPurchase records the hand-overs and attaches the files, and prints what
// came of it.
func (p *Program) afterPurchase(ctx context.Context, d *desk.Desk, in purchaseFlags, b evidence.TestPurchase) error {
	var err error
	for _, h := range in.handOvers {
		if b, err = d.HandOver(ctx, b.ID, h); err != nil {
			return err
		}
	}
	show := newTerminal(p.Stderr)
	defer show.Done()
	for _, f := range in.files() {
		f.To = b.ID
		if _, err := d.Attach(ctx, f, show); err != nil {
			return err
		}
	}
	show.Done()
	if p.json {
		return p.printJSON(b)
	}
	_, err = fmt.Fprintf(p.Stdout, "%s  test purchase from %s\n", b.ID, b.Listing)
	return err
}

// purchaseFlags is what a command line says of a test purchase.
type purchaseFlags struct {
	text      evidence.TestPurchase // what is plain text
	contacts  []string
	costs     []string
	dates     map[string]*string
	photos    []string
	documents []string
	obtained  string
	by        string
	handed    []string

	handOvers  []evidence.HandOver
	obtainedAt evidence.Moment
}

// attaching are the flags that change nothing in the record itself.
var attaching = []string{"photo", "document", "obtained-at", "by", "hand-over"}

func (in *purchaseFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&in.text.Alias, "alias", "", "the covert name it was ordered under")
	f.StringArrayVar(&in.contacts, "alias-contact", nil, "account, e-mail address or telephone number of the alias; may be repeated")
	f.StringVar(&in.text.ShipTo, "ship-to", "", "where it was sent, lines separated by commas")
	f.StringVar(&in.text.Order, "order", "", "the marketplace's number of the order")
	f.StringVar(&in.text.Payee, "payee", "", "who was paid, as on the bill")
	f.IntVar(&in.text.Quantity, "quantity", 0, "pieces ordered")
	f.StringArrayVar(&in.costs, "cost", nil, "a sum and what it was paid for, as in '129.00 EUR price'; may be repeated")
	f.StringVar(&in.text.Carrier, "carrier", "", "who brought it")
	f.StringVar(&in.text.Tracking, "tracking", "", "the carrier's number")
	f.StringVar(&in.text.ReturnAddress, "return-address", "", "the sender on the parcel, lines separated by commas")
	in.dates = map[string]*string{}
	for _, d := range []struct{ name, help string }{{"ordered", "when it was ordered, as in 2026-11-23"}, {"paid", "when it was paid"}, {"shipped", "when it was sent"},
		{"received", "when it came"}, {"examined", "when it was examined"}} {
		in.dates[d.name] = f.String(d.name, "", d.help)
	}
	f.StringVar(&in.text.Examiner, "examiner", "", "who examined it")
	choose(f, &in.text.Verdict, "verdict", evidence.Verdicts, "", "what the goods were found to be")
	f.StringVar(&in.text.Finding, "finding", "", "what was found, in the examiner's words")
	f.StringArrayVar(&in.handed, "hand-over", nil, "goods going from hand to hand: 'FROM|TO|WHEN|SEAL NUMBER|CONDITION|PLACE'; the last three may be left out; may be repeated")
	f.StringArrayVar(&in.photos, "photo", nil, "a photo of the unboxing, to be sealed as evidence; may be repeated")
	f.StringArrayVar(&in.documents, "document", nil, "an invoice, a delivery note or another document, to be sealed as evidence; may be repeated")
	f.StringVar(&in.obtained, "obtained-at", "", "when the photos and documents were made or obtained")
	f.StringVar(&in.by, "by", "", "who made or obtained them")
	cmd.MarkFlagsRequiredTogether("obtained-at", "by")
}

// changes reports whether the flags that were given change the record itself.
func (in *purchaseFlags) changes(cmd *cobra.Command) bool {
	return slices.ContainsFunc(given(cmd), func(flag string) bool { return !slices.Contains(attaching, flag) })
}

// apply writes what the command line says into a purchase. The error is one of
// wrong usage.
func (in *purchaseFlags) apply(f *pflag.FlagSet, b *evidence.TestPurchase) error {
	for name, set := range map[string]func(){
		"alias": func() { b.Alias = in.text.Alias }, "ship-to": func() { b.ShipTo = inLines(in.text.ShipTo) }, "order": func() { b.Order = in.text.Order },
		"payee": func() { b.Payee = in.text.Payee }, "quantity": func() { b.Quantity = in.text.Quantity }, "carrier": func() { b.Carrier = in.text.Carrier },
		"tracking": func() { b.Tracking = in.text.Tracking }, "return-address": func() { b.ReturnAddress = inLines(in.text.ReturnAddress) },
		"examiner": func() { b.Examiner = in.text.Examiner }, "verdict": func() { b.Verdict = in.text.Verdict }, "finding": func() { b.Finding = in.text.Finding },
		"alias-contact": func() { b.AliasContacts = append(b.AliasContacts, in.contacts...) },
	} {
		if f.Changed(name) {
			set()
		}
	}
	for name, at := range map[string]*evidence.Moment{"ordered": &b.Ordered, "paid": &b.Paid, "shipped": &b.Shipped, "received": &b.Received, "examined": &b.Examined} {
		if !f.Changed(name) {
			continue
		}
		var err error
		if *at, err = evidence.ParseMoment(*in.dates[name], time.Local); err != nil {
			return usage(fmt.Errorf("--%s: %w", name, err))
		}
	}
	for _, text := range in.costs {
		c, err := parseCost(text)
		if err != nil {
			return usage(fmt.Errorf("--cost: %w", err))
		}
		b.Costs = append(b.Costs, c)
	}
	return in.readRest()
}

// readRest reads the hand-overs and when the files were obtained.
func (in *purchaseFlags) readRest() (err error) {
	in.handOvers = nil
	for _, text := range in.handed {
		h, err := parseHandOver(text)
		if err != nil {
			return usage(fmt.Errorf("--hand-over %q: %w", text, err))
		}
		in.handOvers = append(in.handOvers, h)
	}
	if len(in.photos)+len(in.documents) == 0 {
		return nil
	}
	if in.obtained == "" || in.by == "" {
		return usage(errors.New("want --obtained-at and --by with --photo and --document: when and by whom they were made"))
	}
	if in.obtainedAt, err = evidence.ParseMoment(in.obtained, time.Local); err != nil {
		return usage(fmt.Errorf("--obtained-at: %w", err))
	}
	return nil
}

// files are the photos and documents to attach.
func (in *purchaseFlags) files() []desk.Attaching {
	var all []desk.Attaching
	for _, of := range []struct {
		kind  evidence.AttachmentKind
		names []string
		how   string
	}{{evidence.AttachedPhoto, in.photos, "of the test purchase"}, {evidence.AttachedDocument, in.documents, "came with the test purchase"}} {
		for _, name := range of.names {
			all = append(all, desk.Attaching{File: name, Kind: of.kind, ObtainedAt: in.obtainedAt, ObtainedBy: in.by, How: of.how})
		}
	}
	return all
}

// inLines puts the parts of an address on lines of their own.
func inLines(address string) string {
	parts := strings.FieldsFunc(address, func(r rune) bool { return r == ',' || r == '\n' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, "\n")
}

// parseCost reads a sum as in "129.00 EUR price".
func parseCost(text string) (evidence.Cost, error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return evidence.Cost{}, fmt.Errorf("%q: want an amount, a currency and what it was paid for, as in '129.00 EUR price'", text)
	}
	c := evidence.Cost{Amount: words[0], Currency: strings.ToUpper(words[1]), For: strings.Join(words[2:], " ")}
	return c, c.Check()
}

func parseHandOver(text string) (evidence.HandOver, error) {
	parts := strings.Split(text, "|")
	if len(parts) < 3 || len(parts) > 6 {
		return evidence.HandOver{}, errors.New("want FROM|TO|WHEN, and after them the seal's number, the condition and the place")
	}
	parts = append(parts, "", "", "")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	at, err := evidence.ParseMoment(parts[2], time.Local)
	return evidence.HandOver{From: parts[0], To: parts[1], At: at, Seal: parts[3], Condition: parts[4], Place: parts[5]}, err
}

func (p *Program) testbuyShow() *cobra.Command {
	return &cobra.Command{
		Use: "show PURCHASE", Short: "Show a test purchase with its chain of custody and its photos and documents", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onRecord(args[0], func(d *desk.Desk, id evidence.ID) error {
				b, err := desk.Get[evidence.TestPurchase](cmd.Context(), d, id)
				if err != nil {
					return err
				}
				if p.json {
					return p.printJSON(b)
				}
				attached, err := d.AttachedTo(cmd.Context(), id)
				if err != nil {
					return err
				}
				return p.printPurchase(b, attached)
			})
		},
	}
}

func (p *Program) printPurchase(b evidence.TestPurchase, attached []evidence.Attachment) error {
	w := p.Stdout
	for _, row := range [][2]string{
		{"test purchase", string(b.ID)}, {"listing", string(b.Listing)}, {"seller", string(b.Seller)},
		{"alias (covert)", strings.Join(append([]string{b.Alias}, b.AliasContacts...), "; ")}, {"ship-to (covert)", flat(b.ShipTo)},
		{"order", b.Order}, {"payee", b.Payee}, {"quantity", quantity(b.Quantity)},
		{"costs", costText(b.Costs)}, {"carrier", strings.TrimSpace(b.Carrier + " " + b.Tracking)}, {"return address", flat(b.ReturnAddress)},
		{"ordered", momentText(b.Ordered)}, {"paid", momentText(b.Paid)}, {"shipped", momentText(b.Shipped)}, {"received", momentText(b.Received)},
		{"examined", strings.TrimSpace(momentText(b.Examined) + " " + by(b.Examiner))}, {"found", strings.TrimSuffix(evidence.Words(b.Verdict)+": "+b.Finding, ": ")},
	} {
		if row[1] != "" && row[1] != ": " {
			fmt.Fprintf(w, "%-16s  %s\n", row[0], printable(row[1]))
		}
	}
	chain := b.Chain()
	for i, h := range chain {
		if gap := evidence.Gap(chain, i); gap != "" {
			fmt.Fprintf(w, "GAP: %s\n", printable(gap))
		}
		printHandOver(w, h)
	}
	for _, a := range attached {
		fmt.Fprintf(w, "%s  %s  %s  %s\n", a.ID, a.Kind, a.ObtainedAt, printable(a.Name))
	}
	for _, c := range b.Changes {
		fmt.Fprintf(w, "changed %s by %s: %s was %s\n", c.At.UTC().Format(time.DateOnly), printable(c.By), evidence.Words(c.Field), printable(c.Before))
	}
	return nil
}

func printHandOver(w io.Writer, h evidence.HandOver) {
	about := ""
	for _, part := range [][2]string{{"seal", h.Seal}, {"condition", h.Condition}, {"at", h.Place}} {
		if part[1] != "" {
			about += "; " + part[0] + " " + part[1]
		}
	}
	fmt.Fprintf(w, "handed over %s: %s to %s%s\n", h.At, printable(h.From), printable(h.To), printable(about))
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + name
}

func quantity(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func flat(lines string) string { return strings.ReplaceAll(lines, "\n", ", ") }

func momentText(m evidence.Moment) string {
	if m.IsZero() {
		return ""
	}
	return m.String()
}

// costText lists sums, as in "129.00 EUR price, 4.90 EUR shipping".
func costText(costs []evidence.Cost) string {
	texts := make([]string, len(costs))
	for i, c := range costs {
		texts[i] = strings.TrimSpace(c.Amount + " " + c.Currency + " " + c.For)
	}
	return strings.Join(texts, ", ")
}

func (p *Program) testbuyList() *cobra.Command {
	var caseName string
	cmd := &cobra.Command{
		Use: "list", Short: "List the test purchases", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				all, err := d.TestPurchases(cmd.Context(), caseName)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, all)
				}
				var rows [][]string
				for _, b := range all {
					rows = append(rows, []string{string(b.ID), string(b.Listing), b.Order, b.Payee, costText(b.Costs), momentText(b.Ordered), momentText(b.Received), evidence.Words(b.Verdict)})
				}
				return p.table("PURCHASE\tLISTING\tORDER\tPAYEE\tCOSTS\tORDERED\tRECEIVED\tFOUND", rows)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "only those of this case")
	return cmd
}
