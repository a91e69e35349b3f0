package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Origin says where facts of an entry come from.
type Origin struct {
	Of   []string `json:"of"`   // members of the entry
	Mark string   `json:"mark"` // S: a source confirms it; S2: only second-hand; M: from memory; ?: looked for and not found
	From string   `json:"from"`
	Note string   `json:"note,omitempty"`
}

// schema is the name of the file beside the entries that describes their form.
const schema = "schema"

// ErrNoEntry means that there is no entry of that name.
var ErrNoEntry = errors.New("no such entry")

// Entry reads folder/NAME.json. Errors: ErrNoEntry.
func Entry[T any](folder embed.FS, dir, name string) (T, error) {
	var v T
	text, err := folder.ReadFile(path.Join(dir, name+".json"))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || name == schema {
		return v, fmt.Errorf("%s %q: %w", dir, name, ErrNoEntry)
	}
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return v, fmt.Errorf("%s/%s.json: %w", dir, name, err)
	}
	return v, nil
}

// Entries reads all entries of a folder, by name.
func Entries[T any](folder embed.FS, dir string) ([]T, error) {
	names, err := Names(folder, dir)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(names))
	for i, name := range names {
		if all[i], err = Entry[T](folder, dir, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Names are the names of a folder's entries, in order.
func Names(folder embed.FS, dir string) ([]string, error) {
	files, err := fs.Glob(folder, dir+"/*.json")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".json"); name != schema {
			names = append(names, name)
		}
	}
	return names, nil
}
