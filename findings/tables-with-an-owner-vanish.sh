#!/bin/sh
# "flags owner" lets no other program change an nftables table. A ruleset with such a table loads with "nft -f", status
# 0 and no warning, and is gone when the command has returned: the owner is not a user or a program, but the netlink
# socket that created the table, and the kernel deletes the table with the socket. A unit that loads its firewall at
# boot thereby loads nothing. The flag serves programs that keep their socket, as "nft -i" does.
. "$(dirname "$0")/lib/prelude.sh"
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2

cat >"$work/ruleset" <<'NFT'
table ip owned {
    flags owner
    chain input {
        type filter hook input priority 0
        tcp dport 22 drop
    }
}
table ip plain {
}
NFT
cat >"$work/try.sh" <<'SH'
set -u
nft -c -f "$work/ruleset"
echo "check: $?"
nft -f "$work/ruleset"
echo "load: $?"
echo "tables: $(nft list tables | paste -s -d , -)"
echo "interactive: $(printf 'include "%s"\nlist tables\n' "$work/ruleset" | nft -i | paste -s -d , -)"
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(nft -v), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
see "status of nft -c -f" "0" "$(line check)"
see "status of nft -f" "0" "$(line load)"
see "tables after nft -f" "table ip plain" "$(line tables)"
see "tables while nft -i is open" "table ip plain,table ip owned" "$(line interactive)"
conclude
