package guard

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

const block = 1 << 20

// BenchmarkRelay compares a tunnel's throughput with that of a connection
// without guard.
func BenchmarkRelay(b *testing.B) {
	flood := tcpServer(b, func(c net.Conn) {
		defer c.Close()
		for buf := make([]byte, 64<<10); ; {
			if _, err := c.Write(buf); err != nil {
				return
			}
		}
	})
	read := func(b *testing.B, r io.Reader) {
		buf := make([]byte, block)
		b.SetBytes(block)
		for b.Loop() {
			if _, err := io.ReadFull(r, buf); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("direct", func(b *testing.B) {
		c, err := net.Dial("tcp", flood.String())
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		read(b, c)
	})
	b.Run("guarded", func(b *testing.B) {
		c, _, r := openTunnel(b, listen(b, Config{AllowPrivate: true}), flood.String())
		defer c.Close()
		read(b, r)
	})
}

// BenchmarkRequest compares a small http:// request, a connection each, with
// and without guard.
func BenchmarkRequest(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(greet))
	defer s.Close()
	fetch := func(b *testing.B, c *http.Client) {
		for b.Loop() {
			get(b, c, s.URL)
		}
	}
	b.Run("direct", func(b *testing.B) {
		tr := &http.Transport{DisableKeepAlives: true}
		fetch(b, &http.Client{Transport: tr})
	})
	b.Run("guarded", func(b *testing.B) {
		fetch(b, clientOf(b, listen(b, Config{AllowPrivate: true})))
	})
}
