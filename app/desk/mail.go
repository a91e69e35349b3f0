package desk

import (
	"fmt"
	"io"
	"net/mail"
	"path/filepath"
	"strings"

	"touchstone/report/takedown/reply"
	"touchstone/store/evidence"
)

// maxMailHead bounds how much of an e-mail is read for its head, in bytes.
const maxMailHead = 1 << 20

// mailHead is what the head of an e-mail says; nil for another file. An e-mail
// whose head does not read is kept all the same, as it is.
func (d *Desk) mailHead(name string, file evidence.Artifact) (*evidence.Mail, error) {
	ext := strings.ToLower(filepath.Ext(name))
	if ext != ".eml" && ext != ".msg" {
		return nil, nil
	}
	// From what was kept, not from the file: that may change.
	f, err := d.ws.Blobs().Open(file.SHA256)
	if err != nil {
		return nil, fmt.Errorf("read the mail's head: %w", err)
	}
	defer f.Close()
	if ext == ".msg" {
		return readMsg(f), nil
	}
	return readEml(io.LimitReader(f, maxMailHead)), nil
}

func readEml(r io.Reader) *evidence.Mail {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return nil
	}
	head := reply.Head(message.Header)
	return &head
}
