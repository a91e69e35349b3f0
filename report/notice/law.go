package notice

import (
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// fairUse: who gives notice under the DMCA must have considered whether the use is
// allowed, fair use included (Lenz v. Universal Music, 815 F.3d 1145, 9th Cir. 2016).
func (c *checker) fairUse() {
	n := c.d.Notice
	if n.LegalBasis == evidence.BasisDMCA && strings.TrimSpace(n.FairUse) == "" {
		c.fail(n.ID, "fair_use_not_considered", "The notice does not record how fair use was considered, as the DMCA asks (17 U.S.C. § 512(c)(3)(A)(v)).",
			"Consider it, and record why the use is not fair: touchstone notice set "+string(n.ID)+" --fair-use TEXT")
	}
}

// contact: the DMCA asks for how the complaining party is reached, "such as an
// address, telephone number, and, if available, an electronic mail address" (17
// U.S.C. § 512(c)(3)(A)(iv)).
func (c *checker) contact() {
	owner := c.d.Brand.Owner
	if c.d.Notice.LegalBasis == evidence.BasisDMCA && owner.Address == "" && owner.Phone == "" {
		c.warn(c.d.Notice.ID, "contact_thin", "Nothing but an e-mail address says how the complaining party is reached; the DMCA asks for an address or a telephone number, too.",
			"Enter the owner's address and telephone number in the brand.")
	}
}

// proof: in China a notice comes with proof of the right (E-Commerce Law, Art. 42;
// Supreme People's Court, Guiding Opinions of 10 September 2020 on e-commerce
// platforms, no. 5).
func (c *checker) proof() {
	if c.d.Notice.LegalBasis == evidence.BasisECommerceLaw &&
		!slices.ContainsFunc(c.d.Documents, func(a evidence.Attachment) bool { return a.Kind == evidence.AttachedCertificate }) {
		c.warn(c.d.Right.ID, "certificate_missing", "No certificate of the right is attached; a notice under the E-Commerce Law comes with proof of the right.",
			"Attach it: touchstone attach FILE --to "+string(c.d.Right.ID)+" --kind certificate.")
	}
}

// threatened are the provisions on groundless threats of the United Kingdom, as the
// Intellectual Property (Unjustified Threats) Act 2017 has them: from memory, as the
// warning says.
var threatened = map[evidence.RightType]string{
	evidence.Trademark: "Trade Marks Act 1994, ss. 21 to 21F",
	evidence.Design:    "Registered Designs Act 1949, ss. 26 to 26F",
	evidence.Patent:    "Patents Act 1977, ss. 70 to 70F",
}

// threats: in the United Kingdom a seller who is threatened with proceedings that
// turn out to be unjustified can sue whoever made the threat.
func (c *checker) threats() {
	r := c.d.Right
	law, ok := threatened[r.Type]
	if !ok || r.Jurisdiction != "GB" && r.Jurisdiction != "UK" {
		return
	}
	c.warn(r.ID, "unjustified_threats", "A notice on a "+string(r.Type)+" of the United Kingdom may be an unjustified threat, for which the seller can sue ("+law+"; not confirmed by a source at hand: ask counsel).",
		"Have counsel look at it; keep it to notifying that the right exists and to what is needed to have the listing taken down.")
}
