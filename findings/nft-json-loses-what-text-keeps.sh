#!/bin/sh
# "nft -j" is not the text of nft in another notation. A rule that fills a map from packets is printed as one string in
# the place of a statement, which "nft -j -f" refuses: a table with such a rule cannot be read back at all. And of a
# set for such rules the flag dynamic is missing, so that it comes back as another set, without an error. The text of
# "nft list" keeps both.
. "$(dirname "$0")/lib/prelude.sh"
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2 libjansson4=2.14-2

cat >"$work/map" <<'RULES'
table ip sticky {
    map clients {
        type ipv4_addr : inet_service
        flags dynamic,timeout
        timeout 10s
    }
    chain learn {
        update @clients { ip saddr : tcp dport }
    }
}
RULES
cat >"$work/set" <<'RULES'
table ip seen {
    set clients {
        type ipv4_addr
        size 10
        flags dynamic,timeout
    }
}
RULES
cat >"$work/try" <<'TRY'
set -e
nft -f "$1"
nft $2 list ruleset >"$1.copy" 2>/dev/null
nft flush ruleset
nft $2 -f "$1.copy" >/dev/null 2>&1 || echo refused
nft list ruleset | sed -n 's/^[ \t]*flags /flags /p'
TRY
echo "version: $(nft --version)"
see "the map by JSON" refused "$(in_namespace sh "$work/try" "$work/map" -j)"
see "the map by text" "flags dynamic,timeout" "$(in_namespace sh "$work/try" "$work/map" "")"
see "the set by JSON" "flags timeout" "$(in_namespace sh "$work/try" "$work/set" -j)"
see "the set by text" "flags dynamic,timeout" "$(in_namespace sh "$work/try" "$work/set" "")"
conclude
