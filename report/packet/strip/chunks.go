package strip

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// maxAncillary is how many bytes a palette or a transparency chunk may have.
const maxAncillary = 1 << 10

// chunks walks through a PNG's chunks. As an io.Reader it is the data of the
// IDAT chunks from the current one on.
type chunks struct {
	r    *bufio.Reader
	kind string
	left int64 // bytes of the current chunk not yet read
	sum  hash.Hash32
}

func newBytes(b []byte) io.Reader { return bytes.NewReader(b) }

// next skips to the next chunk and says of which type it is.
func (c *chunks) next() (string, error) {
	if err := c.finish(); err != nil {
		return "", err
	}
	var head [8]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return "", truncated(err)
	}
	c.left = int64(binary.BigEndian.Uint32(head[:]))
	c.kind = string(head[4:])
	c.sum = crc32.NewIEEE()
	c.sum.Write(head[4:])
	return c.kind, nil
}

// finish reads the current chunk to its end and compares its checksum.
func (c *chunks) finish() error {
	if c.kind == "" {
		return nil
	}
	if _, err := io.CopyN(c.sum, c.r, c.left); err != nil {
		return truncated(err)
	}
	c.left = 0
	var crc [4]byte
	if _, err := io.ReadFull(c.r, crc[:]); err != nil {
		return truncated(err)
	}
	if c.sum.Sum32() != binary.BigEndian.Uint32(crc[:]) {
		return fmt.Errorf("%w: a part of it is damaged (%q)", ErrFormat, c.kind)
	}
	c.kind = ""
	return nil
}

// all is the data of the current, small chunk.
func (c *chunks) all() ([]byte, error) {
	if c.left > maxAncillary {
		return nil, fmt.Errorf("%w: its %s is too long", ErrFormat, c.kind)
	}
	b := make([]byte, c.left)
	if _, err := io.ReadFull(c.r, b); err != nil {
		return nil, truncated(err)
	}
	c.sum.Write(b)
	c.left = 0
	return b, nil
}

func (c *chunks) Read(b []byte) (int, error) {
	for c.left == 0 {
		kind, err := c.next()
		if err != nil {
			return 0, err
		}
		if kind != "IDAT" {
			return 0, io.EOF
		}
	}
	n, err := c.r.Read(b[:min(int64(len(b)), c.left)])
	c.sum.Write(b[:n])
	c.left -= int64(n)
	if err != nil && n == 0 {
		return 0, truncated(err)
	}
	return n, nil
}
