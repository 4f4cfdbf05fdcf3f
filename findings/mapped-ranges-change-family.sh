#!/bin/sh
# An IPv4 range may be written in IPv6 notation: ::ffff:10.0.0.0/104 is 10.0.0.0/8. Which family a range has, and
# whether it contains 10.1.2.3, depends on the function that is asked. Go's net answers IPv4 and yes, net/netip IPv6
# and no. k8s.io/utils/net has two functions for the question "is this an IPv4 range". One checks the address in the
# text alone, so of a shorter prefix, ::ffff:10.0.0.0/8, it says IPv4, while the range that its parser returns is ::/8.
# Python's ipaddress says IPv6 and finds no IPv4 address in it.
. "$(dirname "$0")/lib/prelude.sh"
needs python3

go_modules k8s.io/utils@v0.0.0-20260626114624-be93311217bd <<'GO'
package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"

	netutils "k8s.io/utils/net"
)

func main() {
	_, network, err := net.ParseCIDR(os.Args[1])
	if err != nil {
		os.Exit(2)
	}
	prefix := netip.MustParsePrefix(os.Args[1])
	fmt.Printf("net %s %v; netip %v %v; text IPv4 %v, range IPv4 %v\n",
		network, network.Contains(net.ParseIP("10.1.2.3")),
		prefix, prefix.Contains(netip.MustParseAddr("10.1.2.3")),
		netutils.IsIPv4CIDRString(os.Args[1]), netutils.IsIPv4CIDR(network))
}
GO
echo "version: k8s.io/utils v0.0.0-20260626114624-be93311217bd, $(go version | cut -d' ' -f3), $(python3 --version)"
see "::ffff:10.0.0.0/104, contains 10.1.2.3" \
    "net 10.0.0.0/8 true; netip ::ffff:10.0.0.0/104 false; text IPv4 true, range IPv4 true" \
    "$("$work/go/finding" ::ffff:10.0.0.0/104)"
see "::ffff:10.0.0.0/8, contains 10.1.2.3" \
    "net ::/8 false; netip ::ffff:10.0.0.0/8 false; text IPv4 true, range IPv4 false" \
    "$("$work/go/finding" ::ffff:10.0.0.0/8)"
see "in Python, version of the range and the comparison" "6 False" "$(python3 -c '
import ipaddress
network = ipaddress.ip_network("::ffff:10.0.0.0/104")
print(network.version, ipaddress.ip_address("10.1.2.3") in network)')"
conclude
