#!/bin/sh
# "nft -j monitor" prints one JSON object a line, except for traces of packets: these are lines of text between the
# objects, also with "nft -j monitor trace", which prints no JSON at all. A reader of JSON lines that runs well for
# months meets the first of them when a rule somewhere sets nftrace, and this can be a rule of another program.
. "$(dirname "$0")/lib/prelude.sh"
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2 libjansson4=2.14-2
needs ip timeout python3

cat >"$work/rules" <<'RULES'
table ip t {
    chain c {
        type filter hook output priority 0
        meta nftrace set 1
    }
}
RULES
cat >"$work/try" <<'TRY'
ip link set lo up
nft -f "$1"
timeout 5 nft -j monitor >"$2" 2>&1 &
timeout 5 nft -j monitor trace >"$3" 2>&1 &
sleep 2
python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))'
nft add chain ip t later
wait
TRY
# kinds FILE: the kinds of lines, by their first character
kinds() {
    sed -e 's/^{.*/json/' -e 's/^trace id .*/text/' "$1" | sort -u | paste -s -d ' ' -
}
echo "version: $(nft --version)"
in_namespace sh "$work/try" "$work/rules" "$work/all" "$work/trace"
see "nft -j monitor" "json text" "$(kinds "$work/all")"
see "nft -j monitor trace" "text" "$(kinds "$work/trace")"
conclude
