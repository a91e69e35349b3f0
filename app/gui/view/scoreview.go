//go:build !headless

package view

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// scoreScreen is how right and how fast notices and answers were.
type scoreScreen struct {
	m   *model.Main
	win fyne.Window

	about                  *widget.Label
	months, channel, brand *picker
	export                 *widget.Button
	body                   *fyne.Container
	shown                  *model.Card
	content                fyne.CanvasObject
}

func newScoreScreen(m *model.Main, win fyne.Window) *scoreScreen {
	s := &scoreScreen{m: m, win: win, about: muted(""), body: container.NewVBox()}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Scorecard"))
	choose := func(change func(*model.CardOptions, string)) *picker {
		return newPicker(func(key string) { m.Scorecard.Choose(func(o *model.CardOptions) { change(o, key) }) })
	}
	s.months = choose(func(o *model.CardOptions, key string) { o.Months, _ = strconv.Atoi(key) })
	s.channel = choose(func(o *model.CardOptions, key string) { o.Channel = key })
	s.brand = choose(func(o *model.CardOptions, key string) { o.Brand = key })
	s.export = widget.NewButtonWithIcon(tr("Export…"), theme.DocumentSaveIcon(), s.exportDialog)
	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(fixedWidth(130, s.months), fixedWidth(170, s.channel), fixedWidth(150, s.brand), s.export)),
		tight(title, s.about))
	s.content = inset(10, 14, container.NewBorder(head, nil, nil, nil, container.NewVScroll(inset(2, 4, s.body))))
	return s
}

func (s *scoreScreen) refresh() {
	c, o := s.m.Scorecard.Card(), s.m.Scorecard.Options()
	enable(s.export, c != nil && !s.m.Task.Running())
	if c == nil {
		s.about.SetText(tr("Loading…"))
		return
	}
	s.about.SetText(tr("Sent from %s to %s", model.DayText(c.From), model.DayText(c.To)))
	s.months.offer(choicesOf(model.CardMonths, func(n int) choice { return choice{strconv.Itoa(n), model.N("%d month", "%d months", n)} }), strconv.Itoa(o.Months))
	s.channel.offer(append([]choice{{"", tr("All channels")}}, choicesOf(c.Channels, func(ch model.Channel) choice { return choice{ch.Name, ch.Title} })...), o.Channel)
	s.brand.offer(append([]choice{{"", tr("All brands")}}, choicesOf(c.Brands, func(name string) choice { return choice{name, name} })...), o.Brand)
	if s.shown == c {
		return
	}
	s.shown = c
	s.body.RemoveAll()
	if len(c.Rows) == 0 && len(c.Answers) == 0 && len(c.Elsewhere) == 0 {
		s.body.Add(card(paragraph(tr("Nothing was sent in this window of time. What is sent, and what becomes of it, is counted here."))))
		return
	}
	s.body.Add(figures(c))
	for _, d := range c.Differences() {
		s.body.Add(differs(d))
	}
	s.body.Add(container.NewGridWithColumns(2, sentChart(c), paceChart(c)))
	if len(c.Rates) > 0 {
		s.body.Add(rateCard(c))
	}
	s.body.Add(groupCard(c))
	s.body.Add(container.NewGridWithColumns(2, s.sellerCard(c), answersCard(c)))
	s.body.Add(reversalCard(c))
	if len(c.Elsewhere) > 0 {
		s.body.Add(elsewhereCard(c))
	}
}

// figures is what matters most, in large type.
func figures(c *model.Card) fyne.CanvasObject {
	all := c.All()
	pace := "–"
	nine := ""
	if all.Removed > 0 {
		pace, nine = model.HoursText(all.Median), tr("nine of ten within %s", model.HoursText(all.P90))
	}
	return container.NewGridWithColumns(4,
		figure(tr("Sent"), model.NumberText(all.Sent), tr("%d removed, %d rejected, %d open", all.Removed, all.Rejected, all.Open)),
		figure(tr("Takedown rate"), model.ShareText(all.TakedownRate), tr("of what was decided")),
		figure(tr("To removal, median"), pace, nine),
		figure(tr("Put back"), model.ShareText(all.CounterRate), tr("%d countered, %d relisted", all.Countered, all.Relisted)))
}

func figure(name, value, detail string) fyne.CanvasObject {
	v := heading(theme.SizeNameHeadingText)
	v.SetText(value)
	more := paragraph(detail)
	more.Importance = widget.LowImportance
	return card(tight(muted(name), v, more))
}

// differs tells that a channel counts otherwise than we do.
func differs(text string) fyne.CanvasObject {
	line := container.NewBorder(nil, nil, container.NewVBox(widget.NewIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning))), nil,
		paragraph(tr("The channel's own figures differ: %s", text)))
	return own.NewSurface(colourAlarm, 8, line).Outlined(theme.ColorNameWarning)
}

// chart is a picture of numbers over the window, under its title.
func chart(c *model.Card, title, detail string, picture fyne.CanvasObject) fyne.CanvasObject {
	head := heading(theme.SizeNameText)
	head.SetText(title)
	note := widget.NewLabel(detail)
	note.Importance = widget.LowImportance
	from, to := widget.NewLabel(model.DayText(c.From)), widget.NewLabel(model.DayText(c.To))
	from.SizeName, to.SizeName = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	from.Importance, to.Importance = widget.LowImportance, widget.LowImportance
	return card(tight(container.NewBorder(nil, nil, nil, note, head), inset(4, 6, picture), container.NewBorder(nil, nil, from, to)))
}

func sentChart(c *model.Card) fyne.CanvasObject {
	var columns []own.Pillar
	most := 0
	for _, p := range c.Trend {
		columns = append(columns, own.Pillar{Whole: float64(p.Sent), Part: float64(p.Removed)})
		most = max(most, p.Sent)
	}
	return chart(c, tr("Sent, and removed of that"), tr("highest: %s", model.NumberText(most)), own.NewPillars(columns))
}

func paceChart(c *model.Card) fyne.CanvasObject {
	var values []float64
	most := 0.0
	for _, p := range c.Trend {
		v := -1.0
		if p.Removed > 0 {
			v = p.Median
		}
		values = append(values, v)
		most = max(most, v)
	}
	return chart(c, tr("Time to removal, median"), tr("highest: %s", model.HoursText(most)), own.NewSpark(values))
}

// rateCard sets the rates that programmes ask for beside their bounds.
func rateCard(c *model.Card) fyne.CanvasObject {
	rows := titled(tr("What programmes ask for"))
	for _, r := range c.Rates {
		mark := r.Mark()
		colour := toneColour(mark.Tone)
		value := 0.0
		if r.Share != nil {
			value = *r.Share
		}
		reason := tr("all reasons")
		if r.Reason != "" {
			reason = model.Words(r.Reason)
		}
		name := widget.NewLabel(model.Words(r.Rate) + "  ·  " + reason)
		name.TextStyle.Bold = true
		name.Truncation = fyne.TextTruncateEllipsis
		now := widget.NewLabel(model.ShareText(r.Share))
		now.TextStyle.Bold = true
		now.Alignment = fyne.TextAlignTrailing
		state := widget.NewLabel(mark.Text)
		state.Importance = importanceOf(mark.Tone)
		left := container.NewBorder(nil, nil, widget.NewIcon(symbol(mark)), nil, tight(name, muted(r.Programme+"  ·  "+model.N("%d month", "%d months", r.Months))))
		right := container.NewHBox(fixedWidth(70, now), fixedWidth(180, tight(state, muted(r.BoundText()+"  ·  "+model.NumberText(r.Part)+" / "+model.NumberText(r.Whole)))))
		rows.Add(container.NewBorder(nil, nil, fixedWidth(350, left), right, inset(6, 6, own.NewGauge(value, r.Bound, colour))))
	}
	return card(rows)
}

// titled is rows under a title.
func titled(title string) *fyne.Container {
	head := heading(theme.SizeNameText)
	head.SetText(title)
	return tight(head)
}

// groupCard counts each channel, brand and reason.
func groupCard(c *model.Card) fyne.CanvasObject {
	rows := titled(tr("By channel, brand and reason"))
	grid := numberGrid(tr("Sent"), tr("Removed"), tr("Rejected"), tr("Undecided"), tr("Put back"), tr("Median"), tr("Nine of ten"), tr("Rate"))
	rows.Add(container.NewBorder(nil, nil, fixedWidth(groupWidth, muted("")), nil, grid))
	for _, r := range c.Rows {
		name := widget.NewLabel(c.Label(r))
		name.Truncation = fyne.TextTruncateEllipsis
		name.TextStyle.Bold = r.Brand == "" && r.Reason == ""
		cells := container.NewGridWithColumns(8)
		for _, n := range []int{r.Sent, r.Removed, r.Rejected, r.Open, r.Reinstated} {
			cells.Add(right(widget.NewLabel(model.NumberText(n))))
		}
		median, p90 := "–", "–"
		if r.Removed > 0 {
			median, p90 = model.HoursText(r.Median), model.HoursText(r.P90)
		}
		for _, text := range []string{median, p90, model.ShareText(r.TakedownRate)} {
			cells.Add(right(widget.NewLabel(text)))
		}
		rows.Add(widget.NewSeparator())
		rows.Add(container.NewBorder(nil, nil, fixedWidth(groupWidth, name), nil, cells))
	}
	return card(rows)
}

// groupWidth is that of the names of groups.
const groupWidth = 300

// right sets text at the right, as numbers stand.
func right(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignTrailing
	return l
}

func (s *scoreScreen) sellerCard(c *model.Card) fyne.CanvasObject {
	rows := titled(tr("Repeat sellers"))
	most := 1
	for _, r := range c.Sellers {
		most = max(most, r.Listings)
	}
	for _, r := range c.Sellers {
		name := widget.NewLabel(r.Name)
		name.TextStyle.Bold = true
		name.Truncation = fyne.TextTruncateEllipsis
		detail := strings.Join(filled(r.Marketplace, model.N("%d listing", "%d listings", r.Listings), model.N("%d notice", "%d notices", r.Notices), tr("%d relisted", r.Relisted)), "  ·  ")
		gauge := own.NewGauge(float64(r.Listings)/float64(most), -1, theme.ColorNamePrimary)
		rows.Add(own.NewTap(container.NewBorder(nil, nil, nil, fixedWidth(110, gauge), tight(name, muted(detail))), func() {
			s.m.Sellers.Open(r.Seller)
			s.m.Go(model.PlaceSellers)
		}))
	}
	if len(c.Sellers) == 0 {
		rows.Add(muted(tr("None")))
	}
	return card(rows)
}

// answersCard counts what was asked of us, and what channels count themselves.
func answersCard(c *model.Card) fyne.CanvasObject {
	rows := titled(tr("What was asked of us"))
	for _, a := range c.Answers {
		name := tr("All channels")
		if a.Channel != "" {
			name = c.ChannelTitle(a.Channel)
		}
		title := widget.NewLabel(name)
		title.TextStyle.Bold = true
		rows.Add(title)
		rows.Add(paragraph(tr("%d asked: %d answered, %d missed, %d recalled, %d open; %d corrected", a.Asked, a.Answered, a.Missed, a.Recalled, a.Open, a.Corrected)))
		rows.Add(paragraph(tr("%d counter-notices: %d won, %d lost, %d missed", a.Counters, a.Upheld, a.Granted, a.MissedCtrs)))
	}
	if len(c.Answers) == 0 {
		rows.Add(muted(tr("None")))
	}
	for _, s := range c.Standing {
		if len(s.Differences) == 0 {
			rows.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess)), nil,
				paragraph(tr("%s counts the same as we do (%s).", c.ChannelTitle(s.Channel), model.TimeText(s.At)))))
		}
	}
	return card(rows)
}

// reversalCard lists the listings that were judged otherwise later.
func reversalCard(c *model.Card) fyne.CanvasObject {
	var lines []string
	for _, r := range c.Reversals {
		filed := ""
		if r.Filed {
			filed = tr("after a notice")
		}
		lines = append(lines, strings.Join(filled(cmp.Or(r.Title, string(r.Listing)), model.VerdictText(r.From)+" → "+model.VerdictText(r.To), model.DayText(r.At), filed), "  ·  "))
	}
	return group(tr("Verdicts that were reversed"), lines...)
}

// elsewhereCard tells of notices that were made elsewhere.
func elsewhereCard(c *model.Card) fyne.CanvasObject {
	names := []string{tr("Sent"), tr("Removed"), tr("Rejected"), tr("Another outcome"), tr("Without a day")}
	rows := titled(tr("Made elsewhere"))
	rows.Add(paragraph(tr("What lists say of notices that others made, or that you made before. None of it was checked, and no rate above counts it.")))
	rows.Add(container.NewBorder(nil, nil, fixedWidth(groupWidth, muted("")), nil, numberGrid(names...)))
	for _, t := range c.Elsewhere {
		name := widget.NewLabel(cmp.Or(t.To, tr("The list does not say where to")))
		name.Truncation = fyne.TextTruncateEllipsis
		cells := container.NewGridWithColumns(len(names))
		for _, n := range []int{t.Notices, t.Removed, t.Rejected, t.Other, t.Undated} {
			cells.Add(right(widget.NewLabel(model.NumberText(n))))
		}
		rows.Add(widget.NewSeparator())
		rows.Add(container.NewBorder(nil, nil, fixedWidth(groupWidth, name), nil, cells))
	}
	return card(rows)
}

// numberGrid is the headings of columns of numbers.
func numberGrid(names ...string) *fyne.Container {
	grid := container.NewGridWithColumns(len(names))
	for _, name := range names {
		grid.Add(right(muted(name)))
	}
	return grid
}

// exportDialog asks in which form the card leaves, and where to.
func (s *scoreScreen) exportDialog() {
	exportAs(s.win, tr("Export the scorecard"), "", tr("Scorecard"), []fileForm{
		{tr("XLSX: all of it"), ".xlsx"}, {tr("CSV: the counts"), ".csv"}, {tr("JSON: all of it, for programs"), ".json"},
	}, s.m.Scorecard.Export)
}
