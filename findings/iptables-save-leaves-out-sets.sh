#!/bin/sh
# The tables that iptables-nft writes are open to nft, and nft may add rules to them that use a set or a map. Of a rule
# that it understands in part, iptables-nft-save prints the part: a rule that drops the members of a set is printed as a
# rule that drops everything, and a jump by a verdict map as a rule without any target. It exits with 0. A program
# that reads this text about rules of others reads something else than the kernel does.
. "$(dirname "$0")/lib/prelude.sh"
debian iptables=1.8.9-2 nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2

cat >"$work/rules" <<'RULES'
set -e
iptables-nft -A INPUT -s 192.0.2.1 -j ACCEPT
nft add set ip filter guests '{ type ipv4_addr; }'
nft add rule ip filter INPUT ip saddr @guests drop
nft add map ip filter services '{ type inet_service : verdict; }'
nft add rule ip filter INPUT tcp dport vmap @services
iptables-nft-save
RULES
echo "version: $(iptables-nft --version), $(nft --version)"
in_namespace sh "$work/rules" >"$work/saved" 2>"$work/log" || cannot "$(tail -n 1 "$work/log")"
see "the rule ip saddr @guests drop" "-A INPUT -j DROP" "$(grep '^-A INPUT' "$work/saved" | sed -n 2p)"
see "the rule tcp dport vmap @services" "-A INPUT -p tcp" "$(grep '^-A INPUT' "$work/saved" | sed -n 3p)"
conclude
