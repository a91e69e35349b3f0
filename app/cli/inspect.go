package cli

import (
	"context"
	"fmt"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// printInspection prints what helps to judge an inquiry: hints with their reasons,
// and what to lay side by side. None of it is a verdict.
func (p *Program) printInspection(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	in, err := d.Inspect(ctx, id)
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(in)
	}
	fmt.Fprintln(p.Stdout, "to look at:")
	switch {
	case in.Screenshot != nil:
		fmt.Fprintf(p.Stdout, "  %s, %s, screenshot %s\n", in.Capture.ID, evidence.Words(in.Capture.Outcome), in.Screenshot.SHA256)
	case in.Capture != nil:
		fmt.Fprintf(p.Stdout, "  %s, %s: %s\n", in.Capture.ID, evidence.Words(in.Capture.Outcome), printable(in.Capture.Reason))
	default:
		fmt.Fprintln(p.Stdout, "  not captured yet")
	}
	for _, picture := range in.Pictures {
		where := "not loaded"
		if picture.SHA256 != "" {
			where = string(picture.SHA256)
		}
		fmt.Fprintf(p.Stdout, "  picture %s (%s)\n", shorten(picture.URL, 100), where)
	}
	p.printLines("genuine goods have", in.Markers)
	p.printLines("counterfeits have", in.Features)
	for _, a := range in.Attachments {
		fmt.Fprintf(p.Stdout, "attached: %s, %s, %s\n", a.ID, evidence.Words(a.Kind), printable(a.Name))
	}
	for _, a := range in.Answers {
		fmt.Fprintf(p.Stdout, "answer: %s, %s by %s\n", a.ID, evidence.Words(a.Verdict), printable(a.By))
	}
	fmt.Fprintln(p.Stdout, "hints, none of which is a verdict:")
	if len(in.Hints) == 0 {
		fmt.Fprintln(p.Stdout, "  none")
	}
	for _, h := range in.Hints {
		fmt.Fprintf(p.Stdout, "  %s\n      because: %s\n", printable(h.Says), printable(h.Why))
	}
	return nil
}

func (p *Program) printLines(head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(p.Stdout, head+":")
	for _, line := range lines {
		fmt.Fprintf(p.Stdout, "  %s\n", printable(line))
	}
}
