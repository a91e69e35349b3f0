package bundle

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"touchstone/store/evidence"
)

// Bodies reads from a WARC file the bodies of responses that have one of the
// hashes: each once, none over limit bytes, as long as all of them are no more
// than ten times that. Errors: ErrWARC; what was read before it is given with it.
func Bodies(ctx context.Context, r io.Reader, wanted map[evidence.Hash]bool, limit int64) (map[evidence.Hash][]byte, error) {
	found := map[evidence.Hash][]byte{}
	var total int64
	err := eachRecord(ctx, r, func(rec *record) error {
		if rec.get("WARC-Type") != "response" || !rec.http() || rec.length > limit+maxHead || len(found) == len(wanted) {
			return nil
		}
		in := bufio.NewReader(rec.block)
		if _, err := readUntilEmptyLine(in); err != nil {
			return err
		}
		var body bytes.Buffer
		n, err := io.Copy(&body, in)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrWARC, err)
		}
		if n > limit || total+n > 10*limit {
			return nil
		}
		if h := evidence.HashOf(body.Bytes()); wanted[h] && found[h] == nil {
			found[h] = body.Bytes()
			total += n
		}
		return nil
	}, nil)
	return found, err
}
