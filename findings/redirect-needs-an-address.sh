#!/bin/sh
# The iptables target REDIRECT sends a packet to a port of the host itself, so it seems to work without an address of
# the interface on which the packet came in. It does not: REDIRECT translates to an IPv4 address of that interface, and
# if the interface has none, the kernel drops the packet, without an ICMP error. The rule's counter still counts it.
# Network plugins such as Calico give the host's end of a pod's interface no IPv4 address, so a transparent proxy that
# works on a bridge is dead there. DNAT to an address of the host works on the same interface.
. "$(dirname "$0")/lib/prelude.sh"
needs python3 ip nsenter
debian iptables=1.8.9-2 libxtables12=1.8.9-2 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2 libnftnl11=1.2.4-2

cat >"$work/try.sh" <<'SH'
set -eu
ip link set lo up
ip address add 192.0.2.1/32 dev lo
ip link add host type veth peer name pod
ip link set host up
unshare --net sleep 60 &
pod=$!
server=
trap 'kill "$pod" $server' EXIT
until [ "$(readlink "/proc/$pod/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link set pod netns "$pod"
in_pod() {
    nsenter --target "$pod" --net -- "$@"
}
in_pod ip address add 10.1.0.2/32 dev pod
in_pod ip link set pod up
in_pod ip route add 169.254.1.1 dev pod
in_pod ip route add default via 169.254.1.1
ip route add 10.1.0.2 dev host
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv4/conf/host/proxy_arp
# proxy_arp answers only for destinations with a route.
ip route add default dev lo
python3 -m http.server --bind 0.0.0.0 8080 >/dev/null 2>&1 &
server=$!
python3 -c '
import socket, time
for _ in range(100):
    try:
        socket.create_connection(("192.0.2.1", 8080)).close()
        break
    except OSError:
        time.sleep(0.1)'
rule() {
    iptables-nft -t nat -A PREROUTING -p tcp --dport 80 "$@"
}
rule -d 203.0.113.1 -j REDIRECT --to-ports 8080
rule -d 203.0.113.2 -j DNAT --to-destination 192.0.2.1:8080
cat >"$work/connect.py" <<'PY'
import socket, sys
try:
    socket.create_connection((sys.argv[1], 80), 2)
    print("connected")
except TimeoutError:
    print("no answer")
except OSError as error:
    print(error.strerror)
PY
both() {
    echo "$1, REDIRECT: $(in_pod python3 "$work/connect.py" 203.0.113.1)"
    echo "$1, DNAT: $(in_pod python3 "$work/connect.py" 203.0.113.2)"
}
both without
echo "counted: $(iptables-nft -t nat -vnL PREROUTING | awk '$3 == "REDIRECT" { print ($1 > 0) ? "yes" : "no" }')"
ip address add 198.51.100.1/32 dev host
both with
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(iptables-nft --version), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
see "interface without an IPv4 address, REDIRECT" "no answer" "$(line "without, REDIRECT")"
see "the rule counts the packets" "yes" "$(line counted)"
see "interface without an IPv4 address, DNAT to the host" "connected" "$(line "without, DNAT")"
see "interface with any IPv4 address, REDIRECT" "connected" "$(line "with, REDIRECT")"
see "interface with any IPv4 address, DNAT to the host" "connected" "$(line "with, DNAT")"
conclude
