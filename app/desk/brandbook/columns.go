package brandbook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"touchstone/store/evidence"
)

// column is one column of a sheet whose rows are Ts.
type column[T any] struct {
	head string
	note string // what belongs in it
	text func(T) string
	set  func(*T, string) error
}

// words is a column of free text.
func words[T any](head, note string, field func(*T) *string) column[T] {
	return column[T]{head, note,
		func(v T) string { return *field(&v) },
		func(v *T, s string) error { *field(v) = s; return nil },
	}
}

// oneOf is a column that takes one of a few words.
func oneOf[T any, W ~string](head string, allowed []W, field func(*T) *W) column[T] {
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return column[T]{head, "one of: " + strings.Join(names, ", "),
		func(v T) string { return string(*field(&v)) },
		func(v *T, s string) error {
			w := W(strings.ToLower(s))
			if !slices.Contains(allowed, w) {
				return fmt.Errorf("%q is none of %s", s, strings.Join(names, ", "))
			}
			*field(v) = w
			return nil
		},
	}
}

// day is a column of days; what a spreadsheet made a date of is one too.
func day[T any](head, note string, field func(*T) *string) column[T] {
	return column[T]{head, note + ", as in 2026-11-23",
		func(v T) string { return *field(&v) },
		func(v *T, s string) error {
			if serial, err := strconv.ParseFloat(s, 64); err == nil {
				t, err := excelize.ExcelDateToTime(serial, false)
				if err != nil {
					return fmt.Errorf("%q is not a day", s)
				}
				s = t.Format(time.DateOnly)
			}
			*field(v) = s
			return nil
		},
	}
}

// list is a column of several words, with commas between them.
func list[T any](head, note string, field func(*T) *[]string) column[T] {
	return column[T]{head, note + "; several with commas between",
		func(v T) string { return strings.Join(*field(&v), ", ") },
		func(v *T, s string) error {
			for word := range strings.SplitSeq(s, ",") {
				if word = strings.TrimSpace(word); word != "" {
					*field(v) = append(*field(v), word)
				}
			}
			return nil
		},
	}
}

var brandColumns = []column[evidence.Brand]{
	words("brand", "the brand's name; a brand of this name is replaced", func(b *evidence.Brand) *string { return &b.Name }),
	words("site", "the genuine web site", func(b *evidence.Brand) *string { return &b.Site }),
	words("owner", "the owner's full legal name", func(b *evidence.Brand) *string { return &b.Owner.Name }),
	words("owner address", "street, town, postal code", func(b *evidence.Brand) *string { return &b.Owner.Address }),
	words("owner city", "where a form asks for it apart", func(b *evidence.Brand) *string { return &b.Owner.City }),
	words("owner region", "state or province, where a form asks for it apart", func(b *evidence.Brand) *string { return &b.Owner.Region }),
	words("owner country", "two letters, as in IT", func(b *evidence.Brand) *string { return &b.Owner.Country }),
	words("owner e-mail", "where marketplaces may write to", func(b *evidence.Brand) *string { return &b.Owner.Email }),
	words("owner phone", "with the country code", func(b *evidence.Brand) *string { return &b.Owner.Phone }),
	words("owner web site", "", func(b *evidence.Brand) *string { return &b.Owner.URL }),
}

var productColumns = []column[evidence.Product]{
	words("model", "the model's name or number", func(p *evidence.Product) *string { return &p.Model }),
	words("name", "what it is sold as", func(p *evidence.Product) *string { return &p.Name }),
	words("usual price", "digits with a point, as in 1299.00", func(p *evidence.Product) *string { return &p.Price }),
	words("currency", "three letters, as in EUR", func(p *evidence.Product) *string { return &p.Currency }),
	list("pictures", "names of photos beside this workbook, PNG or JPEG", func(p *evidence.Product) *[]string { return &p.Pictures }),
}

var pictureColumns = []column[evidence.Illustration]{
	words("picture", "name of a photo beside this workbook, PNG or JPEG", func(i *evidence.Illustration) *string { return &i.Picture }),
	words("shows", "the genuine marker or counterfeit feature, word for word as in its sheet", func(i *evidence.Illustration) *string { return &i.Shows }),
}

var rightColumns = []column[evidence.Right]{
	oneOf("type", evidence.RightTypes, func(r *evidence.Right) *evidence.RightType { return &r.Type }),
	words("name", "the words of the mark, the title of the work or the design", func(r *evidence.Right) *string { return &r.Name }),
	words("number", "on the register; a right of the same office and number is replaced", func(r *evidence.Right) *string { return &r.Number }),
	words("office", "as in EUIPO, USPTO, CNIPA, UKIPO, WIPO", func(r *evidence.Right) *string { return &r.Office }),
	words("jurisdiction", "where it is valid: two letters, as in US, or EU", func(r *evidence.Right) *string { return &r.Jurisdiction }),
	classes,
	day("valid from", "the first day", func(r *evidence.Right) *string { return &r.ValidFrom }),
	day("expires", "the last day", func(r *evidence.Right) *string { return &r.Expires }),
	words("owner", "as the register has it; empty: the brand's owner", func(r *evidence.Right) *string { return &r.Owner.Name }),
}

// classes of the Nice or Locarno classification.
var classes = column[evidence.Right]{"classes", "numbers of the classes; several with commas between",
	func(r evidence.Right) string {
		numbers := make([]string, len(r.Classes))
		for i, c := range r.Classes {
			numbers[i] = strconv.Itoa(c)
		}
		return strings.Join(numbers, ", ")
	},
	func(r *evidence.Right, s string) error {
		for number := range strings.FieldsFuncSeq(s, func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
			n, err := strconv.Atoi(number)
			if err != nil {
				return fmt.Errorf("%q is not the number of a class", number)
			}
			r.Classes = append(r.Classes, n)
		}
		return nil
	},
}

// registered is a row of the sheet of registrations.
type registered struct {
	right string
	evidence.Registration
}

var registrationColumns = []column[registered]{
	words("right", "office and number, as in EUIPO 018000142", func(r *registered) *string { return &r.right }),
	words("platform", "the marketplace or channel", func(r *registered) *string { return &r.Platform }),
	words("platform's number", "what the platform calls the right", func(r *registered) *string { return &r.External }),
	oneOf("state", evidence.RegistrationStates, func(r *registered) *evidence.RegistrationState { return &r.State }),
}

var authorisationColumns = []column[evidence.Authorisation]{
	words("agent", "the firm or person who may act for the owner", func(a *evidence.Authorisation) *string { return &a.Agent }),
	list("rights", "office and number, as in EUIPO 018000142; empty: all", func(a *evidence.Authorisation) *[]string { return &a.Rights }),
	list("platforms", "marketplaces or channels; empty: all", func(a *evidence.Authorisation) *[]string { return &a.Platforms }),
	list("territories", "two letters each, or EU; empty: all", func(a *evidence.Authorisation) *[]string { return &a.Territories }),
	day("from", "the first day", func(a *evidence.Authorisation) *string { return &a.From }),
	day("to", "the last day", func(a *evidence.Authorisation) *string { return &a.To }),
}

var signatoryColumns = []column[evidence.Signatory]{
	words("name", "who signs notices", func(s *evidence.Signatory) *string { return &s.Name }),
	words("title", "the person's position", func(s *evidence.Signatory) *string { return &s.Title }),
	words("e-mail", "where marketplaces answer to; a signatory of the same address is replaced", func(s *evidence.Signatory) *string { return &s.Email }),
	words("agent", "the firm the person signs for, as in the sheet of authorisations; empty: the owner's own", func(s *evidence.Signatory) *string { return &s.Agent }),
}

// line is the only column of a sheet of sentences.
func line(head, note string) []column[string] {
	return []column[string]{words(head, note, func(s *string) *string { return s })}
}

var (
	markerColumns  = line("genuine marker", "what shows that an article is genuine, one a row")
	featureColumns = line("counterfeit feature", "what gives a counterfeit away, one a row")
	sellerColumns  = line("authorised seller", "name, ID or address of a shop that sells genuine goods, one a row")
)
