package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

func (p *Program) noticeList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the notices", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.readDesk(func(d *desk.Desk) error {
				if p.json {
					notices, err := desk.All[evidence.Notice](cmd.Context(), d, evidence.KindNotice)
					if err != nil {
						return err
					}
					return printEach(p, notices)
				}
				notices, err := d.Notices(cmd.Context())
				if err != nil {
					return err
				}
				var rows [][]string
				for _, s := range slices.Backward(notices) {
					rows = append(rows, []string{string(s.Notice.ID), cmp.Or(s.Notice.Channel, "elsewhere"), evidence.Words(s.Notice.Infringement), approvalText(s.Notice), itemsText(s.Items)})
				}
				return p.table("NOTICE\tCHANNEL\tINFRINGEMENT\tAPPROVAL\tLISTINGS", rows)
			})
		},
	}
}

// approvalText says whether a notice was approved, and when.
func approvalText(n evidence.Notice) string {
	switch {
	case n.Elsewhere != nil:
		return "made elsewhere"
	case n.Approval == nil:
		return "not approved"
	}
	return "approved " + n.Approval.At.UTC().Format(time.DateOnly)
}

// itemsText says how the items of a notice stand, as in "2 removed, 1 under review".
func itemsText(items []evidence.NoticeItem) string {
	var states []evidence.ItemState
	counts := map[evidence.ItemState]int{}
	for _, i := range items {
		if counts[i.State]++; counts[i.State] == 1 {
			states = append(states, i.State)
		}
	}
	parts := make([]string, len(states))
	for i, s := range states {
		parts[i] = fmt.Sprintf("%d %s", counts[s], evidence.Words(s))
	}
	return strings.Join(parts, ", ")
}

// printExhibits lists the listings of a notice and how each stands.
func (p *Program) printExhibits(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	dossier, err := d.Dossier(ctx, id)
	if errors.Is(err, desk.ErrElsewhere) {
		return nil
	}
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range dossier.Exhibits {
		due := ""
		if !e.Item.DueAt.IsZero() {
			due = dueText(e.Item.DueAt, time.Time{})
		}
		rows = append(rows, []string{string(e.Item.ID), evidence.Words(e.Item.State), e.Item.External, due, shorten(e.Title(), 40), shorten(e.Item.Reason, 60)})
	}
	fmt.Fprintln(p.Stdout)
	return p.table("ITEM\tSTATE\tTHEIR NUMBER\tOUR TURN UNTIL\tLISTING\tREASON", rows)
}
