package httptool

import (
	"errors"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	public := []string{
		"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
		"192.167.1.1", "198.17.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:1.1.1.1",
	}
	private := []string{
		"127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", // the metadata service of most clouds
		"100.64.0.1", "100.127.255.255",
		"192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
		"224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1",
		"::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "2001:db8::1", "100::1", "3fff::1",
	}
	var g Guard
	for _, a := range public {
		if err := g.Check(netip.MustParseAddr(a)); err != nil {
			t.Errorf("%s is public: %v", a, err)
		}
	}
	for _, a := range private {
		err := g.Check(netip.MustParseAddr(a))
		if _, ok := errors.AsType[*PrivateError](err); !ok {
			t.Errorf("%s may be reached", a)
		}
	}
}

func TestGuardAllowsWhatIsListed(t *testing.T) {
	t.Parallel()
	g := Guard{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	for addr, allowed := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "10.2.0.1": false, "127.0.0.1": false,
	} {
		if err := g.Check(netip.MustParseAddr(addr)); (err == nil) != allowed {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

// However an IPv4 address is written, the verdict is the same.
func TestGuardSeesThroughMapping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b [4]byte
		for i := range b {
			b[i] = rapid.Byte().Draw(t, "byte")
		}
		v4 := netip.AddrFrom4(b)
		var g Guard
		if plain, mapped := g.Check(v4), g.Check(netip.AddrFrom16(v4.As16())); (plain == nil) != (mapped == nil) {
			t.Fatalf("%s: %v as IPv4, %v as IPv6", v4, plain, mapped)
		}
	})
}
