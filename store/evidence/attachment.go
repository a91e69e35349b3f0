package evidence

import "time"

// AttachmentKind is what sort of thing came in from outside.
type AttachmentKind string

// The kinds of attachment.
const (
	AttachedChat   AttachmentKind = "chat"
	AttachedVideo  AttachmentKind = "video"
	AttachedPhoto  AttachmentKind = "photo"
	AttachedEmail  AttachmentKind = "email"
	AttachedReport AttachmentKind = "report" // of a laboratory or an examiner

	AttachedCertificate   AttachmentKind = "certificate"   // of a right, from its register
	AttachedAuthorisation AttachmentKind = "authorisation" // to act for the owner of a brand

	AttachedDocument AttachmentKind = "document" // an invoice, a receipt, a delivery note, a letter; what a seller handed in
	AttachedRegistry AttachmentKind = "registry" // the answer of a registry or a name server, as it came
)

// AttachmentKinds lists every kind of attachment.
var AttachmentKinds = []AttachmentKind{AttachedChat, AttachedVideo, AttachedPhoto, AttachedEmail, AttachedReport,
	AttachedCertificate, AttachedAuthorisation, AttachedDocument, AttachedRegistry}

// RoleAttachment is a file that came in from outside, as it was.
const RoleAttachment Role = "attachment"

// Attachment is a file that was not captured but obtained elsewhere: a chat, a
// laboratory's report, a photo of a test purchase. It is sealed like a capture.
type Attachment struct {
	ID         ID             `json:"id"`
	To         ID             `json:"to"` // what it belongs to
	Case       ID             `json:"case,omitempty"`
	Kind       AttachmentKind `json:"kind"`
	Name       string         `json:"name"` // the file's own, without folders
	ObtainedAt Moment         `json:"obtained_at"`
	ObtainedBy string         `json:"obtained_by"`
	How        string         `json:"how,omitempty"` // in the words of who attached it
	AttachedAt time.Time      `json:"attached_at"`
	Mail       *Mail          `json:"mail,omitempty"`
	Markup     *Markup        `json:"markup,omitempty"` // what was drawn, where it is a markup
	Artifacts  []Artifact     `json:"artifacts"`        // the file, what is confidential, the manifest
	Manifest   Hash           `json:"manifest"`
}

// Artifact is the first artifact with the role.
func (a *Attachment) Artifact(role Role) (Artifact, bool) { return findArtifact(a.Artifacts, role) }

// Mail is what the head of an e-mail says. Nothing vouches for it but the mail.
type Mail struct {
	Subject string     `json:"subject,omitempty"`
	From    string     `json:"from,omitempty"`
	To      string     `json:"to,omitempty"`
	Date    string     `json:"date,omitempty"` // as the mail has it, where it is no date
	SentAt  *time.Time `json:"sent_at,omitempty"`
}

// AttachmentManifest lists the artifacts of an attachment, all but itself, and
// how the file was obtained. Its stored bytes are what the seal is taken over.
// By whom is in the confidential artifact.
type AttachmentManifest struct {
	Schema     int            `json:"schema"`
	Attachment ID             `json:"attachment"`
	To         ID             `json:"to"`
	Case       ID             `json:"case,omitempty"`
	Kind       AttachmentKind `json:"kind"`
	Name       string         `json:"name"`
	ObtainedAt Moment         `json:"obtained_at"`
	ObtainedBy string         `json:"-"`
	How        string         `json:"how,omitempty"`
	AttachedAt time.Time      `json:"attached_at"`
	Mail       *Mail          `json:"mail,omitempty"`
	Markup     *Markup        `json:"markup,omitempty"`
	Tool       Tool           `json:"tool"`
	System     System         `json:"system"`
	Artifacts  []Artifact     `json:"artifacts"`
}
