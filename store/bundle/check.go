package bundle

import (
	"fmt"
	"strings"

	"touchstone/store/evidence"
)

// check compares the files that were found with what the bag says of itself, and
// reads its Info (RFC 8493, section 3: complete and valid). read gives one of
// the bag's own files.
func (c *Contents) check(read func(name string) ([]byte, error)) error {
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
		if err := c.checkManifest(m, text[m], listed); err != nil {
			return err
		}
	}
	for name := range c.Files {
		if !listed[name] {
			return fmt.Errorf("%q: %w: no manifest names it", name, ErrBag)
		}
	}
	var err error
	if c.Info, err = parseInfo(text[infoName]); err != nil {
		return err
	}
	return c.checkOxum()
}

// checkManifest checks the files of one manifest and enters them in listed.
func (c *Contents) checkManifest(name, text string, listed map[string]bool) error {
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
		got, ok := c.Files[file]
		if !ok {
			return fmt.Errorf("%q: %w: %s names it and it is not there", file, ErrBag, name)
		}
		if got.Hash != want {
			return fmt.Errorf("%q: %w: it is %s, not %s", file, ErrContent, got.Hash, want)
		}
	}
	return nil
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
