#!/bin/sh
# iptables-restore-translate turns rules into nft commands, to move to nftables. A rule that it cannot translate
# becomes a comment in the middle of its output, and the exit status is 0. The match "recent" is such a rule, so a
# chain that sends remembered clients to an endpoint is empty afterwards: packets pass it untranslated. The ordinary
# rule of an endpoint is translated, but without its protocol: iptables-save always writes "-p tcp -m tcp", and with
# "-m tcp" the protocol is left to that match, which has nothing to say without a port. nft refuses the result, since
# an address with a port needs a protocol. Without "-m tcp", a form that no save prints, the same rule is translated
# well.
. "$(dirname "$0")/lib/prelude.sh"
debian iptables=1.8.9-2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2

# rule WORDS...: what the translation of one rule of a chain E of the table nat is
rule() {
    printf '*nat\n:E - [0:0]\n-A E %s\nCOMMIT\n' "$*" >"$work/rules"
    iptables-restore-translate -f "$work/rules" >"$work/translated" || echo "status $?"
    sed -n -e '/^# -t nat/s/ -.*/ .../p' -e 's/^add rule ip nat E //p' "$work/translated"
}

# loads: whether nft accepts the translation in a namespace of its own
loads() {
    in_namespace nft -c -f "$work/translated" 2>&1 | sed -n 's/.*Error: //p'
}

echo "version: $(iptables-restore-translate -V), $(nft --version)"
see "an endpoint with remembered clients" "# ..." \
    "$(rule -p tcp -m recent --set --name E --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.0.0.1:80)"
see "an endpoint as iptables-save prints it" "counter dnat to 10.0.0.1:80" \
    "$(rule -p tcp -m tcp -j DNAT --to-destination 10.0.0.1:80)"
see "nft of it" "transport protocol mapping is only valid after transport protocol match" "$(loads)"
see "an endpoint without -m tcp" "ip protocol tcp counter dnat to 10.0.0.1:80" \
    "$(rule -p tcp -j DNAT --to-destination 10.0.0.1:80)"
see "nft of it" "" "$(loads)"
conclude
