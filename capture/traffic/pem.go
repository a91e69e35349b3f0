package traffic

import (
	"encoding/pem"
	"fmt"
	"io"
)

// WritePEM writes a certificate chain, each certificate DER-encoded, leaf first.
func WritePEM(w io.Writer, chain [][]byte) error {
	for _, der := range chain {
		if err := pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return fmt.Errorf("write certificate: %w", err)
		}
	}
	return nil
}
