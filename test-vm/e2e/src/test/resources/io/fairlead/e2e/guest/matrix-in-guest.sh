# Runs the agent without any nft in PATH beside tables of every kind that each nft in $nfts can make. The agent must
# start, follow a change, find right rules after a restart and be cleaned up, and must leave the other tables as they
# are. Each nft lists its own tables only. $nfts has a root file system for each nft (scripts/nft-versions), $kinds has
# the tables, $fairlead is the program.
# Mode nftables is refused on kernels before 5.13; here it is tried all the same.
export KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK=true
newest=$nfts/sid
work=$(mktemp -d)
cat >"$work/config.conf" <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
healthzBindAddress: 127.0.0.1:18256
metricsBindAddress: 127.0.0.1:18249
CONFIG
# objects ADDRESS: a Service with one endpoint, and one with affinity
objects() {
    cat >"$work/new.yaml" <<OBJECTS
apiVersion: v1
kind: Service
metadata: {namespace: default, name: plain}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {namespace: default, name: sticky}
spec: {clusterIP: 10.96.0.11, sessionAffinity: ClientIP, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: default, name: plain-1, labels: {kubernetes.io/service-name: plain}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints: [{addresses: [$1], nodeName: node-a, conditions: {ready: true}}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: default, name: sticky-1, labels: {kubernetes.io/service-name: sticky}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints: [{addresses: [10.244.1.11], nodeName: node-a, conditions: {ready: true}}]
OBJECTS
    mv "$work/new.yaml" "$work/objects.yaml"
}
start() {
    : >"$work/agent.log"
    $fairlead agent --source "$work/objects.yaml" --config "$work/config.conf" --node-name node-a \
        >"$work/agent.log" 2>&1 &
    agent=$!
}
# await SECONDS COMMAND...
await() {
    tries=$1
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$tries" -gt 0 ] || return 1
        tries=$((tries - 1))
        sleep 1
    done
}
stop() {
    kill -TERM "$agent" 2>/dev/null
    wait "$agent"
}
has_rule() {
    chroot "$newest" nft list map ip kube-proxy tcp-endpoints | grep -q "$1"
}
list() {
    while read -r family name; do
        chroot "$root" nft -s list table "$family" "$name" || echo "no $family $name"
    done <"$work/made" 2>&1
}
for root in "$nfts"/*; do
    version=$(chroot "$root" nft --version | sed 's/.* v\([0-9.]*\).*/\1/')
    : >"$work/made"
    refused=
    mkdir -p "$root/kinds"
    cp "$kinds"/*.nft "$root/kinds"
    for file in "$root/kinds"/*.nft; do
        kind=${file##*/}
        if chroot "$root" nft -f "/kinds/$kind" >"$work/refused" 2>&1; then
            sed -n 's/^table \([a-z0-9]*\) \([a-z_]*\) {/\1 \2/p' "$file" >>"$work/made"
        else
            refused="$refused ${kind%.nft}"
        fi
    done
    count=$(wc -l <"$work/made")
    # A table with an owner lasts as long as the program that made it.
    owner=
    mkfifo "$work/owner"
    chroot "$root" nft -i <"$work/owner" >/dev/null 2>&1 &
    owning=$!
    exec 7>"$work/owner"
    echo 'add table inet other_owned { flags owner; }' >&7
    echo 'add set inet other_owned s { type ipv4_addr; }' >&7
    sleep 1
    if chroot "$root" nft list table inet other_owned >/dev/null 2>&1; then
        echo 'inet other_owned' >>"$work/made"
        owner=" and a table with an owner"
    else
        refused="$refused owner"
    fi
    list >"$work/before"
    objects 10.244.1.21
    problem=
    start
    await 240 has_rule 10.244.1.21 || problem="$problem no rules;"
    objects 10.244.1.22
    await 60 has_rule 10.244.1.22 || problem="$problem the change is not followed;"
    stop || problem="$problem the agent ends with status $?;"
    start
    await 240 grep -q 'nothing to do' "$work/agent.log" || problem="$problem the restart writes right rules again;"
    objects 10.244.1.23
    await 240 has_rule 10.244.1.23 || problem="$problem no change is followed after a restart;"
    stop || problem="$problem the agent ends with status $? after a restart;"
    $fairlead cleanup --proxy-mode nftables >"$work/cleanup.log" 2>&1 || problem="$problem cleanup ends with status $?;"
    ! chroot "$newest" nft list table ip kube-proxy >/dev/null 2>&1 || problem="$problem cleanup leaves a table;"
    list >"$work/after"
    cmp -s "$work/before" "$work/after" || problem="$problem other tables are changed;"
    if [ -z "$problem" ] && [ "$count" -gt 0 ]; then
        echo "finding [tables of nft $version: agent without nft] WORKS $count kinds of tables$owner; not made:${refused:- none}"
    else
        echo "finding [tables of nft $version: agent without nft] BROKEN$problem $count kinds; not made:$refused"
        cat "$work/agent.log" "$work/cleanup.log"
        diff "$work/before" "$work/after"
    fi
    while read -r family name; do
        [ "$name" = other_owned ] || chroot "$root" nft delete table "$family" "$name"
    done <"$work/made"
    exec 7>&-
    wait "$owning"
    rm -f "$work/owner"
done
rm -rf "$work"
