package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) showCommand() *cobra.Command {
	var view showView
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show anything that has an ID", Args: cobra.ExactArgs(1),
		Long: "Of a notice it also tells how its listings stand and why the marketplace decided so, of an inquiry what helps to judge it, of a capture what changed since the one before it of the\n" +
			"same listing, of a seller which others show the same contacts. With --json it prints the record alone;\n" +
			"--hints, --changes, --since, --linked, --pictures and --places print those findings alone, as JSON with --json.",
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			if err := view.fits(id); err != nil {
				return usage(err)
			}
			return p.readDesk(func(d *desk.Desk) error {
				switch {
				case view.hints:
					return p.printInspection(cmd.Context(), d, id)
				case view.since != "":
					return p.printChangesSince(cmd.Context(), d, id, view.since)
				case view.changes:
					return p.printChanges(cmd.Context(), d, id)
				case view.linked:
					return p.printLinked(cmd.Context(), d, id)
				case view.pictures:
					return p.printPictures(cmd.Context(), d, id)
				case view.save != "":
					return p.saveAttachment(cmd.Context(), d, id, view.save)
				case view.places:
					return p.printPlaces(cmd.Context(), d, id)
				}
				return p.showRecord(cmd.Context(), d, id)
			})
		},
	}
	cmd.Flags().BoolVar(&view.hints, "hints", false, "of an inquiry: what helps to judge it, with reasons")
	cmd.Flags().BoolVar(&view.changes, "changes", false, "of a capture: what changed since the one before it of the same listing")
	cmd.Flags().StringVar(&view.since, "since", "", "of a capture: what changed since an earlier one, whose ID this is")
	cmd.Flags().BoolVar(&view.linked, "linked", false, "of a seller: the sellers with the same contacts, and which")
	cmd.Flags().BoolVar(&view.pictures, "pictures", false, "of a capture: the other listings that show its pictures, and the photo of genuine goods that each is closest to")
	cmd.Flags().StringVar(&view.save, "save", "", "of an attachment: write its file, as it was sealed, to a new file of this name")
	cmd.Flags().BoolVar(&view.places, "places", false, "of a capture: where on its screenshot each fact is printed")
	cmd.MarkFlagsMutuallyExclusive("hints", "changes", "since", "linked", "pictures", "places", "save")
	return cmd
}

// showView is what of a record is asked for; the zero value is the record.
type showView struct {
	hints, changes, linked, pictures, places bool
	since, save                              string
}

// fits reports whether a record of the ID's kind has what is asked for.
func (v showView) fits(id evidence.ID) error {
	switch {
	case v.hints && id.Kind() != evidence.KindInquiry:
		return fmt.Errorf("--hints are told of an inquiry: %s is none", id)
	case (v.changes || v.pictures || v.places || v.since != "") && id.Kind() != evidence.KindCapture:
		return fmt.Errorf("--changes, --since, --pictures and --places are told of a capture: %s is none", id)
	case v.save != "" && id.Kind() != evidence.KindAttachment:
		return fmt.Errorf("--save writes the file of an attachment: %s is none", id)
	case v.linked && id.Kind() != evidence.KindSeller:
		return fmt.Errorf("--linked is told of a seller: %s is none", id)
	}
	return nil
}

// saveAttachment writes the file of an attachment.
func (p *Program) saveAttachment(ctx context.Context, d *desk.Desk, id evidence.ID, path string) error {
	a, err := desk.Get[evidence.Attachment](ctx, d, id)
	if err != nil {
		return err
	}
	file, ok := a.Artifact(evidence.RoleAttachment)
	if !ok {
		return fmt.Errorf("%s has no file", id)
	}
	if err := d.CopyOut(ctx, file.SHA256, path); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "%s is in %s\n", printable(a.Name), path)
	return err
}

// showRecord prints a record and, to a reader, what belongs to it.
func (p *Program) showRecord(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	record, err := desk.Get[json.RawMessage](ctx, d, id)
	if errors.Is(err, desk.ErrDeleted) {
		fmt.Fprintln(p.Stderr, "touchstone: "+oneLine(err))
		record, err = p.tombstone(ctx, d, id)
	}
	if errors.Is(err, desk.ErrNotFound) && id.Kind() == evidence.KindCapture {
		return p.showImported(ctx, d, id)
	}
	if errors.Is(err, desk.ErrNotFound) {
		return nothingHas(id)
	}
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(record)
	}
	if err := p.printRecord(record); err != nil {
		return err
	}
	switch id.Kind() {
	case evidence.KindCapture:
		if err := p.printTimes(ctx, d, id); err != nil {
			return err
		}
		return p.printChanges(ctx, d, id)
	case evidence.KindNotice:
		return errors.Join(p.printExhibits(ctx, d, id), p.printDecisions(ctx, d, id))
	case evidence.KindCounter:
		return p.printDecisions(ctx, d, id)
	case evidence.KindSeller:
		return p.printLinked(ctx, d, id)
	case evidence.KindInquiry:
		return p.printInspection(ctx, d, id)
	}
	return nil
}

func nothingHas(id evidence.ID) error { return fmt.Errorf("nothing here has the ID %s", id) }

// showImported prints a capture that came in with a bag.
func (p *Program) showImported(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	imports, err := d.Imports(ctx, "")
	if err != nil {
		return err
	}
	for _, c := range importedOf(imports) {
		if c.ID != id {
			continue
		}
		if p.json {
			return p.printJSON(c)
		}
		record, err := json.Marshal(c)
		if err != nil {
			return err
		}
		return p.printRecord(record)
	}
	return nothingHas(id)
}

// printTimes says what the time of a capture's seal rests on.
func (p *Program) printTimes(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	stamps, err := d.Stamps(ctx, id)
	if err != nil {
		return err
	}
	if len(stamps) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "time: local only, by this computer's clock and signature; no time stamp covers it")
		return err
	}
	for _, s := range stamps {
		fmt.Fprintf(p.Stdout, "time: sealed before it was stamped by %s\n", printable(desk.StampLine(s)))
	}
	return nil
}

// tombstone is what stands for a record that was deleted.
func (p *Program) tombstone(ctx context.Context, d *desk.Desk, id evidence.ID) (json.RawMessage, error) {
	t, err := d.Tombstone(ctx, id)
	if err != nil {
		return nil, err
	}
	return desk.Get[json.RawMessage](ctx, d, t.ID)
}
