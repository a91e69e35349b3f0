package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// vocabulary are the fields of records whose values are words of ours, to be
// shown with spaces; the others quote what pages and people wrote.
var vocabulary = map[string]bool{
	"outcome": true, "state": true, "verdict": true, "basis": true, "kind": true, "review": true, "offer": true, "infringement": true,
	"legal_basis": true, "page_kind": true, "availability": true, "type": true, "role": true, "target": true, "cause": true,
}

// printRecord prints a record for a reader: one field a line in the order of its
// JSON, what belongs to a field indented below it.
func (p *Program) printRecord(record json.RawMessage) error {
	var out bytes.Buffer
	if err := writeFields(&out, record, "", ""); err != nil {
		return fmt.Errorf("read the record: %w", err)
	}
	_, err := out.WriteTo(p.Stdout)
	return err
}

// field is a field of a JSON object; objects keep the order of theirs.
type field struct {
	of    string // the field that the object is, "" for a record
	name  string
	value json.RawMessage
}

func fieldsOf(object json.RawMessage) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var fields []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		fields = append(fields, field{name: fmt.Sprint(name), value: value})
	}
	return fields, nil
}

// writeFields writes the fields of an object that is itself the field called of,
// or a record.
func writeFields(w io.Writer, object json.RawMessage, of, indent string) error {
	fields, err := fieldsOf(object)
	if err != nil {
		return err
	}
	for _, f := range fields {
		f.of = of
		if err := writeField(w, f, indent); err != nil {
			return err
		}
	}
	return nil
}

func writeField(w io.Writer, f field, indent string) error {
	name := evidence.Words(f.name)
	switch {
	case f.value[0] == '{' && f.of != "places":
		fmt.Fprintf(w, "%s%s:\n", indent, name)
		return writeFields(w, f.value, f.name, indent+"  ")
	case f.value[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(f.value, &list); err != nil {
			return err
		}
		if len(list) > 0 && list[0][0] == '{' {
			fmt.Fprintf(w, "%s%s:\n", indent, name)
			for _, object := range list {
				text, err := inLine(object)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "%s  - %s\n", indent, text)
			}
			return nil
		}
	}
	text, err := valueText(f)
	if err == nil {
		fmt.Fprintf(w, "%s%s: %s\n", indent, name, text)
	}
	return err
}

// inLine is an object in one line, as in "role: html, size: 512".
func inLine(object json.RawMessage) (string, error) {
	fields, err := fieldsOf(object)
	if err != nil {
		return "", err
	}
	texts := make([]string, len(fields))
	for i, f := range fields {
		text, err := valueText(f)
		if err != nil {
			return "", err
		}
		texts[i] = evidence.Words(f.name) + ": " + text
	}
	return strings.Join(texts, ", "), nil
}

// valueText is a field's value in one line.
func valueText(f field) (string, error) {
	switch f.value[0] {
	case '{':
		return inLine(f.value)
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(f.value, &list); err != nil {
			return "", err
		}
		texts := make([]string, len(list))
		for i, value := range list {
			text, err := valueText(field{name: f.name, value: value})
			if err != nil {
				return "", err
			}
			texts[i] = text
		}
		if len(texts) == 0 {
			return "none", nil
		}
		return strings.Join(texts, "; "), nil
	case '"':
		var text string
		if err := json.Unmarshal(f.value, &text); err != nil {
			return "", err
		}
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return t.UTC().Format(time.DateTime) + "Z", nil
		}
		if vocabulary[f.name] || f.of == "sources" {
			text = evidence.Words(text)
		}
		return printable(text), nil
	}
	return strings.NewReplacer("true", "yes", "false", "no", "null", "none").Replace(string(f.value)), nil
}

// tableOf prints the columns of records as a table. A column is the name of a
// field; one within another is written as in owner.name.
func (p *Program) tableOf(records []json.RawMessage, columns []string) error {
	heads := make([]string, len(columns))
	for i, c := range columns {
		_, name, nested := strings.Cut(c, ".")
		if !nested || name == "name" {
			name, _, _ = strings.Cut(c, ".")
		}
		heads[i] = strings.ToUpper(evidence.Words(name))
	}
	var rows [][]string
	for _, record := range records {
		row := make([]string, len(columns))
		for i, c := range columns {
			text, err := column(record, c)
			if err != nil {
				return fmt.Errorf("read a record: %w", err)
			}
			row[i] = shorten(text, 60)
		}
		rows = append(rows, row)
	}
	return p.table(strings.Join(heads, "\t"), rows)
}

// column is the text of a record's field, "" where it has none.
func column(record json.RawMessage, path string) (string, error) {
	name, rest, nested := strings.Cut(path, ".")
	fields, err := fieldsOf(record)
	if err != nil {
		return "", err
	}
	for _, f := range fields {
		if f.name == name && nested {
			return column(f.value, rest)
		}
		if f.name == name {
			return valueText(f)
		}
	}
	return "", nil
}
