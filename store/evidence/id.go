package evidence

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// Kind is the prefix of an ID and the name of the collection its record is in.
type Kind string

// The kinds of record a workspace keeps.
const (
	KindCase       Kind = "case"
	KindListing    Kind = "lst"
	KindSeller     Kind = "slr"
	KindJob        Kind = "job"
	KindCapture    Kind = "cap"
	KindAssessment Kind = "asm"
	KindBrand      Kind = "brand"
	KindRight      Kind = "right"
	KindSignatory  Kind = "sig"
	KindNotice     Kind = "ntc"
	KindItem       Kind = "item"
	KindSubmission Kind = "sub"
	KindReceipt    Kind = "rcp"
	KindAttachment Kind = "att"
	KindImport     Kind = "imp"
	KindRedaction  Kind = "red"
	KindNote       Kind = "note"
	KindClearance  Kind = "clr"
	KindTombstone  Kind = "tomb"
	KindStamp      Kind = "stamp"
	KindSettings   Kind = "set"

	KindInquiry          Kind = "inq"
	KindAnswer           Kind = "ans"
	KindCounter          Kind = "ctr"
	KindMessage          Kind = "msg"
	KindStandingApproval Kind = "stand"
	KindChannelStanding  Kind = "figs"
	KindChannelCursor    Kind = "cursor"

	KindTestBuy Kind = "buy"
	KindLetter  Kind = "ltr"
	KindDomain  Kind = "dom"
)

// ID names one record: its kind, an underscore and a ULID, as in
// cap_01KAT7Z5W3N5QK0V9J6W4M2R8T. IDs of one kind sort by creation time.
type ID string

// crockford is the alphabet of ULIDs (github.com/ulid/spec).
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const ulidLen = 26

// NewID makes an ID of the kind, dated t.
func NewID(kind Kind, t time.Time) ID {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(t.UnixMilli())<<16)
	rand.Read(b[6:])
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var text [ulidLen]byte
	for i := ulidLen - 1; i >= 0; i-- {
		text[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return ID(string(kind) + "_" + string(text[:]))
}

// ParseID checks that s has the form of an ID.
func ParseID(s string) (ID, error) {
	kind, ulid, ok := strings.Cut(s, "_")
	if !ok || kind == "" || len(ulid) != ulidLen || strings.Trim(ulid, crockford) != "" {
		return "", fmt.Errorf("%q is not an ID: want a kind, an underscore and 26 characters, as in cap_01KAT7Z5W3N5QK0V9J6W4M2R8T", s)
	}
	return ID(s), nil
}

// Kind is the part of the ID before the underscore.
func (id ID) Kind() Kind {
	kind, _, _ := strings.Cut(string(id), "_")
	return Kind(kind)
}
