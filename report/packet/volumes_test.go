package packet

import (
	"bytes"
	"crypto/elliptic"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/store/evidence"
)

// shelf keeps the documents of a packet by their volume.
type shelf map[int]*bytes.Buffer

func (s shelf) open(volume int) (io.WriteCloser, error) {
	s[volume] = &bytes.Buffer{}
	return unclosed{s[volume]}, nil
}

func TestALargePacketComesInSignedVolumes(t *testing.T) {
	files := blobs{}
	d := dossier(t, 7, files, func(i int) []byte { return encodePNG(t, page(t, 1280, 2400, uint64(i))) })
	docs := shelf{}
	const limit = 1_500_000
	s, err := WriteVolumes(t.Context(), docs.open, d, files, Options{Now: noon, MaxVolume: limit, Signer: certified(t, newKey(t, elliptic.P256()))})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Volumes) < 2 || len(docs) != len(s.Volumes)+1 || len(s.Problems) > 0 {
		t.Fatalf("%d volumes, %d documents, problems %v; want two volumes or more, the notice, no problem", len(s.Volumes), len(docs), s.Problems)
	}
	index := strings.Join(strings.Fields(tool(t, docs[0].Bytes(), "pdftotext", "-raw", "PDF", "-")), "")
	next := 1
	for _, v := range s.Volumes {
		pdf := docs[v.Number].Bytes()
		if v.First != next || v.Last < v.First {
			t.Errorf("volume %d holds exhibits %d to %d, want it to begin with %d", v.Number, v.First, v.Last, next)
		}
		next = v.Last + 1
		if int64(len(pdf)) != v.Bytes || v.Bytes > limit || evidence.HashOf(pdf) != v.SHA256 {
			t.Errorf("volume %d has %d bytes and SHA-256 %s; told were %d and %s, allowed %d", v.Number, len(pdf), evidence.HashOf(pdf), v.Bytes, v.SHA256, limit)
		}
		if !strings.Contains(index, string(v.SHA256)) {
			t.Errorf("the notice does not name the SHA-256 of volume %d", v.Number)
		}
		text := tool(t, pdf, "pdftotext", "-layout", "PDF", "-")
		for i := v.First; i <= v.Last; i++ {
			if !strings.Contains(text, fmt.Sprintf("Exhibit %d of 7", i)) {
				t.Errorf("volume %d lacks exhibit %d", v.Number, i)
			}
		}
		if got := strings.Count(text, "\f"); got != v.Pages {
			t.Errorf("volume %d has %d pages, told were %d", v.Number, got, v.Pages)
		}
	}
	if next != 8 {
		t.Errorf("the volumes end with exhibit %d of 7", next-1)
	}
	for n, doc := range docs {
		if out := tool(t, doc.Bytes(), "pdfsig", "-nocert", "PDF"); !strings.Contains(out, "Signature is Valid.") {
			t.Errorf("document %d: pdfsig says:\n%s", n, out)
		}
		if out := tool(t, doc.Bytes(), "qpdf", "--check", "PDF"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("document %d: qpdf --check says:\n%s", n, out)
		}
	}
}

func TestASmallPacketIsOneDocument(t *testing.T) {
	files := blobs{}
	d := dossier(t, 2, files, small(t))
	docs := shelf{}
	s, err := WriteVolumes(t.Context(), docs.open, d, files, Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	alone, same := write(t, d, files)
	same.SHA256, s.SHA256 = "", ""
	same.Bytes, s.Bytes = 0, 0 // write names the program
	if diff := cmp.Diff(same, s); diff != "" || len(docs) != 1 || !bytes.Contains(alone, []byte("%PDF-1.7")) {
		t.Errorf("%d documents; summaries differ (-one +volumes):\n%s", len(docs), diff)
	}
}

func TestALimitOfPagesMakesVolumes(t *testing.T) {
	files := blobs{}
	d := dossier(t, 6, files, small(t))
	docs := shelf{}
	s, err := WriteVolumes(t.Context(), docs.open, d, files, Options{Now: noon, MaxPages: 20})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Volumes) < 2 || len(s.Problems) > 0 {
		t.Fatalf("%d volumes, problems %v", len(s.Volumes), s.Problems)
	}
	for _, v := range s.Volumes {
		if v.Pages > 20 {
			t.Errorf("volume %d has %d pages", v.Number, v.Pages)
		}
	}
}

func TestAnExhibitLargerThanAVolumeIsAProblem(t *testing.T) {
	files := blobs{}
	d := dossier(t, 2, files, func(i int) []byte { return encodePNG(t, page(t, 1280, 2400, uint64(i))) })
	s, err := WriteVolumes(t.Context(), shelf{}.open, d, files, Options{Now: noon, MaxVolume: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Volumes) != 2 || len(s.Problems) != 2 || !strings.Contains(s.Problems[0].What, "more than was asked for") {
		t.Errorf("volumes %v, problems %v; want two of each", s.Volumes, s.Problems)
	}
}

func TestAVolumeThatCannotBeOpenedIsAnError(t *testing.T) {
	files := blobs{}
	fail := func(int) (io.WriteCloser, error) { return nil, fs.ErrPermission }
	if _, err := WriteVolumes(t.Context(), fail, dossier(t, 1, files, small(t)), files, Options{Now: noon}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error is %v, want %v", err, fs.ErrPermission)
	}
}
