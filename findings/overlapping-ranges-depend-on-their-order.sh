#!/bin/sh
# A concatenated set or map with ranges (nftables, kernel type pipapo) may hold a narrow element inside a wide one, or
# may not: it depends on which is added first. The wide element after the narrow one is accepted, the narrow one after
# the wide one is "File exists". If both are there, a packet in both gets the data of the narrow one. The same elements
# in one command are refused or accepted by the order in which they are written there, and a set of one field without
# concatenation refuses both orders. So a program that writes elements in an order of its own, for example sorted, or
# that adds the exception later, fails on elements that the kernel held before.
. "$(dirname "$0")/lib/prelude.sh"
needs python3
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2

cat >"$work/try.sh" <<'SH'
set -eu
ip link set lo up
nft -f - <<'NFT'
table ip t {
    map two { type ipv4_addr . inet_service : verdict; flags interval; }
    map one { type ipv4_addr : verdict; flags interval; }
    chain narrow { counter comment "narrow"; }
    chain wide { counter comment "wide"; }
    chain output {
        type filter hook output priority 0;
        ip daddr . udp dport vmap @two
    }
}
NFT
try() {
    if nft add element ip t "$@" 2>"$work/error"; then
        echo accepted
    else
        sed -n 's/^Error: //p' "$work/error"
    fi
}
narrow='127.1.0.0/16 . 80 : goto narrow'
wide='127.0.0.0/8 . 1-1000 : goto wide'
echo "wide first: $(try two "{ $wide }"), narrow later: $(try two "{ $narrow }")"
nft flush map ip t two
echo "narrow first: $(try two "{ $narrow }"), wide later: $(try two "{ $wide }")"
python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.1.0.1", 80))'
echo "a packet in both: $(nft list ruleset | sed -n 's/.*counter packets 1 .*comment "\(.*\)"/\1/p')"
nft flush map ip t two
echo "in one command, wide first: $(try two "{ $wide, $narrow }")"
echo "in one command, narrow first: $(try two "{ $narrow, $wide }")"
echo "one field, wide first: $(try one '{ 127.0.0.0/8 : goto wide }'), narrow later: $(try one '{ 127.1.0.0/16 : goto narrow }')"
nft flush map ip t one
echo "one field, narrow first: $(try one '{ 127.1.0.0/16 : goto narrow }'), wide later: $(try one '{ 127.0.0.0/8 : goto wide }')"
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(nft -v), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
exists="Could not process rule: File exists"
see "wide first, then narrow" "accepted, narrow later: $exists" "$(line 'wide first')"
see "narrow first, then wide" "accepted, wide later: accepted" "$(line 'narrow first')"
see "a packet in both" "narrow" "$(line 'a packet in both')"
see "one command, wide first" "$exists" "$(line 'in one command, wide first')"
see "one command, narrow first" "accepted" "$(line 'in one command, narrow first')"
overlaps="interval overlaps with an existing one"
see "one field, wide first" "accepted, narrow later: $overlaps" "$(line 'one field, wide first')"
see "one field, narrow first" "accepted, wide later: $overlaps" "$(line 'one field, narrow first')"
conclude
