package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/image/draw"

	"touchstone/store"
	"touchstone/store/evidence"
)

// validationHead names the columns of the workbook in which a client gives its
// verdicts. The last three are the client's.
var validationHead = []string{"picture", "capture", "title", "marketplace", "seller", "price", "address", "captured (UTC)", "our view",
	"verdict", "remarks"}

const validationSheet = "Listings"

// The size of a picture in the workbook, in pixels.
const (
	thumbWidth  = 200
	thumbHeight = 140
)

// ErrNothingToValidate means that every listing of the case has its verdict.
var ErrNothingToValidate = errors.New("no listing of the case waits for a verdict")

// AskClient writes a workbook with the case's listings that nobody has judged, or
// that wait for the client: a picture of each, what the page says, and a column
// for the verdict. The listings wait for the client from then on. It returns how
// many there are; ErrNothingToValidate if none.
func (d *Desk) AskClient(ctx context.Context, caseName, out string, p evidence.Progress) (int, error) {
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return 0, err
	}
	rows, err := d.Rows(ctx, c.ID)
	if err != nil {
		return 0, err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		return r.Capture == nil || r.Listing.Review != evidence.ReviewNew && r.Listing.Review != evidence.ReviewAwaitingClient
	})
	if len(rows) == 0 {
		return 0, fmt.Errorf("case %s: %w", c.Name, ErrNothingToValidate)
	}
	if err := writeForm(out, func(w io.Writer) error { return d.writeValidation(ctx, w, c, rows, p) }); err != nil {
		return 0, err
	}
	return len(rows), d.ws.Update(ctx, func(tx *store.Tx) error {
		for _, r := range rows {
			l, err := store.Get[evidence.Listing](tx, r.Listing.ID)
			if err != nil {
				return err
			}
			l.Review = evidence.ReviewAwaitingClient
			if err := store.Put(tx, l.ID, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Desk) writeValidation(ctx context.Context, w io.Writer, c evidence.Case, rows []Row, p evidence.Progress) error {
	book := excelize.NewFile()
	defer book.Close()
	if err := layOutValidation(book, len(rows)); err != nil {
		return err
	}
	for i, r := range rows {
		p.Report(evidence.Event{Stage: "list", Subject: r.Listing.URL, Done: int64(i), Total: int64(len(rows))})
		if err := ctx.Err(); err != nil {
			return err
		}
		line := i + 2
		cells := validationRow(r)
		if err := book.SetSheetRow(validationSheet, fmt.Sprintf("B%d", line), &cells); err != nil {
			return err
		}
		if err := book.SetRowHeight(validationSheet, line, thumbHeight*0.75+6); err != nil { // points
			return err
		}
		thumb, err := d.thumbnail(*r.Capture)
		if err != nil || thumb == nil {
			continue // a listing without a picture is asked about all the same
		}
		err = book.AddPictureFromBytes(validationSheet, fmt.Sprintf("A%d", line), &excelize.Picture{
			Extension: ".jpg", File: thumb, Format: &excelize.GraphicOptions{OffsetX: 4, OffsetY: 4, AltText: r.Listing.Title},
		})
		if err != nil {
			return err
		}
	}
	_, err := book.WriteTo(w)
	return err
}

func validationRow(r Row) []any {
	seller, price, view := "", "", ""
	if r.Seller != nil {
		seller = r.Seller.Facts.Name
	}
	if f := r.Capture.Facts; f != nil && f.Price != nil {
		price = strings.TrimSpace(f.Price.Min + " " + f.Price.Currency)
	}
	if r.Assessment != nil {
		view = strings.TrimSpace(string(r.Assessment.Verdict) + " " + r.Assessment.Reason)
	}
	cells := []any{}
	for _, text := range []string{string(r.Capture.ID), r.Listing.Title, r.Listing.Marketplace, seller, price, r.Listing.URL, utc(r.Capture.FinishedAt), view} {
		cells = append(cells, clip(text, maxCell-1))
	}
	return cells
}

// layOutValidation makes the sheet with its heading and its list of verdicts.
func layOutValidation(book *excelize.File, rows int) error {
	if err := book.SetSheetName("Sheet1", validationSheet); err != nil {
		return err
	}
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	verdicts := excelize.NewDataValidation(true)
	verdicts.SetSqref(fmt.Sprintf("J2:J%d", rows+1))
	names := make([]string, len(evidence.Verdicts))
	for i, v := range evidence.Verdicts {
		names[i] = string(v)
	}
	if err := verdicts.SetDropList(names); err != nil {
		return err
	}
	errs := []error{
		book.SetColStyle(validationSheet, "A:K", text),
		book.SetSheetRow(validationSheet, "A1", &validationHead),
		book.SetCellStyle(validationSheet, "A1", "K1", bold),
		book.SetPanes(validationSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
		book.AddDataValidation(validationSheet, verdicts),
	}
	for column, width := range map[string]float64{"A": 29, "B": 16, "C": 40, "D": 16, "E": 20, "F": 14, "G": 36, "H": 20, "I": 24, "J": 22, "K": 36} {
		errs = append(errs, book.SetColWidth(validationSheet, column, column, width))
	}
	return errors.Join(errs...)
}

// thumbnail is a small JPEG of what was in view first; nil if the capture has no
// such picture.
func (d *Desk) thumbnail(c evidence.Capture) ([]byte, error) {
	a, ok := c.Artifact(evidence.RoleViewport)
	if !ok {
		return nil, nil
	}
	f, err := d.ws.Blobs().Open(a.SHA256)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if cfg, err := png.DecodeConfig(f); err != nil || cfg.Width*cfg.Height > 64_000_000 {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	from := img.Bounds()
	if height := from.Dx() * thumbHeight / thumbWidth; from.Dy() > height {
		from.Max.Y = from.Min.Y + height
	}
	small := image.NewRGBA(image.Rect(0, 0, thumbWidth, max(1, from.Dy()*thumbWidth/max(1, from.Dx()))))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, from, draw.Src, nil)
	var b bytes.Buffer
	err = jpeg.Encode(&b, small, &jpeg.Options{Quality: 80})
	return b.Bytes(), err
}

// answer is a verdict that the client wrote into the workbook.
type answer struct {
	line    int
	capture evidence.ID
	evidence.Assessment
}

// ReadValidation reads a workbook of AskClient that the client has filled in, and
// records each verdict as an assessment of the capture that was shown, approved
// by the person named. The workbook is attached to the case. Rows without a
// verdict are left waiting. An error names the row; then nothing is recorded.
func (d *Desk) ReadValidation(ctx context.Context, caseName, file, approvedBy string, p evidence.Progress) ([]evidence.Assessment, error) {
	if strings.TrimSpace(approvedBy) == "" {
		return nil, errors.New("the name of the client's person who gave the verdicts is missing")
	}
	c, err := d.Case(ctx, caseName)
	if err != nil {
		return nil, err
	}
	answers, err := readAnswers(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	made := make([]evidence.Assessment, 0, len(answers))
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		made = made[:0]
		for _, a := range answers {
			shown, err := store.Get[evidence.Capture](tx, a.capture)
			if err != nil {
				return fmt.Errorf("%s: row %d: %w", file, a.line, err)
			}
			if shown.Case != c.ID {
				return fmt.Errorf("%s: row %d: %s is not of case %s", file, a.line, shown.ID, c.Name)
			}
			a.By = approvedBy
			one, err := d.assess(tx, a.capture, a.Assessment)
			if err != nil {
				return fmt.Errorf("%s: row %d: %w", file, a.line, err)
			}
			made = append(made, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = d.Attach(ctx, Attaching{File: file, To: c.ID, Kind: evidence.AttachedReport, ObtainedAt: evidence.Exactly(d.cfg.Now()), ObtainedBy: approvedBy,
		How: "the client's verdicts, read by case validate"}, p)
	return made, err
}

// maxWorkbook is what a workbook from outside may unpack to, in bytes.
const maxWorkbook = 1 << 30

func readAnswers(file string) ([]answer, error) {
	book, err := excelize.OpenFile(file, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, notBook(err)
	}
	defer book.Close()
	rows, err := book.GetRows(validationSheet)
	if err != nil {
		return nil, &InputError{fmt.Errorf("it has no sheet %s: read back the workbook that case validate -o wrote", validationSheet)}
	}
	if len(rows) == 0 {
		return nil, errors.New("the sheet is empty")
	}
	column := map[string]int{}
	for i, head := range rows[0] {
		column[strings.ToLower(strings.TrimSpace(head))] = i
	}
	for _, head := range []string{"capture", "verdict"} {
		if _, ok := column[head]; !ok {
			return nil, fmt.Errorf("there is no column %q: want the workbook that case validate wrote", head)
		}
	}
	var answers []answer
	for i, row := range rows[1:] {
		cell := func(head string) string {
			if at, ok := column[head]; ok && at < len(row) {
				return strings.TrimSpace(row[at])
			}
			return ""
		}
		verdict := evidence.Verdict(strings.ReplaceAll(strings.ToLower(cell("verdict")), " ", "_"))
		if verdict == "" {
			continue
		}
		id, err := evidence.ParseID(cell("capture"))
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+2, err)
		}
		answers = append(answers, answer{i + 2, id,
			evidence.Assessment{Verdict: verdict, Basis: evidence.BasisClient, Reason: cell("remarks")}})
	}
	if len(answers) == 0 {
		return nil, errors.New("no row has a verdict yet")
	}
	return answers, nil
}
