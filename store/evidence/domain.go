package evidence

import "time"

// DomainRecord is what registries and name servers answered about a domain at a
// time. A later look is another record. The answers, as they came, are
// attached to the listing that the domain is.
type DomainRecord struct {
	ID      ID        `json:"id"`
	Case    ID        `json:"case,omitempty"`
	Listing ID        `json:"listing"`
	Domain  string    `json:"domain"` // in ASCII
	AskedAt time.Time `json:"asked_at"`

	Registrar   DomainParty   `json:"registrar,omitzero"`
	Abuse       []DomainParty `json:"abuse,omitempty"` // of the registrar
	Registered  string        `json:"registered,omitempty"`
	Changed     string        `json:"changed,omitempty"`
	Expires     string        `json:"expires,omitempty"`
	Status      []string      `json:"status,omitempty"`
	NameServers []string      `json:"name_servers,omitempty"`

	Answers  []DNSRecord    `json:"answers,omitempty"`
	Networks []Network      `json:"networks,omitempty"` // that its addresses lie in
	Payment  []Contact      `json:"payment,omitempty"`  // ways to pay and to reach the seller, found on the captured page
	Raw      []ID           `json:"raw,omitempty"`      // attachments that hold the answers as they came
	Missing  []DomainMissed `json:"missing,omitempty"`
}

// DomainParty is a registrar, a host or their desk for abuse.
type DomainParty struct {
	Name   string `json:"name,omitempty"`
	Handle string `json:"handle,omitempty"` // of a registrar its IANA number
	Email  string `json:"email,omitempty"`
	Phone  string `json:"phone,omitempty"`
	URL    string `json:"url,omitempty"`
}

// DNSRecord is one record of a name.
type DNSRecord struct {
	Type  string `json:"type"` // A, AAAA, CNAME, MX, NS, TXT
	Value string `json:"value"`
}

// Network is the range of addresses that an address of the domain lies in, and
// who runs it.
type Network struct {
	Address string        `json:"address"`
	Handle  string        `json:"handle,omitempty"`
	Name    string        `json:"name,omitempty"`
	First   string        `json:"first,omitempty"`
	Last    string        `json:"last,omitempty"`
	Country string        `json:"country,omitempty"`
	Holder  string        `json:"holder,omitempty"`
	Abuse   []DomainParty `json:"abuse,omitempty"`
}

// DomainMissed is what could not be found out, and why.
type DomainMissed struct {
	What   string `json:"what"`
	Reason string `json:"reason"`
}
