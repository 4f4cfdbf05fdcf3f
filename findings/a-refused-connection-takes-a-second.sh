#!/bin/sh
# "reject" answers a TCP connection at once, but a blocking connect() of a container or of the host itself returns only
# after a second. The ICMP error arrives while connect() still holds the socket, and Linux then drops the error and
# counts it as LockDroppedIcmps. The client notices the second error, the answer to the SYN that it sends again after
# 1 s. The error is not lost for everyone: a client that connects without blocking and asks for SO_ERROR, as Python does
# if a time limit is set, gets it at once, so one program waits and another on the same host does not. "reject with tcp
# reset" has no such wait. Every "reject" and "-j REJECT" without an option sends the ICMP error.
. "$(dirname "$0")/lib/prelude.sh"
needs python3 ip
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2

cat >"$work/try.sh" <<'SH'
set -eu
ip link set lo up
ip link add host type veth peer name pod
ip address add 192.0.2.1/24 dev host
ip link set host up
unshare --net sleep 60 &
pod=$!
trap 'kill "$pod"' EXIT
until [ "$(readlink "/proc/$pod/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link set pod netns "$pod"
in_pod() {
    nsenter --target "$pod" --net -- "$@"
}
in_pod ip address add 192.0.2.2/24 dev pod
in_pod ip link set pod up
nft -f - <<'NFT'
table ip t {
    chain input {
        type filter hook input priority 0;
        tcp dport 81 reject
        tcp dport 82 reject with tcp reset
    }
}
NFT
cat >"$work/connect.py" <<'PY'
import socket, sys, time

def dropped():
    names, values = [line.split() for line in open("/proc/thread-self/net/netstat") if line.startswith("TcpExt:")]
    return int(values[names.index("LockDroppedIcmps")])

before, begun = dropped(), time.monotonic()
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=None if sys.argv[3] == "blocking" else 30)
except ConnectionRefusedError:
    took = time.monotonic() - begun
    print("refused", "at once," if took < 0.5 else "after a second or more,", "errors dropped:", dropped() - before)
PY
for how in blocking "time limit"; do
    for port in 81 82; do
        echo "host, $how, $port: $(python3 "$work/connect.py" 192.0.2.1 "$port" "$how")"
        echo "container, $how, $port: $(in_pod python3 "$work/connect.py" 192.0.2.1 "$port" "$how")"
    done
done
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(nft -v), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
for client in host container; do
    see "$client, reject" "refused after a second or more, errors dropped: 1" "$(line "$client, blocking, 81")"
    see "$client, reject, connect() with a time limit" "refused at once, errors dropped: 1" \
        "$(line "$client, time limit, 81")"
    see "$client, reject with tcp reset" "refused at once, errors dropped: 0" "$(line "$client, blocking, 82")"
    see "$client, reject with tcp reset, connect() with a time limit" "refused at once, errors dropped: 0" \
        "$(line "$client, time limit, 82")"
done
conclude
