package market

import (
	"math"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

// answerTime is how long a brand has to answer an inquiry.
const answerTime = 72 * time.Hour

// thresholds are those published for Alibaba's programme in 2020: 90 % and 5 %
// over three months, three months until readmission.
var thresholds = jointforce.Thresholds{WindowDays: 90, MinDecided: 10, MinDecidedForReason: 10, MinTakedownRate: 0.90, MaxCounterRate: 0.05, ReadmissionDays: 90}

// account is the practice brand's membership.
type account struct {
	memberSince time.Time
	goodFaith   bool
	since       time.Time
	rights      []jointforce.Right
}

func newAccount(now time.Time) account {
	since := now.AddDate(-1, 0, 0).UTC()
	a := account{memberSince: since, goodFaith: true, since: since}
	for _, r := range Brand(now).Rights {
		a.rights = append(a.rights, jointforce.Right{
			Type: r.Type, Name: r.Name, Number: r.Number, Office: r.Office, Jurisdiction: r.Jurisdiction, Owner: r.Owner.Name,
		})
	}
	return a
}

// Account is the practice brand's membership as it stands.
func (m *Market) Account() jointforce.Account {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	return jointforce.Account{
		Marketplace: Name, Practice: true, Programme: "Good Faith Joint Force (practice)", Brand: "Aurelia",
		Now: m.now().UTC(), MemberSince: m.account.memberSince,
		Manager: manager,
		Rights:  m.account.rights, Standing: m.figures(), Thresholds: thresholds,
		Limits: jointforce.LimitValues{
			MaxItems: jointforce.MaxItems, AnswerHours: int(answerTime.Hours()), CounterHours: int(counterTime.Hours()), ReplyHours: int(replyTime.Hours()),
			InformationRequests: informationRequests, MaxFileBytes: jointforce.MaxFile,
		},
		Tools: m.tools(),
	}
}

// manager is who the brand talks to.
var manager = jointforce.Person{Name: "Lin Weiming", Email: "lin.weiming@practice-bazaar.example", Phone: "+1 202 555 0142"}

// tools are the priority tools, which only members in good standing have.
func (m *Market) tools() []jointforce.Tool {
	if !m.account.goodFaith {
		return []jointforce.Tool{}
	}
	return []jointforce.Tool{jointforce.ToolTakedown, jointforce.ToolFastReview, jointforce.ToolAlerts}
}

// Alerts lists up to limit listings after the cursor that came back.
func (m *Market) Alerts(after string, limit int) ([]jointforce.Alert, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	if !m.account.goodFaith {
		return nil, "", ErrStanding
	}
	return pageOf(m.alerts, after, limit, func(jointforce.Alert) bool { return true }, func(a jointforce.Alert) jointforce.Alert { return a })
}

// figures counts the items of the window.
func (m *Market) figures() jointforce.Standing {
	from := m.now().AddDate(0, 0, -thresholds.WindowDays).UTC()
	s := jointforce.Standing{GoodFaith: m.account.goodFaith, Since: m.account.since, From: from, Reasons: []jointforce.ReasonTally{}}
	reasons := map[string]*jointforce.Tally{}
	for _, n := range m.notices {
		if n.ReceivedAt.Before(from) {
			continue
		}
		t := reasons[n.Reason]
		if t == nil {
			t = &jointforce.Tally{}
			reasons[n.Reason] = t
		}
		for i := range n.Items {
			count(&s.Overall, &n.Items[i])
			count(t, &n.Items[i])
		}
	}
	rate(&s.Overall, thresholds.MinDecided)
	for code, t := range reasons {
		rate(t, thresholds.MinDecidedForReason)
		s.Reasons = append(s.Reasons, jointforce.ReasonTally{Reason: code, Tally: *t})
	}
	for _, q := range m.inquiries {
		if !q.AskedAt.Before(from) {
			countInquiry(&s.Inquiries, q.State)
		}
	}
	slices.SortFunc(s.Reasons, func(a, b jointforce.ReasonTally) int { return strings.Compare(a.Reason, b.Reason) })
	return s
}

func count(t *jointforce.Tally, i *jointforce.NoticeItem) {
	switch i.State {
	case evidence.ItemRemoved, evidence.ItemCounterReceived, evidence.ItemEscalatedLegal:
		t.Removed++
	case evidence.ItemReinstated:
		t.Removed++
		t.Reinstated++
	case evidence.ItemUnderReview:
		t.Pending++
	case evidence.ItemWithdrawn:
		t.Withdrawn++
	case evidence.ItemRejected:
		if !slices.Contains(uncounted, i.Reason.Code) {
			t.Rejected++
		}
	}
}

func countInquiry(t *jointforce.InquiryTally, s jointforce.InquiryState) {
	t.Asked++
	switch s {
	case jointforce.InquiryAnswered:
		t.Answered++
	case jointforce.InquiryExpired:
		t.Expired++
	case jointforce.InquiryRecalled:
		t.Recalled++
	default:
		t.Open++
	}
}

// rate gives the tally its rates, and says whether they meet the thresholds where
// at least the given number of items is decided.
func rate(t *jointforce.Tally, least int) {
	share := func(part, whole int) *float64 {
		if whole == 0 {
			return nil
		}
		v := math.Round(float64(part)/float64(whole)*1e6) / 1e6
		return &v
	}
	t.TakedownRate = share(t.Removed, t.Removed+t.Rejected)
	t.CounterRate = share(t.Reinstated, t.Removed)
	t.Meets = t.Removed+t.Rejected < least ||
		*t.TakedownRate >= thresholds.MinTakedownRate && (t.CounterRate == nil || *t.CounterRate <= thresholds.MaxCounterRate)
}

// meets reports whether the figures allow good-faith takedown: over all, and for
// every single reason.
func meets(s *jointforce.Standing) bool {
	return s.Overall.Meets && !slices.ContainsFunc(s.Reasons, func(t jointforce.ReasonTally) bool { return !t.Meets })
}

// judge takes the member's standing away when the figures, over all or for one
// reason, fall short, and puts readmission on the agenda.
func (m *Market) judge() {
	if !m.account.goodFaith {
		return
	}
	if s := m.figures(); meets(&s) {
		return
	}
	m.stand(false)
	m.readmitAfter(m.now().AddDate(0, 0, thresholds.ReadmissionDays))
}

func (m *Market) readmitAfter(at time.Time) {
	m.later(at, func() {
		if s := m.figures(); !meets(&s) {
			m.readmitAfter(at.AddDate(0, 0, 1))
			return
		}
		m.stand(true)
	})
}

func (m *Market) stand(goodFaith bool) {
	m.account.goodFaith, m.account.since = goodFaith, m.now().UTC()
	state := "ordinary"
	if goodFaith {
		state = "good_faith"
	}
	m.event(jointforce.Event{Type: jointforce.EventStanding, State: state})
}

// Reasons is what a notice may complain of.
func Reasons() []jointforce.Reason {
	reason := func(code evidence.Infringement, goodFaith bool, en, zh string) jointforce.Reason {
		return jointforce.Reason{Code: string(code), GoodFaith: goodFaith, Title: map[string]string{"en": en, "zh-CN": zh}}
	}
	return []jointforce.Reason{
		reason(evidence.InfringesCounterfeit, true, "Counterfeit goods", "假冒商品"),
		reason(evidence.InfringesTrademark, true, "Misuse of a trade mark", "商标不当使用"),
		reason(evidence.InfringesLogo, true, "Use of a logo", "使用他人标识"),
		reason(evidence.InfringesImage, true, "Use of the owner's pictures", "盗用图片"),
		reason(evidence.InfringesDesign, false, "Registered design", "外观设计侵权"),
		reason(evidence.InfringesPatent, false, "Patent", "专利侵权"),
		reason(evidence.InfringesParallelImport, false, "Parallel import", "平行进口"),
		reason(evidence.InfringesImpersonation, true, "Impersonation of the brand", "冒充品牌"),
		reason(evidence.InfringesOther, false, "Something else", "其他"),
	}
}
