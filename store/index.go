package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"touchstone/store/evidence"
)

// Index names a way to find records other than by ID. It is also the name of
// the bucket that holds it.
type Index string

// The indexes, each with the records it finds and the key it finds them by.
const (
	CasesByName          Index = "case.name"
	ListingsByCase       Index = "lst.case"
	ListingsByURL        Index = "lst.url"     // ListingKey: by the URL first reported and by the canonical one
	SellersByAccount     Index = "slr.account" // SellerKey
	JobsByCase           Index = "job.case"
	JobsByState          Index = "job.state" // JobState
	CapturesByCase       Index = "cap.case"
	CapturesByListing    Index = "cap.listing"
	CapturesByJob        Index = "cap.job"
	AssessmentsByListing Index = "asm.listing"
	BrandsByName         Index = "brand.name"
	RightsByBrand        Index = "right.brand"
	SignatoriesByBrand   Index = "sig.brand"
	NoticesByCase        Index = "ntc.case"
	ItemsByNotice        Index = "item.notice"
	ItemsByListing       Index = "item.listing"
	SubmissionsByNotice  Index = "sub.notice"
	ReceiptsBySubmission Index = "rcp.submission"
	StampsByState        Index = "stamp.state" // StampState

	ListingsBySeller      Index = "lst.seller"
	ListingsByMarketplace Index = "lst.marketplace"
	ListingsByItem        Index = "lst.item" // ItemKey
	CapturesByOutcome     Index = "cap.outcome"
	AttachmentsByTarget   Index = "att.to"
	AttachmentsByCase     Index = "att.case"
	RedactionsByOriginal  Index = "red.of"
	RedactionsByCase      Index = "red.case"
	NotesBySubject        Index = "note.subject"
	NotesByCase           Index = "note.case"
	ClearancesByCapture   Index = "clr.capture" // or by attachment
	TombstonesByDeleted   Index = "tomb.deleted"
	TombstonesByCase      Index = "tomb.case"
	ImportsByCase         Index = "imp.case"

	InquiriesByState    Index = "inq.state"    // InquiryState
	InquiriesByExternal Index = "inq.external" // ExternalKey
	InquiriesByListing  Index = "inq.listing"
	InquiriesByCase     Index = "inq.case"
	AnswersByInquiry    Index = "ans.inquiry"
	CountersByItem      Index = "ctr.item"
	CountersByState     Index = "ctr.state"    // CounterState
	CountersByExternal  Index = "ctr.external" // ExternalKey
	MessagesByChannel   Index = "msg.channel"
	MessagesByAbout     Index = "msg.about"
	MessagesByExternal  Index = "msg.external" // ExternalKey
	SubmissionsByAbout  Index = "sub.about"
	SubmissionsByState  Index = "sub.state" // SubmissionState
	StandingsByBrand    Index = "stand.brand"
	FiguresByChannel    Index = "figs.channel"
	CursorsByChannel    Index = "cursor.channel"

	TestBuysByCase    Index = "buy.case"
	TestBuysByListing Index = "buy.listing"
	TestBuysBySeller  Index = "buy.seller"
	LettersByCase     Index = "ltr.case"
	LettersBySeller   Index = "ltr.seller"
	DomainsByListing  Index = "dom.listing"
)

// indexes says of which kind the records of an index are.
var indexes = map[Index]evidence.Kind{
	CasesByName:          evidence.KindCase,
	ListingsByCase:       evidence.KindListing,
	ListingsByURL:        evidence.KindListing,
	SellersByAccount:     evidence.KindSeller,
	JobsByCase:           evidence.KindJob,
	JobsByState:          evidence.KindJob,
	CapturesByCase:       evidence.KindCapture,
	CapturesByListing:    evidence.KindCapture,
	CapturesByJob:        evidence.KindCapture,
	AssessmentsByListing: evidence.KindAssessment,
	BrandsByName:         evidence.KindBrand,
	RightsByBrand:        evidence.KindRight,
	SignatoriesByBrand:   evidence.KindSignatory,
	NoticesByCase:        evidence.KindNotice,
	ItemsByNotice:        evidence.KindItem,
	ItemsByListing:       evidence.KindItem,
	SubmissionsByNotice:  evidence.KindSubmission,
	ReceiptsBySubmission: evidence.KindReceipt,
	StampsByState:        evidence.KindStamp,

	ListingsBySeller:      evidence.KindListing,
	ListingsByMarketplace: evidence.KindListing,
	ListingsByItem:        evidence.KindListing,
	CapturesByOutcome:     evidence.KindCapture,
	AttachmentsByTarget:   evidence.KindAttachment,
	AttachmentsByCase:     evidence.KindAttachment,
	RedactionsByOriginal:  evidence.KindRedaction,
	RedactionsByCase:      evidence.KindRedaction,
	NotesBySubject:        evidence.KindNote,
	ClearancesByCapture:   evidence.KindClearance,
	NotesByCase:           evidence.KindNote,
	TombstonesByDeleted:   evidence.KindTombstone,
	TombstonesByCase:      evidence.KindTombstone,
	ImportsByCase:         evidence.KindImport,

	InquiriesByState:    evidence.KindInquiry,
	InquiriesByExternal: evidence.KindInquiry,
	InquiriesByListing:  evidence.KindInquiry,
	InquiriesByCase:     evidence.KindInquiry,
	AnswersByInquiry:    evidence.KindAnswer,
	CountersByItem:      evidence.KindCounter,
	CountersByState:     evidence.KindCounter,
	CountersByExternal:  evidence.KindCounter,
	MessagesByChannel:   evidence.KindMessage,
	MessagesByAbout:     evidence.KindMessage,
	MessagesByExternal:  evidence.KindMessage,
	SubmissionsByAbout:  evidence.KindSubmission,
	SubmissionsByState:  evidence.KindSubmission,
	StandingsByBrand:    evidence.KindStandingApproval,
	FiguresByChannel:    evidence.KindChannelStanding,
	CursorsByChannel:    evidence.KindChannelCursor,

	TestBuysByCase:    evidence.KindTestBuy,
	TestBuysByListing: evidence.KindTestBuy,
	TestBuysBySeller:  evidence.KindTestBuy,
	LettersByCase:     evidence.KindLetter,
	LettersBySeller:   evidence.KindLetter,
	DomainsByListing:  evidence.KindDomain,
}

// ListingKey is the key of a listing in ListingsByURL: its case and a URL of it.
// A hash, because URLs may be longer than keys can be.
func ListingKey(caseID evidence.ID, url string) string {
	return string(evidence.HashOf([]byte(string(caseID) + "\n" + url)))
}

// ItemKey is the key of a listing in ListingsByItem: the marketplace and its own
// number for the item; "" where it has none.
func ItemKey(marketplace, item string) string { return SellerKey(marketplace, item) }

// ExternalKey is the key of what a channel gave a number, by that number; "" of
// what has none.
func ExternalKey(channel, number string) string { return SellerKey(channel, number) }

// SellerKey is the key of a seller in SellersByAccount; "" where the marketplace
// does not say an ID.
func SellerKey(marketplace, id string) string {
	if id == "" {
		return ""
	}
	return string(evidence.HashOf([]byte(marketplace + "\n" + id)))
}

// separator stands between key and ID in an index.
const separator = 0

// maxKey bounds what is indexed as text; what is longer is indexed by its hash.
// bbolt's own bound is 32 KiB.
const maxKey = 512

func indexPrefix(key string) []byte {
	if len(key) > maxKey || bytes.IndexByte([]byte(key), separator) >= 0 {
		key = string(evidence.HashOf([]byte(key)))
	}
	return append([]byte(key), separator)
}

func indexEntry(k indexKey, id evidence.ID) []byte { return append(indexPrefix(k.key), id...) }

// foundBy reports whether an index finds the record under a prefix.
func (d *described) foundBy(ix Index, prefix []byte) bool {
	return slices.ContainsFunc(d.keys, func(k indexKey) bool {
		return k.index == ix && bytes.Equal(indexPrefix(k.key), prefix)
	})
}

// reindex changes a record's index entries from those it had to those it has.
func (tx *Tx) reindex(id evidence.ID, before, now []indexKey) error {
	for _, k := range before {
		if !slices.Contains(now, k) {
			if err := tx.remove(string(k.index), indexEntry(k, id)); err != nil {
				return err
			}
		}
	}
	for _, k := range now {
		if !slices.Contains(before, k) {
			if err := tx.mark(string(k.index), indexEntry(k, id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// EachBy yields the records an index has under a key, in the order of their IDs.
// After an error it goes on with the next record.
func EachBy[T any](tx *Tx, index Index, key string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		prefix := indexPrefix(key)
		for p, err := range tx.all(span{bucket: string(index), prefix: prefix}) {
			v, err := none, err
			if err == nil {
				v, err = indexed[T](tx, index, prefix, evidence.ID(p.key[len(prefix):]))
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// Count is how many records an index has under key. It reads none of them.
func Count(tx *Tx, index Index, key string) (int, error) {
	return tx.count(span{bucket: string(index), prefix: indexPrefix(key)})
}

// Total is how many records of a kind there are.
func Total(tx *Tx, name evidence.Kind) (int, error) { return tx.count(span{bucket: string(name)}) }

func (tx *Tx) count(s span) (int, error) {
	n := 0
	for _, err := range tx.all(s) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// indexed reads a record that an index names under a key, where it must belong.
func indexed[T any](tx *Tx, index Index, prefix []byte, id evidence.ID) (T, error) {
	v, err := Get[T](tx, id)
	if errors.Is(err, ErrNotFound) {
		// Not ErrNotFound to the caller: he did not ask for this one.
		return v, indexDamage(index, "it names %s, which is not there", id)
	}
	if err != nil || index == "" {
		return v, err
	}
	d, err := describeValue(kinds[id.Kind()], v)
	if err == nil && !d.foundBy(index, prefix) {
		err = indexDamage(index, "it finds %s where it does not belong", id)
	}
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}

func indexDamage(index Index, format string, a ...any) error {
	return fmt.Errorf("index %s is %w: %s: run touchstone verify --repair-indexes", index, ErrDamaged, fmt.Sprintf(format, a...))
}

// describeValue describes a record, also one that was read as the JSON that is stored.
func describeValue(k kind, v any) (described, error) {
	if raw, ok := v.(json.RawMessage); ok {
		return k.read(raw)
	}
	return k.tell(v), nil
}

// Query asks for a page of records: all of a kind, or those an index has under a key.
type Query struct {
	Kind   evidence.Kind // without an Index
	Index  Index
	Key    string
	Newest bool   // newest first
	Cursor string // what the page before gave; "" for the first
	Limit  int    // 0: 100
}

const defaultLimit = 100

// Page reads one page of records, and the cursor of the next, which is "" at the
// end. A page costs the same wherever it is. A record that does not read is
// left out and named in the error, which comes with the others: callers that
// show what there is can show both.
func Page[T any](tx *Tx, q Query) (records []T, next string, err error) {
	s := span{bucket: string(q.Kind), reverse: q.Newest}
	if q.Index != "" {
		s.bucket, s.prefix = string(q.Index), indexPrefix(q.Key)
	}
	if q.Cursor != "" {
		s.after = append(bytes.Clone(s.prefix), q.Cursor...)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	pairs, err := tx.scan(s, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(pairs) > limit {
		pairs = pairs[:limit]
		next = string(pairs[limit-1].key[len(s.prefix):])
	}
	var failed []error
	for _, p := range pairs {
		id := evidence.ID(p.key[len(s.prefix):])
		v, err := indexed[T](tx, q.Index, s.prefix, id)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		records = append(records, v)
	}
	return records, next, errors.Join(failed...)
}
