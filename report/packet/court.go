package packet

import "context"

// forCourt sets what only the court edition has: the index of every file of the
// exhibits, and the draft of a certification.
func (m *maker) forCourt(ctx context.Context) error {
	if m.options.Edition != Court {
		return nil
	}
	m.files()
	if m.options.Draft == nil {
		return nil
	}
	s, d := m.sheet, m.options.Draft
	s.running = func() { s.warn(d.Warning) }
	s.page()
	m.note("Certification, a draft", 0)
	err := s.statement(ctx, d, 1)
	s.running = func() {}
	return err
}

// files sets the index of the exhibits' files.
func (m *maker) files() {
	s := m.sheet
	s.page()
	m.note("Index of the evidence", 0)
	s.para(styleHeading, "Index of the evidence")
	s.space(2)
	s.para(styleBody, "Every file of every exhibit, as sealed, with its size and SHA-256. Files are delivered in the ZIP of this packet, in the folder of their exhibit.")
	for i := range m.dossier.Exhibits {
		e := &m.dossier.Exhibits[i]
		about := [][2]string{{"Listing", e.Title()}, {"Address", e.Capture.FinalURL}, {"Captured", utc(e.Capture.FinishedAt)}}
		s.record(DraftRecord{Number: i + 1, ID: e.Capture.ID, About: about, Files: e.Capture.Artifacts})
	}
}
