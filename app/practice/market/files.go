package market

import (
	"fmt"
	"strconv"
	"strings"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// document is a file with its bytes.
type document struct {
	jointforce.File
	content []byte
}

// Keep takes a file in that the brand hands over.
func (m *Market) Keep(name, mediaType string, content []byte) jointforce.File {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return m.keep(jointforce.FromBrand, name, mediaType, content)
}

func (m *Market) keep(from jointforce.Party, name, mediaType string, content []byte) jointforce.File {
	f := jointforce.File{
		ID: fmt.Sprintf("FIL-%06d", len(m.files)+1), Name: name, MediaType: mediaType, Size: int64(len(content)),
		SHA256: evidence.HashOf(content), At: m.now().UTC(), From: from,
	}
	m.files = append(m.files, &document{f, content})
	return f
}

// Document finds a file and its bytes.
func (m *Market) Document(id string) (jointforce.File, []byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := find(m.files, id, func(d *document) string { return d.ID })
	if err != nil {
		return jointforce.File{}, nil, err
	}
	return d.File, d.content, nil
}

// named are the files of these IDs; each must be the brand's.
func (m *Market) named(ids []string) ([]jointforce.File, error) {
	list := []jointforce.File{}
	for _, id := range ids {
		d, err := find(m.files, id, func(d *document) string { return d.ID })
		if err != nil || d.From != jointforce.FromBrand {
			return nil, ErrUnknownFile
		}
		list = append(list, d.File)
	}
	return list, nil
}

// find is the entry with the ID, which ends with its place in the list.
func find[T any](list []T, id string, idOf func(T) string) (T, error) {
	var none T
	n, err := strconv.Atoi(id[strings.LastIndexByte(id, '-')+1:])
	if err != nil || n < 1 || n > len(list) || idOf(list[n-1]) != id {
		return none, ErrNotFound
	}
	return list[n-1], nil
}

// pageOf lists up to limit entries after the cursor that keep agrees to, and the
// cursor to go on from; that is empty at the end.
func pageOf[T, V any](list []T, after string, limit int, keep func(T) bool, show func(T) V) ([]V, string, error) {
	from, err := position(after, len(list))
	if err != nil {
		return nil, "", err
	}
	page := []V{}
	for i, v := range list[from:] {
		if !keep(v) {
			continue
		}
		if len(page) == limit {
			return page, cursor(from + i), nil
		}
		page = append(page, show(v))
	}
	return page, "", nil
}
