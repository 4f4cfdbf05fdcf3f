#!/bin/sh
# A ruleset that root loads is refused in a container without privileges: "Message too long" or the like, although each
# message is short. nft sends a transaction as one write to the netlink socket, and enlarges the socket's send buffer to
# fit. Only root of the first user namespace may enlarge it beyond net.core.wmem_max (SO_SNDBUFFORCE); for the root of
# another user namespace nft 1.0.6 does not even try the ordinary SO_SNDBUF, which would be enough here. What remains is
# net.core.wmem_default, about 200 KiB: some 400 chains with a rule each. kind, rootless Podman and CI runners have such
# namespaces, so a ruleset passes every test until it is large. Two files, loaded one after the other, would pass, but
# are no single transaction.
. "$(dirname "$0")/lib/prelude.sh"
needs unshare strace
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2 libmnl0=1.0.4-3

# chains NUMBER: a ruleset
chains() {
    echo "table ip t {"
    i=0
    while [ "$i" -lt "$1" ]; do
        echo "chain c$i { ip daddr 10.0.0.1 tcp dport $((i + 1)) dnat to 10.1.0.1:8080; }"
        i=$((i + 1))
    done
    echo "}"
}
chains 100 >"$work/short"
chains 2000 >"$work/long"
# loads FILE OPTION...: the end of the error
loads() {
    file=$1
    shift
    if unshare --net "$@" -- nft -f "$file" >"$work/log" 2>&1; then
        echo "loaded"
    else
        sed -n 's/.*Could not process rule: //p' "$work/log" | head -n 1
    fi
}
[ "$(cat /proc/sys/net/core/wmem_default)" = 212992 ] || cannot "net.core.wmem_default is not Linux's 212992"
echo "version: $(nft -v), Linux $(uname -r)"
see "100 chains, first user namespace" "loaded" "$(loads "$work/short")"
see "100 chains, another user namespace" "loaded" "$(loads "$work/short" --user --map-root-user)"
see "2000 chains, first user namespace" "loaded" "$(loads "$work/long")"
see "2000 chains, another user namespace" "Message too long" "$(loads "$work/long" --user --map-root-user)"
unshare --net --user --map-root-user -- strace -e trace=setsockopt nft -f "$work/long" >"$work/trace" 2>&1 || true
see "tries to enlarge the send buffer" "SO_SNDBUFFORCE -1 EPERM" \
    "$(sed -n 's/^setsockopt(.*\(SO_SNDBUF[A-Z]*\),.*= \([-0-9A-Z ]*\) (.*/\1 \2/p' "$work/trace" | sort -u | paste -s -d , -)"
conclude
