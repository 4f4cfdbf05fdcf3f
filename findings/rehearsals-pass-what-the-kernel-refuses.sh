#!/bin/sh
# Neither "iptables-restore --test" nor "nft -c" says whether the kernel accepts rules. The first reads the input and
# asks the kernel only which extensions it has, in both variants of iptables: it accepts a target where the kernel
# refuses it, and a rule that names a counter that does not exist. The second does send the transaction to the kernel
# and so finds a chain that is missing. But the kernel checks the way through the chains only when it commits, and a
# rehearsal stops before: a loop of chains and a masquerade below a filter hook pass.
. "$(dirname "$0")/lib/prelude.sh"
debian iptables=1.8.9-2 nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 \
    libip4tc2=1.8.9-2 libip6tc2=1.8.9-2

cat >"$work/misplaced" <<'RULES'
*filter
:OURS - [0:0]
-A OURS -j MASQUERADE
COMMIT
RULES
cat >"$work/counter" <<'RULES'
*filter
:OURS - [0:0]
-A OURS -m nfacct --nfacct-name none_such -j DROP
COMMIT
RULES
cat >"$work/missing.nft" <<'RULES'
add table ip ours
add chain ip ours one
add rule ip ours one jump none_such
RULES
cat >"$work/misplaced.nft" <<'RULES'
table ip ours {
    chain forward {
        type filter hook forward priority 0
        masquerade
    }
}
RULES
cat >"$work/loop.nft" <<'RULES'
table ip ours {
    chain one {
        jump two
    }
    chain two {
        jump one
    }
    chain forward {
        type filter hook forward priority 0
        jump one
    }
}
RULES
cat >"$work/try" <<'TRY'
"$@" <"$input" >/dev/null 2>&1 && echo accepted || echo refused
TRY
# attempt INPUT COMMAND...
attempt() {
    input=$work/$1
    shift
    export input
    in_namespace sh "$work/try" "$@"
}
echo "version: $(iptables-nft --version), $(nft --version), Linux $(uname -r)"
for variant in nft legacy; do
    see "$variant, misplaced target, rehearsal" accepted "$(attempt misplaced iptables-$variant-restore --test)"
    see "$variant, misplaced target" refused "$(attempt misplaced iptables-$variant-restore)"
    see "$variant, unknown counter, rehearsal" accepted "$(attempt counter iptables-$variant-restore --test)"
    see "$variant, unknown counter" refused "$(attempt counter iptables-$variant-restore)"
done
see "nft -c, missing chain, rehearsal" refused "$(attempt missing.nft nft -c -f -)"
for fault in misplaced loop; do
    see "nft, $fault, rehearsal" accepted "$(attempt $fault.nft nft -c -f -)"
    see "nft, $fault" refused "$(attempt $fault.nft nft -f -)"
done
conclude
