package market

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"touchstone/app/practice/picture"
)

//go:embed data/*.json
var data embed.FS

type story struct {
	Lines []string    `json:"lines"`
	Specs [][2]string `json:"specs"`
}

type reviewWords struct {
	Authors []string `json:"authors"`
	Places  []string `json:"places"`
	Texts   []string `json:"texts"`
}

func load[T any](name string) (T, error) {
	var v T
	b, err := data.ReadFile("data/" + name)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		return v, fmt.Errorf("read the catalogue's %s: %w", name, err)
	}
	return v, nil
}

// build makes the offers of the catalogue. The seed decides item numbers and who
// reviewed what; side is the size of pictures in pixels.
func build(seed int64, side int, start time.Time) ([]*Offer, error) {
	stories, err := load[map[string]story]("stories.json")
	if err != nil {
		return nil, err
	}
	reviews, err := load[map[string]reviewWords]("reviews.json")
	if err != nil {
		return nil, err
	}
	known := sellers()
	rng := rand.New(rand.NewPCG(uint64(seed), 0x70726163746963))
	var offers []*Offer
	used := map[string]bool{}
	for i, d := range drafts() {
		o := d.Offer
		told, ok := stories[d.story]
		if o.Seller = known[d.seller]; o.Seller == nil || !ok {
			return nil, fmt.Errorf("catalogue entry %d: seller %q or story %q is not there", i, d.seller, d.story)
		}
		for o.ItemID == "" || used[o.ItemID] {
			o.ItemID = strconv.FormatInt(1_005_000_000_000+rng.Int64N(9_999_999_999), 10)
		}
		used[o.ItemID] = true
		o.Story, o.Specs = told.Lines, told.Specs
		d.look.Side = side
		o.pictures(d.look, cmp.Or(d.details, 3), rng)
		if d.taken != nil {
			spec := *d.taken
			spec.Side = side * 3 / 4
			o.Pictures = append(o.Pictures, Picture{"taken_" + o.ItemID + ".jpg", spec})
		}
		o.Reviews = write(reviews[strings.SplitN(o.Language, "-", 2)[0]], cmp.Or(d.reviews, 4), start, rng)
		offers = append(offers, &o)
	}
	return offers, nil
}

// pictures gives the offer one picture of each view, and n for the description.
func (o *Offer) pictures(look picture.Spec, n int, rng *rand.Rand) {
	prefix := strconv.FormatUint(rng.Uint64()|1<<63, 36)
	for view := range picture.Views {
		spec := look
		spec.View = picture.View(view)
		o.Pictures = append(o.Pictures, Picture{fmt.Sprintf("%s_%d.jpg", prefix, view), spec})
	}
	for i := range n {
		spec := look
		spec.View, spec.Scene = picture.View((i*2+1)%picture.Views), picture.Scene((i/2+int(look.Scene)+1)%4)
		spec.Colour ^= uint32(i/4) * 0x0c1420 // other colourways
		o.Details = append(o.Details, Picture{fmt.Sprintf("%s_d%02d.jpg", prefix, i), spec})
	}
}

func write(words reviewWords, n int, start time.Time, rng *rand.Rand) []Review {
	reviews := make([]Review, n)
	for i := range reviews {
		reviews[i] = Review{
			Author:  words.Authors[rng.IntN(len(words.Authors))],
			Country: words.Places[rng.IntN(len(words.Places))],
			Text:    words.Texts[rng.IntN(len(words.Texts))],
			Stars:   3 + rng.IntN(3),
			Day:     start.AddDate(0, 0, -1-rng.IntN(200)).Format(time.DateOnly),
		}
	}
	return reviews
}
