package notice

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"touchstone/store/evidence"
)

// statementKinds is what every legal basis asks a signatory to vouch for.
var statementKinds = []string{"good_faith", "accuracy", "authority"}

// terms checks what the notice says, to whom and under which law.
func (c *checker) terms() {
	n := c.d.Notice
	if n.Channel == "" {
		c.fail(n.ID, "channel_missing", "The notice names no channel.", "Choose where it is sent.")
	}
	if _, err := readTexts(n.LegalBasis); err != nil {
		c.fail(n.ID, "legal_basis_unknown", fmt.Sprintf("%q is not a legal basis a notice can rest on.", n.LegalBasis),
			"Choose DSA Art. 16, DMCA 512(c)(3), the PRC E-Commerce Law or the platform's policy.")
	}
	if n.LegalBasis == evidence.BasisDMCA && c.d.Right.Type != evidence.Copyright {
		c.fail(n.ID, "dmca_not_copyright", "A DMCA notice covers copyright only; the right is a "+string(c.d.Right.Type)+".",
			"Choose another legal basis, or rely on a copyright.")
	}
	if n.Infringement == "" {
		c.fail(n.ID, "infringement_missing", "The notice does not say what is wrong with the listings.", "Choose the type of infringement.")
	}
	c.explanation()
}

// explanation: DSA Art. 16(2)(a) asks for a sufficiently substantiated one.
func (c *checker) explanation() {
	n := c.d.Notice
	switch letters := weigh(n.Explanation); {
	case letters == 0:
		c.fail(n.ID, "explanation_missing", "There is no explanation of why the listings infringe.",
			"Say what was examined and what shows that the goods are not genuine.")
	case letters < MinExplanation && n.LegalBasis == evidence.BasisDSA:
		c.fail(n.ID, "explanation_short", fmt.Sprintf("The explanation is too short to be sufficiently substantiated (DSA Art. 16(2)(a)): %d letters, of at least %d.", letters, MinExplanation),
			"Say what was examined and what shows that the goods are not genuine.")
	case letters < MinExplanation:
		c.warn(n.ID, "explanation_short", fmt.Sprintf("The explanation is very short: %d letters.", letters), "Say what was examined and what shows that the goods are not genuine.")
	}
}

// weigh counts the letters and digits of a text. A Han, kana or Hangul
// character says about as much as three letters.
func weigh(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 3
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n++
		}
	}
	return n
}

// fits lists the types of right that each type of infringement can be of.
var fits = map[evidence.Infringement][]evidence.RightType{
	evidence.InfringesCounterfeit:    {evidence.Trademark, evidence.Design, evidence.Copyright},
	evidence.InfringesTrademark:      {evidence.Trademark},
	evidence.InfringesLogo:           {evidence.Trademark, evidence.Copyright},
	evidence.InfringesImage:          {evidence.Copyright},
	evidence.InfringesDesign:         {evidence.Design},
	evidence.InfringesPatent:         {evidence.Patent},
	evidence.InfringesParallelImport: {evidence.Trademark},
	evidence.InfringesImpersonation:  {evidence.Trademark, evidence.Copyright},
}

func (c *checker) right() {
	r := c.d.Right
	if r.ID == "" || r.Type == "" {
		c.fail(c.d.Notice.ID, "right_missing", "The notice relies on no right.", "Choose a right of the brand.")
		return
	}
	if r.Number == "" && r.Type != evidence.Copyright {
		c.fail(r.ID, "right_number_missing", "The "+string(r.Type)+" has no registration number.", "Enter the number on the register.")
	}
	if r.Name == "" && r.Type == evidence.Copyright {
		c.fail(r.ID, "work_missing", "The copyrighted work is not identified.", "Enter the title of the work, or say where the original is found.")
	}
	if r.Owner.Name == "" {
		c.fail(r.ID, "right_owner_missing", "The right names no owner.", "Enter the owner as the register has it.")
	}
	if c.d.Brand.ID != "" && r.Brand != "" && r.Brand != c.d.Brand.ID {
		c.fail(r.ID, "right_of_other_brand", "The right belongs to another brand than the notice.", "Choose a right of "+c.d.Brand.Name+".")
	}
	if types, known := fits[c.d.Notice.Infringement]; known && !slices.Contains(types, r.Type) {
		c.fail(r.ID, "right_does_not_fit", fmt.Sprintf("A %s cannot be infringed by %s.", r.Type, c.d.Notice.Infringement),
			"Choose another right or another type of infringement.")
	}
	c.validity(r)
}

// validity: a right counts through the whole of the days it names.
func (c *checker) validity(r evidence.Right) {
	if r.ValidFrom != "" {
		if from, err := time.Parse(time.DateOnly, r.ValidFrom); err != nil {
			c.warn(r.ID, "right_date_unreadable", fmt.Sprintf("%q is not a day.", r.ValidFrom), "Enter it as 2026-11-23.")
		} else if c.now.Before(from) {
			c.fail(r.ID, "right_not_yet_valid", "The right is valid only from "+r.ValidFrom+" on.", "Rely on another right.")
		}
	}
	if r.Expires == "" {
		return
	}
	expires, err := time.Parse(time.DateOnly, r.Expires)
	end := expires.AddDate(0, 0, 1)
	switch {
	case err != nil:
		c.warn(r.ID, "right_date_unreadable", fmt.Sprintf("%q is not a day.", r.Expires), "Enter it as 2026-11-23.")
	case !c.now.Before(end):
		c.fail(r.ID, "right_expired", "The right expired on "+r.Expires+".", "Enter its renewal, or rely on another right.")
	case end.Sub(c.now) < ExpiryWarning:
		c.warn(r.ID, "right_expires_soon", "The right expires on "+r.Expires+".", "See to its renewal.")
	}
}

func (c *checker) signatory() {
	s := c.d.Signatory
	if s.ID == "" || s.Name == "" {
		c.fail(c.d.Notice.ID, "signatory_missing", "Nobody signs the notice.", "Choose a signatory of the brand.")
		return
	}
	if c.d.Notice.Signatory != s.ID {
		c.fail(s.ID, "signatory_other", s.Name+" is not the signatory that the notice names.", "Choose the signatory again.")
	}
	if s.Email == "" {
		c.fail(s.ID, "contact_email_missing", "There is no e-mail address to answer to.", "Enter the signatory's e-mail address.")
	} else if a, err := mail.ParseAddress(s.Email); err != nil || a.Address != s.Email {
		c.fail(s.ID, "contact_email_invalid", fmt.Sprintf("%q is not an e-mail address.", s.Email), "Correct the signatory's e-mail address.")
	}
}

func (c *checker) statements() {
	n := c.d.Notice
	var missing []string
	for _, kind := range statementKinds {
		if !slices.ContainsFunc(n.Statements, func(s evidence.Statement) bool { return s.Kind == kind && s.Text != "" }) {
			missing = append(missing, evidence.Words(kind))
		}
	}
	if len(missing) > 0 {
		c.fail(n.ID, "statements_missing", "The notice lacks the statement of "+strings.Join(missing, ", of ")+".",
			"Draft the statements of its legal basis anew.")
		return
	}
	switch known, newest := published(n.LegalBasis, n.Statements); {
	case !known:
		c.warn(n.ID, "statements_changed", "The statements are not word for word those of the legal basis.",
			"Have counsel look at the wording, or draft them anew.")
	case !newest:
		c.warn(n.ID, "statements_outdated", "There is a newer version of the statements.", "Draft them anew and have them approved.")
	}
}

func (c *checker) approval() {
	n := c.d.Notice
	const again = "Show the statements to the signatory and record the approval."
	switch {
	case n.Approval == nil:
		c.fail(n.ID, "approval_missing", "The signatory has not approved the statements.", again)
	case n.Approval.Signatory != n.Signatory:
		c.fail(n.ID, "approval_by_other", "The statements were approved by someone other than the signatory.", again)
	case n.Approval.Statement != HashStatements(n.Statements):
		c.fail(n.ID, "approval_stale", "The statements were changed after the signatory approved them.", again)
	case n.Approval.At.After(c.now):
		c.warn(n.ID, "approval_in_future", "The approval is dated in the future.", "Check the computer's clock.")
	}
	if n.Approval != nil && n.Approval.Standing != "" {
		c.standing()
	}
}
