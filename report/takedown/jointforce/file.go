package jointforce

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// MaxFile is how long a file may be, in bytes, at every marketplace.
const MaxFile = 5 << 20

// MaxFiles is how many files one message, answer or finding may name.
const MaxFiles = 20

// FileTypes are the media types of files that every marketplace takes.
var FileTypes = []string{"application/pdf", "image/jpeg", "image/png", "text/plain", "message/rfc822"}

// File is a document or picture at the marketplace: of ours, or of a seller or
// the account manager for us to read.
type File struct {
	ID        string        `json:"id" rule:"some"`
	Name      string        `json:"name"`
	MediaType string        `json:"media_type"`
	Size      int64         `json:"size" rule:"count"`
	SHA256    evidence.Hash `json:"sha256"`
	At        time.Time     `json:"at"` // when it arrived there
	From      Party         `json:"from"`
}

// Party is who something is from.
type Party string

// The parties.
const (
	FromBrand       Party = "brand"
	FromMarketplace Party = "marketplace"
	FromSeller      Party = "seller"
)

// Upload hands a file to the marketplace, to be named by its ID in a message, an
// answer or a finding. A file that nothing names may be dropped after a day. Sent
// twice with the same key it is kept once.
func (c *Client) Upload(ctx context.Context, name, mediaType string, content []byte, key string) (File, takedown.Answer, error) {
	var v violations
	v.text("/name", name, 1, 200)
	v.oneOf("/media_type", mediaType, FileTypes...)
	if len(content) == 0 || len(content) > MaxFile {
		v.add("/content", fmt.Sprintf("has %d bytes, must have 1 to %d", len(content), MaxFile))
	}
	if err := fit(v, key); err != nil {
		return File{}, takedown.Answer{}, err
	}
	sum := evidence.HashOf(content)
	x := exchange{
		method: http.MethodPost, path: "/files", key: key, body: content, mediaType: mediaType,
		query: url.Values{"name": {name}, "sha256": {string(sum)}},
	}
	var f File
	err := c.do(ctx, &x, &f)
	if err == nil {
		err = x.whole(f.ID != "" && f.SHA256 == sum)
	}
	if err != nil {
		f = File{}
	}
	return f, x.Answer(), wrap("hand over the file", err)
}

// Download fetches a file and checks its hash.
func (c *Client) Download(ctx context.Context, f File) ([]byte, error) {
	x := exchange{method: http.MethodGet, path: "/files/" + url.PathEscape(f.ID), accept: "*/*"}
	err := c.exchange(ctx, &x)
	if sum := sha256.Sum256(x.Body); err == nil && fmt.Sprintf("%x", sum) != string(f.SHA256) {
		err = x.Lost(fmt.Errorf("the file %s is not the one that was announced: its SHA-256 is %x", f.ID, sum))
	}
	if err != nil {
		return nil, wrap("fetch a file", err)
	}
	return slices.Clone(x.Body), nil
}

// files wants at most MaxFiles names of files.
func (v *violations) files(pointer string, ids []string) {
	v.count(pointer, len(ids), 0, MaxFiles)
	for i, id := range ids {
		v.text(fmt.Sprintf("%s/%d", pointer, i), id, 1, 64)
	}
}
