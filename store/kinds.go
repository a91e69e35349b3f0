package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"touchstone/store/evidence"
)

// kind says how records of one kind are found and what files they name.
type kind struct {
	name evidence.Kind
	typ  reflect.Type
	read func(content []byte) (described, error) // of a record in JSON
	tell func(v any) described                   // of a value of typ
}

// described is what the store needs to know of a record.
type described struct {
	id    evidence.ID
	keys  []indexKey
	files []fileRef
}

// indexKey is one place at which a record is found.
type indexKey struct {
	index Index
	key   string
}

// fileRef is a blob that a record names.
type fileRef struct {
	role string // what it is to the record
	hash evidence.Hash
	size int64 // unknownSize where the record does not say
}

const unknownSize = -1

// kinds is what a workspace keeps records of.
var kinds = byName(
	kindOf(evidence.KindCase, func(c *evidence.Case) described {
		return described{c.ID, []indexKey{{CasesByName, c.Name}}, nil}
	}),
	kindOf(evidence.KindListing, func(l *evidence.Listing) described {
		keys := []indexKey{
			{ListingsByCase, string(l.Case)}, {ListingsByURL, ListingKey(l.Case, l.URL)}, {ListingsBySeller, string(l.Seller)},
			{ListingsByMarketplace, l.Marketplace}, {ListingsByItem, ItemKey(l.Marketplace, l.ItemID)},
		}
		if l.CanonicalURL != "" && l.CanonicalURL != l.URL {
			keys = append(keys, indexKey{ListingsByURL, ListingKey(l.Case, l.CanonicalURL)})
		}
		return described{l.ID, keys, nil}
	}),
	kindOf(evidence.KindSeller, func(s *evidence.Seller) described {
		return described{s.ID, []indexKey{{SellersByAccount, SellerKey(s.Marketplace, cmp.Or(s.Facts.ID, s.Facts.Name))}}, nil}
	}),
	kindOf(evidence.KindJob, func(j *evidence.Job) described {
		return described{j.ID, []indexKey{{JobsByCase, string(j.Case)}, {JobsByState, string(j.State)}}, nil}
	}),
	kindOf(evidence.KindCapture, tellCapture),
	kindOf(evidence.KindAssessment, func(a *evidence.Assessment) described {
		return described{a.ID, []indexKey{{AssessmentsByListing, string(a.Listing)}}, nil}
	}),
	kindOf(evidence.KindBrand, func(b *evidence.Brand) described {
		return described{b.ID, []indexKey{{BrandsByName, b.Name}}, nil}
	}),
	kindOf(evidence.KindRight, func(r *evidence.Right) described {
		return described{r.ID, []indexKey{{RightsByBrand, string(r.Brand)}}, nil}
	}),
	kindOf(evidence.KindSignatory, func(s *evidence.Signatory) described {
		return described{s.ID, []indexKey{{SignatoriesByBrand, string(s.Brand)}}, nil}
	}),
	kindOf(evidence.KindNotice, func(n *evidence.Notice) described {
		return described{n.ID, []indexKey{{NoticesByCase, string(n.Case)}}, nil}
	}),
	kindOf(evidence.KindItem, func(i *evidence.NoticeItem) described {
		return described{i.ID, []indexKey{{ItemsByNotice, string(i.Notice)}, {ItemsByListing, string(i.Listing)}}, nil}
	}),
	kindOf(evidence.KindSubmission, func(s *evidence.Submission) described {
		return described{s.ID, []indexKey{
			{SubmissionsByNotice, string(s.Notice)}, {SubmissionsByAbout, string(s.About)}, {SubmissionsByState, string(s.State)},
		}, oneFile("request", s.Request)}
	}),
	kindOf(evidence.KindReceipt, func(r *evidence.Receipt) described {
		return described{r.ID, []indexKey{{ReceiptsBySubmission, string(r.Submission)}}, slices.Concat(oneFile("request", r.Request), oneFile("response", r.Response))}
	}),
	kindOf(evidence.KindStamp, tellStamp),
	kindOf(evidence.KindSettings, func(s *evidence.WorkspaceSettings) described {
		d := described{id: s.ID}
		for _, a := range s.Authorities {
			d.files = append(d.files, oneFile("roots of "+a.Name, a.Roots)...)
		}
		return d
	}),
	kindOf(evidence.KindAttachment, func(a *evidence.Attachment) described {
		return described{a.ID, []indexKey{{AttachmentsByTarget, string(a.To)}, {AttachmentsByCase, string(a.Case)}}, filesOf(a.Artifacts)}
	}),
	kindOf(evidence.KindRedaction, func(r *evidence.Redaction) described {
		return described{r.ID, []indexKey{{RedactionsByOriginal, string(r.Of)}, {RedactionsByCase, string(r.Case)}}, filesOf([]evidence.Artifact{r.Redacted})}
	}),
	kindOf(evidence.KindNote, func(n *evidence.Note) described {
		return described{n.ID, []indexKey{{NotesBySubject, string(n.Subject)}, {NotesByCase, string(n.Case)}}, nil}
	}),
	kindOf(evidence.KindClearance, func(c *evidence.Clearance) described {
		return described{c.ID, []indexKey{{ClearancesByCapture, string(cmp.Or(c.Capture, c.Attachment))}}, nil}
	}),
	kindOf(evidence.KindImport, tellImport),
	kindOf(evidence.KindInquiry, func(i *evidence.Inquiry) described {
		return described{i.ID, []indexKey{
			{InquiriesByState, string(i.State)}, {InquiriesByExternal, ExternalKey(i.Channel, i.External)},
			{InquiriesByListing, string(i.Listing)}, {InquiriesByCase, string(i.Case)},
		}, nil}
	}),
	kindOf(evidence.KindAnswer, func(a *evidence.Answer) described {
		return described{a.ID, []indexKey{{AnswersByInquiry, string(a.Inquiry)}}, nil}
	}),
	kindOf(evidence.KindCounter, func(c *evidence.CounterNotice) described {
		return described{c.ID, []indexKey{
			{CountersByItem, string(c.Item)}, {CountersByState, string(c.State)}, {CountersByExternal, ExternalKey(c.Channel, c.External)},
		}, nil}
	}),
	kindOf(evidence.KindMessage, func(m *evidence.Message) described {
		return described{m.ID, []indexKey{
			{MessagesByChannel, m.Channel}, {MessagesByAbout, string(m.About)}, {MessagesByExternal, ExternalKey(m.Channel, m.External)},
		}, nil}
	}),
	kindOf(evidence.KindStandingApproval, func(a *evidence.StandingApproval) described {
		return described{a.ID, []indexKey{{StandingsByBrand, string(a.Brand)}}, nil}
	}),
	kindOf(evidence.KindChannelStanding, func(s *evidence.ChannelStanding) described {
		return described{s.ID, []indexKey{{FiguresByChannel, s.Channel}}, nil}
	}),
	kindOf(evidence.KindChannelCursor, func(c *evidence.ChannelCursor) described {
		return described{c.ID, []indexKey{{CursorsByChannel, c.Channel}}, nil}
	}),
	kindOf(evidence.KindTestBuy, func(b *evidence.TestPurchase) described {
		return described{b.ID, []indexKey{{TestBuysByCase, string(b.Case)}, {TestBuysByListing, string(b.Listing)}, {TestBuysBySeller, string(b.Seller)}}, nil}
	}),
	kindOf(evidence.KindLetter, func(l *evidence.Letter) described {
		return described{l.ID, []indexKey{{LettersByCase, string(l.Case)}, {LettersBySeller, string(l.Seller)}}, oneFile("letter", l.File)}
	}),
	kindOf(evidence.KindDomain, func(r *evidence.DomainRecord) described {
		return described{r.ID, []indexKey{{DomainsByListing, string(r.Listing)}}, nil}
	}),
	// A tombstone names the files that were, and needs none of them.
	kindOf(evidence.KindTombstone, func(t *evidence.Tombstone) described {
		return described{t.ID, []indexKey{{TombstonesByDeleted, string(t.Deleted)}, {TombstonesByCase, string(t.Case)}}, nil}
	}),
)

func tellCapture(c *evidence.Capture) described {
	return described{c.ID, []indexKey{
		{CapturesByCase, string(c.Case)}, {CapturesByListing, string(c.Listing)}, {CapturesByJob, string(c.Job)},
		{CapturesByOutcome, string(c.Outcome)},
	}, filesOf(c.Artifacts)}
}

func tellImport(i *evidence.Import) described {
	files := []fileRef{{"bag", i.Bag, i.Size}}
	for _, c := range i.Captures {
		files = append(files, filesOf(c.Artifacts)...)
	}
	return described{i.ID, []indexKey{{ImportsByCase, string(i.Case)}}, files}
}

func filesOf(artifacts []evidence.Artifact) []fileRef {
	files := make([]fileRef, 0, len(artifacts))
	for _, a := range artifacts {
		files = append(files, fileRef{string(a.Role), a.SHA256, a.Size})
	}
	return files
}

func tellStamp(s *evidence.Stamp) described {
	return described{s.ID, []indexKey{{StampsByState, string(s.State)}}, slices.Concat(
		oneFile("roots", s.Roots), oneFile("request", s.Request), oneFile("response", s.Response), oneFile("chain", s.Chain),
	)}
}

func oneFile(role string, h evidence.Hash) []fileRef {
	if h == "" {
		return nil
	}
	return []fileRef{{role, h, unknownSize}}
}

// kindOf makes a kind of what tell says about its records. Keys without a value
// are left out: a capture without a case is not found under "no case".
func kindOf[T any](name evidence.Kind, tell func(*T) described) kind {
	with := func(v *T) described {
		d := tell(v)
		keys := d.keys[:0]
		for _, k := range d.keys {
			if k.key != "" {
				keys = append(keys, k)
			}
		}
		d.keys = keys
		return d
	}
	return kind{
		name: name,
		typ:  reflect.TypeFor[T](),
		read: func(content []byte) (described, error) {
			var v T
			if err := json.Unmarshal(content, &v); err != nil {
				return described{}, err
			}
			return with(&v), nil
		},
		tell: func(v any) described {
			t := v.(T)
			return with(&t)
		},
	}
}

func byName(all ...kind) map[evidence.Kind]kind {
	m := make(map[evidence.Kind]kind, len(all))
	for _, k := range all {
		m[k.name] = k
	}
	return m
}

// kindToRead is kindFor, but lets any kind be read as the JSON that is stored.
func kindToRead[T any](name evidence.Kind) (kind, error) {
	if k, ok := kinds[name]; ok && reflect.TypeFor[T]() == reflect.TypeFor[json.RawMessage]() {
		return k, nil
	}
	return kindFor[T](name)
}

// ErrKind means that an ID names a record of another kind.
var ErrKind = errors.New("not an ID of the right kind")

// inWords is the name of a type of record in a sentence.
func inWords(t reflect.Type) string {
	var b strings.Builder
	for i, r := range t.Name() {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// kindFor is the kind of an ID whose records are of type T.
func kindFor[T any](name evidence.Kind) (kind, error) {
	k, ok := kinds[name]
	if !ok {
		return kind{}, fmt.Errorf("there are no records of kind %q", name)
	}
	if t := reflect.TypeFor[T](); t != k.typ {
		return kind{}, fmt.Errorf("%w: %s_ begins that of a %s, and a %s was wanted", ErrKind, name, inWords(k.typ), inWords(t))
	}
	return k, nil
}
