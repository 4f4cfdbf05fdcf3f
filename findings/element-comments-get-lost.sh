#!/bin/sh
# A comment of an element in an nftables set or map is kept from its first addition. Adding the element again with
# another comment succeeds, reports nothing and changes nothing, so a comment that names an owner becomes wrong when the
# owner changes. With auto-merge, neighbours become one element with one comment, and which one depends on the way: two
# neighbours in one command keep the first comment, a neighbour that is added later replaces the comment of the one that
# was there.
. "$(dirname "$0")/lib/prelude.sh"
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2

cat >"$work/try.sh" <<'SH'
set -eu
nft -f - <<'NFT'
table ip t {
    map ports { type inet_service : verdict; }
    set nets { type ipv4_addr; flags interval; auto-merge; }
}
NFT
elements() {
    nft list "$1" ip t "$2" | sed -n 's/.*elements = //p'
}
nft add element ip t ports '{ 80 comment "one" : accept }'
nft add element ip t ports '{ 80 comment "two" : accept }' && echo "again: accepted, $(elements map ports)"
nft add element ip t nets '{ 10.0.0.0/25 comment "one", 10.0.0.128/25 comment "two" }'
echo "together: $(elements set nets)"
nft flush set ip t nets
nft add element ip t nets '{ 10.0.0.0/25 comment "one" }'
nft add element ip t nets '{ 10.0.0.128/25 comment "two" }'
echo "later: $(elements set nets)"
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(nft -v), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
see 'the element is added again with the comment "two"' 'accepted, { 80 comment "one" : accept }' "$(line again)"
see "neighbours in one command" '{ 10.0.0.0/24 comment "one" }' "$(line together)"
see "a neighbour in a later command" '{ 10.0.0.0/24 comment "two" }' "$(line later)"
conclude
