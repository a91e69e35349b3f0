package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"touchstone/store/evidence"
)

// EncodeAttachment gives the bytes of an attachment's manifest that are stored
// and hashed, in the form that EncodeManifest gives a capture's.
func EncodeAttachment(m evidence.AttachmentManifest) ([]byte, error) {
	if err := checkAttachment(&m); err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return encode(m)
}

// ParseAttachment reads the manifest of an attachment.
func ParseAttachment(b []byte) (evidence.AttachmentManifest, error) {
	var m evidence.AttachmentManifest
	if err := decode(b, &m); err != nil {
		return evidence.AttachmentManifest{}, err
	}
	if err := checkAttachment(&m); err != nil {
		return evidence.AttachmentManifest{}, fmt.Errorf("read a manifest: %w", err)
	}
	return m, nil
}

func checkAttachment(m *evidence.AttachmentManifest) error {
	if id, err := evidence.ParseID(string(m.Attachment)); err != nil || id.Kind() != evidence.KindAttachment {
		return fmt.Errorf("%q does not name an attachment", m.Attachment)
	}
	return checkForm(m.Schema, m.Artifacts)
}

// AttachmentOf is the record of the attachment that a manifest with the given
// hash and size tells of.
func AttachmentOf(m evidence.AttachmentManifest, hash evidence.Hash, size int64) evidence.Attachment {
	return evidence.Attachment{
		ID: m.Attachment, To: m.To, Case: m.Case, Kind: m.Kind, Name: m.Name, ObtainedAt: m.ObtainedAt, ObtainedBy: m.ObtainedBy,
		How: m.How, AttachedAt: m.AttachedAt, Mail: m.Mail, Markup: m.Markup, Artifacts: withManifest(m.Artifacts, hash, size), Manifest: hash,
	}
}

// withManifest is a manifest's list of artifacts and the manifest itself.
func withManifest(listed []evidence.Artifact, hash evidence.Hash, size int64) []evidence.Artifact {
	artifacts := make([]evidence.Artifact, 0, len(listed)+1)
	artifacts = append(artifacts, listed...)
	return append(artifacts, evidence.Artifact{
		Role: evidence.RoleManifest, MediaType: "application/json", Size: size, SHA256: hash,
	})
}

// encode gives a manifest as indented JSON that a person can read, with a line's end.
func encode(manifest any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(manifest); err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return b.Bytes(), nil
}

func decode(b []byte, manifest any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(manifest); err != nil {
		return fmt.Errorf("read a manifest: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read a manifest: there is more after its end")
	}
	return nil
}
