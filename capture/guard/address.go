package guard

import "net/netip"

// Forbidden says why a page from the internet has no business with an address,
// as in "loopback address"; "" means that it may be dialled. The ranges are
// those of IANA's registries of special-purpose addresses (RFC 6890). IPv6 is
// closed but for 2000::/3, which is all that is given out. An IPv4 address
// embedded in IPv6, so that a translator on the way would turn it back, is
// judged as IPv4.
func Forbidden(a netip.Addr) string {
	switch {
	case !a.IsValid():
		return "no address"
	case a.Zone() != "":
		return "address with a zone"
	case a.Is4():
		return forbidden4(a)
	}
	if inner, how := embedded(a); how != "" {
		if reason := forbidden4(inner); reason != "" {
			return reason + " inside " + how
		}
		return ""
	}
	if reason := within(forbidden6, a); reason != "" {
		return reason
	}
	if !globalUnicast6.Contains(a) {
		return "address that is not given out"
	}
	return ""
}

func forbidden4(a netip.Addr) string { return within(forbidden4Ranges, a) }

func within(ranges []addressRange, a netip.Addr) string {
	for _, r := range ranges {
		if r.prefix.Contains(a) {
			return r.reason
		}
	}
	return ""
}

type addressRange struct {
	prefix netip.Prefix
	reason string
}

var forbidden4Ranges = []addressRange{
	{netip.MustParsePrefix("0.0.0.0/8"), "address of this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier's private address"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback address"},
	{netip.MustParsePrefix("168.63.129.16/32"), "cloud provider's metadata address"}, // Azure's, though public
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local address"},                  // 169.254.169.254 among them
	{netip.MustParsePrefix("172.16.0.0/12"), "private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignment address"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation address"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay address"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private address"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking address"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation address"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation address"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast address"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast address"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved address"},
}

var globalUnicast6 = netip.MustParsePrefix("2000::/3")

var forbidden6 = []addressRange{
	{netip.MustParsePrefix("::/128"), "unspecified address"},
	{netip.MustParsePrefix("::1/128"), "loopback address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "local translation address"},
	{netip.MustParsePrefix("100::/64"), "discard address"},
	{netip.MustParsePrefix("2001::/32"), "Teredo address"},
	{netip.MustParsePrefix("2001::/23"), "protocol assignment address"},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation address"},
	{netip.MustParsePrefix("3fff::/20"), "documentation address"},
	{netip.MustParsePrefix("fc00::/7"), "private address"},
	{netip.MustParsePrefix("fe80::/10"), "link-local address"},
	{netip.MustParsePrefix("fec0::/10"), "site-local address"},
	{netip.MustParsePrefix("ff00::/8"), "multicast address"},
}

// embeddings are the forms in which an IPv6 address carries an IPv4 address, at
// the byte given.
var embeddings = []struct {
	prefix netip.Prefix
	at     int
	name   string
}{
	{netip.MustParsePrefix("::ffff:0:0/96"), 12, "IPv4-mapped address"},       // RFC 4291
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12, "IPv4-translated address"}, // RFC 2765
	{netip.MustParsePrefix("64:ff9b::/96"), 12, "NAT64 address"},              // RFC 6052
	{netip.MustParsePrefix("2002::/16"), 2, "6to4 address"},                   // RFC 3056
}

// embedded is the IPv4 address inside a and the name of the form, "" when there
// is none.
func embedded(a netip.Addr) (netip.Addr, string) {
	b := a.As16()
	for _, e := range embeddings {
		if e.prefix.Contains(a) {
			return netip.AddrFrom4([4]byte(b[e.at : e.at+4])), e.name
		}
	}
	// ISATAP (RFC 5214): the interface identifier is 0[2]00:5efe and the address.
	if b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe {
		return netip.AddrFrom4([4]byte(b[12:])), "ISATAP address"
	}
	return netip.Addr{}, ""
}
