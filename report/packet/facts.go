package packet

import (
	"cmp"
	"fmt"
	"strings"

	"touchstone/report/notice"
	"touchstone/store/evidence"
)

// fact is one row of what a page said.
type fact struct{ label, value, source, link string }

// factRows lists what the page stated, each with where on the page it was read.
// What it did not state has no row.
func factRows(e *notice.Exhibit) []fact {
	f := e.Capture.Facts
	if f == nil {
		return []fact{{label: "Facts", value: "None could be read from the page."}}
	}
	var rows []fact
	add := func(key, label, value, link string) {
		if value != "" {
			rows = append(rows, fact{label, value, word(sources, f.Sources[key]), link})
		}
	}
	add("title", "Title", f.Title, "")
	add("marketplace", "Marketplace", strings.TrimSpace(f.Marketplace+" "+f.Site), "")
	add("item_id", "Item number", f.ItemID, "")
	add("sku", "SKU", f.SKU, "")
	add("variant", "Variant", f.Variant, "")
	add("brand", "Brand stated", f.Brand, "")
	add("price", "Price", prices(f.Price), "")
	add("availability", "Availability", word(availabilities, f.Availability), "")
	if s := f.Seller; s != nil {
		add("seller", "Seller", sellerLine(s), "")
		add("seller", "Seller's page", s.URL, s.URL)
		for _, c := range s.Contacts {
			add("seller", "Seller's "+word(map[string]string{}, c.Type), c.Shown, "")
		}
	}
	add("location", "Location", f.Location, "")
	add("stock", "Stock", f.Stock, "")
	add("min_order", "Minimum order", f.MinOrder, "")
	if f.Sold != nil {
		add("sold", "Sold", f.Sold.Text, "")
	}
	add("canonical_url", "Canonical address", f.CanonicalURL, f.CanonicalURL)
	if n := len(f.Images); n > 0 {
		add("images", "Pictures", count(n, "picture"), "")
	}
	return rows
}

func sellerLine(s *evidence.SellerFacts) string {
	if s.Name == "" || s.ID == "" || s.Name == s.ID {
		return cmp.Or(s.Name, s.ID)
	}
	return s.Name + " (" + s.ID + ")"
}

func prices(p *evidence.Price) string {
	text := price(p)
	if p == nil {
		return text
	}
	for i, t := range p.Tiers {
		if i == 10 {
			return text + "\n…"
		}
		text += fmt.Sprintf("\nfrom %d: %s %s", t.From, t.Price, p.Currency)
	}
	return text
}

// captureRows tells how the capture was made. Nothing in it names the operator,
// the proxy or the profile, unless the edition is one for our own side.
func captureRows(e *notice.Exhibit, edition Edition) [][2]string {
	c, m := &e.Capture, &e.Manifest
	rows := [][2]string{
		{"Address asked for", c.URL},
		{"Address shown", cmp.Or(c.FinalURL, c.URL)},
		{"Accessed", utc(c.StartedAt) + " to " + utc(c.FinishedAt)},
		{"Outcome", outcomeLine(c)},
		{"HTTP status", status(c.HTTPStatus)},
		{"Redirects", redirects(m.Redirects)},
		{"Server address", m.ServerAddress},
		{"Name resolution", resolution(m.DNS)},
		{"Secure connection", connection(m.TLS)},
		{"Clock check", clock(m.Clock)},
		{"Browser", strings.Trim(m.Browser.Product+", "+window(m.Settings), ", ")},
		{"Program", program(m)},
		{"Complete", complete(c)},
		{"Capture", string(c.ID)},
	}
	if edition != Platform {
		rows = append(rows, [2]string{"Operator", cmp.Or(m.Operator.Name, m.Operator.Account)},
			[2]string{"Proxy", m.Settings.Proxy}, [2]string{"Profile", m.Settings.Profile})
	}
	return rows
}

// program names what made the capture and what it ran on.
func program(m *evidence.Manifest) string {
	tool := strings.TrimSpace(m.Tool.Name + " " + m.Tool.Version + " " + m.Tool.Commit)
	system := strings.TrimSpace(cmp.Or(m.System.Name, m.System.OS) + " " + m.System.Arch)
	if tool == "" || system == "" {
		return tool + system
	}
	return tool + ", on " + system
}

func outcomeLine(c *evidence.Capture) string {
	line := word(outcomes, c.Outcome)
	if c.Reason != "" {
		line += "\n" + c.Reason
	}
	return line
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprint(code)
}

func redirects(hops []evidence.Redirect) string {
	var lines []string
	for i, h := range hops {
		if i == 10 {
			lines = append(lines, fmt.Sprintf("and %d more", len(hops)-i))
			break
		}
		how := "by the page"
		if h.Status != 0 {
			how = fmt.Sprint(h.Status)
		}
		lines = append(lines, clip(h.From, 300)+" → "+clip(h.To, 300)+" ("+how+")")
	}
	return strings.Join(lines, "\n")
}

func resolution(answers []evidence.DNSAnswer) string {
	var lines []string
	for i, a := range answers {
		if i == 5 {
			lines = append(lines, fmt.Sprintf("and %d more hosts, in the manifest", len(answers)-i))
			break
		}
		found := strings.Join(a.Addresses, ", ")
		if a.Error != "" {
			found = a.Error
		}
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", a.Host, clip(found, 300), utc(a.At)))
	}
	return strings.Join(lines, "\n")
}

func connection(t *evidence.TLS) string {
	if t == nil {
		return "None: the page was not encrypted"
	}
	lines := []string{strings.TrimSpace(t.Protocol + " " + t.Cipher)}
	if t.Subject != "" {
		lines = append(lines, "Certificate of "+t.Subject+", issued by "+t.Issuer)
		lines = append(lines, "valid "+utc(t.NotBefore)+" to "+utc(t.NotAfter))
	}
	if t.Valid {
		lines = append(lines, "Accepted by the browser")
	} else {
		lines = append(lines, strings.TrimSpace("Not accepted by the browser "+t.Error))
	}
	return strings.Join(lines, "\n")
}

func clock(k *evidence.ClockCheck) string {
	if k == nil {
		return "The server sent no date to compare with"
	}
	if -1 <= k.OffsetSeconds && k.OffsetSeconds <= 1 {
		return "Agrees with the server's clock to the second"
	}
	return fmt.Sprintf("The server's clock differed by %+.0f s", k.OffsetSeconds)
}

func window(s evidence.Settings) string {
	var parts []string
	if s.ViewportWidth > 0 {
		parts = append(parts, fmt.Sprintf("window %d × %d", s.ViewportWidth, s.ViewportHeight))
	}
	if s.Locale != "" {
		parts = append(parts, "locale "+s.Locale)
	}
	if s.TimeZone != "" {
		parts = append(parts, "time zone "+s.TimeZone)
	}
	return strings.Join(parts, ", ")
}

func complete(c *evidence.Capture) string {
	if c.Complete {
		return "Yes: every file was obtained"
	}
	return "No: " + count(len(c.Missing), "part") + " could not be obtained, named below"
}
