package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ErrPath means that a path in a bag would be unsafe to unpack somewhere.
var ErrPath = errors.New("path is not safe")

// maxName is the longest name of a file or folder that every usual system
// unpacks, in bytes.
const maxName = 200

// checkPath refuses a path that could leave the bag's folder, or that some
// system cannot unpack. Percent signs and line ends would have to be written
// otherwise in manifests, so that sha256sum did not find the file.
func checkPath(path string) error {
	if !fs.ValidPath(path) || path == "." || !utf8.ValidString(path) {
		return fmt.Errorf("%q: %w", path, ErrPath)
	}
	for part := range strings.SplitSeq(path, "/") {
		if len(part) > maxName || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.HasPrefix(part, " ") || reserved(part) {
			return fmt.Errorf("%q: %w", path, ErrPath)
		}
	}
	bad := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`\:*?"<>|%`, r)
	}
	if strings.ContainsFunc(path, bad) {
		return fmt.Errorf("%q: %w", path, ErrPath)
	}
	return nil
}

// reserved reports whether Windows keeps the name for a device.
func reserved(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) && base[3] >= '1' && base[3] <= '9'
}

// Name makes a name for a file or folder out of any text, such as a listing's
// title: what is unsafe becomes an underscore. It may be cut, so it need not be
// the only one.
func Name(text string) string {
	const longest = 60 // bytes: leaves room for folders above it
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r), strings.ContainsRune("-.,()", r):
		default:
			r = '_'
		}
		if b.Len()+utf8.RuneLen(r) > longest {
			break
		}
		if r != '_' || !strings.HasSuffix(b.String(), "_") {
			b.WriteRune(r)
		}
	}
	name := strings.Trim(b.String(), "._ ")
	if name == "" || reserved(name) {
		return "file_" + name
	}
	return name
}

func checkBag(b *Bag) error {
	if err := checkPath(b.Name); err != nil || strings.Contains(b.Name, "/") {
		return fmt.Errorf("name %q: %w", b.Name, ErrPath)
	}
	for _, f := range b.Info {
		if f.Label == "" || strings.ContainsAny(f.Label, ":\r\n") || strings.TrimSpace(f.Label) != f.Label {
			return fmt.Errorf("bag-info label %q is not one", f.Label)
		}
	}
	seen := newNames()
	for _, name := range []string{bagitName, infoName, manifestName, tagmanName} {
		seen.paths[name] = name
	}
	for _, f := range b.Tags {
		if strings.HasPrefix(f.Path, payloadDir) {
			return fmt.Errorf("%q: %w: tags are not in the payload", f.Path, ErrPath)
		}
		if err := seen.add(f.Path); err != nil {
			return err
		}
	}
	for _, f := range b.Files {
		if err := seen.add(payloadDir + f.Path); err != nil {
			return err
		}
	}
	return seen.checkFolders()
}

// names are paths that lie in one folder.
type names struct {
	paths map[string]string // by what makes them one file on some system
	fold  cases.Caser
}

func newNames() names { return names{map[string]string{}, cases.Fold()} }

// add takes a path in, unless it is unsafe or there already. Names that differ
// only by case or by how accents are composed are one file on some systems.
func (n *names) add(name string) error {
	if err := checkPath(name); err != nil {
		return err
	}
	key := n.key(name)
	if _, there := n.paths[key]; there {
		return fmt.Errorf("%q: %w: it is there twice", name, ErrPath)
	}
	n.paths[key] = name
	return nil
}

func (n *names) key(name string) string { return n.fold.String(norm.NFC.String(name)) }

// checkFolders refuses a file that another path needs as a folder.
func (n *names) checkFolders() error {
	for key, name := range n.paths {
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if _, there := n.paths[dir]; there {
				return fmt.Errorf("%q: %w: %q is a file", name, ErrPath, dir)
			}
		}
	}
	return nil
}
