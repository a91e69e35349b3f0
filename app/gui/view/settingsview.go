//go:build !headless

package view

import (
	"cmp"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/assets"
)

// settingsScreen is what the user chooses.
type settingsScreen struct {
	m    *model.Main
	win  fyne.Window
	look look

	operator    *widget.Entry
	authorities *fyne.Container
	channels    *fyne.Container
	profiles    *fyne.Container
	space       *widget.Label
	language    *picker
	theme       *picker
	filling     bool
	content     fyne.CanvasObject
}

// look is how the window looks and speaks, which the window itself keeps.
type look interface {
	themeName() string
	setTheme(name string)
	languageCode() string
	setLanguage(code string)
}

func newSettingsScreen(m *model.Main, win fyne.Window, l look) *settingsScreen {
	s := &settingsScreen{m: m, win: win, look: l, authorities: container.NewVBox(), channels: container.NewVBox(), profiles: container.NewVBox(), space: muted("")}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Settings"))
	tabs := container.NewAppTabs(
		container.NewTabItem(tr("General"), s.general()),
		container.NewTabItem(tr("Channels"), container.NewVScroll(inset(8, 8, s.channels))),
		container.NewTabItem(tr("Time stamps"), s.stamps()),
		container.NewTabItem(tr("Browser profiles"), s.browsers()),
	)
	body := own.NewSurface(colourPanel, 4, tabs).Outlined(theme.ColorNameSeparator)
	s.content = inset(10, 14, container.NewBorder(title, nil, nil, nil, body))
	return s
}

// general is who works here, how the window looks, and where evidence lies.
func (s *settingsScreen) general() fyne.CanvasObject {
	s.operator = widget.NewEntry()
	s.operator.SetPlaceHolder(tr("Your name, as evidence shall tell it"))
	save := widget.NewButtonWithIcon(tr("Save"), theme.DocumentSaveIcon(), func() { s.m.Settings.SetOperator(s.operator.Text) })
	s.operator.OnSubmitted = func(string) { s.m.Settings.SetOperator(s.operator.Text) }
	s.theme = newPicker(func(key string) {
		if !s.filling {
			s.look.setTheme(key)
		}
	})
	s.language = newPicker(func(key string) {
		if !s.filling {
			s.look.setLanguage(key)
			s.m.Problems.Tell(tr("The language changes when the window is opened next."))
		}
	})
	folder := widget.NewLabel(s.m.Workspace())
	folder.Selectable = true
	folder.Truncation = fyne.TextTruncateEllipsis
	openFolder := widget.NewButtonWithIcon(tr("Open folder"), theme.FolderOpenIcon(), func() { openInDesktop(s.m, s.m.Workspace()) })
	report := widget.NewButtonWithIcon(tr("Write a report for support…"), theme.DocumentIcon(), func() {
		saveFile(s.win, "touchstone-report.txt", s.m.WriteReport)
	})
	rows := container.NewVBox(
		field(tr("Investigator"), container.NewBorder(nil, nil, nil, save, s.operator)),
		container.NewGridWithColumns(2, field(tr("Language"), s.language), field(tr("Theme"), s.theme)),
		field(tr("Workspace"), container.NewBorder(nil, nil, nil, openFolder, folder)), s.space,
		paragraph(tr("Another workspace is opened with touchstone --workspace FOLDER.")),
		widget.NewSeparator(),
		paragraph(tr("The report says which version and system this is and what went wrong last. It holds no evidence, no address and no secret.")),
		container.NewHBox(report))
	return container.NewVScroll(inset(10, 10, fixedWidth(640, rows)))
}

func (s *settingsScreen) stamps() fyne.CanvasObject {
	name, address := widget.NewEntry(), widget.NewEntry()
	name.SetPlaceHolder(tr("Name"))
	address.SetPlaceHolder("https://")
	add := primary(tr("Add"), theme.ContentAddIcon(), func() {
		s.m.Settings.AddAuthority(strings.TrimSpace(name.Text), strings.TrimSpace(address.Text))
		name.SetText("")
		address.SetText("")
	})
	about := paragraph(tr("A time stamping authority (RFC 3161) vouches that evidence existed at a time. It sees a hash only. None is asked until you name one."))
	return container.NewVScroll(inset(10, 10, fixedWidth(640, container.NewVBox(about, s.authorities,
		container.NewBorder(nil, nil, fixedWidth(180, name), add, address)))))
}

func (s *settingsScreen) browsers() fyne.CanvasObject {
	name, address := widget.NewEntry(), widget.NewEntry()
	name.SetPlaceHolder(tr("Name"))
	address.SetPlaceHolder("https://")
	add := primary(tr("Sign in…"), theme.LoginIcon(), func() {
		s.m.Settings.Login(strings.TrimSpace(name.Text), strings.TrimSpace(address.Text))
	})
	about := paragraph(tr("Sign in to a marketplace once in a visible Chrome; captures can then work on a copy of that session. Profiles stay on this computer and never go into evidence."))
	return container.NewVScroll(inset(10, 10, fixedWidth(640, container.NewVBox(about, s.profiles,
		container.NewBorder(nil, nil, fixedWidth(180, name), add, address)))))
}

func (s *settingsScreen) refresh() {
	s.filling = true
	defer func() { s.filling = false }()
	set := s.m.Settings.Setup()
	if s.win.Canvas().Focused() != s.operator {
		s.operator.SetText(set.Operator)
	}
	s.space.SetText("")
	if set.Used > 0 {
		s.space.SetText(tr("%s used", model.SizeText(set.Used)))
	}
	s.theme.offer([]choice{{"", tr("As the desktop")}, {"light", tr("Light")}, {"dark", tr("Dark")}}, s.look.themeName())
	languages := []choice{{"", tr("As the desktop")}}
	for _, l := range assets.Languages {
		languages = append(languages, choice{l, languageName(l)})
	}
	s.language.offer(languages, s.look.languageCode())
	s.showAuthorities(set)
	s.showChannels(set)
	s.showProfiles(set)
}

func (s *settingsScreen) showAuthorities(set model.Setup) {
	s.authorities.RemoveAll()
	for _, a := range set.Authorities {
		s.authorities.Add(settingRow(a.Name, a.URL, quiet(tr("Remove"), theme.DeleteIcon(), func() { s.m.Settings.RemoveAuthority(a.Name) })))
	}
	if len(set.Authorities) == 0 {
		s.authorities.Add(muted(tr("No authority is named: evidence is signed and dated by this computer only.")))
	}
}

func (s *settingsScreen) showProfiles(set model.Setup) {
	s.profiles.RemoveAll()
	for _, p := range set.Profiles {
		s.profiles.Add(settingRow(p.Name, p.Site, quiet(tr("Delete…"), theme.DeleteIcon(), func() {
			confirm(s.win, tr("Delete the profile %s?", p.Name), tr("You would have to sign in again. Evidence stays."), tr("Delete"), func() { s.m.Settings.RemoveProfile(p.Name) })
		})))
	}
}

func (s *settingsScreen) showChannels(set model.Setup) {
	s.channels.RemoveAll()
	for _, c := range set.Channels {
		state := tr("not set up")
		switch {
		case c.ByHand:
			state = tr("filed by hand")
		case c.Ready:
			state = tr("ready")
		}
		tools := container.NewHBox()
		if len(c.Settings) > 0 {
			tools.Add(quiet(tr("Set up…"), theme.SettingsIcon(), func() { channelDialog(s.m, s.win, c) }))
		}
		if c.Tests && c.Ready {
			tools.Add(quiet(tr("Try"), theme.ConfirmIcon(), func() { s.m.Settings.TestChannel(c) }))
		}
		s.channels.Add(settingRow(c.Title, state, tools))
	}
}

// settingRow is one entry of a list in the settings.
func settingRow(name, detail string, tools fyne.CanvasObject) fyne.CanvasObject {
	n := heading(theme.SizeNameText)
	n.SetText(name)
	return tight(container.NewBorder(nil, nil, nil, container.NewCenter(tools), tight(n, muted(detail))), widget.NewSeparator())
}

// channelDialog asks what a channel wants to know. What is secret is never shown
// again.
func channelDialog(m *model.Main, win fyne.Window, c model.Channel) {
	entries := make([]*widget.Entry, len(c.Settings))
	form := make([]*widget.FormItem, len(c.Settings))
	for i, setting := range c.Settings {
		e := widget.NewEntry()
		if setting.Secret {
			e = widget.NewPasswordEntry()
			if c.SignedIn {
				e.SetPlaceHolder(tr("kept; leave empty to keep it"))
			}
		}
		e.SetText(setting.Value)
		entries[i], form[i] = e, widget.NewFormItem(setting.Title, e)
	}
	showForm(win, c.Title, tr("Save"), 560, form, func() {
		values, secrets := map[string]string{}, map[string]string{}
		for i, setting := range c.Settings {
			switch {
			case !setting.Secret:
				values[setting.Key] = strings.TrimSpace(entries[i].Text)
			case entries[i].Text != "":
				secrets[setting.Key] = entries[i].Text
			}
		}
		m.Settings.SetChannel(c.Name, values, secrets)
	})
}

// openInDesktop shows a file or folder with the desktop's own program.
func openInDesktop(m *model.Main, path string) {
	err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: path})
	if err != nil {
		m.Problems.Show(model.Problem{What: tr("%s could not be opened.", path), Kept: tr("Nothing was changed."), Detail: err.Error()})
	}
}

// languageName is a language in its own words.
func languageName(code string) string {
	names := map[string]string{"en": "English", "zh": "简体中文", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português", "ja": "日本語"}
	return cmp.Or(names[code], code)
}
