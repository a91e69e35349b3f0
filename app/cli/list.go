package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// listable are the kinds of record that list shows, by the name of its flag, with
// the columns of their tables.
var listable = []struct {
	name    string
	kind    evidence.Kind
	columns []string
}{
	{"capture", evidence.KindCapture, nil},
	{"case", evidence.KindCase, nil},
	{"listing", evidence.KindListing, []string{"id", "marketplace", "item_id", "target", "review", "title", "url"}},
	{"seller", evidence.KindSeller, []string{"id", "marketplace", "facts.id", "facts.name"}},
	{"job", evidence.KindJob, []string{"id", "state", "attempts", "queued_at", "retry_at", "url"}},
	{"assessment", evidence.KindAssessment, []string{"id", "listing", "verdict", "basis", "by", "at", "reason"}},
	{"brand", evidence.KindBrand, []string{"id", "name", "owner.name"}},
	{"right", evidence.KindRight, []string{"id", "type", "name", "office", "number", "jurisdiction", "expires"}},
	{"signatory", evidence.KindSignatory, []string{"id", "name", "title", "email", "agent"}},
	{"notice", evidence.KindNotice, []string{"id", "channel", "infringement", "legal_basis", "created_at"}},
	{"item", evidence.KindItem, []string{"id", "notice", "listing", "state", "external", "reason"}},
	{"submission", evidence.KindSubmission, []string{"id", "notice", "channel", "state", "attempts", "external", "error"}},
	{"receipt", evidence.KindReceipt, []string{"id", "submission", "at", "http_status", "external", "error"}},
	{"import", evidence.KindImport, []string{"id", "case", "at", "log", "name"}},
	{"attachment", evidence.KindAttachment, nil},
	{"redaction", evidence.KindRedaction, []string{"id", "of", "by", "at", "reason"}},
	{"note", evidence.KindNote, []string{"id", "subject", "privileged", "by", "at", "text"}},
	{"clearance", evidence.KindClearance, []string{"id", "capture", "attachment", "by", "at", "reason"}},
	{"test_purchase", evidence.KindTestBuy, []string{"id", "listing", "order", "payee", "ordered", "received", "verdict"}},
	{"letter", evidence.KindLetter, []string{"id", "seller", "to.name", "state", "date", "deadline"}},
	{"domain", evidence.KindDomain, []string{"id", "domain", "asked_at", "registrar.name", "registered", "expires"}},
	{"inquiry", evidence.KindInquiry, []string{"id", "state", "due_at", "channel", "external", "offer.title"}},
	{"answer", evidence.KindAnswer, []string{"id", "inquiry", "verdict", "basis", "by", "at", "reason"}},
	{"counter-notice", evidence.KindCounter, []string{"id", "item", "state", "due_at", "external", "statement"}},
	{"message", evidence.KindMessage, []string{"id", "channel", "incoming", "from", "at", "subject"}},
	{"standing-approval", evidence.KindStandingApproval, []string{"id", "brand", "signatory", "legal_basis", "until", "revoked_at"}},
	{"tombstone", evidence.KindTombstone, []string{"id", "deleted", "by.name", "at", "reason"}},
}

func (p *Program) listCommand() *cobra.Command {
	var caseName, kindName, seller string
	kinds := make([]string, len(listable))
	for i, l := range listable {
		kinds[i] = l.name
	}
	cmd := &cobra.Command{
		Use: "list", Short: "List captures, or another kind of record", Args: cobra.NoArgs,
		Long: "Lists captures, or another kind of record. Of the attempts at one link the table has the last;\n" +
			"--json has them all. Captures that came in with another workspace's bag follow, marked as imported.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked := listable[slices.Index(kinds, kindName)]
			return p.readDesk(func(d *desk.Desk) error {
				if seller != "" {
					return p.printOffered(cmd.Context(), d, seller)
				}
				switch asked.kind {
				case evidence.KindCapture:
					return p.printCaptures(cmd.Context(), d, caseName)
				case evidence.KindAttachment:
					attachments, err := d.Attachments(cmd.Context(), caseName)
					if err != nil {
						return err
					}
					return p.printAttachments(attachments)
				case evidence.KindCase:
					cases, err := d.Cases(cmd.Context())
					if err != nil {
						return err
					}
					return p.printCases(d, cases)
				}
				records, err := desk.All[json.RawMessage](cmd.Context(), d, asked.kind)
				if err != nil {
					return err
				}
				if p.json {
					return printEach(p, records)
				}
				return p.tableOf(records, asked.columns)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "only captures or attachments of this case")
	choose(cmd.Flags(), &kindName, "kind", kinds, "capture", "the kind of record")
	cmd.Flags().StringVar(&seller, "seller", "", "the listings of the seller with this ID or name, and of those linked to it by contacts")
	cmd.MarkFlagsMutuallyExclusive("seller", "kind")
	cmd.MarkFlagsMutuallyExclusive("seller", "case")
	return cmd
}

// printCaptures lists captures, and those that came in with bags.
func (p *Program) printCaptures(ctx context.Context, d *desk.Desk, caseName string) error {
	captures, err := d.Captures(ctx, caseName)
	if err != nil {
		return err
	}
	imports, err := d.Imports(ctx, caseName)
	if err != nil {
		return err
	}
	if p.json {
		if err := printEach(p, captures); err != nil {
			return err
		}
		return printEach(p, importedOf(imports))
	}
	last := map[evidence.ID]int{} // attempts by their job
	for _, c := range captures {
		last[c.Job] = max(last[c.Job], c.Attempt)
	}
	var rows [][]string
	for _, c := range captures {
		if c.Attempt < last[c.Job] {
			continue
		}
		complete := "complete"
		if !c.Complete {
			complete = fmt.Sprintf("%d missing", len(c.Missing))
		}
		if c.Attempt > 1 {
			complete += fmt.Sprintf(", attempt %d", c.Attempt)
		}
		rows = append(rows, []string{string(c.ID), c.FinishedAt.UTC().Format(time.DateTime) + "Z", evidence.Words(c.Outcome), complete, shorten(c.Title, 60)})
	}
	for _, c := range importedOf(imports) {
		rows = append(rows, []string{string(c.ID), c.StartedAt.UTC().Format(time.DateTime) + "Z", evidence.Words(c.Outcome),
			"imported, " + evidence.Count(len(c.Artifacts), "file"), shorten(cmp.Or(c.Title, c.URL), 60)})
	}
	return p.table("CAPTURE\tAT\tOUTCOME\tEVIDENCE\tTITLE", rows)
}

// imported is a capture that came in with a bag.
type imported struct {
	ID     evidence.ID `json:"id"`
	Import evidence.ID `json:"imported"` // the bag
	Case   evidence.ID `json:"case"`
	evidence.ImportedCapture
}

func importedOf(imports []evidence.Import) (all []imported) {
	for _, i := range imports {
		for _, c := range i.Captures {
			all = append(all, imported{c.Capture, i.ID, i.Case, c})
		}
	}
	return all
}
