package capture

import (
	"context"

	"touchstone/capture/listing/picture"
	"touchstone/capture/page"
	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// maxPrinted is of how many of a listing's pictures a print is taken, the first
// ones: to decode a picture takes some 20 ms.
const maxPrinted = 12

// maxPicture is the largest file, in bytes, that a print is taken of.
const maxPicture = 20 << 20

// takePrints notes by what the listing's pictures can be recognised elsewhere. A
// picture that cannot be decoded, or has nothing to recognise, is left without.
func takePrints(ctx context.Context, facts *evidence.Facts, res page.Result) {
	bodies := map[string]traffic.Body{}
	for _, x := range res.Exchanges {
		if x.Truncated == traffic.Whole && x.Body.Size() > 0 && x.Body.Size() <= maxPicture {
			bodies[x.URL] = x.Body
		}
	}
	for i := range facts.Images[:min(len(facts.Images), maxPrinted)] {
		body, ok := bodies[facts.Images[i].URL]
		if !ok || facts.Images[i].SHA256 == "" || ctx.Err() != nil {
			continue
		}
		p, err := picture.Of(body.Open())
		if err != nil {
			continue
		}
		if text, err := p.MarshalText(); err == nil {
			facts.Images[i].Print = string(text)
		}
	}
}
