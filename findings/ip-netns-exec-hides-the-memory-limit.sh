#!/bin/sh
# A Java program started with "ip netns exec" does not know the memory limit of its container. ip netns exec mounts a
# new /sys, so that /sys/class/net shows the other namespace's interfaces, and what was mounted below the old one is
# gone: /sys/fs/cgroup too. The JVM finds no limit there, takes a quarter of the whole machine's memory for its heap,
# and also chooses its garbage collector for the machine. The kernel still enforces the limit and kills the process
# when the heap grows. nsenter --net changes the namespace alone, and the JVM sees its limit.
. "$(dirname "$0")/lib/prelude.sh"
needs java ip nsenter

limit=$((256 * 1024 * 1024))
if [ -w /sys/fs/cgroup/memory/cgroup.procs ]; then
    group=/sys/fs/cgroup/memory/finding-$$ file=memory.limit_in_bytes
elif grep -qw memory /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null; then
    group=/sys/fs/cgroup/finding-$$ file=memory.max
else
    cannot "no memory cgroup can be created"
fi
namespace=finding-$$
mkdir "$group" 2>"$work/log" || cannot "$(cat "$work/log")"
trap 'ip netns del "$namespace" 2>/dev/null; rmdir "$group"; rm -rf "$work"' EXIT
echo "$limit" >"$group/$file" || cannot "the memory limit cannot be set"
ip netns add "$namespace" || cannot "no network namespace can be created"
[ "$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)" -gt $((4 * 1024 * 1024)) ] || cannot "needs a machine with 4 GiB"
# heap COMMAND...: how large the heap of a Java program may become if the command starts it inside the limit
heap() {
    # shellcheck disable=SC2016
    sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@" java -XX:+PrintFlagsFinal -version 2>/dev/null |
        awk -v limit="$limit" '$2 == "MaxHeapSize" { print ($4 > limit) ? "more than the limit" : "less than the limit" }'
}
echo "version: $(ip -V), $(java -version 2>&1 | head -n 1), Linux $(uname -r)"
see "heap without another namespace" "less than the limit" "$(heap env)"
see "heap with nsenter --net" "less than the limit" "$(heap nsenter "--net=/run/netns/$namespace")"
see "heap with ip netns exec" "more than the limit" "$(heap ip netns exec "$namespace")"
see "files in /sys/fs/cgroup with ip netns exec" "0" "$(ip netns exec "$namespace" ls /sys/fs/cgroup | wc -l)"
conclude
