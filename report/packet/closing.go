package packet

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"touchstone/store/evidence"
)

// hashes sets the table of all exhibits with what they are identified by.
func (m *maker) hashes() {
	s := m.sheet
	s.page()
	m.note("Hashes of all exhibits", 0)
	s.para(styleHeading, "Hashes of all exhibits")
	s.space(2)
	s.para(styleBody, "A capture is identified by the SHA-256 of its manifest. The manifest lists the SHA-256 of every file of the capture, so that a change to any of them shows. A time stamp is an authority's word, by its own clock, that the capture had been sealed by then.")
	s.space(2)
	var rows [][]cell
	for i := range m.dossier.Exhibits {
		c := &m.dossier.Exhibits[i].Capture
		shot, _ := c.Artifact(evidence.RoleScreenshot)
		rows = append(rows, []cell{
			{text: strconv.Itoa(i + 1)},
			{text: dayAndTime(c.FinishedAt)},
			{text: "manifest\nscreenshot\nstamped"},
			{text: string(c.Manifest) + "\n" + cmp.Or(string(shot.SHA256), "none") + "\n" + stamps(m.dossier.Exhibits[i].Stamps)},
		})
	}
	s.table([]column{{"Exhibit", 14, styleCell}, {"Captured", 25, styleCell}, {"File", 21, styleLabel}, {"SHA-256", textWidth - 60, styleCode}}, rows)
}

// stamps says by whom and when a seal was stamped, a line each.
func stamps(all []evidence.Stamp) string {
	if len(all) == 0 {
		return "by no authority: the time is by the computer's own clock"
	}
	var lines []string
	for _, s := range all {
		lines = append(lines, clip(fmt.Sprintf("%s by %s", utc(s.Time), s.Signer), 200))
	}
	return strings.Join(lines, "\n")
}

// Step is one thing a stranger can do to verify the evidence.
type Step struct {
	Text    string // what it shows
	Command string // to be typed as it stands; empty for none
}

// steps verify what is in this document, with tools that every system has.
func (m *maker) steps() []Step {
	example := evidence.Hash("<SHA-256>")
	for i := range m.dossier.Exhibits {
		if a, ok := m.dossier.Exhibits[i].Capture.Artifact(evidence.RoleScreenshot); ok {
			example = a.SHA256
			break
		}
	}
	steps := []Step{
		{"Ask for the evidence files if they were not delivered with this document: each is named by, or listed with, its SHA-256.", ""},
		{"Compute the SHA-256 of a file and compare it with the one printed here. All 64 digits must agree. On Linux or macOS:", "sha256sum FILE"},
		{"The same with OpenSSL, on any system:", "openssl dgst -sha256 FILE"},
		{"The same on Windows, without installing anything:", "certutil -hashfile FILE SHA256"},
		{"Or let the computer compare. This prints OK for the screenshot of the first exhibit that has one:",
			fmt.Sprintf("echo \"%s  FILE\" | sha256sum -c", example)},
		{"Open a capture's manifest, a text file, and find in it the same SHA-256 for each of the capture's files. The manifest's own SHA-256 is in the table of hashes.", ""},
	}
	if m.options.Signer != nil {
		steps = append(steps, Step{"This document is signed: a PDF viewer shows the signature and whether a byte was changed since. On the command line (poppler-utils):",
			"pdfsig FILE.pdf"},
			Step{"Whose signature it is: ask the sender, by a way other than the one this document came, for the SHA-256 of the public key. Here it is " +
				m.options.Signer.fingerprint() + ", which this prints from the signature itself:",
				"pdfsig -dump FILE.pdf && openssl pkcs7 -inform DER -in FILE.pdf.sig0 -print_certs | openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256"})
	}
	return append(steps, m.options.Steps...)
}

// verify sets how a stranger checks all this without us.
func (m *maker) verify() {
	s := m.sheet
	s.page()
	m.note("How to verify", 0)
	s.para(styleHeading, "How to verify")
	s.space(2)
	s.para(styleBody, "None of these steps needs the program that made this document.")
	s.space(2)
	const indent = 8.0
	code := styleCode
	code.lead = 4.4
	for i, step := range m.steps() {
		s.need(16)
		s.lines(left, s.y, styleStrong, s.wrap(styleStrong, strconv.Itoa(i+1), indent))
		s.paraAt(left+indent, textWidth-indent, styleBody, step.Text)
		if step.Command != "" {
			s.space(1)
			lines := s.wrap(code, step.Command, textWidth-indent-4)
			height := float64(len(lines))*code.lead + 2
			s.need(height)
			s.fill(shade, left+indent, s.y, textWidth-indent, height)
			s.lines(left+indent+2, s.y+1, code, lines)
			s.y += height
		}
		s.space(3.5)
	}
	s.space(2)
	s.para(styleSmall, fmt.Sprintf("Screenshots are printed here as JPEG pictures (quality %d) cut to the page; the untouched PNG is the file whose SHA-256 is listed. "+
		"A character that has no visible form of its own, or that no font of this document has, is printed as its number in Unicode, as in [U+202E].", m.options.Quality))
}
