package bundle

import (
	"fmt"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Problem is how a file is not as its archive says.
type Problem string

// The problems, in the words of a workspace's verification.
const (
	Altered Problem = "altered" // it has another content
	Missing Problem = "missing" // the archive names it and does not hold it
	Stray   Problem = "stray"   // the archive holds it and does not name it
)

// Wrong is a file that is not as its archive says.
type Wrong struct {
	Problem Problem
	Path    string // as in Contents
	What    string // in a sentence
}

// WrongError lists all files of an archive that are not as it says. It is
// ErrContent where one is altered, and ErrBag where one is missing or stray.
type WrongError struct{ All []Wrong }

func (e *WrongError) Error() string {
	first := e.All[0]
	text := fmt.Sprintf("%q: %s", first.Path, first.What)
	if more := len(e.All) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Is reports whether target is ErrContent or ErrBag, and fits.
func (e *WrongError) Is(target error) bool {
	return slices.ContainsFunc(e.All, func(w Wrong) bool {
		if w.Problem == Altered {
			return target == ErrContent
		}
		return target == ErrBag
	})
}

func (e *WrongError) add(p Problem, path, format string, a ...any) {
	e.All = append(e.All, Wrong{p, path, fmt.Sprintf(format, a...)})
}

// or is e where it lists anything, otherwise nil.
func (e *WrongError) or() error {
	if len(e.All) == 0 {
		return nil
	}
	slices.SortFunc(e.All, func(a, b Wrong) int { return strings.Compare(a.Path, b.Path) })
	return e
}

// check compares the files that were found with what the bag says of itself, and
// reads its Info (RFC 8493, section 3: complete and valid). read gives one of
// the bag's own files. What is wrong goes to wrong; the error is for a bag whose
// own files do not read.
func (c *Contents) check(read func(name string) ([]byte, error), wrong *WrongError) error {
	text := map[string]string{}
	for _, name := range []string{bagitName, infoName, manifestName, tagmanName} {
		b, err := read(name)
		if err != nil {
			return err
		}
		text[name] = string(b)
	}
	version, rest, _ := strings.Cut(text[bagitName], "\n")
	if version != "BagIt-Version: 1.0" && version != "BagIt-Version: 0.97" || strings.TrimSpace(rest) != "Tag-File-Character-Encoding: UTF-8" {
		return fmt.Errorf("%s: %w: it is neither BagIt 1.0 nor 0.97 in UTF-8", bagitName, ErrBag)
	}
	listed := map[string]bool{manifestName: true, tagmanName: true}
	for _, m := range []string{manifestName, tagmanName} {
		if err := c.checkManifest(m, text[m], listed, wrong); err != nil {
			return err
		}
	}
	for name := range c.Files {
		if !listed[name] {
			wrong.add(Stray, name, "no manifest names it")
		}
	}
	var err error
	if c.Info, err = parseInfo(text[infoName]); err != nil {
		return err
	}
	if len(wrong.All) > 0 {
		return nil // the sums would only say so again
	}
	return c.checkOxum()
}

// checkManifest checks the files of one manifest and enters them in listed.
func (c *Contents) checkManifest(name, text string, listed map[string]bool, wrong *WrongError) error {
	for line := range strings.Lines(text) {
		hash, file, ok := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		file = strings.TrimPrefix(strings.TrimLeft(file, " "), "*")
		want, err := evidence.ParseHash(strings.ToLower(hash))
		if !ok || err != nil {
			return fmt.Errorf("%s: %w: %.100q is not a hash and a path", name, ErrBag, line)
		}
		if payload := strings.HasPrefix(file, payloadDir); payload != (name == manifestName) {
			return fmt.Errorf("%s: %w: %q does not belong there", name, ErrBag, file)
		}
		if listed[file] && file != manifestName {
			return fmt.Errorf("%s: %w: it names %q twice", name, ErrBag, file)
		}
		listed[file] = true
		c.compare(file, want, name, wrong)
	}
	return nil
}

// compare checks one file against the hash that list says it has.
func (c *Contents) compare(file string, want evidence.Hash, list string, wrong *WrongError) {
	got, ok := c.Files[file]
	switch {
	case !ok:
		wrong.add(Missing, file, "%s names it and it is not there", list)
	case got.Hash == "": // told already
	case got.Hash != want:
		wrong.add(Altered, file, "it is %s, and %s says %s", got.Hash, list, want)
	}
}

// checkOxum compares the number and sizes of files with Payload-Oxum.
func (c *Contents) checkOxum() error {
	var octets, files int64
	for name, f := range c.Files {
		if strings.HasPrefix(name, payloadDir) {
			octets += f.Size
			files++
		}
	}
	for _, f := range c.Info {
		if f.Label == "Payload-Oxum" && f.Value != fmt.Sprintf("%d.%d", octets, files) {
			return fmt.Errorf("%s: %w: Payload-Oxum is %s, found are %d.%d", infoName, ErrBag, f.Value, octets, files)
		}
	}
	return nil
}

// Lookup is the first value of a label of bag-info.txt, "" where there is none.
func (c *Contents) Lookup(label string) string {
	for _, f := range c.Info {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}

// parseInfo reads bag-info.txt.
func parseInfo(text string) ([]Field, error) {
	var info []Field
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if more := strings.TrimLeft(line, " \t"); more != line && len(info) > 0 {
			info[len(info)-1].Value += "\n" + more
			continue
		}
		label, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%s: %w: %.100q is not a label and a value", infoName, ErrBag, line)
		}
		info = append(info, Field{label, strings.TrimLeft(value, " \t")})
	}
	if len(info) == 0 {
		return nil, fmt.Errorf("%s: %w: it is empty", infoName, ErrBag)
	}
	return info, nil
}
