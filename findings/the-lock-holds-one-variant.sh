#!/bin/sh
# iptables has a lock, /run/xtables.lock, and an option -w that waits for it. Programs that change rules take the lock
# by themselves to keep others out. It keeps out one variant only: iptables-legacy waits for the lock, and
# iptables-nft, the default of today's distributions, accepts -w and never opens the file. So two programs that both
# "hold the lock" read and write the same chains at the same time. What iptables-nft has instead protects one
# transaction, not the time between a read and a write.
. "$(dirname "$0")/lib/prelude.sh"
needs flock
debian iptables=1.8.9-2 libxtables12=1.8.9-2 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2 libnftnl11=1.2.4-2

cat >"$work/try.sh" <<'SH'
set -u
# This variable names another file for the lock, so that the script does not disturb this machine.
XTABLES_LOCKFILE=$work/lock
export XTABLES_LOCKFILE
: >"$XTABLES_LOCKFILE"
exec 9<"$XTABLES_LOCKFILE"
flock --exclusive 9
for variant in legacy nft; do
    for program in "iptables-$variant -w 1 -A OUTPUT -j ACCEPT" "iptables-$variant-restore -w 1 -n"; do
        # The programs must not inherit the lock.
        if echo "*filter
-A OUTPUT -j ACCEPT
COMMIT" | $program 9<&- >"$work/log" 2>&1; then
            echo "${program%% *}: written"
        else
            echo "${program%% *}: status $?"
        fi
    done
done
SH
export work
in_namespace sh "$work/try.sh" >"$work/out" 2>&1 || cannot "$(tail -n 1 "$work/out")"
echo "version: $(iptables-nft --version), Linux $(uname -r)"
line() {
    sed -n "s/^$1: //p" "$work/out"
}
see "lock held by another program, iptables-legacy -w 1" "status 4" "$(line iptables-legacy)"
see "lock held by another program, iptables-legacy-restore -w 1" "status 4" "$(line iptables-legacy-restore)"
see "lock held by another program, iptables-nft -w 1" "written" "$(line iptables-nft)"
see "lock held by another program, iptables-nft-restore -w 1" "written" "$(line iptables-nft-restore)"
conclude
