// Package reply reads the mails in which marketplaces and abuse desks answer a
// notice: which notice a mail is about, and what it seems to say. It decides
// nothing: what it makes of a mail is a proposal, with the words it rests on, for a
// person to confirm.
//
// It is pure, and takes its mails from strangers: sizes, parts and depth are
// bounded, and a mail that cannot be read gives what was read so far.
package reply

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/assets"
	"touchstone/store/evidence"
)

// Message is a mail, read.
type Message struct {
	Head       evidence.Mail
	ID         string   // its Message-ID, without angle brackets
	References []string // the Message-IDs that it answers
	Text       string   // what its writer wrote, as plain text, without what is quoted
	Whole      string   // the text with what is quoted, and where the links of HTML lead
}

// Sent is something that was sent, as an answer may name it.
type Sent struct {
	Submission evidence.ID
	Numbers    []string // ours and the channel's for the whole of it
	Items      []SentItem
}

// SentItem is one target of what was sent.
type SentItem struct {
	Item  evidence.ID
	Names []string // numbers and addresses by which an answer may name it
}

// Match is something sent that a mail is about.
type Match struct {
	Submission evidence.ID
	By         string        // what they have in common
	Items      []evidence.ID // those that the mail names, or all
}

// shortestNumber: shorter ones stand in innocent text.
const shortestNumber = 5

// Find is what of the things sent a mail is about: those whose mail it answers or,
// where it answers none, those whose numbers it names or, where it names none,
// those whose targets it names.
func (m *Message) Find(sent []Sent) []Match {
	text := strings.ToLower(m.Head.Subject + "\n" + m.Text)
	for _, by := range []func(*Sent) string{
		func(s *Sent) string {
			return first(s.Numbers, func(n string) bool { return slices.Contains(m.References, n) })
		},
		func(s *Sent) string { return first(s.Numbers, func(n string) bool { return names(text, n) }) },
		func(s *Sent) string {
			for _, i := range s.Items {
				if name := first(i.Names, func(n string) bool { return names(text, n) }); name != "" {
					return name
				}
			}
			return ""
		},
	} {
		var found []Match
		for i := range sent {
			if common := by(&sent[i]); common != "" {
				found = append(found, Match{sent[i].Submission, common, named(text, sent[i].Items)})
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func first(list []string, is func(string) bool) string {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i]
	}
	return ""
}

// named are the items that a text names; all where it names none.
func named(text string, items []SentItem) []evidence.ID {
	var some, all []evidence.ID
	for _, i := range items {
		all = append(all, i.Item)
		if slices.ContainsFunc(i.Names, func(n string) bool { return names(text, n) }) {
			some = append(some, i.Item)
		}
	}
	if len(some) > 0 {
		return some
	}
	return all
}

// names reports whether a text in lower case holds a number or an address, and not
// as a part of a longer one.
func names(text, name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "/"))
	if len(name) < shortestNumber {
		return false
	}
	for rest := text; ; {
		at := strings.Index(rest, name)
		if at < 0 {
			return false
		}
		after := rest[at+len(name):]
		before, _ := utf8.DecodeLastRuneInString(rest[:at])
		behind, _ := utf8.DecodeRuneInString(strings.TrimPrefix(after, "/"))
		if !goesOn(before) && !goesOn(behind) {
			return true
		}
		rest = after
	}
}

func goesOn(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// Proposal is what a mail seems to say.
type Proposal struct {
	State   evidence.ItemState // "" where it says nothing that is known, or too much
	Because []string           // the sentences that it rests on
}

// vocabulary is the words by which mails tell of a state.
type vocabulary []struct {
	State evidence.ItemState `json:"state"`
	Words []string           `json:"words"`
}

// Propose says what the mail seems to say. One that speaks of two decisions at
// once proposes neither: a person reads it.
func (m *Message) Propose() (Proposal, error) {
	var known vocabulary
	if err := json.Unmarshal(assets.Replies, &known); err != nil {
		return Proposal{}, err
	}
	var p Proposal
	var states []evidence.ItemState
	for _, sentence := range sentences(m.Head.Subject + ".\n" + m.Text) {
		low := strings.ReplaceAll(strings.ToLower(sentence), "’", "'")
		for _, k := range known {
			if slices.ContainsFunc(k.Words, func(w string) bool { return strings.Contains(low, w) }) {
				if !slices.Contains(states, k.State) {
					states = append(states, k.State)
					p.Because = append(p.Because, sentence)
				}
				break // a state outweighs those after it in the same sentence
			}
		}
	}
	decided := slices.DeleteFunc(slices.Clone(states), func(s evidence.ItemState) bool { return s == evidence.ItemUnderReview })
	switch {
	case len(decided) == 1:
		p.State = decided[0]
	case len(decided) == 0 && len(states) == 1:
		p.State = evidence.ItemUnderReview
	}
	return p, nil
}

// longestSentence is what is shown of one, in characters.
const longestSentence = 300

// sentences are those of a text, each on one line. A condition tells of nothing that
// has happened, so those that begin with if are left out.
func sentences(text string) []string {
	var list []string
	for _, s := range strings.FieldsFunc(strings.ReplaceAll(text, "\n\n", ".\n"), func(r rune) bool { return strings.ContainsRune("!?。！？", r) || r == 0 }) {
		for _, part := range strings.Split(strings.Join(strings.Fields(s), " "), ". ") {
			low := strings.ToLower(part)
			if strings.HasPrefix(low, "if ") || strings.HasPrefix(low, "wenn ") || strings.HasPrefix(low, "si ") || part == "" {
				continue
			}
			if r := []rune(part); len(r) > longestSentence {
				part = string(r[:longestSentence]) + "..."
			}
			list = append(list, strings.Trim(part, " ."))
		}
	}
	return list
}
