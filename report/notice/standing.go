package notice

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"touchstone/store/evidence"
)

// ErrNotCovered means that a standing approval does not cover a notice.
var ErrNotCovered = errors.New("the standing approval does not cover the notice")

// MaxStanding is how long a standing approval may hold at most.
const MaxStanding = 366 * 24 * time.Hour

// ApproveByStanding records that the signatory vouches for the notice by a
// standing approval given before. The error is ErrNotCovered where its scope or
// its time does not reach the notice.
func ApproveByStanding(d Dossier, s evidence.StandingApproval, at time.Time) (evidence.Notice, error) {
	if why := lacksStanding(&d, &s, at); why != "" {
		return evidence.Notice{}, fmt.Errorf("approve %s by %s: %w: %s", d.Notice.ID, s.ID, ErrNotCovered, why)
	}
	n := d.Notice
	n.Approval = &evidence.Approval{Signatory: s.Signatory, At: at.UTC(), Statement: HashStatements(n.Statements), Standing: s.ID}
	return n, nil
}

// lacksStanding says in what a standing approval falls short of a notice at a
// time; empty if it covers it.
func lacksStanding(d *Dossier, s *evidence.StandingApproval, at time.Time) string {
	n := &d.Notice
	switch {
	case !s.RevokedAt.IsZero():
		return "it was revoked on " + s.RevokedAt.UTC().Format(time.DateOnly)
	case at.Before(s.From):
		return "it begins on " + s.From.UTC().Format(time.DateOnly)
	case !at.Before(s.Until):
		return "it ended on " + s.Until.UTC().Format(time.DateOnly)
	case s.Brand != n.Brand:
		return "it is for another brand"
	case s.Signatory != n.Signatory:
		return "it was given by another signatory"
	case s.Right != "" && s.Right != n.Right:
		return "it is for another right"
	case !slices.Contains(s.Channels, n.Channel):
		return "it is not for channel " + n.Channel
	case s.LegalBasis != n.LegalBasis:
		return "it is for notices under " + string(s.LegalBasis)
	case !slices.Contains(s.Infringements, n.Infringement):
		return "it is not for " + evidence.Words(n.Infringement)
	case s.MaxItems > 0 && len(d.Exhibits) > s.MaxItems:
		return fmt.Sprintf("it is for at most %s in a notice", evidence.Count(s.MaxItems, "item"))
	case !slices.Equal(s.Statements, n.Statements):
		return "the signatory approved statements in other words"
	}
	for _, e := range d.Exhibits {
		if len(s.Bases) > 0 && (e.Assessment == nil || !slices.Contains(s.Bases, e.Assessment.Basis)) {
			return "it asks for assessments on another basis"
		}
	}
	return ""
}

// standing checks an approval that rests on a standing one: it must still cover
// the notice when the notice leaves.
func (c *checker) standing() {
	n := c.d.Notice
	const advice = "Have the signatory approve this notice, or record a new standing approval."
	if c.d.Standing == nil || c.d.Standing.ID != n.Approval.Standing {
		c.fail(n.ID, "standing_approval_missing", "The standing approval that the notice rests on is not there.", advice)
		return
	}
	if why := lacksStanding(c.d, c.d.Standing, c.now); why != "" {
		c.fail(n.ID, "standing_approval_out_of_scope", "The standing approval does not cover the notice: "+why+".", advice)
	}
}
