# Runs the image's agent in the machine's own network, in each of $modes. The agent must apply the objects of a file, leave its
# rules when it is stopped, and remove them by cleanup. Otherwise it must report that the tools are too old.
for mode in $modes; do
    cat >/tmp/config.conf <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: $mode
clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
CONFIG
    # Empty the log here. The agent's redirection may come after the first poll, which would read the previous mode's log.
    : >/tmp/agent.log
    fairlead agent --source /test/scenarios/cluster-ip/cluster.yaml --config /tmp/config.conf --node-name node-a \
        >/tmp/agent.log 2>&1 &
    agent=$!
    tries=0
    while [ $tries -lt 400 ] && ! grep -q ' applied: ' /tmp/agent.log && [ -d /proc/$agent ]; do
        sleep 1
        tries=$((tries + 1))
    done
    # Flush rules. The agent must repair them once, and must not take its own changes for those of another program.
    repaired=
    if grep -q ' applied: ' /tmp/agent.log; then
        if [ $mode = nftables ]; then nft delete table ip kube-proxy; else iptables -w -t nat -F; fi
        read -r flushed _ </proc/uptime
        tries_again=0
        while [ $tries_again -lt 60 ] && ! grep -q 'repaired after' /tmp/agent.log; do
            sleep 1
            tries_again=$((tries_again + 1))
        done
        read -r now _ </proc/uptime
        repaired=$(grep -c 'repaired after' /tmp/agent.log)
    fi
    kill -TERM $agent 2>/dev/null
    wait $agent
    status=$?
    if grep -q 'too old' /tmp/agent.log; then
        echo "finding [$mode: agent] REFUSED $(grep 'too old' /tmp/agent.log | head -n 1)"
        continue
    fi
    rules=$(nft list ruleset | grep -c 10.96.0.10)
    fairlead cleanup --proxy-mode $mode >/tmp/cleanup.log 2>&1
    cleaned=$?
    left=$(nft list ruleset | grep -c 10.96.0.10)
    if [ $status -eq 0 ] && [ "$rules" -gt 0 ] && [ $cleaned -eq 0 ] && [ "$left" -eq 0 ]; then
        echo "finding [$mode: agent] WORKS rules after $tries s"
        if [ "$repaired" = 1 ]; then
            echo "finding [$mode: a flush is repaired] WORKS after $((${now%.*} - ${flushed%.*})) s"
        else
            echo "finding [$mode: a flush is repaired] BROKEN repaired $repaired times"
            cat /tmp/agent.log
        fi
    else
        echo "finding [$mode: agent] BROKEN status $status, $rules lines of rules, cleanup $cleaned, then $left"
        cat /tmp/agent.log /tmp/cleanup.log
    fi
done
