package traffic

import (
	"fmt"
	"io"
	"testing"
)

// BenchmarkWrite writes the traffic of a page with 100 pictures of 60 kB and 20
// texts of 40 kB.
func BenchmarkWrite(b *testing.B) {
	s := testSpool(b, Limits{})
	var exchanges []*Exchange
	add := func(i int, mediaType string, body []byte) {
		exchanges = append(exchanges, &Exchange{
			ID: fmt.Sprint(i), URL: fmt.Sprintf("https://market.example/%d", i), Method: "GET", Status: 200, MediaType: mediaType,
			ResponseHeaders: []Header{{"content-type", mediaType}}, Body: mustPut(b, s, body), Started: noon, Finished: noon,
		})
	}
	var size int64
	for i := range 100 {
		add(i, "image/jpeg", noise(uint64(i), 60_000))
		size += 60_000
	}
	for i := range 20 {
		text := fmt.Appendf(nil, "%x", noise(uint64(i), 20_000))
		add(100+i, "text/html", text)
		size += int64(len(text))
	}
	v := testVisit(exchanges...)
	b.Run("WARC", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			if err := WriteWARC(b.Context(), io.Discard, v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("HAR", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			if err := WriteHAR(b.Context(), io.Discard, v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
