package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// listable are the kinds of record that list shows, by the name of its flag.
var listable = map[string]evidence.Kind{
	"capture": evidence.KindCapture, "case": evidence.KindCase, "listing": evidence.KindListing, "seller": evidence.KindSeller,
	"job": evidence.KindJob, "assessment": evidence.KindAssessment, "brand": evidence.KindBrand, "right": evidence.KindRight,
	"signatory": evidence.KindSignatory, "notice": evidence.KindNotice, "item": evidence.KindItem,
	"submission": evidence.KindSubmission, "receipt": evidence.KindReceipt, "import": evidence.KindImport,
	"attachment": evidence.KindAttachment, "redaction": evidence.KindRedaction, "note": evidence.KindNote, "clearance": evidence.KindClearance, "tombstone": evidence.KindTombstone,
}

func (p *Program) listCommand() *cobra.Command {
	var caseName, kindName, seller string
	cmd := &cobra.Command{
		Use: "list", Short: "List captures, or another kind of record", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			kind, ok := listable[kindName]
			if !ok {
				return usage(fmt.Errorf("kind %q is not known: want capture, case, listing, seller, job, assessment, brand, right, signatory, notice, item, submission, receipt, import, attachment, redaction, note or tombstone", kindName))
			}
			return p.readDesk(func(d *desk.Desk) error {
				if seller != "" {
					return p.printOffered(cmd.Context(), d, seller)
				}
				if kind == evidence.KindAttachment {
					attachments, err := d.Attachments(cmd.Context(), caseName)
					if err != nil {
						return err
					}
					return p.printAttachments(attachments)
				}
				if kind != evidence.KindCapture {
					records, err := desk.All[json.RawMessage](cmd.Context(), d, kind)
					if err != nil {
						return err
					}
					return printEach(p, records)
				}
				captures, err := d.Captures(cmd.Context(), caseName)
				if err != nil {
					return err
				}
				return p.printCaptures(captures)
			})
		},
	}
	cmd.Flags().StringVar(&caseName, "case", "", "only captures or attachments of this case")
	cmd.Flags().StringVar(&kindName, "kind", "capture", "the kind of record")
	cmd.Flags().StringVar(&seller, "seller", "", "the listings of the seller with this ID or name, and of those linked to it by contacts")
	cmd.MarkFlagsMutuallyExclusive("seller", "kind")
	cmd.MarkFlagsMutuallyExclusive("seller", "case")
	return cmd
}

func (p *Program) printCaptures(captures []evidence.Capture) error {
	if p.json {
		return printEach(p, captures)
	}
	var rows [][]string
	for _, c := range captures {
		complete := "complete"
		if !c.Complete {
			complete = fmt.Sprintf("%d missing", len(c.Missing))
		}
		rows = append(rows, []string{string(c.ID), c.FinishedAt.UTC().Format(time.DateTime) + "Z", string(c.Outcome), complete, shorten(c.Title(), 60)})
	}
	return p.table("CAPTURE\tAT\tOUTCOME\tEVIDENCE\tTITLE", rows)
}
