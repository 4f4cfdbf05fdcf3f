# Tries faults of the kernel of a virtual machine with the image's agent and two Services: a plain one and one with ClientIP
# affinity. $faults names the faults to try.
cat >/tmp/cluster.yaml <<CLUSTER
apiVersion: v1
kind: Service
metadata: {namespace: default, name: plain}
spec:
  clusterIP: 10.96.0.10
  clusterIPs: [10.96.0.10, "fd00:10:96::10"]
  ipFamilies: [IPv4, IPv6]
  ports: [{port: 80, targetPort: 8080}]
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
endpoints: [{addresses: [10.244.1.11], nodeName: node-a, conditions: {ready: true}}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: default, name: plain-2, labels: {kubernetes.io/service-name: plain}}
addressType: IPv6
ports: [{name: "", port: 8080}]
endpoints: [{addresses: ["fd00:10:244:1::11"], nodeName: node-a, conditions: {ready: true}}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: default, name: sticky-1, labels: {kubernetes.io/service-name: sticky}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints: [{addresses: [10.244.1.11], nodeName: node-a, conditions: {ready: true}}]
CLUSTER

# A pod that answers. The shell would run busybox's ip, so iproute2's ip is named by its path. busybox's wget is static and
# fails when it resolves names, so nc is used.
mkdir -p /tmp/www
echo here >/tmp/www/index.html
/bin/ip netns add pod
/bin/ip link add pod0 type veth peer name eth0 netns pod
/bin/ip addr add 10.244.1.1/24 dev pod0
/bin/ip link set pod0 up
/bin/ip route add 10.96.0.0/16 dev pod0
/bin/ip netns exec pod ip addr add 10.244.1.11/24 dev eth0
/bin/ip netns exec pod ip link set eth0 up
/bin/ip netns exec pod ip route add default via 10.244.1.1
/bin/ip netns exec pod busybox httpd -p 8080 -h /tmp/www

answers() {
    printf 'GET /index.html HTTP/1.0\r\n\r\n' | busybox nc -w 3 "$1" 80 2>/dev/null | grep -q '^here'
}

# Starts the agent in a mode ($1) and waits for a pattern ($2) in its log.
start() {
    cat >/tmp/config.conf <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: $1
clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
CONFIG
    cp /tmp/cluster.yaml /tmp/objects.yaml
    : >/tmp/agent.log # the previous fault's log must not be read
    fairlead agent --source /tmp/objects.yaml --config /tmp/config.conf --node-name node-a --reread-every 1 \
        >/tmp/agent.log 2>&1 &
    agent=$!
    await "$2"
}

await() {
    tries=0
    while [ $tries -lt 90 ] && ! grep -q "$1" /tmp/agent.log && [ -d /proc/$agent ]; do
        sleep 1
        tries=$((tries + 1))
    done
    grep -q "$1" /tmp/agent.log
}

stop() {
    kill -TERM $agent 2>/dev/null
    wait $agent
    fairlead cleanup >/tmp/cleanup.log 2>&1
}

finding() {
    echo "finding [$1] $2 $3"
    [ "$2" = WORKS ] || cat /tmp/agent.log
}

for fault in $faults; do
    case $fault in
        recent-nft | recent-legacy)
            rm -f $(find /usr/lib/modules -name 'xt_recent.ko*')
            export FAIRLEAD_IPTABLES=${fault#recent-}
            name="iptables-$FAIRLEAD_IPTABLES: without xt_recent"
            if start iptables 'quarantine: Service default/sticky.*xt_recent' && await ' applied: ' && answers 10.96.0.10; then
                finding "$name" WORKS "the other Service is served; $(grep -o 'quarantine: .*' /tmp/agent.log | head -n 1)"
            else
                finding "$name" BROKEN "the plain Service answers: $(answers 10.96.0.10 && echo yes || echo no)"
            fi
            stop
            unset FAIRLEAD_IPTABLES
            ;;
        full)
            name="nftables: connection table full"
            start nftables ' applied: '
            before=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
            echo 6 >/proc/sys/net/netfilter/nf_conntrack_max
            tries=0
            while [ $tries -lt 30 ] && answers 10.96.0.10; do
                tries=$((tries + 1))
            done
            full=$tries
            await "table of connections has"
            logged=$?
            # Replace the file as a whole, because the agent would read half a file as a cluster.
            sed 's/10.96.0.11/10.96.0.12/' /tmp/cluster.yaml >/tmp/changed.yaml
            mv /tmp/changed.yaml /tmp/objects.yaml
            await 'Service default/sticky'
            went_on=$?
            echo "$before" >/proc/sys/net/netfilter/nf_conntrack_max
            if [ "$full" -lt 30 ] && [ $logged -eq 0 ] && [ $went_on -eq 0 ] && answers 10.96.0.12; then
                finding "$name" WORKS "changes are applied; $(grep -o 'the kernel.s table of connections.*' /tmp/agent.log | head -n 1)"
            else
                finding "$name" BROKEN "connections until full $full, logged $logged, went on $went_on"
            fi
            stop
            ;;
        no-ipv6)
            for mode in nftables iptables; do
                name="$mode: kernel without IPv6"
                if start $mode ' applied: ' && answers 10.96.0.10; then
                    # nf_tables and x_tables accept IPv6 rules without IPv6. If they did not, the log would say "no IPv6 rules".
                    finding "$name" WORKS "$(grep -o 'no IPv6 rules.*' /tmp/agent.log || echo IPv4 is served)"
                else
                    finding "$name" BROKEN "the Service does not answer"
                fi
                stop
            done
            ;;
    esac
done
