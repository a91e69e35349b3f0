package desk

import (
	"cmp"
	"encoding/binary"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"touchstone/report/takedown/reply"
	"touchstone/store/evidence"
)

// An Outlook message is a compound file with a stream for each property
// ([MS-OXMSG], 2.1). A stream's name ends in the property's number and type:
// 001F is Unicode text, 001E text in some code page.
const (
	msgStream     = "__substg1.0_"
	msgSubject    = "0037"
	msgSenderName = "0C1A"
	msgSender     = "5D01" // SMTP address
	msgSenderOld  = "0C1F" // address of whatever kind
	msgTo         = "0E04"
	msgID         = "1035" // Message-ID
	msgAnswers    = "1042" // In-Reply-To
	msgReferences = "1039"
	msgBody       = "1000"
	msgPage       = "1013" // the body as HTML, in binary
	msgProperties = "__properties_version1.0"
	msgSentAt     = 0x00390040 // property and type
	msgGotAt      = 0x0E060040 // of delivery
)

// maxMsgProperty is what is read of one property, in bytes.
const maxMsgProperty = 1 << 20

// readMsg reads the head of an Outlook message; nil where there is none.
func readMsg(r io.ReaderAt) *evidence.Mail {
	if m, ok := readMsgWhole(r); ok {
		return &m.Head
	}
	return nil
}

// readMsgWhole reads an Outlook message; ok is false where there is none.
func readMsgWhole(r io.ReaderAt) (m reply.Message, ok bool) {
	file, err := mscfb.New(r)
	if err != nil {
		return m, false
	}
	text := map[string]string{}
	var at time.Time
	for f, err := file.Next(); err == nil; f, err = file.Next() {
		// What lies deeper belongs to recipients and attachments.
		if len(f.Path) > 0 {
			continue
		}
		if f.Name == msgProperties {
			at = msgTime(property(f))
		}
		if name, ok := strings.CutPrefix(f.Name, msgStream); ok && len(name) == 8 {
			switch name[4:] {
			case "001F":
				text[name[:4]] = utf16Text(property(f))
			case "0102":
				if name[:4] == msgPage {
					text[msgPage] = reply.Plain(strings.ToValidUTF8(string(property(f)), "\uFFFD"))
				}
			case "001E":
				text[name[:4]] = strings.ToValidUTF8(string(property(f)), "\uFFFD")
			}
		}
	}
	m.Head = evidence.Mail{Subject: text[msgSubject], From: text[msgSenderName], To: text[msgTo]}
	if address := cmp.Or(text[msgSender], text[msgSenderOld]); address != "" && address != m.Head.From {
		m.Head.From = strings.TrimSpace(m.Head.From + " <" + address + ">")
	}
	if !at.IsZero() {
		m.Head.SentAt = &at
	}
	if own := reply.IDs(text[msgID]); len(own) > 0 {
		m.ID = own[0]
	}
	m.References = reply.IDs(text[msgAnswers] + " " + text[msgReferences])
	m.Whole = cmp.Or(text[msgBody], text[msgPage])
	m.Text = reply.Unquoted(m.Whole)
	return m, m.Head != evidence.Mail{}
}

func property(f *mscfb.File) []byte {
	b, err := io.ReadAll(io.LimitReader(f, maxMsgProperty))
	if err != nil {
		return nil
	}
	return b
}

// msgTime is when a message was sent, or else came in.
func msgTime(properties []byte) time.Time {
	const head, entry = 32, 16 // [MS-OXMSG], 2.4: bytes before the properties, and of each
	u := binary.LittleEndian
	var found time.Time
	for b := properties; len(b) >= head+entry; b = b[entry:] {
		p := b[head : head+entry]
		if tag := u.Uint32(p); tag == msgSentAt || tag == msgGotAt && found.IsZero() {
			found = fileTime(u.Uint64(p[8:]))
		}
	}
	return found
}

// fileTime is a time of Windows: tenths of microseconds since 1601.
func fileTime(v uint64) time.Time {
	const to1970 = 116444736000000000
	if v < to1970 || v > 1<<62 {
		return time.Time{}
	}
	return time.UnixMicro(int64((v - to1970) / 10)).UTC()
}

func utf16Text(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, binary.LittleEndian.Uint16(b))
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}
