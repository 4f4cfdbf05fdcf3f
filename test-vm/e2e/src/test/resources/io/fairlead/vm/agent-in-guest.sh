# The agent of the image in the machine's own network, in each of $modes: it has to apply what a file says, to leave its rules when
# it is told to stop, and to take them away on request; or to say why not.
for mode in $modes; do
    cat >/tmp/config.conf <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: $mode
clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
CONFIG
    # Not by the agent's own redirection, which may come after the first look: what the mode before wrote would be read.
    : >/tmp/agent.log
    fairlead agent --source /test/scenarios/cluster-ip/cluster.yaml --config /tmp/config.conf --node-name node-a \
        >/tmp/agent.log 2>&1 &
    agent=$!
    tries=0
    while [ $tries -lt 400 ] && ! grep -q ' applied: ' /tmp/agent.log && [ -d /proc/$agent ]; do
        sleep 1
        tries=$((tries + 1))
    done
    # What others flush comes back, and what the agent does itself is not taken for the work of others.
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
            echo "finding [$mode: a flush is repaired] WORKS told $((${now%.*} - ${flushed%.*})) s later"
        else
            echo "finding [$mode: a flush is repaired] BROKEN told $repaired times"
            cat /tmp/agent.log
        fi
    else
        echo "finding [$mode: agent] BROKEN status $status, $rules lines of rules, cleanup $cleaned, then $left"
        cat /tmp/agent.log /tmp/cleanup.log
    fi
done
