package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) attachCommand() *cobra.Command {
	var o desk.Attaching
	var to, kind, at string
	cmd := &cobra.Command{
		Use:   "attach FILE --to ID --kind KIND --obtained-at TIME --by NAME",
		Short: "Seal a file from outside as evidence: a chat, an e-mail, a photo, a video, a report",
		Long: fmt.Sprintf("The file is copied as it is, and sealed with when, how and by whom it was obtained. ID is a case,\n"+
			"listing, capture, notice or whatever else it belongs to. Of an e-mail (.eml, .msg) the head is shown.\nKinds: %v", evidence.AttachmentKinds),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.To, err = evidence.ParseID(to); err != nil {
				return usage(err)
			}
			if o.ObtainedAt, err = parseTime(at); err != nil {
				return usage(err)
			}
			o.File, o.Kind = args[0], evidence.AttachmentKind(kind)
			return p.readDesk(func(d *desk.Desk) error {
				show := newTerminal(p.Stderr)
				defer show.Done()
				made, err := d.Attach(cmd.Context(), o, show)
				if err != nil {
					return err
				}
				show.Done()
				return p.printAttachments([]evidence.Attachment{made})
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "what it belongs to")
	cmd.Flags().StringVar(&kind, "kind", "", "what sort of thing it is")
	cmd.Flags().StringVar(&at, "obtained-at", "", "when it was obtained, as in 2026-11-23 or 2026-11-23T14:05:00+01:00")
	cmd.Flags().StringVar(&o.ObtainedBy, "by", "", "who obtained it")
	cmd.Flags().StringVar(&o.How, "how", "", "how it was obtained, in your words")
	for _, name := range []string{"to", "kind", "obtained-at", "by"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

// parseTime reads a time as people write it; without a zone it is local.
func parseTime(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time: want one as in 2026-11-23 or 2026-11-23T14:05:00+01:00", s)
}

func (p *Program) printAttachments(attachments []evidence.Attachment) error {
	if p.json {
		return printEach(p, attachments)
	}
	var rows [][]string
	for _, a := range attachments {
		what := a.Name
		if a.Mail != nil && a.Mail.Subject != "" {
			what = fmt.Sprintf("%s: %s (%s)", a.Name, a.Mail.Subject, a.Mail.From)
		}
		rows = append(rows, []string{string(a.ID), string(a.Kind), a.ObtainedAt.UTC().Format(time.DateTime) + "Z", a.ObtainedBy, string(a.To), shorten(what, 70)})
	}
	return p.table("ATTACHMENT\tKIND\tOBTAINED\tBY\tTO\tFILE", rows)
}
