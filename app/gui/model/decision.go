package model

import (
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// ReasonsText is what a marketplace says that it decided, and why, line by line.
func ReasonsText(of evidence.Decision) string {
	what := []string{words(of.Visibility), TimeText(of.At), "", of.LegalGround}
	if of.Ground != "none" {
		what[2] = words(of.Ground)
	}
	lines := []string{joined(what, "  ·  "), of.URL, of.Facts, T("Complaint until %s: %s", DayText(of.ComplaintUntil), of.Redress)}
	return joined(lines, "\n")
}

// joined is those of the texts that say something.
func joined(texts []string, by string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), by)
}
