package desk

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/report/packet"
)

// pdf writes the certification as a document.
func (c *certificate) pdf(ctx context.Context, w io.Writer, now time.Time) error {
	draft, err := c.draft(now)
	if err != nil {
		return err
	}
	return packet.WriteDraft(ctx, w, draft)
}

// draft is the certification as a document has it. What it says is what text says:
// that is taken apart again, but for the records, which become tables.
func (c *certificate) draft(now time.Time) (packet.Draft, error) {
	whole := *c
	whole.Records = nil
	var text strings.Builder
	if err := whole.text(&text); err != nil {
		return packet.Draft{}, err
	}
	draft := layOut(text.String())
	draft.Made, draft.Tool = now, c.Tool
	for i := range draft.Parts {
		if p := &draft.Parts[i]; strings.HasSuffix(p.Heading, "THE RECORDS") && len(c.Records) > 0 {
			p.Records = c.draftRecords()
			// The first says that there are none.
			p.Text, p.After = nil, p.Text[1:]
		}
	}
	return draft, nil
}

func (c *certificate) draftRecords() []packet.DraftRecord {
	var records []packet.DraftRecord
	for _, r := range c.Records {
		about := [][2]string{{"What", r.What}, {"Obtained", r.At}, {"Entry of the log", strconv.FormatInt(r.Entry, 10)}}
		for _, s := range r.Stamps {
			about = append(about, [2]string{"Stamped", "by " + s})
		}
		if len(r.Stamps) == 0 {
			about = append(about, [2]string{"Stamped", "by no authority: the time is by the computer's own clock"})
		}
		files := slices.Clone(r.Artifacts)
		records = append(records, packet.DraftRecord{Number: r.Number, ID: r.ID, About: about, Files: files})
	}
	return records
}

// The lines of certificate.txt, by how they begin.
var (
	headingLine = regexp.MustCompile(`^\d+\.  [A-Z]`)
	markedLine  = regexp.MustCompile(`^    ([a-z]\.)  (.*)`)
)

// layOut takes a certification apart: a warning, a title of two lines, what it is
// about in pairs, paragraphs, and parts with a heading each. Lines that are
// indented by eight without a mark above them are for comparing.
func layOut(text string) packet.Draft {
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")
	title, under, _ := strings.Cut(strings.TrimSpace(blocks[1]), "\n")
	d := packet.Draft{Warning: blocks[0], Title: strings.TrimSpace(title), Under: strings.TrimSpace(under)}
	for line := range strings.Lines(blocks[2]) {
		label, value, _ := strings.Cut(strings.TrimSpace(line), "  ")
		d.About = append(d.About, [2]string{label, strings.TrimSpace(value)})
	}
	to := &d.Opening
	for _, block := range blocks[3:] {
		block = strings.Trim(block, "\n")
		switch {
		case block == d.Warning || strings.TrimSpace(block) == "":
		case headingLine.MatchString(block):
			d.Parts = append(d.Parts, packet.DraftPart{Heading: block})
			to = &d.Parts[len(d.Parts)-1].Text
		default:
			*to = append(*to, paragraphs(block)...)
		}
	}
	return d
}

// paragraphs takes one block of lines apart.
func paragraphs(block string) []packet.Paragraph {
	var all []packet.Paragraph
	rule := false
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "____") {
			rule = true
			continue
		}
		marked := markedLine.FindStringSubmatch(line)
		last := len(all) - 1
		deep := strings.HasPrefix(line, "        ")
		switch {
		case marked != nil:
			all = append(all, packet.Paragraph{Mark: marked[1], Text: marked[2]})
		case deep && (last < 0 || all[last].Mark == ""):
			all = append(all, packet.Paragraph{Text: trimmed, Code: true})
		case last >= 0 && !all[last].Code:
			all[last].Text += " " + trimmed
		default:
			all = append(all, packet.Paragraph{Text: trimmed, Rule: rule})
		}
	}
	return all
}
