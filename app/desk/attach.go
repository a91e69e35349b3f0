package desk

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// Attaching says what a file from outside is and how it was obtained.
type Attaching struct {
	File       string      // to be read
	To         evidence.ID // a case, listing, capture, notice, seller or any other record
	Kind       evidence.AttachmentKind
	ObtainedAt evidence.Moment
	ObtainedBy string
	How        string
}

// eastmost is how far the first time zone to begin a day is ahead of UTC.
const eastmost = 14 * time.Hour

func (a *Attaching) check(now time.Time) error {
	switch {
	case !slices.Contains(evidence.AttachmentKinds, a.Kind):
		return fmt.Errorf("kind %q is not known: want one of %v", a.Kind, evidence.AttachmentKinds)
	case a.ObtainedAt.IsZero():
		return errors.New("say when the file was obtained")
	case a.ObtainedAt.After(now) && !(a.ObtainedAt.Precision == evidence.ToTheDay && a.ObtainedAt.Before(now.Add(eastmost))):
		return &InputError{fmt.Errorf("the file cannot have been obtained on %s: that is yet to come", a.ObtainedAt)}
	case strings.TrimSpace(a.ObtainedBy) == "":
		return errors.New("say who obtained the file")
	}
	return nil
}

// Attach seals a file from outside as evidence, whatever its size: only the disk
// bounds it. The file itself stays where it is. Errors: store.ErrNoSpace,
// ErrNotFound for what it belongs to.
func (d *Desk) Attach(ctx context.Context, o Attaching, p evidence.Progress) (evidence.Attachment, error) {
	return d.attach(ctx, o, func() (evidence.Artifact, error) { return d.putFile(ctx, o.File, p) })
}

// attachContent is Attach of a file that was received and lies nowhere yet.
func (d *Desk) attachContent(ctx context.Context, o Attaching, content []byte) (evidence.Attachment, error) {
	return d.attach(ctx, o, func() (evidence.Artifact, error) {
		hash, size, err := d.ws.Blobs().Put(ctx, bytes.NewReader(content))
		return evidence.Artifact{Role: evidence.RoleAttachment, MediaType: mediaTypeOf(o.File, content), Size: size, SHA256: hash}, err
	})
}

func (d *Desk) attach(ctx context.Context, o Attaching, put func() (evidence.Artifact, error)) (evidence.Attachment, error) {
	now := d.cfg.Now().UTC()
	if err := o.check(now); err != nil {
		return evidence.Attachment{}, err
	}
	m := evidence.AttachmentManifest{
		Attachment: evidence.NewID(evidence.KindAttachment, now), To: o.To, Kind: o.Kind,
		Name: filepath.Base(o.File), ObtainedAt: o.ObtainedAt, ObtainedBy: strings.TrimSpace(o.ObtainedBy),
		How: o.How, AttachedAt: now,
	}
	// Before a long copy: a slip of the pen in the ID.
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		m.Case, err = caseOf(tx, o.To)
		return err
	})
	if err != nil {
		return evidence.Attachment{}, err
	}
	file, err := put()
	if err != nil {
		return evidence.Attachment{}, err
	}
	if m.Mail, err = d.mailHead(m.Name, file); err != nil {
		return evidence.Attachment{}, err
	}
	return d.sealAttachment(ctx, m, file)
}

// sealAttachment seals a file that is in the workspace, with who obtained it apart.
func (d *Desk) sealAttachment(ctx context.Context, m evidence.AttachmentManifest, file evidence.Artifact) (evidence.Attachment, error) {
	apart, err := d.putConfidential(ctx, evidence.Confidential{Salt: rand.Text(), Operator: d.Acting(), ObtainedBy: m.ObtainedBy})
	if err != nil {
		return evidence.Attachment{}, err
	}
	m.Schema, m.Tool, m.System = evidence.ManifestSchema, d.cfg.Tool, evidence.ThisSystem()
	m.Artifacts = []evidence.Artifact{file, apart}
	return d.ws.Attach(ctx, m)
}

// putFile streams a file into the workspace.
func (d *Desk) putFile(ctx context.Context, name string, p evidence.Progress) (evidence.Artifact, error) {
	f, err := os.Open(name)
	if err != nil {
		return evidence.Artifact{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return evidence.Artifact{}, err
	}
	if !info.Mode().IsRegular() {
		return evidence.Artifact{}, fmt.Errorf("%s is not a file", name)
	}
	if err := d.ws.Blobs().Room(info.Size()); err != nil {
		return evidence.Artifact{}, err
	}
	head := bufio.NewReader(f)
	start, err := head.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return evidence.Artifact{}, err
	}
	mediaType := mediaTypeOf(name, start)
	hash, size, err := d.ws.Blobs().Put(ctx, &told{r: head, p: p, name: name, total: info.Size()})
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("copy %s: %w", name, err)
	}
	return evidence.Artifact{Role: evidence.RoleAttachment, MediaType: mediaType, Size: size, SHA256: hash}, nil
}

// told tells how far a file has been read.
type told struct {
	r           io.Reader
	p           evidence.Progress
	name        string
	done, total int64
}

func (t *told) Read(b []byte) (int, error) {
	n, err := t.r.Read(b)
	t.done += int64(n)
	t.p.Report(evidence.Event{Stage: "attach", Subject: t.name, Done: t.done, Total: t.total})
	return n, err
}

// mediaTypes are those that a file's first bytes do not tell, or tell wrongly.
var mediaTypes = map[string]string{
	".eml": "message/rfc822", ".msg": "application/vnd.ms-outlook", ".json": "application/json", ".csv": "text/csv",
	".mov": "video/quicktime", ".heic": "image/heic", ".opus": "audio/ogg", ".m4a": "audio/mp4", ".3gp": "video/3gpp", ".mkv": "video/x-matroska",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func mediaTypeOf(name string, start []byte) string {
	if t, ok := mediaTypes[strings.ToLower(filepath.Ext(name))]; ok {
		return t
	}
	return http.DetectContentType(start)
}

// putConfidential keeps what must not be shown to everyone apart.
func (d *Desk) putConfidential(ctx context.Context, c evidence.Confidential) (evidence.Artifact, error) {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return evidence.Artifact{}, err
	}
	hash, size, err := d.ws.Blobs().Put(ctx, bytes.NewReader(text))
	return evidence.Artifact{Role: evidence.RoleConfidential, MediaType: "application/json", Size: size, SHA256: hash}, err
}

// caseOf is the case that a record belongs to; "" for one that belongs to none.
// Errors: ErrNotFound.
func caseOf(tx *store.Tx, id evidence.ID) (evidence.ID, error) {
	record, err := store.Get[json.RawMessage](tx, id)
	if err != nil {
		return "", err
	}
	if id.Kind() == evidence.KindCase {
		return id, nil
	}
	var refers struct {
		Case    evidence.ID `json:"case"`
		Listing evidence.ID `json:"listing"`
		Notice  evidence.ID `json:"notice"`
	}
	if err := json.Unmarshal(record, &refers); err != nil {
		return "", err
	}
	// What has no case of its own belongs to its listing's or notice's.
	for _, through := range []evidence.ID{refers.Listing, refers.Notice} {
		if refers.Case == "" && through != "" {
			return caseOf(tx, through)
		}
	}
	return refers.Case, nil
}

// Attachments lists the attachments of the case with the name, or all where it
// is empty, oldest first.
func (d *Desk) Attachments(ctx context.Context, caseName string) ([]evidence.Attachment, error) {
	return ofCase[evidence.Attachment](ctx, d, evidence.KindAttachment, store.AttachmentsByCase, caseName)
}

// AttachedTo lists what is attached to a record, oldest first.
func (d *Desk) AttachedTo(ctx context.Context, id evidence.ID) ([]evidence.Attachment, error) {
	return AllBy[evidence.Attachment](ctx, d, store.AttachmentsByTarget, string(id))
}

// ofCase lists the records of a kind that an index has under the case with the
// name, or all where it is empty.
func ofCase[T any](ctx context.Context, d *Desk, kind evidence.Kind, index store.Index, caseName string) ([]T, error) {
	if caseName == "" {
		return All[T](ctx, d, kind)
	}
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return nil, err
	}
	return AllBy[T](ctx, d, index, string(c.ID))
}

// CopyOut writes a copy of an artifact to a new file; one that is there is not
// replaced.
func (d *Desk) CopyOut(ctx context.Context, h evidence.Hash, path string) (err error) {
	in, err := d.OpenArtifact(ctx, h)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &InputError{fmt.Errorf("%s is there already: choose another name", path)}
	}
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := out.Close(); err == nil {
			err = closeErr
		}
	}()
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("copy %s: %w", h, err)
	}
	return nil
}
