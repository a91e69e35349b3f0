package desk

import (
	"io"

	"touchstone/capture/listing"
	"touchstone/store/evidence"
)

// Extract reads the facts from a saved page. The name tells its form: .html,
// .html.gz or .mhtml.
func Extract(r io.Reader, name, pageURL string) (evidence.Facts, error) {
	document, err := listing.Open(r, name)
	if err != nil {
		return evidence.Facts{}, err
	}
	if pageURL != "" {
		document.URL = pageURL
	}
	return listing.Read(document), nil
}
