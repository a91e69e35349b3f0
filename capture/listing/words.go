package listing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"touchstone/assets"
)

// vocabulary is what shops say, from assets/words.
type vocabulary struct {
	buy, notBuy, gone, in, not, elsewhere *lexicon
	sums, beside                          *lexicon // zones of the words beside a sum; words passed over
	others                                *lexicon
	about                                 map[string]bool // names of sections that describe the goods
	button                                []string        // in names of buttons to buy
	classes                               map[string]zone
	labels                                map[string]map[string]bool // by the fact they name
	contacts                              map[string]string          // the type of contact that a label names
}

// words is the vocabulary. Its files are part of the program and tested, so that
// a fault in them is a bug.
var words = sync.OnceValue(func() *vocabulary {
	lists, err := loadWords()
	if err != nil {
		panic(fmt.Sprintf("words that came with the program: %v", err))
	}
	v := &vocabulary{about: map[string]bool{}, contacts: map[string]string{}, classes: map[string]zone{}, labels: map[string]map[string]bool{}, sums: &lexicon{}, button: lists["offer"]["button"]}
	for _, l := range []struct {
		to   **lexicon
		list string
	}{{&v.buy, "buy"}, {&v.notBuy, "not_buy"}, {&v.gone, "gone"}, {&v.in, "in"}, {&v.not, "not"}, {&v.elsewhere, "elsewhere"}, {&v.beside, "beside"}, {&v.others, "others"}} {
		file := map[string]string{"beside": "sums", "others": "sections"}[l.list]
		*l.to = &lexicon{}
		(*l.to).add(lists[cmp.Or(file, "offer")][l.list], 0)
	}
	for name, z := range zoneNames {
		v.sums.add(lists["sums"][name], z)
		for _, w := range lists["classes"][name] {
			v.classes[w] |= z
		}
	}
	for _, name := range lists["sections"]["about"] {
		v.about[name] = true
	}
	for _, kind := range []string{address, whatsapp, wechat, email, phone} { // of a name for several the last
		for _, name := range lists["labels"][kind] {
			v.contacts[name] = kind
		}
	}
	for fact, names := range lists["labels"] {
		v.labels[fact] = map[string]bool{}
		for _, name := range names {
			v.labels[fact][name] = true
		}
	}
	return v
})

// zoneNames are the zones as the files name them. Style sheets may contradict a
// class that says hidden.
var zoneNames = map[string]zone{
	"hidden": hidden | maybe, "struck": struck, "foreign": foreign, "chrome": chrome, "cart": cart, "reviews": reviews, "priced": priced, "current": current,
	"instalment": instalment, "shipping": shipping, "unit": unit, "saving": saving, "starting": starting, "cents": cents, "tiered": tiered, "tax": tax, "extra": extra,
}

// loadWords reads the lists by the name of their file and their own.
func loadWords() (map[string]map[string][]string, error) {
	files, err := assets.Words.ReadDir("words")
	if err != nil {
		return nil, err
	}
	lists := map[string]map[string][]string{}
	for _, f := range files {
		b, err := assets.Words.ReadFile(path.Join("words", f.Name()))
		if err != nil {
			return nil, err
		}
		var groups map[string]map[string][]string
		if err := json.Unmarshal(b, &groups); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		list := map[string][]string{}
		for name, languages := range groups {
			for _, words := range languages {
				list[name] = append(list[name], words...)
			}
			slices.Sort(list[name])
		}
		lists[strings.TrimSuffix(f.Name(), ".json")] = list
	}
	return lists, nil
}

// lexicon finds words in texts, however many words it holds: by the first two
// bytes of each.
type lexicon struct{ at map[[2]byte][]entry }

// entry is a word; a stem is also found as the beginning of a longer word.
type entry struct {
	word string
	stem bool
	zone zone
}

// maxWhole is how many letters a word has at most that counts only where it
// stands alone.
const maxWhole = 5

func (x *lexicon) add(words []string, z zone) {
	if x.at == nil {
		x.at = map[[2]byte][]entry{}
	}
	for _, w := range words {
		w, stem := strings.CutSuffix(w, "*")
		key := [2]byte([]byte(w))
		x.at[key] = append(x.at[key], entry{w, stem || utf8.RuneCountInString(w) > maxWhole, z})
	}
}

// each yields the words found in a text that is in normal form (see normal),
// with where they begin, until yield returns false.
func (x *lexicon) each(s string, yield func(e entry, at int) bool) {
	for i := 0; i+1 < len(s); i++ {
		for _, e := range x.at[[2]byte{s[i], s[i+1]}] {
			if strings.HasPrefix(s[i:], e.word) && standsFree(s, i, len(e.word), e.stem) && !yield(e, i) {
				return
			}
		}
	}
}

// first is where the first of the words begins and ends in a normal text, or -1.
func (x *lexicon) first(s string) (start, end int) {
	start = -1
	x.each(s, func(e entry, at int) bool {
		start, end = at, at+len(e.word)
		return false
	})
	return start, end
}

// in reports whether a normal text holds one of the words.
func (x *lexicon) in(s string) bool {
	at, _ := x.first(s)
	return at >= 0
}

// zones is what the words found in a normal text say together.
func (x *lexicon) zones(s string) zone {
	var z zone
	x.each(s, func(e entry, _ int) bool {
		z |= e.zone
		return true
	})
	return z
}

// without is a normal text less the words found in it.
func (x *lexicon) without(s string) string {
	for start, end := x.first(s); start >= 0; start, end = x.first(s) {
		s = s[:start] + s[end:]
	}
	return s
}

// normal is a text in the form in which words are compared: lower case, plain
// spaces, straight apostrophes.
func normal(s string) string {
	s = strings.ToLower(s)
	if strings.IndexFunc(s, func(r rune) bool { return r > 0x7f || r == '`' }) < 0 {
		return s
	}
	return normalizer.Replace(s)
}

// normalizer also takes the dot that lower case leaves of the Turkish capital I.
var normalizer = strings.NewReplacer("\u0307", "", "\u00a0", " ", "\u202f", " ", "\u2009", " ", boundary, " ", "’", "'", "‘", "'", "`", "'", "´", "'")

// standsFree reports whether s[i:i+n] begins a word, and unless it is a stem also
// ends one. Scripts that write no spaces have no such limits.
func standsFree(s string, i, n int, stem bool) bool {
	first, _ := utf8.DecodeRuneInString(s[i:])
	if before, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && letter(first) && letter(before) && !spaceless(first) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s[:i+n])
	if stem || i+n == len(s) || !letter(last) || spaceless(last) {
		return true
	}
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	return !unicode.IsLetter(after)
}

func letter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// spaceless reports whether a letter is of a script that writes words without
// spaces between them, or joins others to them.
func spaceless(r rune) bool {
	return r > 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
