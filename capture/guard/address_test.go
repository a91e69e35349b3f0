package guard

import (
	"net/netip"
	"testing"
)

func TestAddressesAPageHasNoBusinessWithAreForbidden(t *testing.T) {
	tests := []struct{ addr, want string }{
		{"93.184.215.14", ""},
		{"1.1.1.1", ""},
		{"100.63.255.255", ""},
		{"100.128.0.0", ""},
		{"172.15.255.255", ""},
		{"172.32.0.0", ""},
		{"169.253.255.255", ""},
		{"198.17.255.255", ""},
		{"198.20.0.0", ""},
		{"223.255.255.255", ""},
		{"0.0.0.0", "address of this network"},
		{"0.1.2.3", "address of this network"},
		{"10.0.0.1", "private address"},
		{"10.255.255.255", "private address"},
		{"100.64.0.0", "carrier's private address"},
		{"100.100.100.200", "carrier's private address"}, // a cloud's metadata server
		{"127.0.0.1", "loopback address"},
		{"127.255.255.254", "loopback address"},
		{"168.63.129.16", "cloud provider's metadata address"},
		{"169.254.0.1", "link-local address"},
		{"169.254.169.254", "link-local address"},
		{"172.16.0.1", "private address"},
		{"172.31.255.255", "private address"},
		{"192.0.0.8", "protocol assignment address"},
		{"192.0.2.1", "documentation address"},
		{"192.88.99.1", "6to4 relay address"},
		{"192.168.1.1", "private address"},
		{"198.18.0.1", "benchmarking address"},
		{"198.19.255.255", "benchmarking address"},
		{"198.51.100.1", "documentation address"},
		{"203.0.113.1", "documentation address"},
		{"224.0.0.1", "multicast address"},
		{"239.255.255.255", "multicast address"},
		{"240.0.0.1", "reserved address"},
		{"255.255.255.255", "broadcast address"},

		{"2606:4700:4700::1111", ""},
		{"2a00:1450:4001::1", ""},
		{"::", "unspecified address"},
		{"::1", "loopback address"},
		{"::127.0.0.1", "address that is not given out"},
		{"100::1", "discard address"},
		{"2001:0:4136:e378::1", "Teredo address"},
		{"2001:20::1", "protocol assignment address"},
		{"2001:db8::1", "documentation address"},
		{"3fff::1", "documentation address"},
		{"4000::1", "address that is not given out"},
		{"5f00::1", "address that is not given out"},
		{"fc00::1", "private address"},
		{"fd00:ec2::254", "private address"}, // a cloud's metadata server
		{"fe80::1", "link-local address"},
		{"fe80::1%eth0", "address with a zone"},
		{"fec0::1", "site-local address"},
		{"ff02::1", "multicast address"},
		{"64:ff9b:1::7f00:1", "local translation address"},

		{"::ffff:1.1.1.1", ""},
		{"::ffff:127.0.0.1", "loopback address inside IPv4-mapped address"},
		{"::ffff:169.254.169.254", "link-local address inside IPv4-mapped address"},
		{"::ffff:0:10.0.0.1", "private address inside IPv4-translated address"},
		{"64:ff9b::1.1.1.1", ""},
		{"64:ff9b::192.168.0.1", "private address inside NAT64 address"},
		{"2002:0101:0101::1", ""},
		{"2002:7f00:0001::1", "loopback address inside 6to4 address"},
		{"2a00:1450::5efe:10.0.0.1", "private address inside ISATAP address"},
		{"2a00:1450::200:5efe:127.0.0.1", "loopback address inside ISATAP address"},
	}
	for _, tt := range tests {
		if got := Forbidden(netip.MustParseAddr(tt.addr)); got != tt.want {
			t.Errorf("Forbidden(%s) = %q, want %q", tt.addr, got, tt.want)
		}
	}
	if got := Forbidden(netip.Addr{}); got != "no address" {
		t.Errorf("no address: %q", got)
	}
}

// FuzzForbidden demands that no address reaches an IPv4 address of a private
// network in any of the embedded forms, and that nothing panics.
func FuzzForbidden(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add([]byte{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		got := Forbidden(a)
		if (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()) && got == "" {
			t.Errorf("%s may be dialled", a)
		}
		if mapped := netip.AddrFrom16(a.As16()); a.Is4() && (Forbidden(mapped) == "") != (got == "") {
			t.Errorf("%s and its mapped form are judged differently", a)
		}
	})
}
