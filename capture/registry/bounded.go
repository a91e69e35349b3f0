package registry

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// bounded is a way to servers that answers take no more than maxAnswer bytes of,
// and that no redirect leads away from TLS on.
type bounded struct {
	way   http.RoundTripper
	plain bool // servers without TLS are asked as well
}

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !b.plain {
		return nil, fmt.Errorf("%s is not asked: anybody on the way could have answered, since it is not https", r.URL.Redacted())
	}
	response, err := b.way.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &body{response.Body, maxAnswer}
	return response, nil
}

// errLong means that an answer is longer than any that is in order.
var errLong = errors.New("the answer is too long")

// body ends an answer that is too long with an error, so that no half of one is
// taken for the whole.
type body struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errLong
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return 0, errLong
	}
	return n, err
}

// CloseIdleConnections lets http.Client do so.
func (b bounded) CloseIdleConnections() {
	if t, ok := b.way.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}
