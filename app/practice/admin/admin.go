// Package admin is the page on which the practice marketplace's owner sees how it
// stands: its clock, the member's standing, what is open and until when, who came
// back, and the truth that no brand is told. Two forms turn the clock forward and
// set the faults.
package admin

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/app/practice/api"
	"touchstone/app/practice/market"
	"touchstone/report/takedown/jointforce"
	"touchstone/store/evidence"
)

//go:embed admin.html admin.css
var files embed.FS

// Prefix is the path below which the page is served.
const Prefix = "/admin"

// Config is what the page shows and can change.
type Config struct {
	Market  *market.Market
	API     *api.Server
	Life    market.Life
	Seed    int64
	Speed   float64
	Forward func(time.Duration) // turns the clock
}

type page struct {
	Config
	template *template.Template
}

// New is the page.
func New(c Config) (http.Handler, error) {
	t, err := template.New("admin.html").Funcs(template.FuncMap{"time": shown, "rate": rate, "words": words}).ParseFS(files, "admin.html")
	if err != nil {
		return nil, fmt.Errorf("read the admin page: %w", err)
	}
	p := &page{c, t}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Prefix, p.show)
	mux.HandleFunc("GET "+Prefix+"/ledger.json", p.ledger)
	mux.HandleFunc("GET "+Prefix+"/admin.css", style)
	mux.HandleFunc("POST "+Prefix+"/clock", p.turn)
	mux.HandleFunc("POST "+Prefix+"/faults", p.fail)
	return http.NewCrossOriginProtection().Handler(mux), nil
}

// view is what the page shows.
type view struct {
	Name           string
	Now            time.Time
	Seed           int64
	Speed          float64
	Life           market.Life
	Account        jointforce.Account
	Inquiries      []count
	Open           []market.BookedInquiry // soonest deadline first
	Items          []count
	Latest         []line // newest first
	CounterNotices []count
	Objections     []market.BookedCounter // open, soonest deadline first
	Relisted       int
	Faults         []share
	Replays        int
}

// count is how many there are in a state.
type count struct {
	State string
	N     int
}

// line is one item of a notice.
type line struct {
	jointforce.NoticeItem
	Notice string
	Truth  market.Truth
}

// share is a fault: how often it is to be, and how often it was.
type share struct {
	Fault  api.Fault
	Share  float64
	Struck int
}

// Percent is the share as the form has it.
func (s share) Percent() float64 { return s.Share * 100 }

// shownRows is how many rows each table shows.
const shownRows = 12

func (p *page) show(w http.ResponseWriter, r *http.Request) {
	l := p.Market.Ledger()
	v := view{
		Name: market.Name, Now: p.Market.Now(), Seed: p.Seed, Speed: max(1, p.Speed), Life: p.Life, Account: p.Market.Account(),
		Relisted: len(l.Relisted), Faults: p.faults(), Replays: p.API.Replays(),
	}
	v.Inquiries, v.Open = open(l.Inquiries, func(q market.BookedInquiry) (string, bool, time.Time) {
		return string(q.State), q.State == jointforce.InquiryOpen, q.DueAt
	})
	v.Items, v.Latest = latestItems(l.Notices)
	v.CounterNotices, v.Objections = open(l.CounterNotices, func(c market.BookedCounter) (string, bool, time.Time) {
		return string(c.State), c.State == jointforce.CounterOpen, c.DueAt
	})
	var b bytes.Buffer
	if err := p.template.Execute(&b, v); err != nil {
		http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	secure(w, "text/html; charset=utf-8")
	w.Write(b.Bytes())
}

func secure(w http.ResponseWriter, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'")
}

// open counts what has a deadline by its state, and lists what is open, the soonest
// deadline first.
func open[T any](all []T, stands func(T) (state string, open bool, dueAt time.Time)) ([]count, []T) {
	var list []T
	tally := map[string]int{}
	for _, one := range all {
		state, open, _ := stands(one)
		tally[state]++
		if open {
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b T) int {
		_, _, first := stands(a)
		_, _, second := stands(b)
		return first.Compare(second)
	})
	return counts(tally), list[:min(len(list), shownRows)]
}

func latestItems(notices []market.BookedNotice) ([]count, []line) {
	var lines []line
	tally := map[string]int{}
	for _, n := range slices.Backward(notices) {
		for i, item := range n.Items {
			tally[string(item.State)]++
			if len(lines) < shownRows {
				lines = append(lines, line{item, n.ID, n.Truths[i]})
			}
		}
	}
	return counts(tally), lines
}

func counts(tally map[string]int) []count {
	var list []count
	for state, n := range tally {
		list = append(list, count{state, n})
	}
	slices.SortFunc(list, func(a, b count) int { return strings.Compare(a.State, b.State) })
	return list
}

func (p *page) faults() []share {
	f, struck := p.API.Faults(), p.API.Struck()
	var list []share
	for _, name := range api.FaultNames() {
		list = append(list, share{name, *f.Share(name), struck[name]})
	}
	return list
}

func (p *page) ledger(w http.ResponseWriter, r *http.Request) {
	secure(w, "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.Encode(p.Market.Ledger()) // a reader who went away is told nothing
}

func style(w http.ResponseWriter, r *http.Request) {
	secure(w, "text/css; charset=utf-8")
	http.ServeFileFS(w, r, files, "admin.css")
}

// mostHours is the furthest that the clock is turned at once.
const mostHours = 90 * 24

func (p *page) turn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	hours, err := strconv.Atoi(r.PostFormValue("hours"))
	if err != nil || hours < 1 || hours > mostHours {
		http.Error(w, fmt.Sprintf("hours: want a whole number from 1 to %d", mostHours), http.StatusUnprocessableEntity)
		return
	}
	p.Forward(time.Duration(hours) * time.Hour)
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
}

func (p *page) fail(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	f := p.API.Faults()
	for _, name := range api.FaultNames() {
		percent, err := strconv.ParseFloat(r.PostFormValue(string(name)), 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			http.Error(w, fmt.Sprintf("%s: want per cent from 0 to 100", name), http.StatusUnprocessableEntity)
			return
		}
		*f.Share(name) = percent / 100
	}
	p.API.SetFaults(f)
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
}

func shown(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") }

// rate is a share in per cent, or a dash where there is none.
func rate(r *float64) string {
	if r == nil {
		return "–"
	}
	return strconv.FormatFloat(*r*100, 'f', 1, 64) + " %"
}

// words is a state as people write it.
func words(state any) string { return evidence.Words(fmt.Sprint(state)) }
