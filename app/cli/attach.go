package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) attachCommand() *cobra.Command {
	var o desk.Attaching
	var to, at string
	cmd := &cobra.Command{
		Use:   "attach FILE --to ID --kind KIND --obtained-at TIME --by NAME",
		Short: "Seal a file from outside as evidence: a chat, an e-mail, a photo, a video, a report",
		Long: "The file is copied as it is, and sealed with when, how and by whom it was obtained. --to is a case (by name),\n" +
			"listing, capture, notice or whatever else it belongs to. Of an e-mail (.eml, .msg) the head is shown.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if o.ObtainedAt, err = evidence.ParseMoment(at, time.Local); err != nil {
				return usage(err)
			}
			o.File = args[0]
			return p.readDesk(func(d *desk.Desk) error {
				if o.To, err = p.idOrCase(cmd.Context(), d, to); err != nil {
					return err
				}
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
	cmd.Flags().StringVar(&to, "to", "", "what it belongs to: an ID, or the name of a case")
	choose(cmd.Flags(), &o.Kind, "kind", evidence.AttachmentKinds, "", "what sort of thing it is")
	cmd.Flags().StringVar(&at, "obtained-at", "", "when it was obtained, as in 2026-11-23 or 2026-11-23T14:05:00+01:00")
	cmd.Flags().StringVar(&o.ObtainedBy, "by", "", "who obtained it")
	cmd.Flags().StringVar(&o.How, "how", "", "how it was obtained, in your words")
	for _, name := range []string{"to", "kind", "obtained-at", "by"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

// idOrCase is an ID, or that of the case with the name.
func (p *Program) idOrCase(ctx context.Context, d *desk.Desk, text string) (evidence.ID, error) {
	id, idErr := evidence.ParseID(text)
	if idErr == nil {
		return id, nil
	}
	c, err := d.Case(ctx, text)
	if errors.Is(err, desk.ErrNoCase) {
		return "", usage(fmt.Errorf("%w; and no case has that name", idErr))
	}
	return c.ID, err
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
		rows = append(rows, []string{string(a.ID), string(a.Kind), a.ObtainedAt.String(), a.ObtainedBy, string(a.To), shorten(what, 70)})
	}
	return p.table("ATTACHMENT\tKIND\tOBTAINED\tBY\tTO\tFILE", rows)
}
